import { type Clock, houseTimeOf } from '../../core/clock.ts';
import type { Reading } from '../../core/reading.ts';
import { isPlausible, isUnsetStamp } from '../../core/unset-time.ts';
import type { IncomingMessage } from './incoming-message.ts';

/** How a reading says, in its metadata, that its time was worked out after the clock was set. */
export const TIME_NOTE = 'clock';
export type TimeNote = 'set later' | 'estimated';

/** A message with the time at which it really arrived, and a note when that was not known then. */
export interface TimedMessage extends IncomingMessage {
  timeNote?: TimeNote;
}

/** The same message in true time; null while nobody knows when it came. */
export function inTrueTime<M extends IncomingMessage>(message: M, clock: Clock): (M & TimedMessage) | null {
  if (!isUnsetStamp(message.receivedAt)) return message;
  const found = houseTimeOf(clock)?.trueTime(message.receivedAt) ?? null;
  if (found === null) return null;
  return { ...message, receivedAt: found.time, timeNote: found.isEstimate ? 'estimated' : 'set later' };
}

/** What devices say of the time in these readings. */
export function witnessed(readings: readonly Reading[]): number[] {
  return readings.filter((r) => isPlausible(r.time)).map((r) => r.time);
}

/** Readings as a page may show them while nobody knows the time: as old as they are, by unset time. */
export function shownAt(readings: readonly Reading[], receivedAt: number): Reading[] {
  return readings.map((reading) => ({ ...reading, time: receivedAt }));
}
