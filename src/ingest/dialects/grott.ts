import type { Dialect, Interpretation, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf, type Which } from '../field-draft.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';
import {
  asRegisters,
  batteryPairs,
  fields,
  gridPairs,
  HUNDREDTH,
  inGrottsWords,
  list,
  meterFields,
  SOC_NAMES,
  TENTH,
} from './grott-registers.ts';

/**
 * Grott (Growatt): `{"device", "time", "buffered", "values": {...}}`, topic `energy/growatt` unless configured. Values are
 * raw registers; their divisors are those of johanmeijer/grott's record layouts. `time` is local; `buffered: "yes"` is a
 * record that the logger kept and sends late. The same names without the envelope (grott_ha's state, programs that took
 * them over) come in units or in registers: the frequency beside says which.
 */
const FAULTS = ['faultBit', 'faultcode', 'faultmaincode', 'faultValue', ...list('systemfaultword#', 0, 7)];
const WARNINGS = ['warningBit', 'warncode', 'warningcode', 'warnmaincode', 'warningValue'];
const STATUS: Record<number, string> = { 0: 'Waiting', 1: 'Normal', 3: 'Fault' };

const certain: Recognition = { sureness: 0.98, reason: 'the envelope and topic of Grott' };
const likely: Recognition = { sureness: 0.92, reason: 'the envelope of Grott (device, time, buffered, values)' };

export const dialect: Dialect = {
  name: 'grott',

  recognise(message) {
    if (!message.looksLikeObject || message.text === null) return null;
    if (!message.text.includes('"values"')) return message.text.includes('"pvfreq') ? bareOf(message) : null;
    const { json } = message;
    if (json === null || asObject(json.values) === null || typeof json.device !== 'string') return null;
    if (/(^|\/)energy\/(growatt|meter)/.test(message.topic)) return certain;
    return 'buffered' in json && 'time' in json ? likely : null;
  },

  interpret(message, context) {
    const json = message.json ?? {};
    const draft = new Draft(context, message.receivedAt);
    const values = asObject(json.values);
    if (values === null) return interpretBare(draft, json);
    const time = draft.time(json.time);
    const isBuffered = json.buffered === 'yes' || json.buffered === true;
    if (isBuffered && time === null) {
      draft.reject('timestamp', 'a buffered record needs the time at which it was measured');
      return draft.finish();
    }
    const isMeter = 'act_power' in values || 'pos_rev_act_power' in values;
    if (isMeter) readFields(draft, values, smartMeterFields);
    if (isMeter) draft.take({ to: 'gridPower', by: TENTH }, values.pos_rev_act_power ?? values.act_power);
    else readInverter(draft, values);
    return draft.finish(time);
  },
};

/** What nobody else calls so, beside the frequency. */
const BARE = ['pvgridvoltage', 'pvpowerin', 'pvpowerout', 'pvenergytoday', 'pvstatus'];
const LEAST_BARE = 2;
const bare: Recognition = { sureness: 0.9, reason: 'names of Growatt’s registers as Grott has them' };

function bareOf({ json }: MessageView): Recognition | null {
  return json !== null && BARE.filter((name) => name in json).length >= LEAST_BARE ? bare : null;
}

/** A mains frequency in Hz. */
const [LEAST_HZ, MOST_HZ] = [40, 70];

/** Nothing while the mains is away: then nothing says whether they are units or registers. */
function interpretBare(draft: Draft, json: Record<string, unknown>): Interpretation {
  const values = inGrottsWords(json);
  const frequency = numberOf(values.pvfrequentie) ?? numberOf(values.pvfrequency) ?? 0;
  if (frequency < LEAST_HZ) return nothingMeasured();
  readInverter(draft, frequency < MOST_HZ ? asRegisters(values) : values);
  return draft.finish();
}

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

function readInverter(draft: Draft, record: Record<string, unknown>): void {
  const values = isWithoutPanels(record) ? { ...record, eactoday: undefined, eactotal: undefined } : record;
  readFields(draft, values, inverterFields);
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

/** A battery inverter at the AC side: what it puts out came from its battery. */
const isWithoutPanels = (values: Record<string, unknown>): boolean =>
  'uwbatvoltdsp' in values && !('pvpowerin' in values) && !('ppv' in values);

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
