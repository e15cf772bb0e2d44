import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../message-view.ts';

/**
 * PI30 inverters (Voltronic, Axpert, MPP Solar) over jblance/mpp-solar: `<any prefix>/<key>/value` beside `.../unit`, or
 * `homeassistant/sensor/mpp_<tag>_<key>/state`. Keys after its protocols pi30 and pi18. Charging and discharging current
 * are two fields that are never negative.
 */
const fields: Record<string, Field> = {
  ac_input_voltage: { to: 'gridVoltage' },
  grid_voltage: { to: 'gridVoltage' },
  ac_input_frequency: { to: 'gridFrequency' },
  grid_frequency: { to: 'gridFrequency' },
  ac_output_voltage: { to: 'outputVoltage' },
  ac_output_frequency: { to: 'outputFrequency' },
  ac_output_apparent_power: { to: 'apparentPower' },
  ac_output_active_power: { to: 'loadPower' },
  total_output_active_power: { to: 'loadPower', rank: 3 },
  total_ac_output_active_power: { to: 'loadPower', rank: 3 },
  total_ac_output_apparent_power: { to: 'apparentPower', rank: 3 },
  ac_output_load: { to: 'loadPercentage' },
  load_percentage: { to: 'loadPercentage' },
  output_load_percent: { to: 'loadPercentage' },
  ac_output_load_percentage: { to: 'loadPercentage' },
  total_ac_output_percentage: { to: 'loadPercentage', rank: 3 },
  bus_voltage: { to: 'busVoltage' },
  battery_voltage: { to: 'batteryVoltage' },
  battery_charging_current: { to: 'batteryCurrent', side: 1 },
  battery_charge_current: { to: 'batteryCurrent', side: 1 },
  battery_discharge_current: { to: 'batteryCurrent', side: -1 },
  battery_discharging_current: { to: 'batteryCurrent', side: -1 },
  battery_capacity: { to: 'stateOfCharge' },
  battery_temperature: { to: 'batteryTemperature' },
  inverter_heat_sink_temperature: { to: 'inverterTemperature' },
  inverter_temperature: { to: 'inverterTemperature', rank: 1 },
  pv_input_current_for_battery: { to: 'solarCurrent' },
  pv_input_current: { to: 'solarCurrent' },
  pv_input_voltage: { to: 'solarVoltage' },
  pv_input_power: { to: 'solarPower' },
  pv_charging_power: { to: 'solarPower', rank: 1 },
  scc_charge_power: { to: 'solarPower', rank: 0 },
  'pv#_input_power': { to: 'solarPower', how: 'sum' },
  'pv#_charging_power': { to: 'solarPower', how: 'sum' },
  'pv#_input_voltage': { to: 'solarVoltage', how: 'first' },
  'pv#_input_current': { to: 'solarCurrent', how: 'sum' },
  'pv_#_input_voltage': { to: 'solarVoltage', how: 'first' },
};
const OTHER =
  /^(battery_voltage_from_scc\d?|is_[a-z_]+|device_(mode|status\d?)|work_mode|fault_code|rsv\d|serial_number|battery_(type|[a-z]+_voltage)|max_[a-z_]+|[a-z_]+_priority|total_charging_current|mppt\d_[a-z_]+|scc_[a-z_]+|time_until_[a-z_]+|_command(_description)?|raw_response|validity_check|ac_output_(current|rating.*)|ac_input_current)$/;
const HOME_ASSISTANT =
  /^mpp_(?:.*?_)?((?:ac_|grid_|battery_|pv_?\d?_|bus_|total_|inverter_|load_|output_|device_mode|work_mode|is_|scc_|rsv).*)$/;

const certain: Recognition = { sureness: 0.93, reason: 'keys of a PI30 inverter as mpp-solar names them' };
const likely: Recognition = { sureness: 0.7, reason: 'value and unit on two topics, as mpp-solar writes them' };

/** The key that a topic is about and what of it, in either style. */
function keyOf(message: MessageView): { key: string; what: 'value' | 'unit' } | null {
  const last = message.tail(0);
  if (last === 'value' || last === 'unit')
    return message.segments.length >= 2 ? { key: message.tail(1), what: last } : null;
  if (last !== 'state' || message.segments.length < 4) return null;
  const key = HOME_ASSISTANT.exec(message.tail(1))?.[1];
  return key === undefined ? null : { key, what: 'value' };
}

const patternOf = (key: string) => key.replace(/^pv(_?)\d_/, 'pv$1#_');

export const dialect: Dialect = {
  name: 'mpp-solar',

  recognise(message) {
    const found = keyOf(message);
    if (!found || message.looksLikeObject) return null;
    if (Object.hasOwn(fields, patternOf(found.key))) return certain;
    return OTHER.test(found.key) ? likely : null;
  },

  interpret(message, context) {
    const found = keyOf(message);
    // `settings` holds what the inverter is made for and set to, under the same names.
    if (!found || message.text === null || found.what === 'unit' || message.tail(2) === 'settings')
      return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const { key } = found;
    if (key === 'device_mode' || key === 'work_mode') draft.text('operatingMode', message.text);
    else if (key === 'fault_code') draft.codes('faultCodes', message.text);
    const pattern = patternOf(key);
    const field = Object.hasOwn(fields, pattern) ? fields[pattern] : undefined;
    const number = pattern === key ? '' : (/\d/.exec(key)?.[0] ?? '');
    if (field) draft.take(field, message.text, { id: number, order: Number(number) });
    return draft.finish(null, true);
  },
};
