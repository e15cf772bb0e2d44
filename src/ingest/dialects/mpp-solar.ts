import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, half, whole } from '../field-table.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';
import { takeRest } from '../plain/plain-rest.ts';

/**
 * PI30 inverters (Voltronic, Axpert, MPP Solar) over jblance/mpp-solar, in each of its ways to write MQTT: `<any
 * prefix>/<key>/value` beside `.../unit`; `homeassistant/sensor/mpp_<tag>_<key>/state`; `<tag>/<key>`; one object of all
 * keys (plain or with their units); and lines of the influx protocol (`mpp-solar,command=QPGS0 battery_voltage=52.1`). Keys after its protocols pi30,
 * pi30max, pi18 and the split-phase LV models (`l1_...`). Charging and discharging current are two fields that are never
 * negative.
 */
const TOTAL = 3;
const LONGEST_NAME = 120;
const table = new FieldTable({
  ac_input_voltage: first('gridVoltage', { rank: 2 }),
  grid_voltage: first('gridVoltage', { rank: 2 }),
  input_voltage: first('gridVoltage', { rank: 2 }),
  ac_voltage: first('gridVoltage', { rank: 2 }),
  'l#_ac_input_voltage': first('gridVoltage'),
  ac_input_frequency: first('gridFrequency', { rank: 2 }),
  grid_frequency: first('gridFrequency', { rank: 2 }),
  input_frequency: first('gridFrequency', { rank: 2 }),
  ac_frequency: first('gridFrequency', { rank: 2 }),
  'l#_ac_input_frequency': first('gridFrequency'),
  ac_output_voltage: first('outputVoltage', { rank: 2 }),
  output_voltage: first('outputVoltage', { rank: 2 }),
  output_frequency: first('outputFrequency', { rank: 2 }),
  'l#_ac_output_voltage': first('outputVoltage'),
  ac_output_frequency: first('outputFrequency', { rank: 2 }),
  'l#_ac_output_frequency': first('outputFrequency'),
  ac_output_apparent_power: whole('apparentPower'),
  'l#_ac_output_apparent_power': add('apparentPower'),
  total_ac_output_apparent_power: whole('apparentPower', { rank: TOTAL }),
  ac_output_active_power: whole('loadPower'),
  'l#_ac_output_active_power': add('loadPower'),
  total_output_active_power: whole('loadPower', { rank: TOTAL }),
  total_ac_output_active_power: whole('loadPower', { rank: TOTAL }),
  output_apparent_power: whole('apparentPower'),
  output_active_power: whole('loadPower'),
  load_percent: whole('loadPercentage'),
  ac_output_load: whole('loadPercentage'),
  load_percentage: whole('loadPercentage'),
  'l#_load_percentage': first('loadPercentage'),
  output_load_percent: whole('loadPercentage'),
  ac_output_load_percentage: whole('loadPercentage'),
  total_ac_output_percentage: whole('loadPercentage', { rank: TOTAL }),
  bus_voltage: whole('busVoltage'),
  battery_voltage: whole('batteryVoltage'),
  battery_charging_current: half('batteryCurrent', 1),
  battery_charge_current: half('batteryCurrent', 1),
  charging_current: half('batteryCurrent', 1),
  battery_discharge_current: half('batteryCurrent', -1),
  battery_discharging_current: half('batteryCurrent', -1),
  battery_capacity: whole('stateOfCharge'),
  battery_capacity_percent: whole('stateOfCharge'),
  battery_charging_power: half('batteryPower', 1),
  battery_discharging_power: half('batteryPower', -1),
  battery_temperature: whole('batteryTemperature'),
  // Three phases, r, s and t (pi16, pi17).
  'ac_output_voltage_#': first('outputVoltage'),
  'ac_output_current_#': add('outputCurrent'),
  'ac_output_power_#': add('loadPower'),
  'ac_output_active_power_#': add('loadPower'),
  pbus_voltage: whole('busVoltage'),
  positive_battery_voltage: whole('batteryVoltage'),
  max_temperature: whole('inverterTemperature', { rank: 0 }),
  inverter_heat_sink_temperature: whole('inverterTemperature'),
  inverter_temperature: whole('inverterTemperature', { rank: 1 }),
  pv_input_current_for_battery: whole('solarCurrent'),
  pv_input_current: whole('solarCurrent'),
  pv_input_voltage: whole('solarVoltage'),
  pv_input_power: whole('solarPower'),
  pv_charging_power: whole('solarPower', { rank: 1 }),
  scc_charge_power: whole('solarPower', { rank: 0 }),
  'pv#_input_power': add('solarPower'),
  'pv#_charging_power': add('solarPower'),
  'pv#_input_voltage': first('solarVoltage'),
  'pv#_input_current': add('solarCurrent'),
  'pv_#_input_voltage': first('solarVoltage'),
  total_pv_generated_energy: whole('totalEnergyProduced', { by: 0.001 }),
  pv_generated_energy_for_day: whole('dailyEnergyProduced', { by: 0.001 }),
});
const OTHER =
  /^(battery_voltage_from_scc\d?|is_[a-z_]+|device_(mode|status\d?)|work_mode|fault_code|rsv\d|serial_number|battery_(type|[a-z]+_voltage)|max_[a-z_]+|[a-z_]+_priority|total_charging_current|mppt\d_[a-z_]+|scc_[a-z_]+|time_until_[a-z_]+|_command(_description)?|raw_response|validity_check|ac_output_(current|rating.*)|ac_input_current)$/;
