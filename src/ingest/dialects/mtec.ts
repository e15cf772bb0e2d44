import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';

/**
 * M-TEC Energybutler over aiomtec2mqtt and MTECmqtt: `<base>/<serial>/<group>/<name>/state`, one plain value a message. After
 * its registers: W and kWh; grid and battery are positive while exporting and discharging.
 */
const table = new FieldTable({
  'now-base/grid_power': whole('gridPower', { by: -1 }),
  'now-base/consumption': whole('loadPower'),
  'now-base/pv': whole('solarPower', { rank: 3 }),
  'now-base/battery': whole('batteryPower', { by: -1 }),
  'now-base/battery_soc': whole('stateOfCharge'),
  'now-inverter/ac_voltage_a': first('gridVoltage'),
  'now-inverter/inverter_temp#': first('inverterTemperature'),
  'now-battery/battery_voltage': whole('batteryVoltage'),
  'now-battery/battery_current': whole('batteryCurrent', { by: -1 }),
  'now-battery/battery_soh': whole('stateOfHealth'),
  'now-pv/pv_voltage_#': first('solarVoltage'),
  'now-pv/pv_current_#': add('solarCurrent'),
  'now-pv/pv_#': add('solarPower'),
  'day/grid_feed_day': whole('dailyGridExport'),
  'day/grid_purchase_day': whole('dailyGridImport'),
  'day/consumption_day': whole('dailyEnergyConsumed'),
  'day/pv_day': whole('dailyEnergyProduced'),
  'total/grid_feed_total': whole('totalGridExport'),
  'total/grid_purchase_total': whole('totalGridImport'),
  'total/consumption_total': whole('totalEnergyConsumed'),
  'total/pv_total': whole('totalEnergyProduced'),
  'total/battery_charge_total': whole('totalBatteryCharge'),
  'total/battery_discharge_total': whole('totalBatteryDischarge'),
});
const GROUP = /^(now-(base|grid|inverter|battery|pv|backup)|day|total)$/;
const certain: Recognition = { sureness: 0.9, reason: 'topics of an M-TEC Energybutler' };

export const dialect: Dialect = {
  name: 'mtec',

  recognise(message) {
    if (message.tail(0) !== 'state' || message.looksLikeObject || !GROUP.test(message.tail(2))) return null;
    return message.tail(2).startsWith('now-') || table.has(`${message.tail(2)}/${message.tail(1)}`) ? certain : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    table.take(draft, `${message.tail(2)}/${message.tail(1)}`, message.text);
    return draft.finish(null, true);
  },
};
