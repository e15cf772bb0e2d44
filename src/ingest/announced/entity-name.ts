import type { DialectContext } from '../dialect.ts';
import { MessageView } from '../payload/message-view.ts';
import { topicWords } from '../plain/plain-meaning.ts';
import { isKnownWord } from '../words/word-list.ts';

/** Known words that say of what device a value is, and not what it is. */
const OF_DEVICE = /^(inverter|meter|module|panel|house|home|room|smart|bms|sonnen)\d*$/;
/** Words that say what a value is. */
const TELLS =
  /\b(power|voltage|current|frequency|temperature|energy|soc|soh|percent|yield|production|generation|consumption|import|export|charge|discharge|load|grid|battery\d*|solar|pv\d*|mppt\d*|capacity)\b/;
const ENTITY_LEVEL = 'sensor';
const LONGEST = 80;

const tells = (name: string): boolean => TELLS.test(topicWords(name));
const isTellingId = (id: string): boolean =>
  topicWords(id)
    .split(' ')
    .some((word) => isKnownWord(word.replace(/\d+$/, '')) && !OF_DEVICE.test(word));

/**
 * What Home Assistant's statestream would call an entity whose id tells nothing (`sensor.sn_301_2`), by the name that people
 * read; null where the id tells enough, or the name does not.
 */
export function idByName(id: string, name: string): string | null {
  if (name === '' || name.length > LONGEST || isTellingId(id)) return null;
  const own = name.trim().replaceAll(/[\s/+#]+/g, '_');
  return tells(own) ? own : null;
}

/** A message about such an entity as if that had the name that was said beside; any other message itself. */
export function byItsName(message: MessageView, { memory }: DialectContext): MessageView {
  if (message.tail(2) !== ENTITY_LEVEL) return message;
  const named = memory?.parts.said.nameOf(message.base(1));
  if (named === undefined) return message;
  const { payload, receivedAt, isRetained } = message;
  return new MessageView({ payload, receivedAt, isRetained, topic: `${named}/${message.tail(0)}` });
}
