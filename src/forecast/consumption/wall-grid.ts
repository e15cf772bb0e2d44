import { zoneOffsetMs } from '../../core/zone.ts';
import { type IntervalGrid, slotsPerDay, startOf } from '../interval-grid.ts';

/** Intervals by the clock on the wall, which habits follow: the same slot is the same time of day, summer and winter. */
export interface WallGrid {
  /** Day of the local calendar, days since 1970. */
  day: Int32Array;
  /** Part of the day, below `slotsPerDay`. */
  slot: Uint16Array;
  /** Monday 0 to Sunday 6. */
  weekday: Uint8Array;
  /** Number of the interval at a slot of a day; -1 where there is none: outside the grid, or skipped by the clock. */
  at(day: number, slot: number): number;
}

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

export function wallGrid(grid: IntervalGrid, timeZone: string): WallGrid {
  const { count } = grid;
  const slots = slotsPerDay(grid);
  const day = new Int32Array(count);
  const slot = new Uint16Array(count);
  const weekday = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const time = startOf(grid, index);
    // The middle decides, so that intervals that begin between two slots, or last an hour over a change, have one.
    const wall = time + zoneOffsetMs(time, timeZone) + Math.min(grid.stepMs / 2, DAY_MS / 2 - 1);
    day[index] = Math.floor(wall / DAY_MS);
    slot[index] = Math.min(slots - 1, Math.floor((((wall % DAY_MS) + DAY_MS) % DAY_MS) / (DAY_MS / slots)));
    weekday[index] = ((((day[index] ?? 0) + FIRST_WEEKDAY) % 7) + 7) % 7;
  }
  const firstDay = day[0] ?? 0;
  const days = count > 0 ? (day[count - 1] ?? 0) - firstDay + 1 : 0;
  const numbers = new Int32Array(days * slots).fill(-1);
  // Where the clock repeats an hour the later one stands for it.
  for (let index = 0; index < count; index++)
    numbers[((day[index] ?? 0) - firstDay) * slots + (slot[index] ?? 0)] = index;
  return {
    day,
    slot,
    weekday,
    at: (wanted, part) => (wanted < firstDay ? -1 : (numbers[(wanted - firstDay) * slots + part] ?? -1)),
  };
}
