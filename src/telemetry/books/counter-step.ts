/** What one value of a counter tells. */

/** What happened to a counter other than counting on. */
export type CounterOddity =
  /** Fell, and went on from there: what it shows was counted since. */
  | 'reset'
  /** Went over its highest value. */
  | 'rollover'
  /** Went on from somewhere else: another device; the step is no energy. */
  | 'jump'
  /** Stood still, and now shows what was counted meanwhile. */
  | 'catchUp'
  /** The old values came back after what looked like a reset. */
  | 'return'
  /** Goes on in Wh or MWh, or back in kWh. */
  | 'unit'
  /** Said something wild, and went on as before. */
  | 'glitch'
  /** One step lower: the higher value stands until it is passed. */
  | 'dip'
  /** A total of zero after a real value. */
  | 'zero'
  /** A number that stands for "unknown", or a negative one. */
  | 'sentinel'
  /** What the owner declared. */
  | 'declared';

/** What one value told. */
export interface CounterStep {
  /**
   * Counted, ascending and without overlap; empty while nothing is known. `before`: what was counted likely between the last
   * value and this.
   */
  counts: { from: number; to: number; kwh: number; before?: number }[];
  oddity: CounterOddity | null;
  /** The value before an oddity and after it [kWh]. */
  before: number;
  after: number;
}

export const NOTHING: CounterStep = { counts: [], oddity: null, before: 0, after: 0 };

export const countsOnly = (counts: CounterStep['counts']): CounterStep => ({
  counts,
  oddity: null,
  before: 0,
  after: 0,
});

/** Something odd that counts nothing. `before` is the value that is believed, `after` what was said. */
export function odd(oddity: CounterOddity, before: number, after: number): CounterStep {
  return { counts: [], oddity, before, after };
}
