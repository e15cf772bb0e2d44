import type { Field } from '../field-draft.ts';
import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Anker's Solarbank Max AC over ryckakas/solix-mqtt-bridge: one object (`state`) or one value a topic, W and Wh. After its
 * README: `charge_power_w` is positive while charging, the grid's while importing; what is `raw` has the device's own signs,
 * with a battery that is positive while discharging, and is left to the filtered value beside.
 */
const WH = 0.001;
/** Both forms are sent; what panels give is added up in one of them. */
const ALONE = 2;
const battery: Record<string, Field> = {
  charge_power_w: whole('batteryPower'),
  soc_percent: whole('stateOfCharge'),
  charged_total_wh: whole('totalBatteryCharge', { by: WH }),
  discharged_total_wh: whole('totalBatteryDischarge', { by: WH }),
};
const house: Record<string, Field> = {
  pv_power_w: add('solarPower', { rank: ALONE }),
  third_party_pv_power_w: add('solarPower', { rank: ALONE }),
  home_load_w: whole('loadPower'),
  grid_power_w: whole('gridPower'),
};
const under = (group: string, fields: Record<string, Field>) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [`${group}.${name}`, field]));

export const dialect = namedValues({
  name: 'solix-mqtt-bridge',
  reason: 'names of solix-mqtt-bridge',
  telling: ['third_party_pv_power_w'],
  tellingUnder: { topic: /solix/i, names: Object.keys({ ...battery, ...house }) },
  fields: {
    ...{ ...battery, ...house, ...under('battery', battery), ...under('raw', house) },
    'raw.pv_power_w': add('solarPower'),
    'raw.third_party_pv_power_w': add('solarPower'),
  },
});