const PHASE = /_([rst])$/;
const NAMED = /^(mpp|pipsolar)_/;
/** Names that nobody else gives; others (`battery_voltage`) say little of whose they are. */
const TELLING =
  /^((l\d_|total_)?ac_(out|in)put_((voltage|power)_[rst]|voltage|frequency|apparent_power|active_power|load|percentage)|total_output_active_power|inverter_heat_sink_temperature|pv\d?_input_(voltage|current_for_battery)|battery_voltage_from_scc2?|is_(scc|sbu|load|charging)_\w+|output_load_percent)$/;
/** Names that others give to other things, and that say nothing of whose they are. */
const ANYBODYS = /^((input|output|ac)_(voltage|frequency)|charging_current)$/;
/** QPIRI asks what the inverter is made for and set to, and is answered under the same names as what it measures. */
const SETTINGS_TOPIC = /(^|[/_])(settings|QPIRI)([/_]|$)/;
/** Of an object that holds both an inverter's settings and what it measures. */
const MEASURES =
  /"(output_load_percent|ac_output_load|battery_discharge_current|battery_charging_current|inverter_heat_?sink_temperature)"\s*:/;
const SETTINGS = /"?battery_(recharge|under|bulk_charge|float_charge)_voltage"?\s*:|,command=QPIRI /;
const INFLUX = /^[^\s,]+,command=[^\s,]+ ([^\s=]+=.*)$/;
const INFLUX_FIELD = /([\w ]+)=("[^"]*"|[^,"\s]+)/g;

const certain: Recognition = { sureness: 0.93, reason: 'keys of a PI30 inverter as mpp-solar names them' };
const likely: Recognition = { sureness: 0.7, reason: 'value and unit on two topics, as mpp-solar writes them' };
const plain: Recognition = { sureness: 0.6, reason: 'named as mpp-solar names the values of a PI30 inverter' };
const learned: Recognition = { sureness: 0.65, reason: 'the topic of an mpp-solar' };

/** What a topic says: its key, what of it, and under what its device's others stand. */
interface Told {
  key: string;
  what: 'value' | 'unit';
  base: string;
}

/** The key that a topic is about and what of it, where the topic says it. */
function keyOf(message: MessageView, context: DialectContext): Told | null {
  const last = message.tail(0);
  const above = message.base(2);
  if (last === 'value' || last === 'unit')
    return message.segments.length >= 2 ? { key: message.tail(1), what: last, base: above } : null;
  if (last !== 'state' || message.segments.length < 4) return null;
  const name = message.tail(1);
  // Many devices of a house share the level above, and each has its name before its keys.
  const isKnown = (prefix: string) => NAMED.test(name) || knows(context, `${above}/${prefix}`);
  const found = prefixedKey(name, isKnown);
  return found && { ...found, what: 'value', base: `${above}/${found.prefix}` };
}

