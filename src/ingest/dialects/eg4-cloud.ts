import type { NumericMetric } from '../../core/metrics.ts';
import type { Draft } from '../field-draft.ts';
import { half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';
import type { Leaves } from '../payload/message-view.ts';
import { numberOf } from '../payload/written-number.ts';

/**
 * EG4 and LuxPower by their cloud, whose answers some send on as they came: powers in W, voltages and energies in tenths.
 * Names after joyfulhouse/pylxpweb. Who has scaled them already is known by fractions, and by a frequency in Hz; then they are left alone.
 */
const TENTH = 0.1;
const LEAST_RAW_HZ = 1000;
const VOLTS: readonly [string, NumericMetric][] = [
  ['vpv1', 'solarVoltage'],
  ['vBat', 'batteryVoltage'],
  ['vacr', 'gridVoltage'],
  ['vepsr', 'outputVoltage'],
];
const ENERGIES: readonly [string, NumericMetric][] = [
  ['todayYielding', 'dailyEnergyProduced'],
  ['totalYielding', 'totalEnergyProduced'],
  ['totalCharging', 'totalBatteryCharge'],
  ['totalDischarging', 'totalBatteryDischarge'],
  ['todayImport', 'dailyGridImport'],
  ['totalImport', 'totalGridImport'],
  ['todayExport', 'dailyGridExport'],
  ['totalExport', 'totalGridExport'],
  ['todayUsage', 'dailyEnergyConsumed'],
  ['totalUsage', 'totalEnergyConsumed'],
];

/** Registers are whole numbers. */
function takeTenths(draft: Draft, { byPath }: Leaves, names: readonly [string, NumericMetric][]): void {
  const isFraction = ([name]: readonly [string, NumericMetric]) => (numberOf(byPath.get(name)) ?? 0) % 1 !== 0;
  if (names.some(isFraction)) return;
  for (const [name, to] of names) draft.take(whole(to, { by: TENTH }), byPath.get(name));
}

export const dialect = namedValues({
  name: 'eg4-cloud',
  reason: 'names of the EG4 and LuxPower cloud',
  telling: ['tinner', 'pDisCharge', 'todayYielding', 'totalYielding'],
  atLeast: 0,
  fields: {
    soc: whole('stateOfCharge'),
    ppv: whole('solarPower'),
    pCharge: half('batteryPower', 1),
    pDisCharge: half('batteryPower', -1),
    pToUser: half('gridPower', 1),
    pToGrid: half('gridPower', -1),
    fac: whole('gridFrequency'),
    tinner: whole('inverterTemperature'),
    tBat: whole('batteryTemperature'),
  },
  readMore(draft, leaves) {
    if ((numberOf(leaves.byPath.get('fac')) ?? 0) > LEAST_RAW_HZ) takeTenths(draft, leaves, VOLTS);
    takeTenths(draft, leaves, ENERGIES);
  },
});
