import type { NumericMetric } from '../../core/metrics.ts';
import { meaningOfGridMeter, meaningOfInverter } from '../announced/announced-inverter.ts';
import { meaningOf } from '../announced/announced-metric.ts';
import type { Said } from '../announced/said-beside.ts';
import type { Field } from '../field-draft.ts';
import { describeName, type NamedValueWords } from './described-name.ts';
import type { DeviceKind } from './device-words.ts';

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

/** True for what has panels. */
export const isSolarDevice = (device: DeviceKind): boolean => device === 'inverter' || device === 'solar';

/** Around a value: what kind of device, the unit and perhaps classes that are said beside it, and whether its siblings are phases. */
export interface Surroundings extends Partial<Said> {
  device: DeviceKind;
  unit: string;
  isPhased: boolean;
}

const SIGNED: ReadonlySet<NumericMetric> = new Set(['gridPower', 'batteryPower', 'batteryCurrent']);
/** A maker whose battery counts charging as positive: what is not split is read like that, and then proven or dropped. */
const AS_IF = 'victron';

export const ABOVE_SOLAR = /\b(solar|pv\d*|photovoltaic|mppt\d*)\b/;
/** Since when it does not say: since midnight, with some. */
const ACCUMULATED = /\baccumulated\b/;
/** What is used beyond what is made: bought as positive. */
const NET = /\bgrid drawn power\b/;

/** Of several packs. */
const AVERAGE = /\b(avg|average) (?=(soc|temperature)$)|(?<=\bsoc) (avg|average)$/;
const isBattery = (device: DeviceKind): boolean => device === 'battery' || device === 'storage';

const OF_HOUSES_SIDE = /\b(ac|load|inverter|house|phase|l ?[123]|backup|eps)\b/;

/** An inverter's battery in percent. */
const LEVEL = /^(\w+ ){0,3}battery$/;

/** EcoFlow's power stations are called so. */
const DELTA = /^delta (?:\d|pro|max|mini|ultra|plus)(?: (?:max|plus|pro|ultra))?\b ?/;

/** What words of a name mean around their device, with the unit and classes beside; null where that is not sure. */
export function meaningOfWords(called: string, around: Surroundings): PlainMeaning | null {
  const { device, unit, deviceClass = '', isPhased } = around;
  const plain = called.replace(DELTA, '');
  const words = isBattery(device) || /^batter(y\d*|ies)\b/.test(plain) ? plain.replace(AVERAGE, '') : plain;
  const isLevel = (device === 'inverter' || device === 'storage') && unit === '%';
  const named = describedBy(isLevel ? words.replace(LEVEL, 'battery soc') : words, unit, isPhased);
  const found = named && foundIn({ ...named, deviceClass }, words, around);
  if (!named || !found || isOtherThan(found.meaning, words, named)) return null;
  // A battery puts out direct current.
  if (isBattery(device) && /^output/.test(found.meaning.metric) && !OF_HOUSES_SIDE.test(words)) return null;
  const { metric, part, side, factor } = found.meaning;
  // A utility's meter counts what is bought as positive.
  const isBought = metric === 'gridPower' && (device === 'utility' || NET.test(words));
  const isSignOpen = SIGNED.has(metric) && side === null && !isBought;
  const field: Field = {
    ...{ to: metric, by: factor, rank: rankOf(metric, words, part.rank, isSignOpen) },
    ...(part.how !== 'own' && { how: part.how }),
    ...(side !== null && { side }),
  };
  // Parts of the same place are one quantity; what stands elsewhere is another one.
  const id = side === null ? (part.order === 0 ? '' : String(part.order)) : '';
  const { isUnitSaid, isEnergyGuessed, isKindGuessed } = named;
  return {
    ...{ metric, field, id, isUnitSaid, isEnergyGuessed, isKindGuessed, words, isSignOpen, isBare: found.isBare },
    ...{ isPeriodGuessed: found.isPeriodGuessed || ACCUMULATED.test(words), order: part.order },
  };
}

/** A meaning that has a place in the catalogue as a number. */
type Found = NonNullable<ReturnType<typeof meaningOf>> & { metric: NumericMetric };

