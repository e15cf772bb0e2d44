import { onceForEach } from '../once-for-each.ts';
import { type DeviceKind, deviceKind } from '../words/device-words.ts';
import { LONGEST_NAME, tellingOf, wordsOf } from '../words/name-words.ts';
import { isAside } from '../words/not-measured.ts';
import { hasUnknownWord, isRooms, mayBeRooms, OF_HOUSE } from '../words/unknown-words.ts';
import { ABOVE_SOLAR, meaningOfWords, type PlainMeaning, type Surroundings } from '../words/words-meaning.ts';

/** A value with what its name says of it. */
export interface Named extends PlainMeaning {
  value: number;
  /** Where in an object it stands; absent where others beside explain it. */
  path?: string;
  /** What proves its sign, in words, where earlier messages do. */
  proof?: string;
}

const MOST_NAMES = 6000;
const PLACES =
  /\b(solar|pv\d?|photovoltaic|mppt\d?|battery|bms|grid|load|house|ac\d?|output|inverter|bus|generator|import|export|yield|production|consumption|consumed|charge|discharge|backup|eps)\b/;
/** The English words of a topic. */
export const topicWords = onceForEach(MOST_NAMES, (topic) => wordsOf(topic.split('/')));

const atKey = onceForEach(MOST_NAMES, (key) => {
  const [device = '', unit = '', deviceClass = '', stateClass = '', phased = '', path = ''] = key.split('\n');
  const said = { unit, deviceClass, stateClass };
  return meaningOfNames(path.split('/'), { ...said, device: device as DeviceKind, isPhased: phased !== '' });
});

/** What the value at a path (`battery/soc`: a topic's levels, or an object's names) is; null where that is not sure. */
export const meaningAt = (
  path: string,
  { device, unit, deviceClass = '', stateClass = '', isPhased }: Surroundings,
): PlainMeaning | null =>
  device === 'foreign'
    ? null
    : atKey(`${device}\n${unit}\n${deviceClass}\n${stateClass}\n${isPhased ? '1' : ''}\n${path}`);

/** By its own name or, where that says of no place, with those above it. */
function meaningOfNames(names: readonly string[], around: Surroundings): PlainMeaning | null {
  const name = names.at(-1) ?? '';
  if (name.length > LONGEST_NAME || GUESSED.test(name)) return null;
  const telling = inMakersWords(tellingOf(names));
  const all = wordsOf(telling);
  if (deviceKind(all) === 'foreign') return null;
  const own = wordsOf(telling.slice(-1));
  if (
    TELLS_STATE.test(own) ||
    STARTER.test(own) ||
    COUNTS_THINGS.test(own) ||
    telling.some((level) => isAside(level) && !(OF_SYSTEM.test(level) && PLACES.test(own)))
  )
    return null;
  for (let count = 1; count <= telling.length; count++) {
    const words = wordsOf(telling.slice(-count));
    if (count < telling.length && !PLACES.test(words)) continue;
    // Two levels further up stands nothing of a name that says nothing itself.
    if (count > 2 && !SAYS_SOMETHING.test(own)) return null;
    // Under a solar topic stands also what is charged, used and sold.
    if (count > 1 && ABOVE_SOLAR.test(words) && !ABOVE_SOLAR.test(own) && OTHER_WAY.test(own)) return null;
    const meaning = meaningOfWords(withNumberAbove(words, telling, count), around);
    if (meaning?.isPeriodGuessed && SAYS_WHEN.test(all)) continue;
    // It may say of a time, or of another place, in a language that nobody knows here.
    if ((meaning?.isPeriodGuessed || meaning?.isBare) && isCounter(meaning) && hasUnknownWord(own)) return null;
    if (meaning?.isPeriodGuessed && isCounter(meaning) && telling.slice(0, -1).some(isOfUnknownPlace)) return null;
    // Of a day's statistics a power is the highest, or energy.
    if (meaning && count < telling.length && /Power$/.test(meaning.metric) && OF_A_DAY.test(all)) continue;
    // What an engine puts out is no house's.
    if (meaning && ENGINE.test(all) && /^(output|battery)/.test(meaning.metric)) return null;
    // A room's, in a house's topics.
    if (meaning && OF_HOUSE.test(meaning.metric) && (isRooms(all) || mayBeRooms(ownOf(meaning.words, names))))
      return null;
    if (around.device === 'utility' && isRooms(own) && !/\bmeter\b/.test(own)) return null;
    // `power/house`: the level above says the kind.
    if (meaning?.isKindGuessed && count < telling.length && (SAYS_POWER.test(all) || isLoadOfHouse(all, words)))
      continue;
    if (meaning !== null || count === telling.length) return meaning;
    if (KNOWN_KIND.test(words)) return null;
  }
  return null;
}

