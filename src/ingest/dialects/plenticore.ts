import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Kostal Plenticore over ioBroker's plenticore adapter: `devices/local/Home_P`, one value a topic. After its documentation:
 * W; `Pv_P` is the sum of the strings, while `Dc_P` holds the battery's share, too. The battery's power and what comes from
 * the grid are left alone: the one's sign is not written down, and `HomeGrid_P` leaves out what charges the battery.
 */
export const dialect = namedValues({
  name: 'plenticore',
  reason: 'states of a Kostal Plenticore',
  sureness: 0.9,
  telling: ['local.Home_P', 'local.Pv_P', 'local.HomePv_P', 'local.HomeGrid_P', 'local.HomeBat_P', 'local.Dc_P'],
  fields: {
    'local.Home_P': whole('loadPower'),
    'local.Pv_P': whole('solarPower'),
    'pv#.P': add('solarPower'),
    'pv#.U': first('solarVoltage'),
    'pv#.I': add('solarCurrent'),
  },
});
