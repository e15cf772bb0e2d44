import { formatDate, formatNumber, listWords } from '../core/format.ts';
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
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function withSubject(part: string): string {
  const [name = '', ...rest] = part.split(' ');
  const label = findMetric(name)?.label;
  if (label) return [label, ...rest].join(' ');
  return /^(is|must|has) /.test(part) ? `the message ${part}` : part;
}
