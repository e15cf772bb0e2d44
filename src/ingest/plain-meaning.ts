import type { NumericMetric } from '../core/metrics.ts';
import { meaningOfGridMeter, meaningOfInverter } from './announced-inverter.ts';
import { meaningOf } from './announced-metric.ts';
import { describeName, type NamedValueWords } from './described-name.ts';
import { type DeviceKind, deviceKind } from './device-words.ts';
import type { Field } from './field-draft.ts';
import { LONGEST_NAME, tellingOf, wordsOf } from './name-words.ts';
import { isAside } from './not-measured.ts';
import { onceForEach } from './once-for-each.ts';
import type { Said } from './said-beside.ts';
import { hasUnknownWord, isRooms, mayBeRooms, OF_HOUSE } from './unknown-words.ts';

/** What a name in plain words says of its value. */
export interface PlainMeaning {
  metric: NumericMetric;
  field: Field;
  /** Which of its like it is. */
  id: string;
  order: number;
  /** True for a signed quantity whose sign the maker chose. */
  isSignOpen: boolean;
  /** True when the name itself, or the value, says the unit. */
  isUnitSaid: boolean;
  /** True for energy that may be in Wh or kWh. */
  isEnergyGuessed: boolean;
  /** True for a total that may be energy or power, and for a flow that may be either. */
  isKindGuessed: boolean;
  /** True for energy whose name says of no time: a lifetime's, unless it is small. */
  isPeriodGuessed: boolean;
  /** True for what is solar only where there is no battery: an inverter's output. */
  isBare: boolean;
  words: string;
}

/** A value with what its name says of it. */
export interface Named extends PlainMeaning {
  value: number;
  /** Where in an object it stands; absent where others beside explain it. */
  path?: string;
  /** What proves its sign, in words, where earlier messages do. */
  proof?: string;
}

/** True for what has panels. */
export const isSolarDevice = (device: DeviceKind): boolean => device === 'inverter' || device === 'solar';

/** Around a value: what kind of device, the unit and perhaps classes that are said beside it, and whether its siblings are phases. */
export interface Surroundings extends Partial<Said> {
  device: DeviceKind;
  unit: string;
  isPhased: boolean;
}

const MOST_NAMES = 6000;
const PLACES =
  /\b(solar|pv\d?|photovoltaic|mppt\d?|battery|bms|grid|load|house|ac\d?|output|inverter|bus|generator|import|export|yield|production|consumption|consumed|charge|discharge|backup|eps)\b/;
const SIGNED: ReadonlySet<NumericMetric> = new Set(['gridPower', 'batteryPower', 'batteryCurrent']);
/** A maker whose battery counts charging as positive: what is not split is read like that, and then proven or dropped. */
const AS_IF = 'victron';

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
  if ((names.at(-1) ?? '').length > LONGEST_NAME) return null;
  const telling = tellingOf(names);
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
  /\b(status(?!( \w+)+ (voltage|current|power|temperature|frequency|soc)$)|flag|failures?|outages?|interruptions?|sags?|swells?)\b/;
/** Since when it does not say: since midnight, with some. */
const ACCUMULATED = /\baccumulated\b/;
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
const ABOVE_SOLAR = /\b(solar|pv\d*|photovoltaic|mppt\d*)\b/;
const OTHER_WAY = /\b(charge|discharge|output|ac input|load|consumption|import|export)\b/;
const NUMBERED = /^(?:pv|string|mppt|input|phase|l|battery|inverter|module|panel|port|channel|pack) ?\d{1,2}$/;

/** `pv2/power` is the second one's. */
function withNumberAbove(words: string, telling: readonly string[], count: number): string {
  const above = count < telling.length ? wordsOf(telling.slice(-count - 1, -count)) : '';
  return NUMBERED.test(above) && !/\d/.test(words) ? `${above} ${words}` : words;
}

/** What is used beyond what is made: bought as positive. */
const NET = /\bgrid drawn power\b/;

/** A name that says what kind of quantity it is, and of what: what stands above it changes nothing. */
const KNOWN_KIND = /\b(voltage|current|frequency|temperature|soc|soh|percent)\b/;

