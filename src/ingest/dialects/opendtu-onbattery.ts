import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * OpenDTU-OnBattery beside its inverters (those are OpenDTU's): `<base>/battery/...`, `<base>/powermeter/...` and
 * `<base>/victron/<serial>/...` of a VE.Direct charger, one plain value a message. After its wiki: battery current is
 * positive while charging, the meter's power while importing, energies in kWh. JK and JBD batteries are published by the
 * labels of their data points, with the unit in the name.
 */
const [CHARGER, TOTAL] = [1, 3];

/** Those of its board and of how it is made are no measurement of the battery. */
const LABELS = [
  ...['BatteryVoltageMilliVolt', 'BatteryCurrentMilliAmps', 'BatterySoCPercent', 'BatteryTempOneCelsius'],
  ...['BatteryTempTwoCelsius', 'BmsTempCelsius', 'BatteryTemperatureSensorAmount', 'ActualBatteryCapacityAmpHours'],
  ...['CellMinMilliVolt', 'CellAvgMilliVolt', 'CellMaxMilliVolt', 'CellDiffMilliVolt'],
].map((label) => `battery.${label}`);

const beside = namedValues({
  name: 'opendtu-onbattery',
  reason: 'topics of OpenDTU-OnBattery',
  telling: ['battery.dataAge', 'battery.stateOfCharge', 'battery.stateOfHealth', 'powermeter.powertotal', ...LABELS],
  fields: {
    'battery.stateOfCharge': whole('stateOfCharge'),
    'battery.stateOfHealth': whole('stateOfHealth'),
    'battery.voltage': whole('batteryVoltage'),
    'battery.current': whole('batteryCurrent'),
    'battery.temperature': whole('batteryTemperature'),
    'battery.BatteryVoltageMilliVolt': whole('batteryVoltage', { by: 0.001 }),
    'battery.BatteryCurrentMilliAmps': whole('batteryCurrent', { by: 0.001 }),
    'battery.BatterySoCPercent': whole('stateOfCharge'),
    'battery.BatteryTempOneCelsius': whole('batteryTemperature'),
    'battery.ActualBatteryCapacityAmpHours': whole('batteryCapacity'),
    'powermeter.powertotal': whole('gridPower', { rank: TOTAL }),
    'powermeter.power#': add('gridPower'),
    'powermeter.voltage#': first('gridVoltage'),
    'powermeter.import': whole('totalGridImport'),
    'powermeter.export': whole('totalGridExport'),
  },
});
const charger = new FieldTable({
  PPV: add('solarPower'),
  VPV: first('solarVoltage'),
  H19: add('totalEnergyProduced'),
  H20: add('dailyEnergyProduced'),
  V: first('batteryVoltage', { rank: CHARGER }),
});
/** VE.Direct labels are in capitals; others put words below `victron`, too. */
const LABEL = /^[A-Z][A-Z0-9]*$/;
const certain: Recognition = { sureness: 0.9, reason: 'a VE.Direct charger at an OpenDTU-OnBattery' };

export const dialect: Dialect = {
  name: 'opendtu-onbattery',

  recognise(message, context) {
    // One plain value a message: an object with a battery is somebody else's.
    if (message.looksLikeObject) return null;
    return message.tail(2) === 'victron' && LABEL.test(message.tail(0)) ? certain : beside.recognise(message, context);
  },

  interpret(message, context) {
    if (message.tail(2) !== 'victron' || !LABEL.test(message.tail(0))) return beside.interpret(message, context);
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const found = charger.find(message.tail(0));
    if (found) draft.take(found.field, message.text, { id: message.tail(1), order: 0 });
    return draft.finish(null, true);
  },
};
