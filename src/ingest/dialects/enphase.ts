import type { Field } from '../field-draft.ts';
import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';
import type { Leaves } from '../payload/message-view.ts';

/**
 * Enphase IQ gateways over vk2him/Enphase-Envoy-mqtt-json and its like, which send on what the gateway answers: the list of
 * its meters (first the production's, then that at the grid), `production`, `net-consumption` and `total-consumption` by
 * phase, the live status in mW, or `/api/v1/production`. Energies in Wh; power at the grid is positive while importing, a
 * battery's while discharging.
 */
const [MILLI, WH] = [0.001, 0.001];
const phases = ['ph-a', 'ph-b', 'ph-c'];
const byPhase = (group: string, name: string, field: ReturnType<typeof add>) =>
  Object.fromEntries(phases.map((phase) => [`${group}.${phase}.${name}`, field]));

/** Of `ivp/pdm/energy`. */
const production = (meter: string, rank: number) => ({
  [`production.${meter}.wattsNow`]: whole('solarPower', { rank }),
  [`production.${meter}.wattHoursToday`]: whole('dailyEnergyProduced', { by: WH, rank }),
  [`production.${meter}.wattHoursLifetime`]: whole('totalEnergyProduced', { by: WH, rank }),
});

const listed = (path: string, { now, total }: Record<'now' | 'total', Field>) => ({
  [`${path}.wNow`]: now,
  [`${path}.whLifetime`]: total,
});

/** What a clamp that is not there or not switched on counts; its other values are noise or nought, beside what the inverters say. */
const COUNTERS = ['whLifetime', 'wattHoursLifetime'];

function isAbsent(path: string, { byPath }: Leaves): boolean {
  const meter = path.slice(0, path.lastIndexOf('.') + 1);
  if (meter === '') return false;
  return byPath.get(`${meter}activeCount`) === 0 || COUNTERS.some((counter) => byPath.get(meter + counter) === 0);
}

export const dialect = namedValues({
  name: 'enphase',
  reason: 'an answer of an Enphase gateway',
  telling: [
    'actEnergyDlvd',
    'wattHoursLifetime',
    'whLifetime',
    'agg_p_mw',
    'net-consumption.ph-a.p',
    'production.ph-a.p',
  ],
  isAbsent,
  fields: {
    '0.activePower': whole('solarPower'),
    '0.voltage': whole('gridVoltage'),
    '0.freq': whole('gridFrequency'),
    '0.actEnergyDlvd': whole('totalEnergyProduced', { by: WH }),
    '1.activePower': whole('gridPower'),
    '1.actEnergyDlvd': whole('totalGridImport', { by: WH }),
    '1.actEnergyRcvd': whole('totalGridExport', { by: WH }),
    ...byPhase('production', 'p', add('solarPower')),
    ...byPhase('net-consumption', 'p', add('gridPower')),
    ...byPhase('total-consumption', 'p', add('loadPower')),
    'net-consumption.ph-a.v': whole('gridVoltage'),
    'net-consumption.ph-a.f': whole('gridFrequency'),
    'meters.soc': whole('stateOfCharge'),
    'meters.pv.agg_p_mw': whole('solarPower', { by: MILLI }),
    'meters.storage.agg_p_mw': whole('batteryPower', { by: -MILLI }),
    'meters.grid.agg_p_mw': whole('gridPower', { by: MILLI }),
    'meters.load.agg_p_mw': whole('loadPower', { by: MILLI }),
    // What the gateway's own meter counted outranks what the inverters said; both are the same panels.
    ...production('pcu', 1),
    ...production('eim', 2),
    'consumption.eim.wattsNow': whole('loadPower'),
    'consumption.eim.wattHoursToday': whole('dailyEnergyConsumed', { by: WH }),
    'consumption.eim.wattHoursLifetime': whole('totalEnergyConsumed', { by: WH }),
    // `production.json`: lists, first what the inverters said, then the gateway's own meter.
    ...listed('production.0', {
      now: whole('solarPower', { rank: 1 }),
      total: whole('totalEnergyProduced', { by: WH, rank: 1 }),
    }),
    ...listed('production.1', { now: whole('solarPower'), total: whole('totalEnergyProduced', { by: WH }) }),
    'production.1.whToday': whole('dailyEnergyProduced', { by: WH }),
    'production.1.rmsVoltage': whole('gridVoltage'),
    ...listed('consumption.0', { now: whole('loadPower'), total: whole('totalEnergyConsumed', { by: WH }) }),
    'consumption.0.whToday': whole('dailyEnergyConsumed', { by: WH }),
    'consumption.1.wNow': whole('gridPower'),
    wattsNow: whole('solarPower'),
    wattHoursToday: whole('dailyEnergyProduced', { by: WH }),
    wattHoursLifetime: whole('totalEnergyProduced', { by: WH }),
  },
});
