import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Battery management systems (JK, Daly, JBD ...) over fl4p/batmon-ha and dreadnought/python-daly-bms:
 * `<device>/soc/total_voltage` and so on, one plain value a message. Current and power are those that leave the battery
 * (bmslib/bms.py: negative while charging); `capacity_ah` is the charge that is left. Several packs are added.
 */
const table = new FieldTable({
  'soc/total_voltage': first('batteryVoltage'),
  'soc/current': add('batteryCurrent', { by: -1 }),
  'soc/power': add('batteryPower', { by: -1 }),
  'soc/soc_percent': first('stateOfCharge'),
  'soc/capacity': add('batteryCapacity'),
  'meter/total_energy_charge': add('totalBatteryCharge'),
  'meter/total_energy_discharge': add('totalBatteryDischarge'),
  'mosfet_status/capacity_ah': add('remainingCapacity'),
  'temperatures/1': first('batteryTemperature'),
});
const TELLING =
  /^(soc\/(total_voltage|soc_percent)|mosfet_status\/capacity_ah|cell_voltages\/(\d{1,2}|min|max|delta))$/;
const GROUP = /^(soc|mosfet_status|cell_voltages|temperatures|bms|meter|switch|status|cell_voltage_range)$/;

const certain: Recognition = { sureness: 0.9, reason: 'values of a battery management system (batmon, Daly)' };
const learned: Recognition = { sureness: 0.8, reason: 'the topic of a battery management system' };

const pathOf = (message: MessageView) => `${message.tail(1)}/${message.tail(0)}`;

export const dialect: Dialect = {
  name: 'bms',

  recognise(message, context) {
    if (message.looksLikeObject || message.segments.length < 3 || !GROUP.test(message.tail(1))) return null;
    if (TELLING.test(pathOf(message))) return certain;
    return context.memory?.parts.knowsBase('bms', message.base(2)) ? learned : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const path = pathOf(message);
    const pack = message.base(2);
    if (TELLING.test(path)) context.memory?.parts.learnBase('bms', pack);
    const draft = new Draft(context, message.receivedAt);
    const found = table.find(path);
    if (found) draft.take(found.field, message.text, { id: pack, order: 0 });
    return draft.finish(null, true);
  },
};
