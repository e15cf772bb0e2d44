import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Fox ESS by the variables of its cloud, one object or one value a topic. Powers in kW, energies in kWh; flows are split
 * into two variables that are never negative.
 */
const KW = 1000;

export const dialect = namedValues({
  name: 'foxess',
  reason: 'variables of a Fox ESS inverter',
  telling: ['gridConsumptionPower', 'batChargePower', 'batDischargePower', 'loadsPower'],
  fields: {
    pvPower: whole('solarPower', { by: KW, rank: 3 }),
    'pv#Power': add('solarPower', { by: KW }),
    'pv#Volt': first('solarVoltage'),
    'pv#Current': add('solarCurrent'),
    loadsPower: whole('loadPower', { by: KW }),
    gridConsumptionPower: half('gridPower', 1, { by: KW }),
    feedinPower: half('gridPower', -1, { by: KW }),
    batChargePower: half('batteryPower', 1, { by: KW }),
    batDischargePower: half('batteryPower', -1, { by: KW }),
    SoC: whole('stateOfCharge'),
    batVolt: whole('batteryVoltage'),
    batTemperature: whole('batteryTemperature'),
    RVolt: whole('gridVoltage'),
    RFreq: whole('gridFrequency'),
    invTemperation: whole('inverterTemperature'),
    todayYield: whole('dailyEnergyProduced'),
    PVEnergyTotal: whole('totalEnergyProduced'),
    feedin: whole('totalGridExport'),
    gridConsumption: whole('totalGridImport'),
    loads: whole('totalEnergyConsumed'),
    chargeEnergyToTal: whole('totalBatteryCharge'),
    dischargeEnergyToTal: whole('totalBatteryDischarge'),
  },
});
