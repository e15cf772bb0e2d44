import type { NumericMetric } from '../../core/metrics.ts';
import type { Named } from './plain-meaning.ts';
import { isDayInWattHours } from './plain-rated.ts';
import { areProven } from './plain-signs.ts';

export type EnergyUnit = 'Wh' | 'kWh' | null;
/** What a message as a whole leaves open. */
export interface Doubts {
  mayBeKilowatts: boolean;
  /** In what energies are whose names do not say it; null where that is not sure. */
  energy: EnergyUnit;
  /** True where a mains voltage stands beside, which says that all of them are in volts. */
  isAtMains?: boolean;
}

/** What can be, of what is not written in a register; outside of it the name means something else. */
const RANGES: Partial<Record<NumericMetric, [number, number]>> = {
  batteryVoltage: [8, 1000],
  solarVoltage: [9, 1500],
  solarCurrent: [0, 200],
  outputCurrent: [0, 200],
  batteryCurrent: [-600, 600],
  gridVoltage: [60, 1000],
  gridCurrent: [-200, 200],
  outputVoltage: [10, 1000],
  busVoltage: [10, 1200],
  gridFrequency: [40, 70],
  outputFrequency: [40, 70],
  solarPower: [-1e6, 1e6],
  loadPower: [-1e6, 1e6],
  gridPower: [-1e6, 1e6],
  batteryPower: [-1e6, 1e6],
  batteryTemperature: [-40, 90],
  inverterTemperature: [-40, 120],
};
const [SMALL_W, LARGE_W] = [20, 1000];
/** A power in kW is a thousandth of its voltage times its current; small ones are measured badly. */
const MOST_APART = 2;
/** A day's energy of a house: with a fraction and below this it is in kWh, whole and above the other it is in Wh. */
export const MOST_KWH_A_DAY = 100;
const [LEAST_WH_A_DAY, MOST_KWH] = [1000, 100_000];
/** No house uses or makes as much in a day or a week. */
const LEAST_LIFETIME_KWH = 400;
/** A day has no more hours at the present power than this. */
const MOST_HOURS = 200;

/** More than any house's power. */
const MOST_W = 1e6;

const isPower = (metric: NumericMetric) => /Power$/.test(metric);
const isActive = (metric: NumericMetric) => isPower(metric) && metric !== 'apparentPower';
const isTotal = (metric: NumericMetric) => /^total/.test(metric);
const isDaily = (metric: NumericMetric) => /^daily/.test(metric);
const isWhole = (value: number) => Number.isInteger(value);

/** A power that may be in kW: small, with a fraction, and its unit unsaid. */
export const isSmallPower = ({ metric, value, isUnitSaid }: Named): boolean =>
  !isUnitSaid && value !== 0 && Math.abs(value) < SMALL_W && !isWhole(value) && isPower(metric);

/** A message's powers are all in one unit; W where one of them says so. */
export function mayBeKilowatts(found: readonly Named[]): boolean {
  if (!found.some(isSmallPower)) return false;
  // A power that may be in kVA says nothing of those that may be in kW.
  if (found.some(({ metric, value }) => isActive(metric) && Math.abs(value) >= LARGE_W)) return false;
  return !(['solar', 'battery', 'grid'] as const).some((place) => isInWatts(found, place));
}

/** True where a place's power is about its voltage times its current. */
function isInWatts(found: readonly Named[], place: 'solar' | 'battery' | 'grid'): boolean {
  const of = (kind: 'Power' | 'Voltage' | 'Current') => found.filter(({ metric }) => metric === `${place}${kind}`);
  const [powers, volts, amperes] = [of('Power'), of('Voltage'), of('Current')];
  if (volts.length !== 1 || amperes.length !== 1) return false;
  const product = Math.abs((volts[0]?.value ?? 0) * (amperes[0]?.value ?? 0));
  return powers.some(({ value }) => product > Math.abs(value) / MOST_APART && product < Math.abs(value) * MOST_APART);
}

