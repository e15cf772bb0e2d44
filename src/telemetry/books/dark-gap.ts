import type { PowerStep } from './power-step.ts';

/** A silence of the sun's power that was a night: many inverters say nothing of their panels until they wake up. */

const HOUR = 3_600_000;
/** A silence that begins and ends nearer to noon is no night [ms]. */
const AFTER_NOON = 3 * HOUR;
const BEFORE_NOON = 2 * HOUR;
/** What panels give when an inverter falls asleep or wakes up, and the same as a share of their power [W]. */
const DUSK_W = 30;
const DUSK_SHARE = 0.01;

export interface DarkRules {
  installedCapacityW: number | null;
  /** Start of the source's local day of a moment [ms]. */
  dayStart: (time: number) => number;
}

/**
 * True if next to nothing came before and after, and no noon lies in between: then nothing came meanwhile. A silence from
 * before the dawn till after the dusk of one day is none.
 */
export function isDark({ from, to, start, end }: PowerStep, rules: DarkRules): boolean {
  const dusk = Math.max(DUSK_W, DUSK_SHARE * (rules.installedCapacityW ?? 0));
  if (Math.abs(start) > dusk || Math.abs(end) > dusk) return false;
  const noonOf = (time: number): number => rules.dayStart(time) + 12 * HOUR;
  const isMorning = from < noonOf(from);
  const before = noonOf(isMorning ? from - 24 * HOUR : from);
  const after = noonOf(isMorning ? from : from + 24 * HOUR);
  return from >= before + AFTER_NOON && to <= after - BEFORE_NOON;
}
