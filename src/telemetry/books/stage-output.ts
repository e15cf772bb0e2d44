import type { CounterStep } from './counter-step.ts';
import { bookEvenly, type EnergySink, type Origin } from './pieces.ts';

/** Where what a counter counted goes. */

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
