import { numberOf } from '../field-draft.ts';
import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

const USED_TODAY = whole('dailyEnergyConsumed');

/**
 * Selectronic's SP PRO by its select.live (`/cgi-bin/solarmonweb/devices/<id>/point`), passed on as it is: energies are called
 * Wh and are kWh; the battery's power is positive when it discharges. After neerolyte/selpi and other readers of it.
 */
export const dialect = namedValues({
  name: 'selectronic',
  reason: "names of Selectronic's select.live",
  telling: ['solarinverter_w', 'battery_in_wh_total'],
  atLeast: 3,
  anyDepth: true,
  fields: {
    battery_soc: whole('stateOfCharge'),
    battery_w: whole('batteryPower', { by: -1 }),
    battery_in_wh_total: whole('totalBatteryCharge'),
    battery_out_wh_total: whole('totalBatteryDischarge'),
    solarinverter_w: add('solarPower'),
    shunt_w: add('solarPower'),
    solar_wh_today: whole('dailyEnergyProduced'),
    solar_wh_total: whole('totalEnergyProduced'),
    load_w: whole('loadPower'),
    load_wh_total: whole('totalEnergyConsumed'),
    grid_w: whole('gridPower'),
    grid_in_wh_today: whole('dailyGridImport'),
    grid_in_wh_total: whole('totalGridImport'),
    grid_out_wh_today: whole('dailyGridExport'),
    grid_out_wh_total: whole('totalGridExport'),
  },
  readMore(draft, { byPath }) {
    const named = (name: string) => [...byPath].find(([path]) => path === name || path.endsWith(`.${name}`))?.[1];
    const [today, total] = [numberOf(named('load_wh_today')), numberOf(named('load_wh_total'))];
    // One of its readers says this alone in Wh.
    if (today !== null && total !== null && today <= total) draft.take(USED_TODAY, today);
  },
});
