import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, half, whole } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * GivEnergy over GivTCP: `GivEnergy/<serial>/<group>/<group>/<name>`, one plain value a message. Names, units and signs
 * after its docs/DATAPOINTS.md: battery power is positive while discharging, grid power while exporting.
 */
const TOTAL = 3;
const table = new FieldTable({
  'Power/PV_Power': whole('solarPower', { rank: TOTAL }),
  'Power/PV_Power_String_#': add('solarPower'),
  'Power/PV_Voltage_String_#': first('solarVoltage'),
  'Power/PV_Current_String_#': add('solarCurrent'),
  'Power/Grid_Power': whole('gridPower', { by: -1, rank: TOTAL }),
  'Power/Import_Power': half('gridPower', 1),
  'Power/Export_Power': half('gridPower', -1),
  'Power/Grid_Voltage': first('gridVoltage', { rank: 2 }),
  'Power/Grid_Phase#_Voltage': first('gridVoltage'),
  'Power/Grid_Frequency': whole('gridFrequency'),
  'Power/Inverter_Output_Frequency': whole('outputFrequency'),
  'Power/Output_Phase#_Voltage': first('outputVoltage'),
  'Power/Load_Power': whole('loadPower', { rank: TOTAL }),
  'Power/Load_Phase#_Power': add('loadPower'),
  'Power/Battery_Power': whole('batteryPower', { by: -1, rank: TOTAL }),
  'Power/Charge_Power': half('batteryPower', 1),
  'Power/Discharge_Power': half('batteryPower', -1),
  'Power/Battery_Voltage': first('batteryVoltage', { rank: 2 }),
  'Power/SOC': first('stateOfCharge', { rank: 2 }),
  'Today/PV_Energy_Today_kWh': whole('dailyEnergyProduced'),
  'Today/Import_Energy_Today_kWh': whole('dailyGridImport'),
  'Today/Export_Energy_Today_kWh': whole('dailyGridExport'),
  'Today/Load_Energy_Today_kWh': whole('dailyEnergyConsumed'),
  'Total/PV_Energy_Total_kWh': whole('totalEnergyProduced'),
  'Total/Import_Energy_Total_kWh': whole('totalGridImport'),
  'Total/Export_Energy_Total_kWh': whole('totalGridExport'),
  'Total/Load_Energy_Total_kWh': whole('totalEnergyConsumed'),
  'Total/Battery_Charge_Energy_Total_kWh': whole('totalBatteryCharge'),
  'Total/Battery_Discharge_Energy_Total_kWh': whole('totalBatteryDischarge'),
});
const battery = new FieldTable({
  Battery_SOC: first('stateOfCharge'),
  Battery_Voltage: first('batteryVoltage'),
  Battery_Temperature: first('batteryTemperature'),
});
const GROUPS =
  /^(Power\/(Power|Flows|Meters)|Energy\/(Today|Total|Rates)|Battery_Details\/.+|(Control|Timeslots|Stats|Meter_Details|raw)\/.*)$/;

const certain: Recognition = { sureness: 0.95, reason: 'topics of GivTCP' };
const likely: Recognition = { sureness: 0.8, reason: 'groups and values named as GivTCP names them' };

/** What follows the serial number. */
function pathOf(message: MessageView): string | null {
  const { segments } = message;
  const start = segments.findIndex((segment, i) => i > 0 && /^(Power|Energy|Battery_Details)$/.test(segment));
  return start < 0 ? null : segments.slice(start).join('/');
}

export const dialect: Dialect = {
  name: 'givtcp',
  commandTopics: ['GivEnergy/control/#'],

  recognise(message) {
    if (message.looksLikeObject || message.segments.length < 3) return null;
    if (message.segments[0] === 'GivEnergy') return certain;
    const path = pathOf(message);
    if (path === null || !GROUPS.test(path.slice(0, path.lastIndexOf('/')))) return null;
    return table.has(`${message.tail(1)}/${message.tail(0)}`) ? likely : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const [name, group] = [message.tail(0), message.tail(1)];
    if (message.segments.includes('Battery_Details')) battery.take(draft, name, message.text, group);
    else if (name === 'Invertor_Temperature' || name === 'Inverter_Temperature')
      draft.take({ to: 'inverterTemperature' }, message.text);
    else if (group === 'Stats' && name === 'status') draft.text('deviceStatus', message.text);
    else if (group === 'Control' && name === 'Mode') draft.text('operatingMode', message.text);
    else if (GROUPS.test((pathOf(message) ?? '').split('/').slice(0, -1).join('/')))
      table.take(draft, `${group}/${name}`, message.text);
    return draft.finish(null, true);
  },
};
