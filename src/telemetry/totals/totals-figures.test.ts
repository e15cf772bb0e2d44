import { describe, expect, test } from 'bun:test';
import { fullCycles, lossesOf, roundTrip, specificYield } from './totals-figures.ts';

/** The reckoning of one month, worked out by hand. */
const month = {
  solarKwh: 400,
  loadKwh: 380,
  importKwh: 100,
  exportKwh: 90,
  chargeKwh: 200,
  dischargeKwh: 182,
  isLoadDerived: false,
};
const battery = { capacityKwh: 10, storedKwh: 2 };
const facts = { hasGrid: true, hasGenerator: false, battery };

describe('what follows from a month', () => {
  test('full cycles are what was taken out over what fits in', () => {
    expect(fullCycles(month, battery)).toBeCloseTo(18.2);
    expect(fullCycles(month, { capacityKwh: null, storedKwh: null })).toBeNull();
  });

  test('the round trip leaves out what the battery holds more than before', () => {
    expect(roundTrip(month, battery)).toBeCloseTo(182 / 198);
    expect(roundTrip(month, { capacityKwh: null, storedKwh: null })).toBeCloseTo(0.91);
    expect(roundTrip({ chargeKwh: 12, dischargeKwh: 4 }, battery)).toBeNull();
  });

  test('losses are what came in and was neither used nor sold nor stored', () => {
    const losses = lossesOf(month, facts);
    expect(losses?.kwh).toBeCloseTo(400 + 100 - 90 - 380 - 2);
    expect(losses?.share).toBeCloseTo(28 / 500);
  });

  test('losses are not known where the load is the balance itself, with a generator, or for a moment of a battery', () => {
    expect(lossesOf({ ...month, isLoadDerived: true }, facts)).toBeNull();
    expect(lossesOf(month, { ...facts, hasGenerator: true })).toBeNull();
    const unknown = { capacityKwh: null, storedKwh: null };
    expect(lossesOf({ ...month, solarKwh: 20, importKwh: 0 }, { ...facts, battery: unknown })).toBeNull();
    expect(
      lossesOf({ ...month, chargeKwh: null, solarKwh: 20, importKwh: 0, exportKwh: 0, loadKwh: 19 }, facts)?.kwh,
    ).toBe(-1);
    expect(lossesOf({ ...month, importKwh: null }, facts)).toBeNull();
    expect(lossesOf({ ...month, importKwh: null, exportKwh: null }, { ...facts, hasGrid: false })?.kwh).toBe(18);
  });

  test('the specific yield counts a roof that came later for its own days, and leaves out what has no peak power', () => {
    const days = Array.from({ length: 10 }, (_, i) => ({
      shares: { solar: { roof: 20, shed: 1, ...(i < 5 ? {} : { barn: 8 }) } },
    }));
    const found = specificYield(days, [
      { id: 'roof', installedCapacityW: 5000 },
      { id: 'barn', installedCapacityW: 2000 },
      { id: 'shed', installedCapacityW: null },
      { id: 'meter', installedCapacityW: 9000 },
    ]);
    expect(found?.installedKwp).toBeCloseTo(6);
    expect(found?.kwhPerKwp).toBeCloseTo(240 / 6);
    expect(found?.withoutPeak).toEqual(['shed']);
    expect(specificYield(days, [])).toBeNull();
  });
});
