import { type Field, numberOf, scaled } from '../field-draft.ts';

/** Growatt's registers as Grott names them, and what each of them is in the catalogue. */
export const TENTH = 0.1;
export const HUNDREDTH = 0.01;
const whole = (to: Field['to'], by: number, rank = 2): Field => ({ to, by, rank });
const add = (to: Field['to'], by: number, rank = 1): Field => ({ to, by, how: 'sum', rank });
const first = (to: Field['to'], by: number): Field => ({ to, by, how: 'first' });

export const fields: Record<string, Field> = {
  // Solar: what the strings give; an inverter's AC output only where nothing else is known.
  pvpowerin: whole('solarPower', TENTH, 3),
  pvpowerout: whole('solarPower', TENTH, 0),
  ...numbered('pv#watt', 4, add('solarPower', TENTH)),
  // As some layouts of 2020 spell it.
  'pv2watt:': add('solarPower', TENTH),
  ...numbered('ppv#', 4, add('solarPower', TENTH)),
  ...numbered('pv#voltage', 8, first('solarVoltage', TENTH)),
  ...numbered('vpv#', 4, first('solarVoltage', TENTH)),
  ...numbered('pv#current', 8, add('solarCurrent', TENTH)),
  epvtoday: whole('dailyEnergyProduced', TENTH, 3),
  pvenergytoday: whole('dailyEnergyProduced', TENTH, 2),
  eactoday: whole('dailyEnergyProduced', TENTH, 1),
  epvtotal: whole('totalEnergyProduced', TENTH, 3),
  pvenergytotal: whole('totalEnergyProduced', TENTH, 2),
  eactotal: whole('totalEnergyProduced', TENTH, 1),
  // Grid as the inverter sees it.
  pvgridvoltage: first('gridVoltage', TENTH),
  // SPA, a battery inverter without panels.
  vac1: first('gridVoltage', TENTH),
  fac: first('gridFrequency', HUNDREDTH),
  Temp1: first('inverterTemperature', TENTH),
  uwbatvoltdsp: whole('batteryVoltage', TENTH, 1),
  grid_volt: first('gridVoltage', TENTH),
  pvfrequentie: first('gridFrequency', HUNDREDTH),
  pvfrequency: first('gridFrequency', HUNDREDTH),
  line_freq: first('gridFrequency', HUNDREDTH),
  etouser_tot: whole('totalGridImport', TENTH),
  etousertotal: whole('totalGridImport', TENTH),
  etouser_tod: whole('dailyGridImport', TENTH),
  etousertoday: whole('dailyGridImport', TENTH),
  etogrid_tot: whole('totalGridExport', TENTH),
  etogridtotal: whole('totalGridExport', TENTH),
  etogrid_tod: whole('dailyGridExport', TENTH),
  etogridtoday: whole('dailyGridExport', TENTH),
  // Load.
  plocaloadtot: whole('loadPower', TENTH, 3),
  ptoloadtotal: whole('loadPower', TENTH, 3),
  op_watt: whole('loadPower', TENTH),
  op_va: whole('apparentPower', TENTH),
  OP_Curr: whole('outputCurrent', TENTH),
  loadpercent: whole('loadPercentage', TENTH),
  outputvolt: whole('outputVoltage', TENTH),
  outputfreq: whole('outputFrequency', HUNDREDTH),
  elocalload_tot: whole('totalEnergyConsumed', TENTH),
  eloadtotal: whole('totalEnergyConsumed', TENTH),
  elocalload_tod: whole('dailyEnergyConsumed', TENTH),
  eloadtoday: whole('dailyEnergyConsumed', TENTH),
  // Battery.
  bat_Volt: whole('batteryVoltage', HUNDREDTH),
  bdc1_vbat: whole('batteryVoltage', HUNDREDTH),
  bms_batteryvolt: whole('batteryVoltage', HUNDREDTH, 1),
  bmsbatteryvolt: whole('batteryVoltage', HUNDREDTH, 1),
  bmssoh: whole('stateOfHealth', 1),
  bms_soh: whole('stateOfHealth', 1),
  bms_batterytemp: whole('batteryTemperature', TENTH),
  edischarge1_tot: whole('totalBatteryDischarge', TENTH),
  edischrtotal: whole('totalBatteryDischarge', TENTH),
  ebatDischarTotal: whole('totalBatteryDischarge', TENTH),
  eharge1_tot: whole('totalBatteryCharge', TENTH),
  echrtotal: whole('totalBatteryCharge', TENTH),
  // Inverter.
  pvtemperature: first('inverterTemperature', TENTH),
  invtemp: first('inverterTemperature', TENTH),
  bus_volt: whole('busVoltage', TENTH),
  busvoltage: whole('busVoltage', TENTH),
  pbusvoltage: whole('busVoltage', TENTH, 1),
};

/** A meter beside the inverter, which Grott passes on in the same envelope. */
export const meterFields: Record<string, Field> = {
  ...lines('voltage_l#', first('gridVoltage', TENTH)),
  ...lines('Current_l#', add('gridCurrent', TENTH)),
  frequency: whole('gridFrequency', TENTH),
  pos_act_energy: whole('totalGridImport', TENTH),
  rev_act_energy: whole('totalGridExport', TENTH),
};

/** Positive and negative halves of one signed power; the first pair that is there counts. */
export const batteryPairs = [
  ['p1charge1', 'pdischarge1'],
  ['pchr', 'pdischr'],
  ['bdc1_pchr', 'bdc1_pdischr'],
] as const;
export const gridPairs = [
  ['pactousertot', 'pactogridtot'],
  ['ptousertotal', 'ptogridtotal'],
  ['pactouserr', 'pactogridr'],
] as const;
export const SOC_NAMES = ['SOC', 'batterySoc', 'soc', 'bdc1_soc', 'bms_soc', 'bmssoc'];

/** Names in capitals or written out: `pv1Voltage`, `edischarge1_total`. */
export function inGrottsWords(json: Record<string, unknown>): Record<string, unknown> {
  const written = (name: string) => name.replace(/_(tot|tod)(?:al|ay)$/, '_$1').toLowerCase();
  return Object.fromEntries(Object.entries(json).map(([name, raw]) => [BY_LETTERS.get(written(name)) ?? name, raw]));
}

/** Growatt's names by their letters alone, and what the same is called elsewhere. */
const BY_LETTERS = new Map([
  ...[...Object.keys(fields), ...SOC_NAMES, ...[...batteryPairs, ...gridPairs].flat()].map((name): [string, string] => [
    name.toLowerCase(),
    name,
  ]),
  ['stateofcharge', 'SOC'],
  ['batterytemperature', 'bms_batterytemp'],
]);
/** Units back in registers. */
export function asRegisters(values: Record<string, unknown>): Record<string, unknown> {
  const by = (name: string) => fields[name]?.by ?? (PAIRED.has(name) || name === 'vbat' ? TENTH : 1);
  return Object.fromEntries(
    Object.entries(values).map(([name, raw]) => {
      const number = numberOf(raw);
      return [name, number === null ? raw : scaled(number, 1 / by(name))];
    }),
  );
}
const PAIRED: ReadonlySet<string> = new Set([...batteryPairs, ...gridPairs].flat());

export function list(pattern: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => pattern.replace('#', String(from + i)));
}

function numbered(pattern: string, count: number, field: Field): Record<string, Field> {
  return Object.fromEntries(list(pattern, 1, count).map((name) => [name, field]));
}

function lines(pattern: string, field: Field): Record<string, Field> {
  return numbered(pattern, 3, field);
}
