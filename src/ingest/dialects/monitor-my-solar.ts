import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * LuxPower and EG4 over Monitor My Solar's dongle: `dongle-<address>/inputbank1`, the registers' own names below `payload`.
 * Units after its integration; `Epv_all` is a day's in some firmwares and stays out.
 */
export const dialect = namedValues({
  name: 'monitor-my-solar',
  reason: 'registers of a LuxPower inverter (Monitor My Solar)',
  telling: ['Ptouser', 'Ptogrid', 'Etouser_day', 'Etouser_All'],
  anyDepth: true,
  fields: {
    'Ppv#': add('solarPower'),
    'Vpv#': first('solarVoltage'),
    Pcharge: half('batteryPower', 1),
    Pdischarge: half('batteryPower', -1),
    Ptouser: half('gridPower', 1),
    Ptogrid: half('gridPower', -1),
    SOC: whole('stateOfCharge'),
    SOH: whole('stateOfHealth'),
    Vbat: whole('batteryVoltage'),
    Tbat: whole('batteryTemperature'),
    VacR: whole('gridVoltage'),
    Fac: whole('gridFrequency'),
    VepsR: whole('outputVoltage'),
    Feps: whole('outputFrequency'),
    Vbus1: whole('busVoltage'),
    Tinner: whole('inverterTemperature'),
    'Epv#_day': add('dailyEnergyProduced'),
    'Epv#_All': add('totalEnergyProduced'),
    Etouser_day: whole('dailyGridImport'),
    Etouser_All: whole('totalGridImport'),
    Etogrid_day: whole('dailyGridExport'),
    Etogrid_All: whole('totalGridExport'),
    Echg_All: whole('totalBatteryCharge'),
    Edischg_All: whole('totalBatteryDischarge'),
  },
});
