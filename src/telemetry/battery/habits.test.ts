import { describe, expect, test } from 'bun:test';
import { type BatteryPast, learnHabits } from './habits.ts';

const HOUR = 3_600_000;

/**
 * Two weeks of a battery of 10 kWh, hour by hour, that takes what the sun leaves and gives what the house lacks, down to
 * `floor` percent. `night` is what it does beside that at three in the night, W.
 */
function past({ floor = 12, night = 0, load = 500 } = {}): BatteryPast {
  const capacityWh = 10_000;
  let stored = 5000;
  const hours = Array.from({ length: 14 * 24 }, (_, i) => {
    const hour = i % 24;
    const solar = Math.max(0, 4000 * Math.sin(((hour - 6) / 12) * Math.PI));
    const before = stored;
    const wish = hour === 3 && night !== 0 ? night : solar - load;
    stored = Math.min(capacityWh, Math.max((floor / 100) * capacityWh, stored + wish));
    return { solar, load, power: stored - before, charge: (before + stored) / 2 / 100 };
  });
  return {
    bucketMs: HOUR,
    charge: hours.map(({ charge }) => charge),
    power: hours.map(({ power }) => power),
    solar: hours.map(({ solar }) => solar),
    load: hours.map(({ load: watts }) => watts),
  };
}

describe('what a battery does of late', () => {
  test('tells what fits in, how low it goes, and the most that it takes and gives', () => {
    const habits = learnHabits(past({ load: 900 }));
    expect(habits.capacityKwh).toBeGreaterThan(9);
    expect(habits.capacityKwh).toBeLessThan(11);
    expect(habits.floor).toBeCloseTo(12, 0);
    expect(habits.mostChargeW).toBeGreaterThan(2500);
    expect(habits.mostDischargeW).toBeCloseTo(900, 0);
    expect(habits.followsBalance).toBe(true);
  });

  test('tells no floor of a battery that never came to rest low', () => {
    expect(learnHabits(past({ load: 300 })).floor).toBeNull();
  });

  test('one wild reading is no floor', () => {
    const wild = past({ load: 900 });
    (wild.charge as number[])[20] = 0;
    expect(learnHabits(wild).floor).toBeCloseTo(12, 0);
  });

  test('shows one that is filled from the grid at night, which no balance foretells', () => {
    const shifted = past({ load: 900 });
    const power = shifted.power.map((watts, i) => (i % 24 < 6 ? 1500 : watts));
    expect(learnHabits({ ...shifted, power }).followsBalance).toBe(false);
  });

  test('is not known of a battery that nobody measured', () => {
    const nothing = { bucketMs: HOUR, charge: [], power: [], solar: [], load: [] };
    expect(learnHabits(nothing)).toEqual({
      ...{ capacityKwh: null, floor: null, followsBalance: null, mostChargeW: null, mostDischargeW: null },
    });
    const nulls = Array.from({ length: 300 }, () => null);
    const holes = { bucketMs: HOUR, charge: nulls, power: nulls, solar: nulls, load: nulls };
    expect(learnHabits(holes).capacityKwh).toBeNull();
  });
});
