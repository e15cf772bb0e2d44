import { localDay, localDayOf, startOfLocalDay, zoneOffsetMs } from './zone.ts';

/** What the clock on a zone's wall shows, and the moments at which it shows it. */

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Date and minute of the day on a wall clock. */
export interface WallTime {
  year: number;
  /** 1..12, may run over. */
  month: number;
  day: number;
  minute: number;
}

/** What the zone's clock shows at that moment. */
export function wallTime(time: number, timeZone: string): WallTime {
  const wall = new Date(time + zoneOffsetMs(time, timeZone));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    minute: wall.getUTCHours() * 60 + wall.getUTCMinutes(),
  };
}

/** The moment at which the zone's clock shows this; what a clock change skips is taken as the moment after it. */
export function momentOf(wall: WallTime, timeZone: string): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, 0, wall.minute);
  const first = asUtc - zoneOffsetMs(asUtc - zoneOffsetMs(asUtc, timeZone), timeZone);
  if (first + zoneOffsetMs(first, timeZone) === asUtc) return first;
  const second = asUtc - zoneOffsetMs(first, timeZone);
  return second + zoneOffsetMs(second, timeZone) === asUtc ? second : Math.max(first, second);
}

/** All moments at which the zone's clock shows this, ascending: two where it was put back, none where it skips it. */
export function momentsOf(wall: WallTime, timeZone: string): number[] {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, 0, wall.minute);
  const offsets = [asUtc - DAY, asUtc + DAY].map((time) => zoneOffsetMs(time, timeZone));
  const moments = [...new Set(offsets.map((offset) => asUtc - offset))];
  return moments.filter((time) => time + zoneOffsetMs(time, timeZone) === asUtc).sort((a, b) => a - b);
}

/** Midnight that began the day of `time` in the zone; `days` moves by whole calendar days. */
export function startOfDay(time: number, timeZone: string, days = 0): number {
  return startOfLocalDay(localDayOf(time, timeZone) + days, timeZone);
}

/** First midnight of the month of `time` in the zone; `months` moves by whole months. */
export function startOfMonth(time: number, timeZone: string, months = 0): number {
  const { year, month } = wallTime(time, timeZone);
  return startOfLocalDay(localDay(year, month + months, 1), timeZone);
}

/** First midnight of the year of `time` in the zone; `years` moves by whole years. */
export function startOfYear(time: number, timeZone: string, years = 0): number {
  return startOfLocalDay(localDay(wallTime(time, timeZone).year + years, 1, 1), timeZone);
}

/** `YYYY-MM-DDTHH:MM` on the zone's clock, as an `<input type="datetime-local">` takes it. */
export function toLocalInput(time: number, timeZone: string): string {
  return new Date(time + zoneOffsetMs(time, timeZone)).toISOString().slice(0, 16);
}

/** The same to the second, for inputs with `step="1"`. */
export function toLocalSeconds(time: number, timeZone: string): string {
  return new Date(time + zoneOffsetMs(time, timeZone)).toISOString().slice(0, 19);
}

/** ISO 8601 with the zone's offset, `2026-03-29T03:00:00+02:00`; for exports, which must not be guessed at. */
export function toZonedIso(time: number, timeZone: string): string {
  return toLocalSeconds(time, timeZone) + offsetText(time, timeZone);
}

/** The zone's offset at a moment, `+02:00`. */
export function offsetText(time: number, timeZone: string): string {
  const offset = zoneOffsetMs(time, timeZone);
  const size = Math.abs(Math.round(offset / MINUTE));
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const LOCAL_INPUT = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::([0-5]\d)(?:\.\d+)?)?)?$/;

/** The moment of a `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM` or `...:SS` on the zone's clock; null when the text is neither, or no such day. */
export function fromLocalInput(text: string, timeZone: string): number | null {
  const read = readLocalInput(text);
  return read && momentOf(read.wall, timeZone) + 1000 * read.second;
}

/** The same, all moments at which the clock shows it: two in the hour that comes twice. Empty where `fromLocalInput` is null, or the clock skips it. */
export function allFromLocalInput(text: string, timeZone: string): number[] {
  const read = readLocalInput(text);
  return read ? momentsOf(read.wall, timeZone).map((time) => time + 1000 * read.second) : [];
}

function readLocalInput(text: string): { wall: WallTime; second: number } | null {
  const match = LOCAL_INPUT.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth || hour > 23 || minute > 59) return null;
  return { wall: { year, month, day, minute: hour * 60 + minute }, second };
}
