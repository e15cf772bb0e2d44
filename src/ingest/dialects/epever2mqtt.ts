import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * EPEver chargers over softwarecrash/EPEver2MQTT: `<topic>/<device>/LiveData/<name>` and `StatsData`, or everything in one
 * object. After its source: V, A, W, kWh; the battery's current and power are positive while charging.
 */
const fields = {
  SOLAR_V: whole('solarVoltage'),
  SOLAR_A: whole('solarCurrent'),
  SOLAR_W: whole('solarPower'),
  BATT_SOC: whole('stateOfCharge'),
  BATT_V: whole('batteryVoltage'),
  BATT_A: whole('batteryCurrent'),
  BATT_W: whole('batteryPower'),
  BATT_TEMP: whole('batteryTemperature'),
  LOAD_V: whole('outputVoltage'),
  LOAD_A: whole('outputCurrent'),
  LOAD_W: whole('loadPower'),
  DEVICE_TEMP: whole('inverterTemperature'),
  GEN_DAY: whole('dailyEnergyProduced'),
  GEN_TOT: whole('totalEnergyProduced'),
  CONS_DAY: whole('dailyEnergyConsumed'),
  CONS_TOT: whole('totalEnergyConsumed'),
  BATTERY_CAPACITY: whole('batteryCapacity'),
};
const ELSEWHERE = new Set(['DEVICE_TEMP', 'BATTERY_CAPACITY']);
const own = Object.keys(fields).filter((name) => !ELSEWHERE.has(name));

export const dialect = namedValues({
  name: 'epever2mqtt',
  reason: 'names of EPEver2MQTT',
  sureness: 0.95,
  anyDepth: true,
  telling: [...own, 'DeviceData.BATTERY_CAPACITY', 'LiveData.DEVICE_TEMP'],
  fields,
});
