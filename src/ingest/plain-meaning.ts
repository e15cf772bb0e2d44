import type { NumericMetric } from '../core/metrics.ts';
import { meaningOf } from './announced-metric.ts';
import type { Field } from './field-draft.ts';
import { describeName, LONGEST_NAME, tellingOf, wordsOf } from './name-words.ts';
import { onceForEach } from './once-for-each.ts';

/** What a name in plain words says of its value. */
export interface PlainMeaning {
  metric: NumericMetric;
  field: Field;
  /** Which of its like it is. */
  id: string;
  order: number;
  /** True for a signed quantity whose sign the maker chose. */
  isSignOpen: boolean;
  /** True when the name itself says the unit. */
  isUnitSaid: boolean;
  words: string;
}

const MOST_NAMES = 4000;
/** Things with a word in common with solar systems, and what only tells of them. */
const FOREIGN =
  /\b(weather|wetter|forecast|radiation|irradiance|irradiation|clear ?sky|theoretical|expected|pump|heater|boiler|light|lamp|camera|wallbox|charger|car|ev|vehicle|fan|valve|gate|mower|robot|phone|tablet|watch|thermostat|heat|heating|pool|water|collector|thermal|garden|trv|printer|ups|nut|wifi|cpu|memory|price|lora|gps|tracker|soil|flower)\b/;
const PLACES = /\b(solar|pv\d?|photovoltaic|mppt\d?|battery|bms|grid|load|house|ac|output|inverter|bus|generator)\b/;
const SIGNED: ReadonlySet<NumericMetric> = new Set(['gridPower', 'gridCurrent', 'batteryPower', 'batteryCurrent']);
/** A maker whose battery counts charging as positive: what is not split is read like that, and then proven or dropped. */
const AS_IF = 'victron';

/** The English words of a topic. */
export const topicWords = onceForEach(MOST_NAMES, (topic) => wordsOf(topic.split('/')));
/** What the value of a topic is; null where that is not sure. */
export const meaningOfTopic = onceForEach(MOST_NAMES, (topic) => meaningOfNames(topic.split('/'), false));
/** What the value at an object's path (`battery.soc`) is; null where that is not sure. */
export const meaningOfPath = onceForEach(MOST_NAMES, (path) => meaningOfNames(path.split('.'), false));
/** The same in an object that has a current of each phase. */
export const meaningOfPhasedPath = onceForEach(MOST_NAMES, (path) => meaningOfNames(path.split('.'), true));

/** True for the topic of something that has only words in common with a solar system. */
export const isForeign = (topic: string): boolean => FOREIGN.test(topicWords(topic));

/** By its own name or, where that says of no place, with those above it. */
function meaningOfNames(names: readonly string[], isPhased: boolean): PlainMeaning | null {
  if ((names.at(-1) ?? '').length > LONGEST_NAME) return null;
  const telling = tellingOf(names);
  if (FOREIGN.test(wordsOf(telling))) return null;
  for (let count = 1; count <= telling.length; count++) {
    const words = wordsOf(telling.slice(-count));
    if (PLACES.test(words) || count === telling.length) return meaningOfWords(words, isPhased);
  }
  return null;
}

function meaningOfWords(words: string, isPhased: boolean): PlainMeaning | null {
  const described = describeName(words, isPhased);
  const meaning = described && meaningOf({ ...described, device: AS_IF });
  if (!described || !meaning || meaning.metric === 'operatingMode' || meaning.metric === 'deviceStatus') return null;
  const { metric, part, side } = meaning;
  const field: Field = {
    ...{ to: metric, by: meaning.factor, rank: part.rank },
    ...(part.how !== 'own' && { how: part.how }),
    ...(side !== null && { side }),
  };
  // Parts of the same place are one quantity; what stands elsewhere is another one.
  const id = side === null ? (part.order === 0 ? '' : String(part.order)) : '';
  const { isUnitSaid } = described;
  const isSignOpen = SIGNED.has(metric) && side === null;
  return { ...{ metric, field, id, isUnitSaid, words, isSignOpen }, order: part.order };
}
