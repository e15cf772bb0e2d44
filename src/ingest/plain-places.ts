import type { MessageView } from './message-view.ts';
import { topicWords } from './plain-meaning.ts';

/** Groups in which values of one system stand beside each other. */
const GROUP = /^(solar|pv\d*|battery|batteries|bms|grid|load|house|inverter|meter|energy|power)$/;
/** Levels that many devices of a house share. */
const SHARED =
  /^\/?((homeassistant|hass|ha|statestream|sensor|home|house|tele|stat|state|mqtt|items|openhab|\+)(\/|$))*$/i;

/** Where values of the same device stand: beside a value, or in another group (`x/pv/power`, `x/battery/soc`). */
export function basesOf(message: MessageView): string[] {
  const own = /^(state|value)$/.test(message.tail(0)) ? 2 : 1;
  const bases = [message.base(own)];
  const isGrouped = GROUP.test(topicWords(message.tail(own)));
  // Also under a level that nobody shares: `MTEC/A2A0001/now-base/...` and `MTEC/A2A0001/day/...`.
  if (message.segments.length > own + (isGrouped ? 1 : 2)) bases.push(`${message.base(own + 1)}/+`);
  return bases.filter((base) => !SHARED.test(base));
}

/** Every level above a message's own that is not many devices'. */
export const levelsAbove = (message: MessageView): string[] =>
  message.segments.slice(1).flatMap((_, i) => (SHARED.test(message.base(i + 1)) ? [] : message.base(i + 1)));

/** The same for an object, whose values also belong together without any others. */
export const placesOf = (message: MessageView): string[] => [`=${message.topic}`, ...basesOf(message)];
