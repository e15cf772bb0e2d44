import { describe, expect, test } from 'bun:test';
import type { MetricName } from '../../core/metrics.ts';
import type { SourceRole } from '../../sources/source.ts';
import type { EnergyPeriod } from '../figures.ts';
import { type SourceDays, unheardOf } from './house-silence.ts';

const DAY = 86_400_000;
const span = { from: 10 * DAY, to: 11 * DAY };
const nothing = {
  solarKwh: null,
  loadKwh: null,
  importKwh: null,
  exportKwh: null,
  chargeKwh: null,
  dischargeKwh: null,
};

type Said = Partial<EnergyPeriod> | null;
/** What a source said on the 9th, 10th and 11th day; null for nothing. */
function source(id: string, role: SourceRole, said: [Said, Said, Said], more: Partial<SourceDays> = {}): SourceDays {
  const periods = said.map(
    (one, i): EnergyPeriod => ({ period: `${9 + i}`, origins: {}, ...nothing, coverage: one ? 1 : 0, ...one }),
  );
  return { source: { id, role }, periods, life: { from: 0, to: 20 * DAY }, metrics: [], ...more };
}
const unheardAt = (now: number, ...given: SourceDays[]): boolean => unheardOf(given, 1, span, now).length > 0;
const unheard = (...given: SourceDays[]): boolean => unheardAt(20 * DAY, ...given);
const sun = { solarKwh: 5 };
const grid = { importKwh: 2, exportKwh: 1 };

describe('a day on which a source was not heard at all', () => {
  test('is not all known where the others of its role only add to it', () => {
    expect(unheard(source('east', 'solar', [sun, null, sun]), source('west', 'solar', [sun, sun, sun]))).toBe(true);
    expect(unheard(source('east', 'system', [sun, null, sun]), source('west', 'system', [sun, sun, sun]))).toBe(true);
    expect(unheard(source('east', 'solar', [sun, sun, sun]), source('west', 'solar', [sun, sun, sun]))).toBe(false);
  });

  test('is known where those stand in that see the whole house', () => {
    const inverter = source('inverter', 'system', [
      { ...sun, ...grid },
      { ...sun, ...grid },
      { ...sun, ...grid },
    ]);
    expect(unheard(inverter, source('meter', 'grid', [grid, null, grid]))).toBe(false);
  });

  test('is not all known where it alone measures something', () => {
    const load = { loadKwh: 8, ...grid };
    expect(unheard(source('inverter', 'system', [load, null, load]), source('meter', 'grid', [grid, grid, grid]))).toBe(
      true,
    );
    // What it measures besides, the meter measures, too.
    expect(unheard(source('inverter', 'system', [grid, null, grid]), source('meter', 'grid', [grid, grid, grid]))).toBe(
      false,
    );
  });

  test('is as known as ever before it came and after it went', () => {
    const came = { life: { from: 10.5 * DAY, to: 20 * DAY } };
    const went = { life: { from: 0, to: 10.5 * DAY } };
    for (const more of [came, went, { life: null }])
      expect(unheard(source('east', 'solar', [sun, null, sun], more), source('west', 'solar', [sun, sun, sun]))).toBe(
        false,
      );
  });

  test('is missed from one that is not switched off and does not come back, once the day is over', () => {
    const gone = (isActive: boolean) => ({
      ...source('east', 'solar', [sun, null, null], { life: { from: 0, to: 9.8 * DAY } }),
      source: { id: 'east', role: 'solar' as const, isActive },
    });
    const west = source('west', 'solar', [sun, sun, sun]);
    expect(unheard(gone(true), west)).toBe(true);
    expect(unheard(gone(false), west)).toBe(false);
    expect(unheardAt(10.5 * DAY, gone(true), west)).toBe(false);
  });

  test('is missed on the day on which it broke off, where it said nothing of an energy any more', () => {
    const gone = (isActive: boolean) => ({
      ...source('east', 'solar', [sun, { loadKwh: 1 }, null], { life: { from: 0, to: 10.2 * DAY } }),
      source: { id: 'east', role: 'solar' as const, isActive },
    });
    const west = source('west', 'solar', [sun, sun, sun]);
    expect(unheard(gone(true), west)).toBe(true);
    expect(unheard(gone(false), west)).toBe(false);
    expect(unheardAt(10.5 * DAY, gone(true), west)).toBe(false);
  });

  test('is told by what it ever reported where it was silent all along', () => {
    const metrics: MetricName[] = ['totalEnergyProduced'];
    const west = source('west', 'solar', [sun, sun, sun]);
    expect(unheard(source('east', 'solar', [null, null, null], { metrics }), west)).toBe(true);
    expect(unheard(source('fridge', 'load', [null, null, null], { metrics: ['loadPower'] }), west)).toBe(true);
    expect(unheard(source('east', 'solar', [null, null, null], { metrics: ['batteryVoltage'] }), west)).toBe(false);
  });
});
