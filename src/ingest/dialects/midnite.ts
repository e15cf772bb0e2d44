import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Midnite Classic charge controllers over ClassicMQTT (graham22): one object of readings, in V, A, W, kWh and Ah. After its README. */
export const dialect = namedValues({
  name: 'midnite',
  reason: 'readings of a Midnite Classic',
  telling: ['WhizbangBatCurrent', 'NetAmpHours', 'VbattRegSetPTmpComp'],
  fields: {
    BatVoltage: whole('batteryVoltage'),
    BatTemperature: whole('batteryTemperature'),
    WhizbangBatCurrent: whole('batteryCurrent', { rank: 3 }),
    PVVoltage: whole('solarVoltage'),
    PVCurrent: whole('solarCurrent'),
    Power: whole('solarPower'),
    SOC: whole('stateOfCharge'),
    EnergyToday: whole('dailyEnergyProduced'),
    TotalEnergy: whole('totalEnergyProduced'),
    TotalAmpHours: whole('batteryCapacity'),
    RemainingAmpHours: whole('remainingCapacity'),
    FETTemperature: whole('inverterTemperature'),
  },
});