/** Of several packs. */
const AVERAGE = /\b(avg|average) (?=(soc|temperature)$)|(?<=\bsoc) (avg|average)$/;
const isBattery = (device: DeviceKind): boolean => device === 'battery' || device === 'storage';

/** An inverter's battery in percent. */
const LEVEL = /^(\w+ ){0,3}battery$/;

/** EcoFlow's power stations are called so. */
const DELTA = /^delta (?:\d|pro|max|mini|ultra|plus)(?: (?:max|plus|pro|ultra))?\b ?/;

function meaningOfWords(
  called: string,
  { device, unit, deviceClass = '', stateClass, isPhased }: Surroundings,
): PlainMeaning | null {
  const plain = called.replace(DELTA, '');
  const words = isBattery(device) ? plain.replace(AVERAGE, '') : plain;
  const isLevel = device === 'inverter' && unit === '%';
  const named = describedBy(isLevel ? words.replace(LEVEL, 'battery soc') : words, unit, isPhased);
  if (named === null) return null;
  const described = { ...named, deviceClass };
  const said = direct(described, device);
  const inverter =
    said || !mayBePanels(device, described.unit) ? null : meaningOfInverter({ ...described, device: 'solar inverter' });
  const sure = said ?? inverter ?? ofDevice(described, device);
  const isPeriodGuessed = sure === null && isEnergy(described.unit) && !OTHER_TIME.test(words);
  const counted = { ...described, stateClass: 'total_increasing' };
  const own =
    isPeriodGuessed && described.isUnitSaid && device === 'inverter'
      ? meaningOfInverter({ ...counted, device: 'solar inverter' })
      : null;
  // What is measured at present counts nothing.
  if (isPeriodGuessed && stateClass === 'measurement') return null;
  const meaning = isPeriodGuessed ? (direct(counted, device) ?? own ?? ofStorage(counted, device)) : sure;
  if (!meaning || meaning.metric === 'operatingMode' || meaning.metric === 'deviceStatus') return null;
  const { metric, part, side } = meaning;
  // What passes an inverter by, or is fed by its backup, is a part of what a house uses.
  if (isOnlyPart(metric, words)) return null;
  // An inverter's apparent power is not the load's.
  if (metric === 'apparentPower' && !/\b(load|output|out|house)\b/.test(words)) return null;
  // An inverter's own voltage, or a meter's, is on the side of the mains.
  if (/^solar(Voltage|Current)$/.test(metric) && AT_MAINS.test(words) && !OF_PANELS.test(words)) return null;
  // Of one string in all: its power has no parts, so that it may be energy.
  if (metric === 'solarPower' && !described.isUnitSaid && STRING_IN_ALL.test(words)) return null;
  // What panels put into the mains is not what flows at the grid.
  if (metric === 'gridPower' && side === null && ABOVE_SOLAR.test(words)) return null;
  // A utility's meter counts what is bought as positive.
  const isBought = metric === 'gridPower' && (device === 'utility' || NET.test(words));
  const isSignOpen = SIGNED.has(metric) && side === null && !isBought;
  const field: Field = {
    ...{ to: metric, by: meaning.factor, rank: rankOf(metric, words, part.rank, isSignOpen) },
    ...(part.how !== 'own' && { how: part.how }),
    ...(side !== null && { side }),
  };
  // Parts of the same place are one quantity; what stands elsewhere is another one.
  const id = side === null ? (part.order === 0 ? '' : String(part.order)) : '';
  const { isUnitSaid, isEnergyGuessed, isKindGuessed } = described;
  const isBare = (inverter ?? own)?.isBare === true && meaning === (inverter ?? own);
  return {
    ...{ metric, field, id, isUnitSaid, isEnergyGuessed, isKindGuessed, words, isSignOpen, isBare },
    ...{ isPeriodGuessed: isPeriodGuessed || ACCUMULATED.test(words), order: part.order },
  };
}

