import { describe, expect, test } from 'bun:test';
import type { EnergyTotals } from '../figures.ts';
import { summariseEnergy } from '../house/house.ts';
import { sumUp } from './energy-bars.ts';

const nothing: EnergyTotals = {
  solarKwh: null,
  loadKwh: null,
  importKwh: null,
  exportKwh: null,
  chargeKwh: null,
  dischargeKwh: null,
  coverage: 0,
};
const day = (totals: Partial<EnergyTotals>) => summariseEnergy({ ...nothing, ...totals }, true);

describe('the sum of bars', () => {
  test('adds what is known, and is unknown where nothing is', () => {
    const sum = sumUp([day({ solarKwh: 2, coverage: 1 }), day({ solarKwh: 3, coverage: 1 }), day({})], true, {
      coverage: 0.9,
    });
    expect(sum.coverage).toBe(0.9);
    expect(sum.solarKwh).toBe(5);
    expect(sum.importKwh).toBeNull();
  });

  test('works shares out of the sums, not of the shares of the days', () => {
    const sum = sumUp(
      [
        day({ solarKwh: 1, loadKwh: 1, importKwh: 1, exportKwh: 0, coverage: 1 }),
        day({ solarKwh: 9, loadKwh: 9, importKwh: 0, exportKwh: 5, coverage: 1 }),
      ],
      true,
      { coverage: 1 },
    );
    expect(sum.selfSufficiency).toBeCloseTo(0.9, 9);
    expect(sum.selfConsumption).toBeCloseTo(0.5, 9);
  });

  test('says that the load was worked out when it was on any day', () => {
    const worked = day({ solarKwh: 4, importKwh: 1, exportKwh: 2, coverage: 1 });
    expect(sumUp([worked, day({ loadKwh: 3, coverage: 1 })], true, { coverage: 1 })).toMatchObject({
      isLoadDerived: true,
      loadKwh: 6,
    });
  });
});