/** ESPHome and Home Assistant write `<node>/sensor/<anything>_<key>/state`: the longest rest that is a key. */
function prefixedKey(name: string, isKnown: (prefix: string) => boolean): { key: string; prefix: string } | null {
  if (name.length > LONGEST_NAME) return null;
  for (let at = name.indexOf('_'); at >= 0; at = name.indexOf('_', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (TELLING.test(rest) || ((table.has(rest) || OTHER.test(rest)) && isKnown(prefix))) return { key: rest, prefix };
  }
  return null;
}

const knows = ({ memory }: DialectContext, base: string) => memory?.parts.knowsBase('mpp-solar', base) === true;

/** Every value of a line of the influx protocol; null when the payload is none of mpp-solar's. */
function influxFields(message: MessageView): [string, string][] | null {
  const { text } = message;
  if (text === null || !text.includes(',command=')) return null;
  const fields = INFLUX.exec(text.slice(0, 2000))?.[1];
  if (fields === undefined) return null;
  return [...fields.matchAll(INFLUX_FIELD)].map(([, key = '', value = '']) => [key, value.replace(/^"|"$/g, '')]);
}

function isObject(message: MessageView): boolean {
  if (!message.looksLikeObject || !/_(out|in)put_|heat_sink/.test(message.text ?? '')) return false;
  const names = Object.keys(message.json ?? {});
  const own = names.filter((name) => table.has(name) && !ANYBODYS.test(name));
  return names.some((name) => TELLING.test(name)) && own.length >= 3;
}

export const dialect: Dialect = {
  name: 'mpp-solar',

  recognise(message, context) {
    if (message.looksLikeObject) return isObject(message) ? plain : null;
    const found = keyOf(message, context);
    if (found && table.has(found.key)) return certain;
    if (found) return OTHER.test(found.key) ? likely : null;
    if (influxFields(message)) return certain;
    const last = message.tail(0);
    if (message.segments.length < 2) return null;
    if (TELLING.test(last)) return plain;
    const isOwn = table.has(last) || OTHER.test(last);
    return isOwn && knows(context, message.base(1)) ? learned : null;
  },

  interpret(message, context) {
    const { text } = message;
    if (text === null || SETTINGS_TOPIC.test(message.topic)) return nothingMeasured();
    if (SETTINGS.test(text) && !MEASURES.test(text)) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    if (message.looksLikeObject) {
      for (const [key, value] of Object.entries(message.json ?? {})) read(draft, key, asObject(value)?.value ?? value);
      takeRest(draft, message, context, ownField);
      return draft.finish();
    }
    const lines = influxFields(message);
    if (lines) for (const [key, value] of lines) read(draft, key.trim(), value);
    else {
      const found = keyOf(message, context);
      if (found?.what === 'unit') return nothingMeasured();
      const key = found?.key ?? message.tail(0);
      if (TELLING.test(key)) context.memory?.parts.learnBase('mpp-solar', found?.base ?? message.base(1));
      read(draft, key, text);
    }
    return draft.finish(null, true);
  },
};

const inPhases = (key: string): string => key.replace(PHASE, (_, phase: string) => `_${'rst'.indexOf(phase) + 1}`);

/** What a name of an object is, alone or above its value and unit. */
function ownField(path: string): Field | null | undefined {
  const [key = ''] = path.split('.');
  return table.find(inPhases(key))?.field ?? (OTHER.test(key) ? null : undefined);
}

function read(draft: Draft, key: string, value: unknown): void {
  if (key === 'device_mode' || key === 'work_mode') draft.text('operatingMode', value);
  else if (key === 'fault_code') draft.codes('faultCodes', value);
  else table.take(draft, inPhases(key), value);
}