/** In what a message's energies are whose names say neither Wh nor kWh, by what a day can hold; `mostW` is the most that gives them. */
export function energyUnit(found: readonly Named[], mostW: number | null = null): EnergyUnit {
  const all = found.filter((one) => one.isEnergyGuessed && !one.isKindGuessed && one.value !== 0);
  const guessed = preferred(all, (one) => !one.isPeriodGuessed);
  const days = guessed.filter(({ metric }) => isDaily(metric)).map(({ value }) => value);
  const totals = guessed.filter(({ metric }) => !isDaily(metric)).map(({ value }) => value);
  if (days.some((value) => value > MOST_KWH_A_DAY)) {
    const isBeyond = mostW !== null && isDayInWattHours(Math.max(...days), mostW);
    return isBeyond || areWattHours(days, found) ? 'Wh' : null;
  }
  if (days.some((value) => !isWhole(value))) return 'kWh';
  return totals.some((value) => !isWhole(value)) && totals.every((value) => value < MOST_KWH) ? 'kWh' : null;
}

/** Whole thousands a day, more than the present power would give in a week. */
function areWattHours(days: readonly number[], found: readonly Named[]): boolean {
  const solarW = found.find(({ metric }) => metric === 'solarPower')?.value ?? 0;
  const most = Math.max(...days);
  return solarW > 0 && days.every(isWhole) && most >= LEAST_WH_A_DAY && most / (solarW / 1000) > MOST_HOURS;
}

/** The energies whose unit was found out, in kWh. */
export const inUnit = (found: readonly Named[], energy: EnergyUnit): Named[] =>
  found.map((one) =>
    one.isEnergyGuessed && energy === 'Wh' ? { ...one, field: { ...one.field, by: (one.field.by ?? 1) * 0.001 } } : one,
  );

/**
 * Without what may be something else: totals whose day is not said beside (they may be powers), and flows without a kind
 * where the balance of the message, or of those before (`isKnown`), does not prove that they are powers.
 */
export function withoutBareOnes(found: readonly Named[], isKnown: (one: Named) => boolean): Named[] {
  if (!found.some(({ isKindGuessed }) => isKindGuessed)) return [...found];
  const days = new Set(found.filter(({ metric }) => isDaily(metric)).map(({ metric }) => metric));
  const isBalanced = areProven(found);
  const hasDay = (metric: NumericMetric) =>
    days.has(dayOf(metric)) || (days.size > 0 && /^total(Battery|Grid)/.test(metric));
  // Where powers are called so, a total is no power, nor what is more than any.
  const hasPower = (total: Named) =>
    (!isWhole(total.value) || total.value > MOST_W) &&
    found.some(
      (one) =>
        isPower(one.metric) && groupOf(one) === groupOf(total) && /\bpower\b/.test(one.words) && !one.isKindGuessed,
    );
  // Where a power is called so, what has no kind is none.
  const isNamedBeside = ({ metric }: Named) =>
    isPower(metric) && found.some((one) => one.metric === metric && !one.isKindGuessed && NAMED_POWER.test(one.words));
  return found.filter((one) => {
    if (!one.isKindGuessed) return true;
    if (isNamedBeside(one)) return false;
    // `pv_total` may be the power of all strings.
    if (one.metric === 'totalEnergyProduced' && PV_TOTAL.test(one.words))
      return days.has('dailyEnergyProduced') && hasPower(one);
    return isPower(one.metric) ? isBalanced || isKnown(one) : hasDay(one.metric) || hasPower(one);
  });
}

/**
 * Without what an inverter puts out where a battery may give it, too. What it counts by the day and in all is what its
 * panels made, when it speaks of them.
 */
export function withoutBatterysOwn(found: readonly Named[]): Named[] {
  const has = (group: string) => found.some((one) => !one.isBare && groupOf(one) === group && !isOfNobody(one));
  // What flows into the mains is none of an output's.
  if (!has('battery'))
    return has('grid') && !found.some(({ metric }) => /^(output(Voltage|Frequency)|load)/.test(metric))
      ? found.filter(({ metric }) => metric !== 'outputCurrent')
      : [...found];
  const hasPanels = has('solar');
  // Of an inverter with a battery, direct current is the battery's, unless that is said beside.
  const hasVoltage = found.some(({ metric }) => metric === 'batteryVoltage');
  const mayBeBatterys = ({ metric, words, order }: Named) =>
    !hasVoltage && order === 0 && /^solar(Voltage|Current)$/.test(metric) && !PANELS.test(words);
  return found
    .filter((one) => !mayBeBatterys(one))
    .filter(({ isBare, metric }) => !isBare || (hasPanels && /EnergyProduced$/.test(metric)));
}

