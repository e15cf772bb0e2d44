import type { Source } from '../../sources/source.ts';
import type { IncomingMessage } from '../dialect.ts';
import { interpretMessage } from '../dialects.ts';
import { looksMeasured } from '../discovery/device-look.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { MessageView } from '../payload/message-view.ts';

/**
 * What a message that another broker kept is worth. `taken`: it announces a device, or says itself when it was measured.
 * `tooOld`: a value of an unknown age, which would look as if it were measured now. `nothing`: no value at all.
 */
export function worthOfKept(
  message: IncomingMessage,
  source: Pick<Source, 'timeZone' | 'role'>,
): 'taken' | 'tooOld' | 'nothing' {
  if (message.payload.length === 0) return 'nothing';
  const { timeZone, role } = source;
  const found = interpretMessage(message, { timeZone, role, memory: new DialectMemory() });
  const { isAnnouncement = false, readings = [] } = found?.interpretation ?? {};
  if (isAnnouncement || (readings.length > 0 && readings.every(({ time }) => time !== null))) return 'taken';
  return readings.length > 0 || looksMeasured(new MessageView(message)) ? 'tooOld' : 'nothing';
}
