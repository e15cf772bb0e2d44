import type { Field } from '../field-draft.ts';
import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Hoymiles by the names of its cloud (`count_station_real_data`), as scripts send its whole answer on. W, Wh, %; the grid's power is
 * positive while importing, what the battery's sign means nothing says. An add-on that says kWh by the same names wraps them in nothing.
 */
export const dialect = namedValues({
  name: 'hoymiles-cloud',
  reason: 'names of Hoymiles’ cloud',
  telling: ['data.today_eq', 'reflux_station_data.pv_power'],
  fields: {
    ...wrapped('', {
      today_eq: whole('dailyEnergyProduced', { by: 0.001 }),
      total_eq: whole('totalEnergyProduced', { by: 0.001 }),
      real_power: whole('solarPower'),
    }),
    ...wrapped('reflux_station_data.', {
      load_power: whole('loadPower'),
      grid_power: whole('gridPower'),
      bms_soc: whole('stateOfCharge'),
    }),
  },
});

/** Each with and without what the cloud puts around its answers. */
function wrapped(front: string, fields: Record<string, Field>): Record<string, Field> {
  return Object.fromEntries(
    ['', 'data.'].flatMap((around) =>
      Object.entries(fields).map(([name, field]): [string, Field] => [around + front + name, field]),
    ),
  );
}
