import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';

/**
 * APsystems micro-inverters over patience4711's ESP-ECU and RPI-ECU: one object for each inverter, any topic. Names after
 * their wikis: `acv` V, `freq` Hz, `temp` degrees, `dcv`/`dcc` and powers as lists or numbered from 0; `totalen` and `en`
 * count today in Wh, `en_total` in kWh. The ESP32's format 4 writes a list for each panel, `ch0`: V, A, W and today's Wh, and
 * `totals`: W, Wh.
 */
const part = (to: Field['to'], how: 'sum' | 'first', by = 1): Field => ({ to, how, by, rank: 1 });

const certain: Recognition = { sureness: 0.9, reason: 'an inverter as an APsystems ECU writes it' };

export const dialect: Dialect = {
  name: 'aps-ecu',

  recognise(message) {
    if (!message.looksLikeObject || !/"acv"\s*:/.test(message.text ?? '')) return null;
    const json = message.json ?? {};
    return 'freq' in json && (powersOf(json).length > 0 || 'totalpwr' in json || 'pw_total' in json) ? certain : null;
  },

  interpret(message, context) {
    const { json } = message;
    if (!json) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const serial = json.serial ?? json.inv_serial ?? message.topic;
    const which = { id: String(serial), order: 0 };
    const powers = powersOf(json);
    const totals = listOf(json.totals);
    const power = json.totalpwr ?? json.pw_total ?? totals[0] ?? (powers.length > 0 ? total(powers) : undefined);
    draft.take(part('solarPower', 'sum'), power, which);
    draft.take(part('gridVoltage', 'first'), json.acv, which);
    draft.take(part('gridFrequency', 'first'), json.freq, which);
    draft.take(part('inverterTemperature', 'first'), json.temp ?? json.tem, which);
    if (json.en_total !== undefined) draft.take(part('dailyEnergyProduced', 'sum'), json.en_total, which);
    else draft.take(part('dailyEnergyProduced', 'sum', 0.001), json.totalen ?? totals[1], which);
    const channels = channelsOf(json);
    const voltages = [...listOf(json.dcv), ...channels.map(([volts = 0]) => volts)];
    const currents = [...listOf(json.dcc), ...channels.map(([, amperes = 0]) => amperes)];
    if (voltages.length > 0) draft.take(part('solarVoltage', 'first'), voltages[0], which);
    if (currents.length > 0) draft.take(part('solarCurrent', 'sum'), total(currents), which);
    return draft.finish();
  },
};

const listOf = (value: unknown): number[] =>
  Array.isArray(value) ? value.slice(0, 8).flatMap((item) => numberOf(item) ?? []) : [];

/** The panels' lists of volts, amperes, watts and watt-hours. */
const channelsOf = (json: Record<string, unknown>): number[][] =>
  ['ch0', 'ch1', 'ch2', 'ch3'].map((name) => listOf(json[name])).filter((channel) => channel.length >= 3);

/** The panels' powers, however this version writes them. */
function powersOf(json: Record<string, unknown>): number[] {
  const list = [json.pwr, json.pow, json.pw].map(listOf).find((found) => found.length > 0);
  if (list) return list;
  const channels = channelsOf(json);
  if (channels.length > 0) return channels.map(([, , watts = 0]) => watts);
  return ['pw0', 'pw1', 'pw2', 'pw3'].flatMap((name) => numberOf(json[name]) ?? []);
}

const total = (values: readonly number[]) => Number(values.reduce((sum, value) => sum + value, 0).toPrecision(12));
