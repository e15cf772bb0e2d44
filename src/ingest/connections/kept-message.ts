import type { Source } from '../../sources/source.ts';
import type { IncomingMessage } from '../dialect.ts';
import { DialectMemory } from '../dialect-memory.ts';
import { interpretMessage } from '../dialects.ts';

/**
 * True if a message that another broker kept may be taken over: it announces a device, or says itself when it was
 * measured. All other kept values are of an unknown age, and would look as if they were measured now.
 */
export function keptSaysSomething(message: IncomingMessage, source: Pick<Source, 'timeZone' | 'role'>): boolean {
  if (message.payload.length === 0) return false;
  const { timeZone, role } = source;
  const found = interpretMessage(message, { timeZone, role, memory: new DialectMemory() });
  if (!found) return false;
  const { isAnnouncement, readings } = found.interpretation;
  return isAnnouncement === true || (readings.length > 0 && readings.every(({ time }) => time !== null));
}
