import type { PlainEntry } from './plain-entries.ts';
import type { Named } from './plain-meaning.ts';
import { topicWords } from './plain-meaning.ts';

/** The most that an inverter ever gives, or gave today. */
const MOST =
  /^(p ?max|max(imum)? power|power max|(rated|nominal|peak|installed) (ac |dc )?power|power (rated|nominal|peak))$/;
const [LEAST_W, HOURS_A_DAY] = [100, 24];

/** That power of an object, in the unit of its power now; null where it is not said, or cannot be. */
export function mostPower(entries: readonly PlainEntry[], found: readonly Named[]): number | null {
  const all = entries.filter(
    ({ path, unit }) => /^W?$/.test(unit) && MOST.test(topicWords(path.split('/').at(-1) ?? '')),
  );
  const most = all.length === 1 ? (all[0]?.value ?? 0) : 0;
  const now = found.filter(({ metric }) => metric === 'solarPower').map(({ value }) => value);
  return most >= LEAST_W && now.some((value) => value > 0) && now.every((value) => value <= most) ? most : null;
}

/** True for a day's energy that cannot be in kWh, but in Wh, of what gives so much at most. */
export const isDayInWattHours = (day: number, mostW: number): boolean => {
  const kWhADay = (mostW / 1000) * HOURS_A_DAY;
  return day > kWhADay && day / 1000 <= kWhADay;
};
