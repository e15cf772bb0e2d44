import { hours, minutes } from '../../core/durations.ts';

const STEPS_MS = [...[3, 5, 10, 20, 30].map((count) => minutes(count)), ...[1, 2, 4, 10].map((count) => hours(count))];

/** The step at or above an age, so that a rhythm that wobbles is not announced each time. */
export function longestAgeMs(ms: number): number {
  return STEPS_MS.find((step) => ms <= step) ?? STEPS_MS[STEPS_MS.length - 1] ?? ms;
}
