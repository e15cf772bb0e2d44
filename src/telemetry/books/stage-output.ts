import type { CounterStep } from './counter-step.ts';
import { bookEvenly, type EnergySink, type Origin, type Piece } from './pieces.ts';
import { type Counted, placeCounted } from './placing.ts';

/** Where what a counter counted goes, and when it flowed. */

/** Where a stage books. */
export interface StageOutput extends EnergySink {
  /** What lies below counts as it is: the counter itself says nothing of it. */
  pass: EnergySink['book'];
  /** Told of everything that a counter did other than counting on. */
  onOddity(time: number, oddity: StageOddity, step: Pick<CounterStep, 'before' | 'after'>, kwh: number): void;
  /** Told of all that the counter itself counted between two of its values, of whatever lies below. */
  counted?(from: number, to: number, kwh: number): void;
  /** Energy that a counter knows of more than a day, flowed evenly as far as anybody knows. */
  bridge(from: number, to: number, kwh: number): void;
}

export type StageOddity = NonNullable<CounterStep['oddity']> | 'stuck' | 'moves' | 'bridge';

const DAY = 86_400_000;

/** Books energy of which nobody knows when it flowed. */
export function placeEvenly(output: StageOutput, from: number, to: number, kwh: number, origin: Origin): void {
  if (to - from > DAY) output.bridge(from, to, kwh);
  else bookEvenly(output, from, to, kwh, origin);
}

/** Books what was counted up to a value [kWh] at the times that what lies below makes likely. */
export function place(output: StageOutput, counted: Counted, below: readonly Piece[], value: number): void {
  const { to, isBridge } = counted;
  const spread = (low: number, high: number, part: number, origin: Origin) =>
    placeEvenly(output, low, high, part, origin);
  const book = (low: number, high: number, part: number, origin: Origin) => output.book(low, high, part, origin);
  const rest = placeCounted(counted, below, book, spread);
  if (isBridge && rest > 0) output.onOddity(to, 'bridge', { before: value - rest, after: value }, rest);
}
