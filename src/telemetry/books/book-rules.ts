import type { SourceRecord } from '../source-record.ts';

/** By which rules books are made. */

/** What the books are made by; a new number has everything booked anew, while the earlier books answer. */
export const BOOK_VERSION = 17;
/** The oldest version whose states those of today can go on from; raise it when what is in a state changes. */
const OLDEST_READABLE = 5;
/** Books by earlier rules of sources with no more readings than these are made anew while one waits: a moment's work. */
const LITTLE_READINGS = 20_000;

/** What of a source the books depend on, with the version, to be kept with them. */
export const rulesText = (facts: { timeZone: string; installedCapacityW: number | null }): string =>
  `${BOOK_VERSION} ${facts.timeZone} ${facts.installedCapacityW ?? '-'}`;

export function rulesIn(text: string | null) {
  const [version = '', timeZone = 'UTC', installed = '-'] = (text ?? '').split(' ');
  return { version: Number(version), timeZone, installedCapacityW: installed === '-' ? null : Number(installed) };
}

/** What is to be remembered of books that were made by other rules than today's: all of them are made anew. */
export function earlierBooks(record: SourceRecord): Pick<SourceRecord, 'earlierFromMs' | 'earlierVersion'> {
  if (record.bookedUntilMs === null) return { earlierFromMs: null, earlierVersion: null };
  const { version } = rulesIn(record.bookRules);
  // Of a newer version nothing is known here.
  const known = version <= BOOK_VERSION ? version : 0;
  return { earlierFromMs: record.booksFromMs ?? 0, earlierVersion: Math.min(known, record.earlierVersion ?? known) };
}

/** True if the stored state after a chunk means to the arithmetic of today what it meant when it was stored. */
export function isReadable({ earlierFromMs, earlierVersion }: SourceRecord, chunk: number): boolean {
  return earlierFromMs === null || chunk < earlierFromMs || (earlierVersion ?? 0) >= OLDEST_READABLE;
}

/** True if making all books of a source anew is worth waiting for. */
export const isLittle = (record: SourceRecord): boolean => record.readings <= LITTLE_READINGS;

/** Share of a source's books that are by today's rules, 0..1; null when all are. */
export function remadeShare({ earlierFromMs, firstMs, booksFromMs, bookedUntilMs }: SourceRecord): number | null {
  if (earlierFromMs === null || bookedUntilMs === null) return null;
  const from = Math.max(firstMs, booksFromMs ?? 0);
  return bookedUntilMs <= from ? 0 : Math.min(1, Math.max(0, (earlierFromMs - from) / (bookedUntilMs - from)));
}