/** What an inverter writes of a battery that it does not have. */
const isOfNobody = ({ metric, value }: Named): boolean =>
  (metric === 'stateOfHealth' && value === 0) || (metric === 'stateOfCharge' && value > OVERFULL_PERCENT);
const OVERFULL_PERCENT = 105;

/** With an inverter's voltage and frequency as those of its output, where the grid's and a battery's are said beside. */
export function withInverterOutput(found: readonly Named[]): Named[] {
  if (!found.some((one) => groupOf(one) === 'battery')) return [...found];
  return found.map((one) => {
    const isBeside = found.some((other) => other.metric === one.metric && GRID.test(other.words));
    if (!isBeside || GRID.test(one.words) || !/\binverter\b/.test(one.words)) return one;
    const metric = one.metric.replace(/^grid(?=Voltage|Frequency)/, 'output') as NumericMetric;
    return { ...one, metric, field: { ...one.field, to: metric } };
  });
}

/** Without a battery's power or current that is said to go both ways at once: then they are what may be at most. */
export function withoutBothWays(found: readonly Named[]): Named[] {
  const goes = (side: 1 | -1, metric: NumericMetric) =>
    found.some((one) => one.metric === metric && one.field.side === side && one.value > 0);
  const isBoth = ({ metric, field }: Named) =>
    field.side !== undefined && /^battery(Power|Current)$/.test(metric) && goes(1, metric) && goes(-1, metric);
  return found.filter((one) => !isBoth(one));
}

/** Without sums of which a part is missing: strings whose voltages are said, but not all of their powers. */
export function withWholeSums(found: readonly Named[]): Named[] {
  const partsOf = (metric: NumericMetric) =>
    new Set(found.filter((one) => one.metric === metric && one.order > 0 && one.value !== 0).map(({ order }) => order));
  const strings = new Set([...partsOf('solarVoltage'), ...partsOf('solarCurrent')]);
  const isIncomplete = (metric: NumericMetric) => {
    const parts = new Set(found.filter((one) => one.metric === metric && one.order > 0).map(({ order }) => order));
    return parts.size > 0 && [...strings].some((order) => !parts.has(order));
  };
  const broken = (['solarPower', 'solarCurrent'] as const).filter(isIncomplete);
  return found.filter(({ metric, order }) => order === 0 || !broken.some((one) => one === metric));
}

/** The daily counter of a total one. */
export const dayOf = (metric: NumericMetric): NumericMetric => metric.replace(/^total/, 'daily') as NumericMetric;

/** What is counted both ways under the same name counts over the same time: a lifetime, where one of them is more than any week's. */
export function withPeriodOfPairs(found: readonly Named[]): Named[] {
  const nameOf = ({ metric, words }: Named) =>
    `${metric.replace(/Import|Export|Charge|Discharge/, '')} ${words.replace(/\b(import|export|charge|discharge)\b/, '')}`;
  const isLong = (one: Named) => one.isPeriodGuessed && one.value * (one.field.by ?? 1) >= LEAST_LIFETIME_KWH;
  const long = new Set(found.filter((one) => /^total(Grid|Battery)/.test(one.metric) && isLong(one)).map(nameOf));
  if (long.size === 0) return [...found];
  return found.map((one) => (one.isPeriodGuessed && long.has(nameOf(one)) ? { ...one, isPeriodGuessed: false } : one));
}

/** True where a voltage or frequency is far above what can be: then the device writes its registers, in tenths or hundredths. */
export const isRaw = (found: readonly Named[]): boolean =>
  found.some(({ metric, value, field, isUnitSaid }) => {
    const [, high = Number.POSITIVE_INFINITY] = RANGES[metric] ?? [];
    return !isUnitSaid && /Voltage|Frequency/.test(metric) && value * (field.by ?? 1) > high;
  });

