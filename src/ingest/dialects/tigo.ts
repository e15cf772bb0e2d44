import { first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Tigo's optimisers by taptap-mqtt: one object of all modules (`nodes`) and of all of them together (`stats.overall`). W; its energies are in
 * joules or in kWh, by its version, and are left alone. What each module and string gives is in the whole. After the program's source and its issues.
 */
export const dialect = namedValues({
  name: 'tigo',
  reason: 'modules behind Tigo’s optimisers, by taptap-mqtt',
  telling: ['stats.overall.power.sum'],
  atLeast: 1,
  fields: { 'stats.overall.power.sum': whole('solarPower'), 'stats.overall.voltage_in.avg': first('solarVoltage') },
  readMore: () => {},
});
