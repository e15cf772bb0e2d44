import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first } from '../field-table.ts';

/**
 * JK battery management systems over jkbms2mqtt: `<pack>/SOC_percentage` and so on, one plain value a message with its unit in
 * the name. After its entity reference: current and power are negative while discharging. Several packs are added; what is
 * under `control` are settings.
 */
const table = new FieldTable({
  Total_Voltage_V: first('batteryVoltage'),
  Total_Current_A: add('batteryCurrent'),
  Total_Power_W: add('batteryPower'),
  SOC_percentage: first('stateOfCharge'),
  SOH_percentage: first('stateOfHealth'),
  Remaining_Capacity_Ah: add('remainingCapacity'),
  Battery_Capacity_Ah: add('batteryCapacity'),
  Probe_1_temp: first('batteryTemperature'),
});
const TELLING = /^(SO[CH]_percentage|Remaining_Capacity_Ah|Battery_Capacity_Ah|Cycle_Capacity_Ah|Cell_\d+_(volt|ohm))$/;
/** What the bridge calls its packs. */
const PACK = /^BMS_\d+$/;

const certain: Recognition = { sureness: 0.85, reason: 'values of a JK battery (jkbms2mqtt)' };
const learned: Recognition = { sureness: 0.8, reason: 'the topic of a JK battery (jkbms2mqtt)' };

export const dialect: Dialect = {
  name: 'jkbms2mqtt',

  recognise(message, context) {
    if (message.looksLikeObject || message.segments.length < 2) return null;
    const name = message.tail(0);
    if (TELLING.test(name)) return certain;
    if (table.has(name) && PACK.test(message.tail(1))) return learned;
    return table.has(name) && context.memory?.parts.knowsBase('jkbms2mqtt', message.base(1)) ? learned : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const [name, pack] = [message.tail(0), message.base(1)];
    if (TELLING.test(name)) context.memory?.parts.learnBase('jkbms2mqtt', pack);
    const draft = new Draft(context, message.receivedAt);
    const found = table.find(name);
    if (found) draft.take(found.field, message.text, { id: pack, order: Number(/\d+$/.exec(pack)?.[0] ?? 0) });
    return draft.finish(null, true);
  },
};
