import { capitalised, formatDate, formatNumber, listWords } from '../core/format.ts';
import { findMetric } from '../core/metrics.ts';
import { localDayOf } from '../core/zone.ts';
import type { MessageOutcome } from './message-outcome.ts';

/** "3 messages not fully understood since yesterday". */
export function refusedText(summary: { count: number; firstAt: number }, now: number, timeZone: string): string {
  const { count, firstAt } = summary;
  return `${formatNumber(count)} ${count === 1 ? 'message' : 'messages'} not fully understood ${sinceText(firstAt, now, timeZone)}`;
}

/** "since 14:05", "since yesterday", "since 12 Nov", "since Dec 2025": as exact as one would say it. */
export function sinceText(time: number, now: number, timeZone: string): string {
  const daysAgo = localDayOf(now, timeZone) - localDayOf(time, timeZone);
  if (daysAgo <= 0) return `since ${formatDate(time, timeZone, 'time')}`;
  if (daysAgo === 1) return 'since yesterday';
  return `since ${formatDate(time, timeZone, daysAgo < 300 ? 'dayMonth' : 'month')}`;
}

/** What is kept of a message: "Stored: solarPower and loadPower." */
export function keptText({ kept, keptFields, isList }: MessageOutcome): string {
  if (kept === 0) return 'Nothing of it was stored.';
  const fields = listWords(keptFields);
  if (!isList && kept === 1) return `Stored: ${fields}.`;
  return `Stored: ${formatNumber(kept)} ${kept === 1 ? 'entry' : 'entries'} (${fields}).`;
}

/** What is not, one line each: "Entry 2: stateOfCharge must be a number". Entries are counted from 1, as people do. */
export function refusedLines({ refused, refusedInAll, isList }: MessageOutcome): string[] {
  const lines = refused.map(({ index, field, message }) => {
    const what = field === '' ? message : `${field} ${message}`;
    return isList ? `Entry ${index + 1}: ${what}` : what;
  });
  const more = refusedInAll - refused.length;
  return more > 0 ? [...lines, `and ${formatNumber(more)} more`] : lines;
}

/** A reason as a sentence begins: metrics by their labels, and what is said of a whole message with its subject. */
export function reasonWords(reason: string): string {
  const text = reason.split('; ').map(withSubject).join('; ');
  return capitalised(text);
}

/** True of a reason for which nothing of a message was taken; others name one value after the other. */
export const isOfWholeMessage = (reason: string): boolean => WITHOUT_SUBJECT.test(reason) || reason === NOBODY_KNOWS;

/** True of a reason for which a reading was not taken, whatever else it said. */
export const isOfWholeReading = (reason: string): boolean => reason.startsWith('timestamp ');

/** What the owner can do about a reason. */
export type RefusedHelp = 'mapping' | 'device';

/** A line of the mapping says what a name or unit means; what is no JSON only the device can mend. Null: neither. */
export function helpFor(reason: string): RefusedHelp | null {
  if (reason === NOBODY_KNOWS) return 'mapping';
  if (/\bis not valid JSON\b/.test(reason)) return 'device';
  return /\b(holds no value of the catalogue|must be a number|must lie between)\b/.test(reason) ? 'mapping' : null;
}

/** What is said of a number that stands for "unknown": the device told that it does not know, which is no fault. */
export const STANDS_FOR_UNKNOWN = 'showed the end of a register, which stands for “unknown”';

/** True of a reason that says so, with the metric's name before it. */
export const isOfUnknown = (reason: string): boolean => reason.endsWith(STANDS_FOR_UNKNOWN);

/** What is said of a message that no dialect takes for its own. */
export const NOBODY_KNOWS = 'no known device writes like this';
const WITHOUT_SUBJECT = /^(is|must|has|holds) /;

function withSubject(part: string): string {
  const [name = '', ...rest] = part.split(' ');
  const label = findMetric(name)?.label;
  if (label) return [label, ...rest].join(' ');
  return WITHOUT_SUBJECT.test(part) ? `the message ${part}` : part;
}
