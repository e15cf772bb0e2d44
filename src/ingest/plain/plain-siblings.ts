import type { NumericMetric } from '../../core/metrics.ts';
import { provenSigns } from '../signs/power-balance.ts';
import type { DeviceKind } from '../words/device-words.ts';
import { isSolarDevice } from '../words/words-meaning.ts';
import { FULL, isAlone, isInAh, REMAINING } from './plain-capacity.ts';
import type { PlainEntry } from './plain-entries.ts';
import { levelIn } from './plain-level.ts';
import { type Named, topicWords } from './plain-meaning.ts';
import { powersOf } from './plain-signs.ts';

const CHARGE = /^battery capacity$/;
const PERCENT = 100;
const [LEAST_MAINS_V, MOST_MAINS_V] = [90, 290];
/** What a power and its voltage times its current may differ by: not all is measured at once, nor the power factor one. */
const PRODUCT_SHARE = 0.1;
/** What is put in and what comes out differ by more than this share where they are no mains both. */
const LEAST_APART = 0.3;
/** No house buys or sells as much in a week, and none ever so much. */
const [LEAST_LIFETIME_KWH, MOST_KWH] = [400, 100_000];

/** Values whose names leave open what they are, where others of the same message say it. */
export const explainedBySiblings = (
  entries: readonly PlainEntry[],
  found: readonly Named[],
  device: DeviceKind,
): Named[] => [
  ...capacitiesIn(entries, found, device),
  ...outputIn(entries, found),
  ...(isSolarDevice(device) ? panelsIn(entries, found) : []),
  ...countersIn(entries),
  ...inputsIn(entries, found),
  ...chargeIn(entries, found),
  ...levelIn(entries, found),
];

/** Whether a metric is among what was found. */
const saidIn =
  (found: readonly Named[]) =>
  (metric: NumericMetric): boolean =>
    found.some((one) => one.metric === metric);

/** The one value without a unit whose name is these words. */
function oneNamed(entries: readonly PlainEntry[], name: RegExp): PlainEntry | null {
  const all = entries.filter(({ path, unit }) => unit === '' && name.test(topicWords(path.split('/').at(-1) ?? '')));
  return all.length === 1 ? (all[0] ?? null) : null;
}

const [OF_ALL, OF_DAY] = [/^total_?power$/i, /^(daily|today|day)_?power$/i];
/** Without powers of a lifetime that stand beside those of a day: both are energies. */
export function withoutCounted(entries: PlainEntry[]): PlainEntry[] {
  const isNamed = ({ path }: PlainEntry, name: RegExp) => name.test(path.slice(path.lastIndexOf('/') + 1));
  const aboveOf = ({ path }: PlainEntry) => path.slice(0, path.lastIndexOf('/') + 1);
  if (!entries.some(({ path }) => /l_?power$/i.test(path.slice(-7)))) return entries;
  const counted = new Set(entries.filter((one) => isNamed(one, OF_DAY)).map(aboveOf));
  return entries.filter((one) => !isNamed(one, OF_ALL) || !counted.has(aboveOf(one)));
}

/** Of an inverter with nothing but panels its bare power, where that is an AC voltage times its current beside a yield. */
function panelsIn(entries: readonly PlainEntry[], found: readonly Named[]): Named[] {
  const isOther = ({ metric }: Named) => /^(battery|stateOf|load|totalBattery)|Power$/.test(metric);
  if (found.some(isOther) || !found.some(({ metric }) => /EnergyProduced$/.test(metric))) return [];
  const [power, volts, amperes] = [/^(active )?power$/, /^voltage$/, /^current$/].map((name) =>
    oneNamed(entries, name),
  );
  if (!power || !volts || !amperes || volts.value < LEAST_MAINS_V || volts.value > MOST_MAINS_V) return [];
  const isProduct = Math.abs(power.value - volts.value * amperes.value) <= PRODUCT_SHARE * power.value;
  return power.value > 0 && isProduct ? [as('solarPower', power)] : [];
}