/** What its finder was not sure of himself: `battery_soh?`. */
const GUESSED = /[a-z]\?$/i;

/** What Solax calls consumed was bought: beside it stands what was fed in. */
const [SOLAX, CONSUMED] = [/solax/i, /consumed?(?=[_ ]?energy)/i];
const inMakersWords = (telling: string[]): string[] =>
  telling.some((level) => SOLAX.test(level)) ? telling.map((level) => level.replace(CONSUMED, 'grid_import')) : telling;

/** True for a group that says what it counts, and of a place that nobody knows (`feedthroughEnergy`). */
const isOfUnknownPlace = (level: string): boolean => {
  const words = wordsOf([level]);
  return /\benergy\b/.test(words) && hasUnknownWord(`of ${words}`);
};

/** What a device says of all its parts together, where that names a place. */
const OF_SYSTEM = /^system$/i;
const isCounter = ({ metric }: PlainMeaning): boolean => /^(total|daily)/.test(metric);

const SAYS_SOMETHING =
  /\b(solar|pv\d*|mppt\d*|string\d*|battery\d*|grid|load|house|home|ac\d?|dc\d?|output|input|import|imported|export|exported|yield|production|generation|consumption|consumed|charge|discharge|power|voltage|current|frequency|temperature|energy|soc|soh|percent|total|today|daily|day|lifetime|inverter|phase|l[123]|[abcvuipw]|k?wh?|active|apparent|actual|sum|now|capacity|remaining|stat|net|positive|negative|\d+)\b/;

/** Of an energy, over what time it counts. */
export const SAYS_WHEN =
  /\b(today|daily|day|yesterday|tomorrow|hour|hourly|week|weekly|month|monthly|year|yearly|annual|session|total|lifetime|forecast|history|last|previous)\b/;
/** How something is (`battery_charging_status`), and not how much; a group's name says nothing (`status_battery_voltage`). */
const TELLS_STATE =
  /\b(status(?!( \w+)+ (voltage|current|power|temperature|frequency|soc)$)|flag|direction|failures?|outages?|interruptions?|sags?|swells?)\b/;
/** A vehicle's, beside the house's own. */
const STARTER = /\b(starter|start|cranking|engine|auxiliary|vehicle) battery\b/;
/** How many there are of something. */
const COUNTS_THINGS =
  /\bcycles?$|\b(sensors?|cells?|packs?|modules?|strings?|batteries) (amount|count|number|quantity)$/;
const ENGINE = /\b(generator|genset|engine)\b/;
/** `house/load`: the level above says whose it is. */
const HOUSE_LOAD = /\bhouse (load|consumption)$/;
const isLoadOfHouse = (all: string, words: string) => HOUSE_LOAD.test(all) && !HOUSE_LOAD.test(words);
/** Home Assistant's names begin with the device's, and count only beside others of the same one. */
const ownOf = (words: string, names: readonly string[]): string =>
  names.at(-1) === 'state' && names.at(-3) === 'sensor' ? words.slice(PLACES.exec(words)?.index ?? 0) : words;

const SAYS_POWER = /\bpower\b/;
const OF_A_DAY = /\b(daily|today|yesterday|history|statistics?|stats)\b/;
const OTHER_WAY = /\b(charge|discharge|output|ac input|load|consumption|import|export)\b/;
const NUMBERED = /^(?:pv|string|mppt|input|phase|l|battery|inverter|module|panel|port|channel|pack) ?\d{1,2}$/;

/** `pv2/power` is the second one's. */
function withNumberAbove(words: string, telling: readonly string[], count: number): string {
  const above = count < telling.length ? wordsOf(telling.slice(-count - 1, -count)) : '';
  return NUMBERED.test(above) && !/\d/.test(words) ? `${above} ${words}` : words;
}

/** A name that says what kind of quantity it is, and of what: what stands above it changes nothing. */
const KNOWN_KIND = /\b(voltage|current|frequency|temperature|soc|soh|percent)\b/;
