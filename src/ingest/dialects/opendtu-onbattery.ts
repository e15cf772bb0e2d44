import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * OpenDTU-OnBattery beside its inverters (those are OpenDTU's): `<base>/battery/...`, `<base>/powermeter/...` and
 * `<base>/victron/<serial>/...` of a VE.Direct charger, one plain value a message. After its wiki: battery current is
 * positive while charging, the meter's power while importing, energies in kWh.
 */
const [CHARGER, TOTAL] = [1, 3];

export const dialect = namedValues({
  name: 'opendtu-onbattery',
  reason: 'topics of OpenDTU-OnBattery',
  telling: ['battery.dataAge', 'battery.stateOfCharge', 'battery.stateOfHealth', 'powermeter.powertotal', 'PPV', 'VPV'],
  fields: {
    'battery.stateOfCharge': whole('stateOfCharge'),
    'battery.stateOfHealth': whole('stateOfHealth'),
    'battery.voltage': whole('batteryVoltage'),
    'battery.current': whole('batteryCurrent'),
    'battery.temperature': whole('batteryTemperature'),
    'powermeter.powertotal': whole('gridPower', { rank: TOTAL }),
    'powermeter.power#': add('gridPower'),
    'powermeter.voltage#': first('gridVoltage'),
    'powermeter.import': whole('totalGridImport'),
    'powermeter.export': whole('totalGridExport'),
    PPV: add('solarPower'),
    VPV: first('solarVoltage'),
    H19: add('totalEnergyProduced'),
    H20: add('dailyEnergyProduced'),
    V: first('batteryVoltage', { rank: CHARGER }),
  },
});
