import { type HourFieldName, hourFieldNames } from './hour-fields.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/**
 * Where an hour's figures come from: `archive` (a reanalysis of days long past), `recent` (the weather models' view of an
 * hour that had just passed), `forecast` (said before the hour came, and nothing newer is known).
 */
export type HourOrigin = 'archive' | 'recent' | 'forecast';

/** How hours that have passed became known, and when. ms UTC. */
export interface PastOrigin {
  origin: Exclude<HourOrigin, 'forecast'>;
  fetchedAt: number;
}

/** One list a field, in the units and with the averaging of `hour-fields.ts`; null where nothing is known. */
export type HourColumns = Record<HourFieldName, (number | null)[]>;

/** Hours without a gap, the first stamped `from` [ms UTC, a whole hour]. */
export interface HourBlock {
  from: number;
  count: number;
  values: HourColumns;
}

/** Weather by the hour, one entry for each whole hour of a range. */
export interface HourlyWeather {
  /** Stamps, ms UTC, ascending, an hour apart. See `hour-fields.ts` for which hour an average stands for. */
  times: number[];
  /** Null where nothing at all is known of the hour. */
  origins: (HourOrigin | null)[];
  /** When Ampra learned it, ms UTC. */
  fetchedAt: (number | null)[];
  values: HourColumns;
}

/** A forecast as it was told at a moment: for honest training, for scoring it later, and to call it back. */
export interface WeatherIssue extends HourBlock {
  /** When Ampra learned it, ms UTC; every stamp in it is later. */
  issuedAt: number;
}

/** The hours of one UTC day as they are kept: 24 stamps from midnight on. */
export interface HoursOfDay {
  /** Days since 1970-01-01 UTC. */
  day: number;
  fetchedAt: number;
  origins: (HourOrigin | null)[];
  values: HourColumns;
}

/** Columns of `count` unknown hours. */
export function emptyColumns(count: number): HourColumns {
  const columns = {} as HourColumns;
  for (const name of hourFieldNames) columns[name] = new Array<number | null>(count).fill(null);
  return columns;
}

/** First whole hour at or after `time`. */
export function hourAtOrAfter(time: number): number {
  return Math.ceil(time / HOUR_MS) * HOUR_MS;
}

/** The whole hours of a half-open range, all of them unknown. */
export function unknownHours(range: { from: number; to: number }): HourlyWeather {
  const from = hourAtOrAfter(range.from);
  const count = Math.max(0, Math.ceil((range.to - from) / HOUR_MS));
  return {
    times: Array.from({ length: count }, (_, i) => from + i * HOUR_MS),
    origins: new Array<HourOrigin | null>(count).fill(null),
    fetchedAt: new Array<number | null>(count).fill(null),
    values: emptyColumns(count),
  };
}

/** True if any field of that hour is known. */
export function isKnownHour(values: HourColumns, index: number): boolean {
  return hourFieldNames.some((name) => values[name][index] !== null);
}

/** Part of a block, from stamp `from` (inclusive) to `to` (exclusive); null when nothing of it lies there. */
export function cutBlock(block: HourBlock, from: number, to: number): HourBlock | null {
  const first = Math.max(0, Math.ceil((from - block.from) / HOUR_MS));
  const end = Math.min(block.count, Math.ceil((to - block.from) / HOUR_MS));
  if (end <= first) return null;
  const values = {} as HourColumns;
  for (const name of hourFieldNames) values[name] = block.values[name].slice(first, end);
  return { from: block.from + first * HOUR_MS, count: end - first, values };
}
