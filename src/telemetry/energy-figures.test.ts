import { describe, expect, test } from 'bun:test';
import {
  batteryEnergyKwh,
  conversionLosses,
  equivalentFullCycles,
  peakOf,
  performanceRatio,
  recordsOf,
  roundTripEfficiency,
  selfConsumption,
  selfSufficiency,
  specificYield,
} from './energy-figures.ts';
import type { EnergyTotals } from './figures.ts';

const totals = (more: Partial<EnergyTotals>): EnergyTotals => ({
  ...{ solarKwh: null, loadKwh: null, importKwh: null, exportKwh: null, chargeKwh: null, dischargeKwh: null },
  ...{ coverage: 1, ...more },
});

describe('shares', () => {
  test('of the own use and the own supply', () => {
    expect(selfConsumption(20, 5)).toBe(0.75);
    expect(selfSufficiency(10, 4)).toBe(0.6);
    expect(selfSufficiency(10, 12)).toBe(0);
  });
  test('are unknown where a part is, or where there is next to nothing', () => {
    expect(selfConsumption(20, null)).toBeNull();
    expect(selfConsumption(null, 0)).toBeNull();
    expect(selfConsumption(0.01, 0)).toBeNull();
  });
});

describe('a battery', () => {
  test('of 200 Ah at 51.2 V holds 10.24 kWh', () => expect(batteryEnergyKwh(200, 51.2)).toBeCloseTo(10.24, 9));
  test('made as many cycles as it held its capacity', () => {
    expect(equivalentFullCycles(21, 19, 10)).toBe(2);
    expect(equivalentFullCycles(null, 20, 10)).toBe(2);
    expect(equivalentFullCycles(null, null, 10)).toBeNull();
    expect(equivalentFullCycles(1, 1, 0)).toBeNull();
  });
  test('gives back what came out and what is still in it', () => {
    // 10 kWh in, 7 out, and from 20 to 40 % of 10 kWh: 2 more are inside.
    expect(roundTripEfficiency(10, 7, 10, { socStart: 20, socEnd: 40, capacityKwh: 10 })).toBeCloseTo(0.9, 9);
    expect(roundTripEfficiency(10, 11, 10, { socStart: 90, socEnd: 70, capacityKwh: 10 })).toBeCloseTo(0.9, 9);
  });
  test('tells no efficiency of a short time, nor an impossible one', () => {
    expect(roundTripEfficiency(4, 3, 10, { socStart: 20, socEnd: 20, capacityKwh: 10 })).toBeNull();
    expect(roundTripEfficiency(20, 18, 10, null)).toBeNull();
    expect(roundTripEfficiency(60, 54, 10, null)).toBe(0.9);
    expect(roundTripEfficiency(10, 20, 10, { socStart: 50, socEnd: 50, capacityKwh: 10 })).toBeNull();
    expect(roundTripEfficiency(10, null, 10, null)).toBeNull();
  });
});

describe('losses', () => {
  test('are what came in less what went out', () => {
    const day = totals({ solarKwh: 20, importKwh: 5, dischargeKwh: 8, loadKwh: 18, exportKwh: 3, chargeKwh: 10 });
    expect(conversionLosses(day, { hasGrid: true })).toEqual({ kwh: 2, share: 2 / 33 });
    expect(conversionLosses(day, { hasGrid: true, generatorKwh: 1 })?.kwh).toBe(3);
  });
  test('are told of a house without a grid or a battery, too', () => {
    expect(conversionLosses(totals({ solarKwh: 10, loadKwh: 9 }), { hasGrid: false })?.kwh).toBe(1);
  });
  test('are unknown where something is not measured', () => {
    expect(conversionLosses(totals({ solarKwh: 10, loadKwh: 9 }), { hasGrid: true })).toBeNull();
    expect(conversionLosses(totals({ solarKwh: 10 }), { hasGrid: false })).toBeNull();
    expect(conversionLosses(totals({ solarKwh: 10, loadKwh: 9, chargeKwh: 1 }), { hasGrid: false })).toBeNull();
  });
});

describe('yields', () => {
  test('are by the size of the plant', () => {
    expect(specificYield(4000, 5000)).toBe(800);
    expect(specificYield(4000, null)).toBeNull();
    expect(specificYield(4000, 0)).toBeNull();
    expect(specificYield(null, 5000)).toBeNull();
  });
  test('against that of the light are the performance ratio', () => {
    // 5 kWp under 6 kWh/m2 give 30 kWh at standard test conditions; 24 are four fifths.
    expect(performanceRatio(24, 5000, 6)).toBeCloseTo(0.8, 9);
    expect(performanceRatio(24, 5000, null)).toBeNull();
    expect(performanceRatio(24, 5000, 0)).toBeNull();
  });
});

describe('records', () => {
  const day = (period: string, more: Partial<EnergyTotals>) => ({ period, ...totals(more) });
  test('are the best periods that were measured', () => {
    const records = recordsOf([
      day('2026-06-01', { solarKwh: 20, loadKwh: 10, importKwh: 5 }),
      day('2026-06-02', { solarKwh: 25, loadKwh: 12, importKwh: 0 }),
      day('2026-06-03', { solarKwh: 25, loadKwh: 9, importKwh: 1, exportKwh: 0 }),
      day('2026-06-04', { solarKwh: 90, coverage: 0.3 }),
    ]);
    expect(records.mostSolar).toEqual({ period: '2026-06-02', value: 25 });
    expect(records.mostLoad).toEqual({ period: '2026-06-02', value: 12 });
    expect(records.mostImport).toEqual({ period: '2026-06-01', value: 5 });
    expect(records.bestSelfSufficiency).toEqual({ period: '2026-06-02', value: 1 });
    expect(records.mostExport).toBeNull();
  });
  test('count days in a row without buying', () => {
    const own = { solarKwh: 20, loadKwh: 10, importKwh: 0.2 };
    const records = recordsOf([
      day('2026-06-01', own),
      day('2026-06-02', { ...own, importKwh: 5 }),
      day('2026-06-03', own),
      day('2026-06-04', own),
      day('2026-06-05', { ...own, coverage: 0.5 }),
      day('2026-06-06', own),
    ]);
    expect(records.longestOwnSupply).toEqual({ from: '2026-06-03', to: '2026-06-04', days: 2 });
    expect(recordsOf([]).longestOwnSupply).toBeNull();
  });
  test('of a series are its peak and when it was', () => {
    expect(peakOf([1, 2, 3, 4], [null, 7, 9, 9])).toEqual({ time: 3, value: 9 });
    expect(peakOf([1, 2], [null, null])).toBeNull();
  });
});
