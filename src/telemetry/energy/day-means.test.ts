import { describe, expect, test } from 'bun:test';
import { stepsIn } from '../../core/local-steps.ts';
import { type HousePeriod, housePeriod, noEnergy } from '../house/house-energy.ts';
import { loadOfDays, solarOfDays } from './day-means.ts';

const HOUR = 3_600_000;
const timeZone = 'Europe/Berlin';
/** Three days, the second of 25 hours. */
const range = { from: Date.parse('2026-10-24T00:00:00+02:00'), to: Date.parse('2026-10-27T00:00:00+01:00') };
const buckets = { times: [0, 1, 2].map((i) => range.from + i * 24 * HOUR), bucketMs: 24 * HOUR };
const daysOf = (coverage: number): HousePeriod[] =>
  stepsIn('day', range, timeZone).map((span) =>
    housePeriod(span, [
      {
        source: { id: 'roof', role: 'system' },
        totals: { ...noEnergy, solarKwh: 20, importKwh: 10, exportKwh: 5, coverage },
      },
    ]),
  );

describe('the mean of a day', () => {
  test('of a load that nothing measures is that of what is booked, of 25 hours, too', () => {
    const load = loadOfDays(buckets, daysOf(1), range.to).map((watts) => Math.round(watts ?? 0));
    expect(load).toEqual([1042, 1000, 1042]);
  });

  /** Days of which production is known for so much of each. */
  const sunOnly = (coverages: readonly number[]) =>
    daysOf(1).map((day, i) => {
      const coverage = coverages[i] ?? 1;
      const solar = { from: 'power' as const, powerKwh: 20, bridgedKwh: 0, coverage };
      return { ...day, coverage, origins: { solar } };
    });

  test('of panels whose inverter sleeps by night is that of the whole day', () => {
    const solar = solarOfDays(buckets, [2000, 2000, null], sunOnly([0.41, 0.41, 0.3]), range.to);
    expect(solar.map((watts) => watts && Math.round(watts))).toEqual([833, 800, null]);
  });

  test('of others is that of their readings, also on a day with a gap', () => {
    expect(solarOfDays(buckets, [800, 900, 800], sunOnly([1, 0.5, 1]), range.to)).toEqual([800, 900, 800]);
  });
});
