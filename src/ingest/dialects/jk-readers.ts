import { first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * JK battery management systems by the names of jblance/mpp-solar's protocol jk02, which many readers over Bluetooth took
 * over: one object or one value a topic, in small letters or capitals. Current is positive while charging; the power has no
 * sign, and is left alone. Capacities in Ah.
 */
const written = (name: string): string[] => [name, name.replace(/(^|_)[a-z]/g, (letter) => letter.toUpperCase())];
const both = <T>(fields: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, field]) => written(name).map((one) => [one, field])));

export const dialect = namedValues({
  name: 'jk-readers',
  reason: 'names of a reader of JK batteries',
  telling: [...written('percent_remain'), ...written('capacity_remain')],
  fields: both({
    battery_voltage: whole('batteryVoltage'),
    battery_current: whole('batteryCurrent'),
    charge_current: whole('batteryCurrent', { rank: 1 }),
    percent_remain: whole('stateOfCharge'),
    capacity_remain: whole('remainingCapacity'),
    nominal_capacity: whole('batteryCapacity'),
    'battery_t#': first('batteryTemperature'),
  }),
});
