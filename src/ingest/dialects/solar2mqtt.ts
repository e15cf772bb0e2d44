import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { asObject } from '../payload/message-view.ts';

/**
 * PI30, PI18 and kin over softwarecrash/Solar2MQTT: `<topic>/LiveData/<field>`, or `<topic>/Data` with everything in one
 * object. Fields after its src/descriptors.h; generation counters are in Wh. Charging and discharging current are two
 * fields that are never negative. Names are compared without regard to case, which its versions changed.
 */
const fields: Record<string, Field> = {
  ac_in_voltage: { to: 'gridVoltage' },
  ac_in_frequenz: { to: 'gridFrequency' },
  ac_in_frequency: { to: 'gridFrequency' },
  ac_out_voltage: { to: 'outputVoltage' },
  ac_output_voltage: { to: 'outputVoltage' },
  ac_out_frequenz: { to: 'outputFrequency' },
  ac_out_frequency: { to: 'outputFrequency' },
  ac_output_frequency: { to: 'outputFrequency' },
  ac_output_current: { to: 'outputCurrent' },
  output_current: { to: 'outputCurrent' },
  ac_out_va: { to: 'apparentPower' },
  ac_out_watt: { to: 'loadPower' },
  ac_output_power: { to: 'loadPower' },
  output_power: { to: 'loadPower', rank: 1 },
  ac_out_percent: { to: 'loadPercentage' },
  output_load_percent: { to: 'loadPercentage' },
  inverter_bus_voltage: { to: 'busVoltage' },
  inverter_bus_temperature: { to: 'inverterTemperature' },
  inverter_temperature: { to: 'inverterTemperature', rank: 1 },
  battery_voltage: { to: 'batteryVoltage' },
  positive_battery_voltage: { to: 'batteryVoltage', rank: 1 },
  battery_percent: { to: 'stateOfCharge' },
  battery_temperature: { to: 'batteryTemperature' },
  pv_input_voltage: { to: 'solarVoltage' },
  pv_input_current: { to: 'solarCurrent' },
  pv_input_power: { to: 'solarPower', rank: 3 },
  pv_charging_power: { to: 'solarPower', rank: 2 },
  'pv#_input_power': { to: 'solarPower', how: 'sum' },
  'pv#_charging_power': { to: 'solarPower', how: 'sum', rank: 0 },
  'pv#_input_voltage': { to: 'solarVoltage', how: 'first' },
  'pv#_input_current': { to: 'solarCurrent', how: 'sum' },
  pv_generation_sum: { to: 'totalEnergyProduced', by: 0.001 },
  pv_generation_day: { to: 'dailyEnergyProduced', by: 0.001 },
};

/** EPEver2MQTT by the same hand has groups of the same names, and values in capitals. */
const IN_CAPITALS = /^[A-Z0-9_]+$/;
const certain: Recognition = { sureness: 0.95, reason: 'LiveData of Solar2MQTT' };
const likely: Recognition = { sureness: 0.7, reason: 'topics of Solar2MQTT' };
const learned: Recognition = { sureness: 0.85, reason: 'the base topic of a Solar2MQTT' };

export const dialect: Dialect = {
  name: 'solar2mqtt',
  commandTopics: ['+/DeviceControl/Set_Command', '+/+/DeviceControl/Set_Command'],

  recognise(message, context) {
    const group = message.tail(1);
    if (message.looksLikeObject) {
      const isWhole = message.tail(0) === 'Data' || message.tail(0) === 'LiveData';
      if (!isWhole || !message.text?.includes('"')) return null;
      return asObject(message.json?.LiveData) || message.tail(0) === 'LiveData' ? certain : null;
    }
    if (group === 'LiveData') return IN_CAPITALS.test(message.tail(0)) ? likely : certain;
    if (group === 'DeviceData' || group === 'EspData' || group === 'DeviceControl' || group === 'RawData')
      return likely;
    const isBeside = message.tail(0) === 'Alive' && context.memory?.parts.knowsBase('solar2mqtt', message.base(1));
    return isBeside ? learned : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    if (message.looksLikeObject) {
      context.memory?.parts.learnBase('solar2mqtt', message.base(1));
      const live = asObject(message.json?.LiveData) ?? (message.tail(0) === 'LiveData' ? message.json : null);
      if (live === null) return nothingMeasured();
      readLive(draft, live);
      return draft.finish();
    }
    if (message.text === null) return nothingMeasured();
    if (message.tail(0) === 'Alive')
      draft.text('deviceStatus', /^(1|true|online)$/i.test(message.text) ? 'online' : 'offline');
    if (message.tail(1) !== 'LiveData') return draft.finish(null, true);
    context.memory?.parts.learnBase('solar2mqtt', message.base(2));
    const name = message.tail(0).toLowerCase();
    if (name === 'battery_charge_current') draft.take({ to: 'batteryCurrent', side: 1 }, message.text);
    else if (name === 'battery_discharge_current') draft.take({ to: 'batteryCurrent', side: -1 }, message.text);
    else readField(draft, name, message.text);
    return draft.finish(null, true);
  },
};

function readLive(draft: Draft, live: Record<string, unknown>): void {
  const lower = new Map(Object.entries(live).map(([name, value]) => [name.toLowerCase().trim(), value]));
  const [charge, discharge] = [
    numberOf(lower.get('battery_charge_current')),
    numberOf(lower.get('battery_discharge_current')),
  ];
  if (charge !== null && discharge !== null) draft.take({ to: 'batteryCurrent' }, charge - discharge);
  const rankOf = (name: string) => fields[patternOf(name)]?.rank ?? 2;
  for (const name of [...lower.keys()].sort((a, b) => rankOf(a) - rankOf(b))) readField(draft, name, lower.get(name));
}

const patternOf = (name: string) => name.replace(/^pv\d_/, 'pv#_');

function readField(draft: Draft, name: string, value: unknown): void {
  if (name === 'inverter_operation_mode') draft.text('operatingMode', value);
  else if (name === 'fault_code' && value !== null) draft.codes('faultCodes', value);
  else if (name === 'warning_code' && value !== null) draft.codes('warningCodes', value);
  const pattern = patternOf(name);
  const field = Object.hasOwn(fields, pattern) ? fields[pattern] : undefined;
  const number = pattern === name ? '' : name.charAt(2);
  if (field) draft.take(field, value, { id: number, order: Number(number) });
}
