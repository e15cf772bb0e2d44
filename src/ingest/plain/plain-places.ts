import type { MessageView } from '../payload/message-view.ts';
import { topicWords } from './plain-meaning.ts';

/** Groups in which values of one system stand beside each other. */
const GROUP =
  /^(solar|pv\d*|battery|batteries|bms|grid|load|consumption|house|inverter|meter|energy|power|system|site|plant)$/;
/** Levels that many devices of a house share. */
const SHARED =
  /^\/?((homeassistant|hass|ha|statestream|sensor|home|house|tele|stat|state|mqtt|items|openhab|\+)(\/|$))*$/i;

/** How many levels at a topic's end are the value's own. */
const ownLevels = (message: MessageView): 1 | 2 => (/^(state|value)$/.test(message.tail(0)) ? 2 : 1);

/** Where values of the same device stand: beside a value, or in another group (`x/pv/power`, `x/battery/soc`). */
export function basesOf(message: MessageView): string[] {
  const own = ownLevels(message);
  const bases = [message.base(own)];
  const isGrouped = GROUP.test(topicWords(message.tail(own)));
  // Also under a level that nobody shares: `MTEC/A2A0001/now-base/...` and `MTEC/A2A0001/day/...`.
  if (message.segments.length > own + (isGrouped ? 1 : 2)) bases.push(`${message.base(own + 1)}/+`);
  const owned = bases.filter((base) => !SHARED.test(base));
  if (owned.length > 0 || message.segments.length < 2) return owned;
  return [`${message.base(own)}${BY_NAME}${deviceBefore(topicWords(message.tail(own - 1)))}`];
}

/** Between a level that many devices share and the device that a name begins with. */
const BY_NAME = '#';
/** True for a place of values whose names begin with no device (`homeassistant/sensor/load_power`). */
export const isNobodys = (base: string): boolean => base.endsWith(BY_NAME);

/** Words that say what a value is; what stands before them is the device's name (`solax_i1_pv_power`). */
const TELLING =
  /\b(solar|pv\d*|photovoltaic|mppt\d*|string\d*|battery\d*|grid|load|house|home|ac\d?|dc\d?|output|input|bus|backup|eps|import|imported|export|exported|yield|production|generation|consumption|consumed|charge|discharge|power|voltage|current|frequency|temperature|energy(?! (?:site|system)\b)|soc|soh|percent|total|today|daily|day|lifetime|inverter|phase|l[123])\b/;

const deviceBefore = (words: string): string => words.slice(0, TELLING.exec(words)?.index ?? words.length).trim();

/** Every level above a message's own that is not many devices', or else the one that they share. */
export function levelsAbove(message: MessageView): string[] {
  const own = ownLevels(message);
  const levels = message.segments.slice(own).map((_, i) => message.base(own + i));
  const owned = levels.filter((level) => !SHARED.test(level));
  return owned.length > 0 ? owned : [levels[0] ?? ''];
}

/** The same for an object, whose values also belong together without any others. */
export const placesOf = (message: MessageView): string[] => [`=${message.topic}`, ...basesOf(message)];
