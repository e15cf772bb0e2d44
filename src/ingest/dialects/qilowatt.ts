import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Qilowatt's readings of a hybrid inverter (`Q/<id>/SENSOR`): what flows at the grid as Tasmota's `ENERGY`, the rest under `METRICS`; phases,
 * trackers and batteries are lists. What is bought is positive; no document says which way a battery's power counts. After its public
 * Node-RED flow.
 */
export const dialect = namedValues({
  name: 'qilowatt',
  reason: 'an inverter’s metrics for Qilowatt',
  telling: ['METRICS.PvPower.0', 'METRICS.BatterySOC'],
  sureness: 0.98,
  fields: {
    'ENERGY.Power.#': add('gridPower'),
    'ENERGY.Current.#': add('gridCurrent'),
    'ENERGY.Voltage.#': first('gridVoltage'),
    'ENERGY.Frequency': whole('gridFrequency'),
    'METRICS.PvPower.#': add('solarPower'),
    'METRICS.PvVoltage.#': first('solarVoltage'),
    'METRICS.PvCurrent.#': add('solarCurrent'),
    'METRICS.LoadPower.#': add('loadPower'),
    'METRICS.LoadCurrent.#': add('outputCurrent'),
    'METRICS.BatterySOC': whole('stateOfCharge'),
    'METRICS.BatteryVoltage.#': first('batteryVoltage'),
    'METRICS.BatteryTemperature.#': first('batteryTemperature'),
    'METRICS.InverterTemperature': whole('inverterTemperature'),
  },
  readMore: () => {},
  time: 'Time',
});
