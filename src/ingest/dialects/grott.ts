import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf, type Which } from '../field-draft.ts';
import { asObject } from '../message-view.ts';

/**
 * Grott (Growatt): `{"device", "time", "buffered", "values": {...}}`, topic `energy/growatt` unless configured. Values are
 * raw registers; their divisors are those of johanmeijer/grott's record layouts. `time` is local; `buffered: "yes"` is a
 * record that the logger kept and sends late.
 */
const TENTH = 0.1;
const HUNDREDTH = 0.01;
const whole = (to: Field['to'], by: number, rank = 2): Field => ({ to, by, rank });
const add = (to: Field['to'], by: number, rank = 1): Field => ({ to, by, how: 'sum', rank });
const first = (to: Field['to'], by: number): Field => ({ to, by, how: 'first' });

const fields: Record<string, Field> = {
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
const meterFields: Record<string, Field> = {
  ...lines('voltage_l#', first('gridVoltage', TENTH)),
  frequency: whole('gridFrequency', TENTH),
  pos_act_energy: whole('totalGridImport', TENTH),
  rev_act_energy: whole('totalGridExport', TENTH),
};

/** Positive and negative halves of one signed power; the first pair that is there counts. */
const batteryPairs = [
  ['p1charge1', 'pdischarge1'],
  ['pchr', 'pdischr'],
  ['bdc1_pchr', 'bdc1_pdischr'],
] as const;
const gridPairs = [
  ['pactousertot', 'pactogridtot'],
  ['ptousertotal', 'ptogridtotal'],
  ['pactouserr', 'pactogridr'],
] as const;
const SOC_NAMES = ['SOC', 'batterySoc', 'soc', 'bdc1_soc', 'bms_soc'];
const FAULTS = ['faultBit', 'faultcode', 'faultmaincode', 'faultValue', ...list('systemfaultword#', 0, 7)];
const WARNINGS = ['warningBit', 'warncode', 'warningcode', 'warnmaincode', 'warningValue'];
const STATUS: Record<number, string> = { 0: 'Waiting', 1: 'Normal', 3: 'Fault' };

const certain: Recognition = { sureness: 0.98, reason: 'the envelope and topic of Grott' };
const likely: Recognition = { sureness: 0.92, reason: 'the envelope of Grott (device, time, buffered, values)' };

export const dialect: Dialect = {
  name: 'grott',

  recognise(message) {
    if (!message.looksLikeObject || !message.text?.includes('"values"')) return null;
    const { json } = message;
    if (json === null || asObject(json.values) === null || typeof json.device !== 'string') return null;
    if (/(^|\/)energy\/(growatt|meter)/.test(message.topic)) return certain;
    return 'buffered' in json && 'time' in json ? likely : null;
  },

  interpret(message, context) {
    const json = message.json ?? {};
    const values = asObject(json.values);
    if (values === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const time = draft.time(json.time);
    const isBuffered = json.buffered === 'yes' || json.buffered === true;
    if (isBuffered && time === null) {
      draft.reject('timestamp', 'a buffered record needs the time at which it was measured');
      return draft.finish();
    }
    const isMeter = 'act_power' in values || 'pos_rev_act_power' in values;
    readFields(draft, values, isMeter ? smartMeterFields : inverterFields);
    if (isMeter) draft.take({ to: 'gridPower', by: TENTH }, values.pos_rev_act_power ?? values.act_power);
    else readInverter(draft, values);
    return draft.finish(time);
  },
};

/** Parts before wholes, so that a whole has the last word. */
function inOrder(table: Record<string, Field>): [string, Field, Which | undefined][] {
  return Object.entries(table)
    .sort(([, a], [, b]) => (a.rank ?? 1) - (b.rank ?? 1))
    .map(([name, field]) => {
      const number = /\d/.exec(name)?.[0] ?? '';
      return [name, field, field.how ? { id: number, order: Number(number) } : undefined];
    });
}
const inverterFields = inOrder(fields);
const smartMeterFields = inOrder(meterFields);

function readFields(draft: Draft, values: Record<string, unknown>, table: typeof inverterFields): void {
  for (const [name, field, which] of table) {
    // One layout has names with a space at the end.
    const raw = values[name] ?? values[`${name} `];
    if (raw !== undefined) draft.take(field, raw, which);
  }
}

function readInverter(draft: Draft, values: Record<string, unknown>): void {
  readVoltage(draft, values);
  readStateOfCharge(draft, values);
  const battery = difference(values, batteryPairs);
  if (battery !== null) draft.take({ to: 'batteryPower', by: TENTH, rank: 3 }, battery);
  else {
    const signed = numberOf(values.BatWatt);
    // Growatt's own sign: positive while the battery gives power.
    if (signed !== null) draft.take({ to: 'batteryPower', by: -TENTH }, signed);
    else if (numberOf(values.BatDischarWatt)) draft.take({ to: 'batteryPower', by: -TENTH }, values.BatDischarWatt);
  }
  const grid = difference(values, gridPairs);
  if (grid !== null) draft.take({ to: 'gridPower', by: TENTH, rank: 3 }, grid);
  else draft.take({ to: 'gridPower', by: TENTH }, values.AC_InWatt);
  const status = numberOf(values.pvstatus);
  if (status !== null) draft.text('operatingMode', STATUS[status] ?? `Status ${status}`);
  readCodes(draft, 'faultCodes', FAULTS, values);
  readCodes(draft, 'warningCodes', WARNINGS, values);
}

/** SPH writes tenths; MOD and MIN, known by their other names, hundredths. */
function readVoltage(draft: Draft, values: Record<string, unknown>): void {
  const isHundredths = 'pchr' in values || 'pdischr' in values;
  draft.take({ to: 'batteryVoltage', by: isHundredths ? HUNDREDTH : TENTH }, values.vbat);
}

/** Whole percents; some layouts scale by 10 or 100. */
function readStateOfCharge(draft: Draft, values: Record<string, unknown>): void {
  const name = SOC_NAMES.find((n) => numberOf(values[n]) !== null);
  const raw = name === undefined ? null : numberOf(values[name]);
  if (raw === null) return;
  draft.take({ to: 'stateOfCharge', by: raw <= 100 ? 1 : raw <= 1000 ? TENTH : HUNDREDTH }, raw);
}

function readCodes(
  draft: Draft,
  metric: 'faultCodes' | 'warningCodes',
  names: readonly string[],
  values: Record<string, unknown>,
): void {
  const there = names.filter((name) => numberOf(values[name]) !== null);
  if (there.length === 0) return;
  const isWord = (name: string) => name.startsWith('systemfaultword');
  const code = (name: string) =>
    isWord(name) ? `${name.slice('systemfaultword'.length)}:${values[name]}` : String(values[name]);
  draft.codes(metric, [...new Set(there.filter((name) => numberOf(values[name]) !== 0).map(code))]);
}

function difference(values: Record<string, unknown>, pairs: readonly (readonly [string, string])[]): number | null {
  for (const [plus, minus] of pairs) {
    const [a, b] = [numberOf(values[plus]), numberOf(values[minus])];
    if (a !== null && b !== null) return a - b;
  }
  return null;
}

function list(pattern: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => pattern.replace('#', String(from + i)));
}

function numbered(pattern: string, count: number, field: Field): Record<string, Field> {
  return Object.fromEntries(list(pattern, 1, count).map((name) => [name, field]));
}

function lines(pattern: string, field: Field): Record<string, Field> {
  return numbered(pattern, 3, field);
}
