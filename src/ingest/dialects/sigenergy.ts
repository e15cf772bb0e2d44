import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Sigenergy over seud0nym/sigenergy2mqtt: `<any prefix>/sigen_<plant>_<name>/state`, one plain value a message. Names and
 * signs after its resources/sensors/TOPICS.md: battery power is positive while charging, the grid sensor's while
 * importing. Powers in W, energies in kWh. The plant outranks its inverters.
 */
const [WITH_OTHERS, PLANT, INVERTER] = [3, 2, 1];
const inverter = { rank: INVERTER };
const table = new FieldTable({
  plant_battery_soc: first('stateOfCharge', { rank: PLANT }),
  'inverter_#_battery_soc': first('stateOfCharge', inverter),
  plant_battery_soh: first('stateOfHealth', { rank: PLANT }),
  'inverter_#_battery_soh': first('stateOfHealth', inverter),
  plant_battery_power: add('batteryPower', { rank: PLANT }),
  'inverter_#_battery_average_cell_temperature': first('batteryTemperature', inverter),
  'inverter_#_average_cell_temperature': first('batteryTemperature', inverter),
  total_pv_power: add('solarPower', { rank: WITH_OTHERS }),
  plant_pv_power: add('solarPower', { rank: PLANT }),
  'inverter_#_pv_power': add('solarPower', inverter),
  'inverter_#_pv#_voltage': first('solarVoltage', inverter),
  'inverter_#_pv#_current': add('solarCurrent', inverter),
  lifetime_pv_energy: add('totalEnergyProduced', { rank: PLANT }),
  'inverter_#_lifetime_pv_energy': add('totalEnergyProduced', inverter),
  daily_pv_energy: add('dailyEnergyProduced', { rank: PLANT }),
  'inverter_#_daily_pv_energy': add('dailyEnergyProduced', inverter),
  consumed_power: add('loadPower', { rank: PLANT }),
  plant_consumed_power: add('loadPower', { rank: PLANT }),
  lifetime_consumed_energy: add('totalEnergyConsumed', { rank: PLANT }),
  daily_consumed_energy: add('dailyEnergyConsumed', { rank: PLANT }),
  plant_grid_sensor_active_power: add('gridPower', { rank: PLANT }),
  grid_sensor_lifetime_import_energy: add('totalGridImport', { rank: PLANT }),
  grid_sensor_lifetime_export_energy: add('totalGridExport', { rank: PLANT }),
  grid_sensor_daily_import_energy: add('dailyGridImport', { rank: PLANT }),
  grid_sensor_daily_export_energy: add('dailyGridExport', { rank: PLANT }),
  'inverter_#_accumulated_charge_energy': add('totalBatteryCharge', inverter),
  'inverter_#_accumulated_discharge_energy': add('totalBatteryDischarge', inverter),
  'inverter_#_grid_frequency': first('gridFrequency', inverter),
  'inverter_#_phase_a_voltage': first('gridVoltage', inverter),
  'inverter_#_temperature': first('inverterTemperature', inverter),
});
const SENSOR = /^sigen_(\d)_(.+)$/;

const certain: Recognition = { sureness: 0.96, reason: 'sensors of sigenergy2mqtt' };

const sensorOf = (message: MessageView) =>
  message.tail(0) === 'state' ? SENSOR.exec(message.tail(1))?.slice(1) : undefined;

export const dialect: Dialect = {
  name: 'sigenergy',
  commandTopics: ['sigenergy2mqtt/+/set'],

  recognise(message) {
    return sensorOf(message) && !message.looksLikeObject ? certain : null;
  },

  interpret(message, context) {
    const [plant = '', name = ''] = sensorOf(message) ?? [];
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    if (name === 'plant_running_state' || /^inverter_\d+_running_state$/.test(name))
      draft.text('operatingMode', message.text);
    table.take(draft, name, message.text, plant);
    return draft.finish(null, true);
  },
};
