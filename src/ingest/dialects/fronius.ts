import { first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Fronius inverters by the names of their Solar API (GetPowerFlowRealtimeData, GetInverterRealtimeData), sent on as one
 * object or one value a topic. Powers in W, energies in Wh. `P_Grid` is positive while importing, `P_Akku` while
 * discharging, `P_Load` negative while anything is used.
 */
const WH = 0.001;
const SITE = 3;

export const dialect = namedValues({
  name: 'fronius',
  reason: 'names of the Fronius Solar API',
  telling: ['rel_Autonomy', 'rel_SelfConsumption', 'DAY_ENERGY', 'Site.P_PV', 'Site.P_Grid', 'PowerReal_P_Sum'],
  tellingUnder: { topic: /fronius|symo|gen24/i, names: ['P_PV', 'P_Grid', 'P_Akku', 'P_Load', 'Temperature_Cell'] },
  anyDepth: true,
  fields: {
    P_PV: whole('solarPower'),
    P_Grid: whole('gridPower'),
    P_Akku: whole('batteryPower', { by: -1 }),
    P_Load: whole('loadPower', { by: -1 }),
    SOC: first('stateOfCharge'),
    Temperature_Cell: first('batteryTemperature'),
    'Site.E_Day': whole('dailyEnergyProduced', { by: WH, rank: SITE }),
    'Site.E_Total': whole('totalEnergyProduced', { by: WH, rank: SITE }),
    E_Day: whole('dailyEnergyProduced', { by: WH }),
    E_Total: whole('totalEnergyProduced', { by: WH }),
    'PAC.Value': whole('solarPower', { rank: 1 }),
    'UAC.Value': whole('gridVoltage'),
    'FAC.Value': whole('gridFrequency'),
    'UDC.Value': whole('solarVoltage'),
    'IDC.Value': whole('solarCurrent'),
    'DAY_ENERGY.Value': whole('dailyEnergyProduced', { by: WH }),
    // A smart meter at the grid (GetMeterRealtimeData).
    PowerReal_P_Sum: whole('gridPower'),
    EnergyReal_WAC_Sum_Consumed: whole('totalGridImport', { by: WH }),
    EnergyReal_WAC_Sum_Produced: whole('totalGridExport', { by: WH }),
    Frequency_Phase_Average: whole('gridFrequency'),
    Voltage_AC_Phase_1: first('gridVoltage'),
    'TOTAL_ENERGY.Value': whole('totalEnergyProduced', { by: WH }),
  },
});