/** False for what cannot be what its name says, or not in the unit that such a thing usually has. */
export function isPlausible(
  { metric, value, field, isUnitSaid, isEnergyGuessed, isPeriodGuessed }: Named,
  doubts: Doubts,
): boolean {
  const measured = value * (field.by ?? 1);
  const [low, high] = RANGES[metric] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const isEvening = (doubts.isAtMains || isUnitSaid) && metric === 'solarVoltage' && measured > 0;
  if (measured !== 0 && ((measured < low && !isEvening) || measured > high)) return false;
  // Below zero a half may be a signed quantity or a habit of the maker.
  if (field.side !== undefined && value < 0) return false;
  if (metric === 'stateOfCharge' && value > 0 && value <= 1 && !isUnitSaid) return false;
  if (isEnergyGuessed && value > MOST_KWH) return doubts.energy === 'Wh' && isTotal(metric);
  if (isPeriodGuessed && measured < LEAST_LIFETIME_KWH) return false;
  // Makers count days in Wh and the lifetime in kWh, too.
  if (isEnergyGuessed) return doubts.energy === 'kWh' || (doubts.energy === 'Wh' && isDaily(metric));
  return isUnitSaid || !isPower(metric) || !doubts.mayBeKilowatts;
}

/**
 * Two names for the same thing and the same place leave a doubt which is meant, unless they agree, or one of them says the
 * same and more (`battery voltage`, `battery voltage scc1`), or speaks of a part of the house (`backup load power`).
 */
export function withoutTwins(found: readonly Named[]): Named[] {
  const twins = new Map<string, Named[]>();
  for (const one of found) {
    const key = `${one.metric} ${one.id} ${one.field.rank} ${one.field.side ?? ''}`;
    const like = twins.get(key);
    if (like) like.push(one);
    else twins.set(key, [one]);
  }
  return [...twins.values()].flatMap((ones) => {
    const house = preferred(ones, ({ words }) => !PART_OF_HOUSE.test(words));
    const inverters = preferred(house, ({ words }) => !BMS.test(words));
    const used = preferred(inverters, ({ words }) => !OUTPUT.test(words));
    const there = preferred(used, ({ metric, words }) => !metric.startsWith('grid') || GRID.test(words));
    const inside = preferred(
      there,
      ({ metric, words }) => metric !== 'inverterTemperature' || !/\b(module|heat ?sink|radiator|igbt)\b/.test(words),
    );
    const named = preferred(
      inside,
      ({ metric, words }) => metric !== 'inverterTemperature' || /\b(inverter|internal)\b/.test(words),
    );
    const own = preferred(named, ({ isBare }) => !isBare);
    const sure = preferred(own, ({ isPeriodGuessed }) => !isPeriodGuessed);
    const [first, ...others] = sure.toSorted((a, b) => a.words.length - b.words.length);
    const isSame = (other: Named) => other.value === first?.value || saysMore(other, first);
    return first && others.every(isSame) ? [first] : [];
  });
}

/** Those of which it is true, where there are any. */
function preferred(ones: readonly Named[], isBetter: (one: Named) => boolean): readonly Named[] {
  const better = ones.filter(isBetter);
  return better.length > 0 ? better : ones;
}

const NAMED_POWER = /\bpower\b/;
const PV_TOTAL = /^(pv|solar) total$|^total (pv|solar)$/;
/** A battery's own electronics, beside what the inverter measures. */
const BMS = /\bbms\b/;
const OUTPUT = /\b(output|out)\b/;
const GRID = /\bgrid\b/;
const PANELS = /\b(pv\d*|solar|mppt\d*|string\d*|panels?|array)\b/;
const PART_OF_HOUSE = /\b(backup|eps|ups|essential|critical|emergency)\b/;

function saysMore(other: Named, first: Named | undefined): boolean {
  const words = other.words.split(' ');
  const fewer = (first?.words ?? '').split(' ');
  return words.length > fewer.length && fewer.every((word) => words.includes(word));
}

/** Of what part of a house's supply a value is. */
export function groupOf({ metric }: { metric: NumericMetric }): 'solar' | 'battery' | 'grid' | 'load' {
  if (/^(solar|totalEnergyProduced|dailyEnergyProduced)/.test(metric)) return 'solar';
  if (/^(battery|state|remaining|totalBattery)/.test(metric)) return 'battery';
  return /^(grid|totalGrid|dailyGrid)/.test(metric) ? 'grid' : 'load';
}

export const GROUPS = ['solar', 'battery', 'grid', 'load'] as const;

/** Which way a grid's value counts; 0 where it says neither. */
export function wayOf({ metric, field }: Named): 1 | -1 | 0 {
  if (/GridImport$/.test(metric)) return 1;
  return /GridExport$/.test(metric) ? -1 : (field.side ?? 0);
}