const STRING_IN_ALL = /\b(pv|mppt|string) ?\d+ (power total|total power)$/;
const [AT_MAINS, OF_PANELS] = [/\b(inverter|meter)\b/, /\b(pv ?\d+|mppt ?\d*|strings? ?\d*|panels?|dc|input)\b/];

/** What is fed from an inverter's own output, beside all that the house uses. */
const PART_OF_HOUSE = /\b(backup|eps|ups|essential|critical|emergency)\b/;
export const isPartOfHouse = (metric: NumericMetric, words: string): boolean =>
  metric === 'loadPower' && PART_OF_HOUSE.test(words);

/** What flows at the grid or a battery, and nothing more; other words tell by what it is seen, or a part of it. */
const PLAINLY =
  /^((total|active|actual|real|net|ac|dc|house|site|meter) )*((grid|battery\d?|meter|utility|mains|storage|ess) )?((total|active|net|ac|dc) )*(power|current)( (total|active|now|meter|l ?[123]|phase [abc]|\d))*$/;
/** Behind what is plainly called so, before its parts. */
const BEHIND = 1.5;

function rankOf(metric: NumericMetric, words: string, rank: number, isSignOpen: boolean): number {
  if (isPartOfHouse(metric, words)) return 1;
  return isSignOpen && !PLAINLY.test(words) ? Math.min(rank, BEHIND) : rank;
}

const isOnlyPart = (metric: NumericMetric, words: string): boolean =>
  (/EnergyConsumed$/.test(metric) && PART_OF_HOUSE.test(words)) || (metric === 'loadPower' && /\bbypass\b/.test(words));

/** What an inverter says without a place, and what something solar counts. */
const mayBePanels = (device: DeviceKind, unit: string): boolean =>
  device === 'inverter' || (device === 'solar' && isEnergy(unit));

const direct = (described: NamedValueWords, device: DeviceKind) =>
  meaningOf(
    device === 'utility' && !INVERTERS.test(described.words) ? asCounted(described) : { ...described, device: AS_IF },
  );
/** What an inverter says beside a meter is not the meter's. */
const INVERTERS = /\binverter\b/;
const isEnergy = (unit: string): boolean => /^[kM]?Wh$/.test(unit);
/** A time that is neither a day nor a lifetime. */
const OTHER_TIME =
  /\b(since|session|period|interval|cycle|quarter|season|minutes?|\d+ ?(h|d|min)|charged|trip|hours)\b/;

/** A utility's meter: what was used was bought, what was produced was sold, and its kWh count for ever. */
const asCounted = (described: NamedValueWords) => ({
  ...described,
  device: 'smart meter',
  stateClass: described.isUnitSaid ? 'total_increasing' : described.stateClass,
});

const OTHER_PLACE = /\b(pv\d*|solar|grid|load|inverter|output|input|ac)\b/;
const asBattery = (described: NamedValueWords) => ({
  ...described,
  device: AS_IF,
  words: `battery ${described.words}`,
});

/** What a battery's own electronics, or a meter at the grid, say without naming themselves. */
function ofDevice(described: NamedValueWords, device: DeviceKind): ReturnType<typeof meaningOf> {
  if (isBattery(device)) return OTHER_PLACE.test(described.words) ? null : meaningOf(asBattery(described));
  if (isSolarDevice(device) && /\b(charge|discharge)\b/.test(described.words) && described.unit !== '%')
    return meaningOf(asBattery(described));
  return (device === 'meter' || device === 'utility') && !INVERTERS.test(described.words)
    ? meaningOfGridMeter({ ...described, device: 'smart meter' })
    : null;
}

/** What a battery's own meter counts. */
const ofStorage = (counted: NamedValueWords, device: DeviceKind) =>
  device === 'storage' ? ofDevice(counted, device) : null;

/** The name with the unit that stands beside the value, which says more than the name. */
function describedBy(words: string, unit: string, isPhased: boolean): NamedValueWords | null {
  const byName = describeName(words, isPhased);
  if (unit === '') return byName;
  const nothingElse = { device: '', deviceClass: '', stateClass: '', isEnergyGuessed: false, isKindGuessed: false };
  return { ...nothingElse, words: byName?.words ?? words, unit, isUnitSaid: true };
}
