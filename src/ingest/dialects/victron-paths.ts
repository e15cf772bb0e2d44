import type { NumericMetric } from '../../core/metrics.ts';
import type { Field } from '../field-draft.ts';

type Paths = Record<string, Field>;

/** Ranks: the system's own totals, a device made for measuring it, an inverter's or phase's share, a mere hint. */
const [SYSTEM, OWN, SHARE, HINT] = [4, 3, 2, 1];
const sum = (to: NumericMetric, rank: number): Field => ({ to, how: 'sum', rank });
const first = (to: NumericMetric, rank: number): Field => ({ to, how: 'first', rank });

/** Paths of Venus OS' D-Bus services, `L#` for a phase and `Pv/#` for a tracker. */
export const systemPaths: Paths = {
  'Dc/Battery/Soc': { to: 'stateOfCharge', rank: SYSTEM },
  'Dc/Battery/Voltage': { to: 'batteryVoltage', rank: SYSTEM },
  'Dc/Battery/Current': { to: 'batteryCurrent', rank: SYSTEM },
  'Dc/Battery/Power': { to: 'batteryPower', rank: SYSTEM },
  'Dc/Battery/Temperature': { to: 'batteryTemperature', rank: SYSTEM },
  'Dc/Pv/Power': sum('solarPower', SYSTEM),
  'Ac/PvOnGrid/L#/Power': sum('solarPower', SYSTEM),
  'Ac/PvOnOutput/L#/Power': sum('solarPower', SYSTEM),
  'Ac/PvOnGenset/L#/Power': sum('solarPower', SYSTEM),
  'Ac/Consumption/L#/Power': sum('loadPower', SYSTEM),
  'Ac/Consumption/L#/Current': sum('outputCurrent', SYSTEM),
  'Ac/Grid/L#/Power': sum('gridPower', SYSTEM),
  'Ac/Grid/L#/Current': sum('gridCurrent', SYSTEM),
  'Ac/Genset/L#/Power': sum('generatorPower', SYSTEM),
};

export const batteryPaths: Paths = {
  Soc: first('stateOfCharge', OWN),
  Soh: first('stateOfHealth', OWN),
  'Dc/0/Voltage': first('batteryVoltage', OWN),
  'Dc/0/Current': sum('batteryCurrent', OWN),
  'Dc/0/Power': sum('batteryPower', OWN),
  'Dc/0/Temperature': first('batteryTemperature', OWN),
  InstalledCapacity: sum('batteryCapacity', OWN),
  Capacity: sum('remainingCapacity', OWN),
  'History/ChargedEnergy': sum('totalBatteryCharge', OWN),
  'History/DischargedEnergy': sum('totalBatteryDischarge', OWN),
};

const outputPaths: Paths = {
  'Ac/Out/L#/V': first('outputVoltage', SHARE),
  'Ac/Out/L#/I': sum('outputCurrent', SHARE),
  'Ac/Out/L#/F': first('outputFrequency', SHARE),
  'Ac/Out/L#/P': sum('loadPower', SHARE),
  'Ac/Out/L#/S': sum('apparentPower', SHARE),
  'Ac/Out/P': sum('loadPower', OWN),
  'Ac/Out/S': sum('apparentPower', OWN),
};

export const vebusPaths: Paths = {
  ...outputPaths,
  'Ac/ActiveIn/L#/V': first('gridVoltage', SHARE),
  'Ac/ActiveIn/L#/I': sum('gridCurrent', SHARE),
  'Ac/ActiveIn/L#/F': first('gridFrequency', SHARE),
  'Ac/ActiveIn/L#/P': sum('gridPower', HINT),
  'Ac/ActiveIn/P': sum('gridPower', SHARE),
  'Dc/0/Voltage': first('batteryVoltage', SHARE),
  // Its own direct current is not the battery's: chargers stand beside it, and the system adds them up.
  'Dc/0/Temperature': first('batteryTemperature', SHARE),
  Soc: first('stateOfCharge', SHARE),
};

/** Solar chargers, and the trackers of RS and Multi devices. */
export const sourcePaths: Paths = {
  'Pv/V': first('solarVoltage', OWN),
  'Pv/I': sum('solarCurrent', OWN),
  'Pv/#/V': first('solarVoltage', SHARE),
  'Pv/#/P': sum('solarPower', SHARE),
  'Yield/Power': sum('solarPower', OWN),
  'Yield/User': sum('totalEnergyProduced', OWN),
  'History/Daily/0/Yield': sum('dailyEnergyProduced', OWN),
  'Dc/0/Voltage': first('batteryVoltage', HINT),
  'Dc/0/Temperature': first('batteryTemperature', HINT),
};

export const inverterPaths: Paths = {
  ...sourcePaths,
  ...outputPaths,
  'Ac/In/1/L#/V': first('gridVoltage', SHARE),
  'Ac/In/1/L#/I': sum('gridCurrent', SHARE),
  'Ac/In/1/L#/F': first('gridFrequency', SHARE),
  'Ac/In/1/L#/P': sum('gridPower', SHARE),
  'Dc/0/Voltage': first('batteryVoltage', SHARE),
  // Its own direct current is not the battery's: chargers stand beside it, and the system adds them up.
  'Dc/0/Temperature': first('batteryTemperature', SHARE),
  Soc: first('stateOfCharge', SHARE),
};

/** An AC energy meter in one of its roles; `Forward` counts what is bought, produced or used. */
export function meterPaths(power: NumericMetric, forward: NumericMetric | null, reverse: NumericMetric | null): Paths {
  const paths: Paths = { 'Ac/Power': sum(power, OWN), 'Ac/L#/Power': sum(power, SHARE) };
  if (forward) {
    paths['Ac/Energy/Forward'] = sum(forward, OWN);
    paths['Ac/L#/Energy/Forward'] = sum(forward, SHARE);
  }
  if (reverse) {
    paths['Ac/Energy/Reverse'] = sum(reverse, OWN);
    paths['Ac/L#/Energy/Reverse'] = sum(reverse, SHARE);
  }
  if (power === 'generatorPower') return paths;
  const isLoad = power === 'loadPower';
  const rank = power === 'solarPower' ? HINT : OWN;
  const voltage = isLoad ? 'outputVoltage' : 'gridVoltage';
  const frequency = isLoad ? 'outputFrequency' : 'gridFrequency';
  Object.assign(paths, {
    'Ac/Voltage': first(voltage, rank),
    'Ac/L#/Voltage': first(voltage, rank),
    'Ac/Frequency': first(frequency, rank),
  });
  if (power !== 'solarPower') {
    const current = isLoad ? 'outputCurrent' : 'gridCurrent';
    Object.assign(paths, { 'Ac/Current': sum(current, OWN), 'Ac/L#/Current': sum(current, SHARE) });
  }
  return paths;
}

/** Words for the enumerations of Venus OS. */
export const modes: { state: Record<number, string>; source: Record<number, string> } = {
  state: {
    0: 'Off',
    1: 'Low power',
    2: 'Fault',
    3: 'Bulk',
    4: 'Absorption',
    5: 'Float',
    6: 'Storage',
    7: 'Equalize',
    8: 'Passthru',
    9: 'Inverting',
    10: 'Power assist',
    11: 'Power supply',
    244: 'Sustain',
    252: 'External control',
  },
  source: { 0: 'Not available', 1: 'Grid', 2: 'Generator', 3: 'Shore power', 240: 'Inverting' },
};
