import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { FieldTable, half, whole } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Voltronic and Axpert inverters over ned-kelly/docker-voltronic-homeassistant and its kin:
 * `homeassistant/sensor/<device>_<name>`, one plain value a message, without a level `state`. Names after its
 * push_to_mqtt.sh and lavron/docker-voltronic-mqtt; `Battery_capacity` is the state of charge, `PV_in_watthour` and
 * `Load_watthour` count since the container's start.
 */
const table = new FieldTable({
  ac_grid_voltage: whole('gridVoltage'),
  grid_voltage: whole('gridVoltage'),
  ac_grid_frequency: whole('gridFrequency'),
  grid_frequency: whole('gridFrequency'),
  ac_out_voltage: whole('outputVoltage'),
  ac_out_frequency: whole('outputFrequency'),
  pv_in_voltage: whole('solarVoltage'),
  pv_input_voltage: whole('solarVoltage'),
  pv_in_current: whole('solarCurrent'),
  pv_input_current: whole('solarCurrent'),
  pv_in_watts: whole('solarPower'),
  pv_input_watt: whole('solarPower'),
  load_pct: whole('loadPercentage'),
  output_load_percent: whole('loadPercentage'),
  load_watt: whole('loadPower'),
  output_load_watt: whole('loadPower'),
  load_va: whole('apparentPower'),
  output_load_va: whole('apparentPower'),
  bus_voltage: whole('busVoltage'),
  heatsink_temperature: whole('inverterTemperature'),
  battery_capacity: whole('stateOfCharge'),
  battery_voltage: whole('batteryVoltage'),
  battery_charge_current: half('batteryCurrent', 1),
  battery_discharge_current: half('batteryCurrent', -1),
});
const NAME =
  /^([a-z0-9-]+)_((?:ac_grid|ac_out|grid|pv_in|pv_input|load|output_load|bus|heatsink|battery|scc|inverter_mode|pcb|warnings|max|out|charger|output|current|over|buzzer)(?:_.*)?)$/i;
const TELLING =
  /^(ac_(grid|out)_(voltage|frequency)|pv_in_\w+|pv_input_watt|load_(pct|watt|va|watthour)|output_load_\w+|heatsink_temperature)$/;

const likely: Recognition = { sureness: 0.85, reason: 'values of a Voltronic inverter without a level "state"' };

function nameOf(message: MessageView): { device: string; name: string } | null {
  if (message.segments.length !== 3 || message.segments[1] !== 'sensor') return null;
  const [, device, name] = NAME.exec(message.tail(0)) ?? [];
  return device !== undefined && name !== undefined ? { device, name: name.toLowerCase() } : null;
}

export const dialect: Dialect = {
  name: 'voltronic',

  recognise(message, context) {
    const found = message.looksLikeObject ? null : nameOf(message);
    if (found === null) return null;
    if (TELLING.test(found.name)) return likely;
    return context.memory?.parts.knowsBase('voltronic', found.device) ? likely : null;
  },

  interpret(message, context) {
    const found = nameOf(message);
    if (found === null || message.text === null) return nothingMeasured();
    if (TELLING.test(found.name)) context.memory?.parts.learnBase('voltronic', found.device);
    const draft = new Draft(context, message.receivedAt);
    table.take(draft, found.name, message.text);
    return draft.finish(null, true);
  },
};
