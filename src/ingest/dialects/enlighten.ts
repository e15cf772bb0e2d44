import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Enphase by the names of Enlighten's API (a system's `summary`): one object or one value a topic, W and Wh. */
export const dialect = namedValues({
  name: 'enlighten',
  reason: 'names of Enphase’s Enlighten',
  telling: ['energy_lifetime', 'last_interval_end_at'],
  fields: {
    current_power: whole('solarPower'),
    energy_today: whole('dailyEnergyProduced', { by: 0.001 }),
    energy_lifetime: whole('totalEnergyProduced', { by: 0.001 }),
  },
});
