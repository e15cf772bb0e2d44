import { momentOf, wallTime } from './wall-clock.ts';

/** Arithmetic of time ranges and their ticks on the wall clock of a zone, days of 23 and 25 hours included. */

/** Half-open: `from` is in, `to` is not. Both ms UTC. */
export interface TimeSpan {
  from: number;
  to: number;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

export type TickStyle = 'time' | 'weekday' | 'dayMonth' | 'month' | 'year';

interface TickStep {
  style: TickStyle;
  /** Usual distance [ms]. */
  length: number;
  unit: 'minute' | 'day' | 'month' | 'year';
  count: number;
}

const minuteSteps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720];
const tickSteps: readonly TickStep[] = [
  ...minuteSteps.map((n) => ({ style: 'time' as const, length: n * MINUTE, unit: 'minute' as const, count: n })),
  { style: 'weekday', length: DAY, unit: 'day', count: 1 },
  { style: 'weekday', length: 2 * DAY, unit: 'day', count: 2 },
  { style: 'dayMonth', length: 7 * DAY, unit: 'day', count: 7 },
  { style: 'dayMonth', length: 14 * DAY, unit: 'day', count: 14 },
  { style: 'month', length: 30 * DAY, unit: 'month', count: 1 },
  { style: 'month', length: 61 * DAY, unit: 'month', count: 2 },
  { style: 'month', length: 91 * DAY, unit: 'month', count: 3 },
  { style: 'month', length: 182 * DAY, unit: 'month', count: 6 },
  { style: 'year', length: 365 * DAY, unit: 'year', count: 1 },
  { style: 'year', length: 730 * DAY, unit: 'year', count: 2 },
  { style: 'year', length: 1826 * DAY, unit: 'year', count: 5 },
];

export interface TimeTick {
  time: number;
  style: TickStyle;
  /** The first tick of a day (of a month, of a year): worth saying which. */
  isMajor: boolean;
}

/** Ticks that fall on round wall-clock times of the zone, at most `most` of them. */
export function timeTicks(range: TimeSpan, timeZone: string, most: number): TimeTick[] {
  const wanted = (range.to - range.from) / Math.max(1, most);
  const step = tickSteps.find((s) => s.length >= wanted) ?? { style: 'year', length: 0, unit: 'year', count: 10 };
  const ticks: TimeTick[] = [];
  for (let i = 0; i < 1000; i++) {
    const tick = tickAt(range.from, i, step as TickStep, timeZone);
    if (tick.time >= range.to) break;
    if (tick.time >= range.from && tick.time > (ticks[ticks.length - 1]?.time ?? Number.NEGATIVE_INFINITY))
      ticks.push(tick);
  }
  return ticks;
}

function tickAt(from: number, index: number, step: TickStep, timeZone: string): TimeTick {
  const wall = wallTime(from, timeZone);
  const { style, count, unit } = step;
  if (unit === 'year') {
    const year = Math.floor(wall.year / count) * count + index * count;
    return { time: momentOf({ year, month: 1, day: 1, minute: 0 }, timeZone), style, isMajor: true };
  }
  if (unit === 'month') {
    const month = Math.floor((wall.month - 1) / count) * count + 1 + index * count;
    const time = momentOf({ year: wall.year, month, day: 1, minute: 0 }, timeZone);
    return { time, style, isMajor: month % 12 === 1 };
  }
  if (unit === 'day') {
    const time = momentOf({ ...wall, day: wall.day + index * count, minute: 0 }, timeZone);
    return { time, style, isMajor: wallTime(time, timeZone).day <= count };
  }
  const minute = Math.floor(wall.minute / count) * count + index * count;
  const time = momentOf({ ...wall, minute }, timeZone);
  return { time, style, isMajor: minute % 1440 === 0 };
}

/** Moves a range by a share of its width, stopping at `latest` (usually now, or the end of the data). */
export function panRange(range: TimeSpan, share: number, latest: number): TimeSpan {
  const width = range.to - range.from;
  const to = Math.min(range.to + width * share, Math.max(latest, range.to));
  return { from: Math.round(to - width), to: Math.round(to) };
}

/** Narrows (`factor` < 1) or widens a range around `centre`, within five minutes and thirty years. */
export function zoomRange(range: TimeSpan, factor: number, centre = (range.from + range.to) / 2): TimeSpan {
  const width = range.to - range.from;
  const next = Math.min(30 * 366 * DAY, Math.max(5 * MINUTE, width * factor));
  const from = centre - (next * (centre - range.from)) / width;
  return { from: Math.round(from), to: Math.round(from + next) };
}

const bucketSizes = [
  10_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];

/** The finest round bucket with which a range has at most `points` of them [ms]. */
export function bucketFor(range: TimeSpan, points: number): number {
  const wanted = (range.to - range.from) / Math.max(1, points);
  return bucketSizes.find((size) => size >= wanted) ?? 30 * DAY;
}