/** What an inverter of nothing but panels takes in, where the mains' voltage stands beside and is another one. */
function inputsIn(entries: readonly PlainEntry[], found: readonly Named[]): Named[] {
  const has = saidIn(found);
  const mains = found.find(({ metric }) => metric === 'gridVoltage')?.value ?? 0;
  const isOther = ({ metric }: Named) => /^(battery|stateOf|load|output|totalBattery)/.test(metric);
  const [volts, amperes] = [oneNamed(entries, /^input voltage$/), oneNamed(entries, /^input current$/)];
  if (!volts || mains < LEAST_MAINS_V || found.some(isOther) || has('solarVoltage')) return [];
  if (!found.some(({ metric }) => metric === 'solarPower') || Math.abs(volts.value - mains) < LEAST_APART * mains)
    return [];
  return [as('solarVoltage', volts), ...(amperes && !has('solarCurrent') ? [as('solarCurrent', amperes)] : [])];
}

/**
 * What is generated, and no generator's: where it is counted by the day and in all under the same name, beside what goes into
 * a mains, and no battery.
 */
export function withGeneration(found: readonly Named[], entries: readonly PlainEntry[]): Named[] {
  const isGen = ({ metric, words }: Named) => metric === 'generatorPower' && /^(\d+ )?gen power$/.test(words);
  if (!found.some(isGen) || found.some(({ metric }) => /^(battery|stateOf|load)/.test(metric))) return [...found];
  if (!entries.some(({ path }) => /^gen\b.*\b(to ?day|today|day)$/.test(topicWords(path.split('/').at(-1) ?? ''))))
    return [...found];
  return found.map((one) =>
    isGen(one) ? { ...one, metric: 'solarPower', field: { ...one.field, to: 'solarPower' } } : one,
  );
}

/** What only one source charges with, and what an inverter at the mains charges with, are not what flows into the battery. */
const [FROM_ONE_SOURCE, BARE_CHARGE] = [/\b(pv|solar|ac|generator) charge current$/, /^(\d+ )?charge current$/];
const OF_INVERTER = /^(inverter|import|export|bought|sold) current$/;

/** Without the currents of single chargers, where the battery's own or the inverter's stand beside. */
export function withoutChargers(found: readonly Named[], entries: readonly PlainEntry[]): Named[] {
  const currents = found.filter(({ metric }) => metric === 'batteryCurrent');
  if (!currents.some(({ words }) => words.endsWith('charge current'))) return [...found];
  const hasOwn = currents.some(({ words }) => /\bbattery current$/.test(words));
  const ofInverter = entries.some(({ path }) => OF_INVERTER.test(topicWords(path.split('/').at(-1) ?? '')));
  return found.filter(
    (one) =>
      one.metric !== 'batteryCurrent' ||
      !((hasOwn && FROM_ONE_SOURCE.test(one.words)) || (ofInverter && BARE_CHARGE.test(one.words))),
  );
}

/** What is bought and sold without a kind: no power goes both ways at once, so that they are counters. */
function countersIn(entries: readonly PlainEntry[]): Named[] {
  const [bought, sold] = [oneNamed(entries, /^grid import$/), oneNamed(entries, /^grid export$/)];
  if (!bought || !sold) return [];
  const both = [bought.value, sold.value];
  const isKwh = both.every((value) => value > 0 && value < MOST_KWH && !Number.isInteger(value));
  if (!isKwh || Math.max(...both) < LEAST_LIFETIME_KWH) return [];
  return [as('totalGridImport', bought), as('totalGridExport', sold)];
}

/** What charges and discharges without a place is the battery, where a state of charge stands beside and the balance holds. */
function chargeIn(entries: readonly PlainEntry[], found: readonly Named[]): Named[] {
  const [charge, discharge] = [oneNamed(entries, /^charge power$/), oneNamed(entries, /^discharge power$/)];
  const has = saidIn(found);
  if (!charge || !discharge || !has('stateOfCharge') || has('batteryPower')) return [];
  const { battery } = provenSigns({ ...powersOf(found), battery: charge.value - discharge.value });
  const half = (entry: PlainEntry, side: 1 | -1): Named => {
    const whole = as('batteryPower', entry);
    return { ...whole, field: { ...whole.field, how: 'sum', side } };
  };
  return battery === 1 ? [half(charge, 1), half(discharge, -1)] : [];
}

