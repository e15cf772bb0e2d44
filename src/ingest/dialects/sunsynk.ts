import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Sunsynk and Deye over kellerza/sunsynk: `SS/<inverter>/<sensor id>` or `SUNSYNK/status/<serial>/<sensor id>`, one plain value a message. Sensor ids after its
 * src/sunsynk/definitions. Battery power and current are positive while discharging, grid power while importing.
 */
const TOTAL = 2;
const add = (to: Field['to'], rank = TOTAL, by = 1): Field => ({ to, by, how: 'sum', rank });
const first = (to: Field['to'], rank = TOTAL): Field => ({ to, how: 'first', rank });

/** `#` stands for a number. */
const fields: Record<string, Field> = {
  battery_power: add('batteryPower', TOTAL, -1),
  battery_current: add('batteryCurrent', TOTAL, -1),
  battery_voltage: first('batteryVoltage'),
  battery_soc: first('stateOfCharge'),
  battery_temperature: first('batteryTemperature'),
  temp_battery: first('batteryTemperature'),
  battery_soh: first('stateOfHealth'),
  'battery_#_power': add('batteryPower', 1, -1),
  'battery_#_current': add('batteryCurrent', 1, -1),
  'battery_#_voltage': first('batteryVoltage', 1),
  'battery_#_soc': first('stateOfCharge', 1),
  'battery_#_temperature': first('batteryTemperature', 1),
  'bat#_soc': first('stateOfCharge', 0),
  grid_power: add('gridPower'),
  grid_load: add('gridPower'),
  'grid_l#_power': add('gridPower', 1),
  grid_ct_power: add('gridPower', 0),
  grid_voltage: first('gridVoltage'),
  'grid_l#_voltage': first('gridVoltage', 1),
  grid_frequency: first('gridFrequency'),
  grid_current: add('gridCurrent'),
  load_power: add('loadPower'),
  'load_l#_power': add('loadPower', 1),
  load_frequency: first('outputFrequency'),
  'load_l#_voltage': first('outputVoltage', 1),
  inverter_voltage: first('outputVoltage', 0),
  'inverter_l#_voltage': first('outputVoltage', 0),
  inverter_frequency: first('outputFrequency', 0),
  pv_power: add('solarPower'),
  'pv#_power': add('solarPower', 1),
  'pv#_voltage': first('solarVoltage', 1),
  'pv#_current': add('solarCurrent', 1),
  gen_power: add('generatorPower'),
  'gen_l#_power': add('generatorPower', 1),
  day_pv_energy: add('dailyEnergyProduced'),
  total_pv_energy: add('totalEnergyProduced'),
  total_pv_power: add('totalEnergyProduced'),
  day_load_energy: add('dailyEnergyConsumed'),
  day_load_power: add('dailyEnergyConsumed'),
  total_load_energy: add('totalEnergyConsumed'),
  total_load_power: add('totalEnergyConsumed'),
  day_grid_import: add('dailyGridImport'),
  total_grid_import: add('totalGridImport'),
  day_grid_export: add('dailyGridExport'),
  total_grid_export: add('totalGridExport'),
  total_battery_charge: add('totalBatteryCharge'),
  total_battery_discharge: add('totalBatteryDischarge'),
  radiator_temperature: first('inverterTemperature'),
  temp_radiator: first('inverterTemperature'),
  dc_transformer_temperature: first('inverterTemperature', 1),
  temp_dc_transformer: first('inverterTemperature', 1),
};

const certain: Recognition = { sureness: 0.95, reason: 'sensors of the Sunsynk bridge' };
const likely: Recognition = { sureness: 0.8, reason: 'topics of the Sunsynk bridge' };

const patternOf = (sensor: string) => sensor.replace(/^(battery_|grid_l|load_l|inverter_l|gen_l|pv|bat)\d(?=_)/, '$1#');

/** How many levels a sensor's topic has; 0 below anything else. */
function levelsOf({ segments }: MessageView): number {
  if (segments[0] === 'SS') return 3;
  return segments[0] === 'SUNSYNK' && segments[1] === 'status' ? 4 : 0;
}

export const dialect: Dialect = {
  name: 'sunsynk',
  commandTopics: ['SS/+/+/set'],

  recognise(message) {
    if (levelsOf(message) === 0 || message.looksLikeObject) return null;
    return Object.hasOwn(fields, patternOf(message.tail(0))) ? certain : likely;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const sensor = message.tail(0);
    const pattern = patternOf(sensor);
    const number = pattern === sensor ? '' : (/\d/.exec(sensor)?.[0] ?? '');
    const inverter = message.tail(1);
    if (sensor.startsWith('availability')) draft.text('deviceStatus', message.text);
    else if (sensor === 'overall_state') draft.text('operatingMode', message.text);
    else if (sensor === 'fault') draft.codes('faultCodes', message.text);
    const field =
      Object.hasOwn(fields, pattern) && message.segments.length === levelsOf(message) ? fields[pattern] : undefined;
    const id = number === '' ? inverter : `${inverter} ${number}`;
    if (field) draft.take(field, message.text, { id, order: Number(number) });
    return draft.finish(null, true);
  },
};