/** What is measured, and how sure its name is: of energy that says of no time a lifetime's is tried. */
function foundIn(
  described: NamedValueWords,
  words: string,
  { device, stateClass }: Surroundings,
): { meaning: Found; isBare: boolean; isPeriodGuessed: boolean } | null {
  const asInverter = (one: NamedValueWords) => meaningOfInverter({ ...one, device: 'solar inverter' });
  const said = direct(described, device);
  const inverter = said || !mayBePanels(device, described.unit) ? null : asInverter(described);
  const sure = said ?? inverter ?? ofDevice(described, device);
  if (sure !== null || !isEnergy(described.unit) || OTHER_TIME.test(words))
    return sure && isNumeric(sure)
      ? { meaning: sure, isBare: inverter?.isBare === true && sure === inverter, isPeriodGuessed: false }
      : null;
  // What is measured at present counts nothing.
  if (stateClass === 'measurement') return null;
  const counted = { ...described, stateClass: 'total_increasing' };
  const own = described.isUnitSaid && device === 'inverter' ? asInverter(counted) : null;
  const meaning = direct(counted, device) ?? own ?? ofStorage(counted, device);
  return meaning && isNumeric(meaning)
    ? { meaning, isBare: own?.isBare === true && meaning === own, isPeriodGuessed: true }
    : null;
}

const isNumeric = (meaning: NonNullable<ReturnType<typeof meaningOf>>): meaning is Found =>
  meaning.metric !== 'operatingMode' && meaning.metric !== 'deviceStatus';

/** True where the words tell of another place, or of a part, than the catalogue's. */
function isOtherThan({ metric, side }: Found, words: string, { isUnitSaid }: NamedValueWords): boolean {
  // What passes an inverter by, or is fed by its backup, is a part of what a house uses.
  if (isOnlyPart(metric, words)) return true;
  // An inverter's apparent power is not the load's.
  if (metric === 'apparentPower') return !/\b(load|output|out|house)\b/.test(words);
  // An inverter's own voltage, or a meter's, is on the side of the mains.
  if (/^solar(Voltage|Current)$/.test(metric)) return AT_MAINS.test(words) && !OF_PANELS.test(words);
  // Of one string in all: its power has no parts, so that it may be energy. What comes in at the AC side is no sun's.
  if (metric === 'solarPower') return FROM_MAINS.test(words) || (!isUnitSaid && STRING_IN_ALL.test(words));
  // What panels put into the mains is not what flows at the grid.
  return metric === 'gridPower' && side === null && ABOVE_SOLAR.test(words);
}

const FROM_MAINS = /\b(in|input) ac\b/;
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
  // All of one inverter, before its strings.
  if (metric === 'solarPower' && OF_ONE_INVERTER.test(words)) return Math.max(rank, BEHIND);
  // A battery's bus beside the inverter's own.
  if (metric === 'busVoltage' && /\bbattery\b/.test(words)) return BEHIND;
  // What a battery's electronics say in sum, beside what an inverter measures.
  if (/^battery(Voltage|Current)$/.test(metric) && /\bbms sum\b/.test(words)) return BEHIND;
  return isSignOpen && !PLAINLY.test(words) ? Math.min(rank, BEHIND) : rank;
}

const OF_ONE_INVERTER = /\binverter ?\d+ (?!.*\b(pv|mppt|string|tracker|input|dc) ?\d)/;

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

/** Where a vehicle is charged. */
const OF_HOME = /\b(house|home)\b/;

/** What a battery's own electronics, or a meter at the grid, say without naming themselves. */
function ofDevice(described: NamedValueWords, device: DeviceKind): ReturnType<typeof meaningOf> {
  if (isBattery(device)) return OTHER_PLACE.test(described.words) ? null : meaningOf(asBattery(described));
  const isCharge = /\b(charge|discharge)\b/.test(described.words) && !OF_HOME.test(described.words);
  if (isSolarDevice(device) && isCharge && described.unit !== '%') return meaningOf(asBattery(described));
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