/** An inverter's own voltage and frequency are its output's, where the grid's and a battery's are said beside. */
function outputIn(entries: readonly PlainEntry[], found: readonly Named[]): Named[] {
  const has = saidIn(found);
  if (!has('gridVoltage') || !has('batteryVoltage')) return [];
  const share = has('loadPercentage') || has('loadPower') ? null : oneNamed(entries, /^output load$/);
  // Beside a power a load is a share.
  const isShare =
    share !== null && share.value <= PERCENT && oneNamed(entries, /^(active )?output (active )?power$/) !== null;
  const isOffGrid = has('outputVoltage') && (has('loadPercentage') || has('apparentPower') || isShare);
  const shares = isShare && isOffGrid ? [as('loadPercentage', share)] : [];
  const others = entries.flatMap((entry) => {
    const words = topicWords(entry.path);
    if (
      isOffGrid &&
      !has('loadPower') &&
      /^W?$/.test(entry.unit) &&
      /^(ac |active |power |output )*(power|output|active)$/.test(words) &&
      /power/.test(words) &&
      /output/.test(words)
    )
      return [as('loadPower', entry)];
    const [, kind] = /^inverter (voltage|frequency)$/.exec(words) ?? [];
    const metric = kind === 'voltage' ? 'outputVoltage' : 'outputFrequency';
    return kind === undefined || entry.unit !== '' || has(metric) ? [] : [as(metric, entry)];
  });
  return [...shares, ...others];
}

/** Capacities of a battery without a unit, in Ah where the voltage and the state of charge leave no other reading. */
function capacitiesIn(entries: readonly PlainEntry[], found: readonly Named[], device: DeviceKind): Named[] {
  const value = (metric: NumericMetric) => found.find((one) => one.metric === metric)?.value;
  const named = (name: RegExp) =>
    entries.filter(({ path, unit }) => unit === '' && name.test(topicWords(path.split('/').at(-1) ?? '')));
  const [volts, soc] = [value('batteryVoltage'), value('stateOfCharge')];
  if (soc === undefined && isInverter(found)) {
    const [charge, ...others] = named(CHARGE);
    const isPercent = charge && others.length === 0 && Number.isInteger(charge.value) && charge.value <= PERCENT;
    return isPercent ? [as('stateOfCharge', charge)] : [];
  }
  const [[full], [remaining]] = [named(FULL), named(REMAINING)];
  const unsaid = ({ to }: { to: NumericMetric }) => value(to) === undefined;
  if (volts === undefined || soc === undefined || !remaining) return [];
  if (!full)
    return /^(storage|battery)$/.test(device) && isAlone({ volts, charge: soc }, remaining.value)
      ? [as('remainingCapacity', remaining)].filter(({ field }) => unsaid(field))
      : [];
  if (!isInAh({ volts, charge: soc, remaining: remaining.value }, full.value)) return [];
  return [as('batteryCapacity', full), as('remainingCapacity', remaining)].filter(({ field }) => unsaid(field));
}

/** Inverters call the state of charge the battery's capacity; those of the PI30 kind say a battery's current in two halves. */
const isInverter = (found: readonly Named[]): boolean =>
  (['gridVoltage', 'batteryVoltage', 'solarVoltage', 'loadPower'] as const).every(saidIn(found)) || isPi30(found);

function isPi30(found: readonly Named[]): boolean {
  const has = saidIn(found);
  const halves = found.filter(({ metric }) => metric === 'batteryCurrent').map(({ field }) => field.side);
  return (
    has('loadPercentage') && has('outputVoltage') && (has('busVoltage') || (halves.includes(1) && halves.includes(-1)))
  );
}

const as = (metric: NumericMetric, { value, path }: PlainEntry): Named => ({
  ...{ metric, value, words: path, field: { to: metric, by: 1, rank: 2 }, id: '', order: 0 },
  ...{ isUnitSaid: true, isSignOpen: false, isEnergyGuessed: false, isKindGuessed: false },
  ...{ isPeriodGuessed: false, isBare: false },
});
