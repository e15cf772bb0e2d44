import { days } from '../../core/durations.ts';
import { zoneOffsetMs } from '../../core/zone.ts';

/**
 * Times as devices write them. Answers ms since 1970 UTC, or a sentence that says what is wrong.
 * A number below 1e11 counts seconds (until the year 5138), above it milliseconds (since March 1973). `near` is a moment
 * not far from it (when it was heard, or that of the row before): it tells which one is meant in the hour that comes twice.
 */
export function parseDeviceTime(value: unknown, timeZone: string, near: number | null = null): number | string {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return NOT_A_TIME;
  const text = value.trim();
  if (/^\d{9,16}(\.\d+)?$/.test(text)) return fromEpoch(Number(text));
  return fromIso(text, timeZone, near);
}

const NOT_A_TIME = 'must be an ISO 8601 time, or a number of seconds or milliseconds since 1970';
const SECONDS_BELOW = 1e11;
/** The last moments that the calendar has, in either direction, ms (ECMA-262, 21.4.1.1). */
const MOST_MS = 8.64e15;

function fromEpoch(value: number): number | string {
  const time = Math.round(value < SECONDS_BELOW ? value * 1000 : value);
  return Math.abs(time) <= MOST_MS ? time : NOT_A_TIME;
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(?:\s?([Zz])|\s?([+-])(\d\d):?(\d\d))?$/;

/** ISO 8601; a time without a zone is the source's local time. */
function fromIso(text: string, timeZone: string, near: number | null): number | string {
  const m = ISO.exec(text);
  if (!m) return NOT_A_TIME;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const [hour, minute, second] = [Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0)];
  const millisecond = m[7] ? Math.floor(Number(`0.${m[7]}`) * 1000) : 0;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  if (new Date(utc).getUTCDate() !== day || month > 12 || month < 1 || hour > 23 || minute > 59 || second > 60)
    return 'is no date and time of the calendar';
  if (m[8]) return utc;
  if (m[9]) return utc - (m[9] === '-' ? -1 : 1) * (Number(m[10]) * 60 + Number(m[11])) * 60_000;
  return momentOf(utc, timeZone, near);
}

/** Offsets change at most at a quarter of an hour, and devices write times that lie close together. */
const QUARTER_MS = 15 * 60_000;
const MOST_OFFSETS = 256;
/** What is later than this was kept somewhere, and its arrival says nothing of which of two hours it is. ms. */
const NEAR_MS = 60 * 60_000;

/** What to subtract from a local time: the first moment at which the clock shows it, and the later one if it does twice. */
interface Offsets {
  first: number;
  later: number | null;
}
const known = new Map<string, Offsets>();

function rememberedOffsets(local: number, timeZone: string): Offsets {
  const key = `${timeZone} ${Math.floor(local / QUARTER_MS)}`;
  let offsets = known.get(key);
  if (offsets === undefined) {
    offsets = offsetsOf(local, timeZone);
    if (known.size >= MOST_OFFSETS) known.clear();
    known.set(key, offsets);
  }
  return offsets;
}

/** Of a wall-clock time written as if it were UTC; in the hour that a zone leaves out, that of the clock before the change. */
function offsetsOf(local: number, timeZone: string): Offsets {
  const before = zoneOffsetMs(local - days(1), timeZone);
  const after = zoneOffsetMs(local + days(1), timeZone);
  if (before === after) return { first: before, later: null };
  const isBefore = zoneOffsetMs(local - before, timeZone) === before;
  const isAfter = zoneOffsetMs(local - after, timeZone) === after;
  if (isBefore) return { first: before, later: isAfter ? after : null };
  return { first: isAfter ? after : before, later: null };
}

/** Of two moments that the clock shows alike the one nearer to what is known; the first where nothing is, or it is far away. */
function momentOf(local: number, timeZone: string, near: number | null): number {
  const { first, later } = rememberedOffsets(local, timeZone);
  if (later === null || near === null) return local - first;
  const distance = Math.abs(near - (local - later));
  return distance <= Math.min(NEAR_MS, Math.abs(near - (local - first))) ? local - later : local - first;
}
