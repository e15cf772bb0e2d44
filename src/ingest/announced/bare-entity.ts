import type { SourceRole } from '../../sources/source.ts';
import type { DialectContext } from '../dialect.ts';
import type { MessageView } from '../payload/message-view.ts';
import { bareMeaning, isBothWays } from '../plain/bare-meter.ts';
import { type PlainEntry, unitBase } from '../plain/plain-entries.ts';
import { topicWords } from '../plain/plain-meaning.ts';
import { deviceKind } from '../words/device-words.ts';
import { NOT_MEASURED } from '../words/not-measured.ts';
import { isRooms } from '../words/unknown-words.ts';
import type { PlainMeaning } from '../words/words-meaning.ts';

/** What Home Assistant's statestream calls its entities: after their device, and then what they are. */
const ENTITY = /^(?:[^/]+\/)?sensor\/([a-z\d]+(?:_[a-z\d]+)+)$/;
const TELLS_PLACE =
  /\b(solar|pv\d*|battery\d*|grid|load|house|home|ac|dc|input|output|inverter|import|export|charge|discharge)\b/;

/** What a name before a bare value says that is no device's: a place of its own, a limit, a room that is not all of the grid. */
const isNoDevice = (words: string, role: SourceRole): boolean =>
  TELLS_PLACE.test(words) ||
  NOT_MEASURED.test(words) ||
  (role !== 'load' && (isRooms(words) || deviceKind(words) === 'foreign'));

/** A bare value behind the name of its device (`kp115_voltage`), of a source whose owner said what it measures; null for any other. */
export function bareIn(
  base: string,
  entry: PlainEntry,
  { role }: DialectContext,
): (PlainMeaning & { node: string }) | null {
  const [, entity] = ENTITY.exec(base) ?? [];
  // A battery's own electronics count as their maker likes; a meter at its socket is called no battery.
  if (entity === undefined || role === undefined || role === 'system' || role === 'battery') return null;
  const parts = entity.split('_');
  for (let i = 1; i < parts.length; i++) {
    const meaning = bareMeaning(parts.slice(i).join('_'), entry, role);
    const node = parts.slice(0, i).join('_');
    if (meaning) return isNoDevice(topicWords(node), role) ? null : { ...meaning, node };
  }
  return null;
}

/** The same of a message; of several devices the one that was heard first is the source's, until it falls silent. */
export function ofEntity(message: MessageView, entry: PlainEntry, context: DialectContext): PlainMeaning | null {
  const found = bareIn(unitBase(message), entry, context);
  // A meter's energy in all may be of both ways.
  if (!found || (isBothWays(found) && !/consum|deliver/.test(found.words))) return null;
  return context.memory?.parts.leading.isLeading(found.node, message.receivedAt) ? found : null;
}

/** The last level that says something, without the device's name before it (`plug3/sensor/plug3_power/state` is `power`). */
export function withoutNode(path: string): string {
  const levels = path.split('/').filter((level) => !/^(state|value|sensor)$/.test(level));
  const last = levels.at(-1) ?? '';
  const node = levels.length > 1 ? (levels[0] ?? '') : '';
  return node !== '' && last.toLowerCase().startsWith(`${node.toLowerCase()}_`) ? last.slice(node.length + 1) : last;
}
