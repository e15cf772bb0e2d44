import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { computeFlows, type FlowName, loadFromBalance, type NodePowers, ownShare } from './flows.ts';

const none: NodePowers = { solar: null, load: null, grid: null, battery: null, generator: null };
const moving = (powers: Partial<NodePowers>): Partial<Record<FlowName, number>> =>
  Object.fromEntries(Object.entries(computeFlows({ ...none, ...powers }).lines).filter(([, watts]) => watts > 0));

describe('which power goes where', () => {
  test('the sun feeds the house first, then the battery, then the grid', () => {
    expect(moving({ solar: 5000, load: 1200, battery: 2500, grid: -1300 })).toEqual({
      solarToLoad: 1200,
      solarToBattery: 2500,
      solarToGrid: 1300,
    });
  });

  test('at night the battery feeds the house and the grid fills the rest', () => {
    expect(moving({ solar: 0, load: 3000, battery: -2000, grid: 1000 })).toEqual({
      batteryToLoad: 2000,
      gridToLoad: 1000,
    });
  });

  test('a cheap night charges the battery from the grid', () => {
    expect(moving({ solar: 0, load: 400, battery: 3000, grid: 3400 })).toEqual({
      gridToLoad: 400,
      gridToBattery: 3000,
    });
  });

  test('the battery may sell', () => {
    expect(moving({ load: 500, battery: -3000, grid: -2500 })).toEqual({ batteryToLoad: 500, batteryToGrid: 2500 });
  });

  test('a generator feeds house and battery', () => {
    expect(moving({ generator: 2000, load: 800, battery: 1200 })).toEqual({
      generatorToLoad: 800,
      generatorToBattery: 1200,
    });
  });

  test('the noise of a meter draws no line', () => {
    expect(moving({ solar: 3, load: 300, grid: 305, battery: -4 })).toEqual({ gridToLoad: 300 });
  });

  test('with an unknown load what is left of the supply goes into the house', () => {
    expect(moving({ solar: 2000, battery: 500 })).toEqual({ solarToLoad: 1500, solarToBattery: 500 });
  });
});

describe('what does not add up', () => {
  test('losses are a positive residual, an unmeasured supply a negative one', () => {
    expect(computeFlows({ ...none, solar: 1000, load: 900, grid: 0, battery: 0 }).residualW).toBe(100);
    expect(computeFlows({ ...none, solar: 100, load: 900, grid: 0, battery: 0 }).residualW).toBe(-800);
  });

  test('is unknown when the load is', () => {
    expect(computeFlows({ ...none, solar: 1000 }).residualW).toBeNull();
    expect(computeFlows({ ...none, load: 1000 }).residualW).toBeNull();
  });

  test('no line is ever negative, and each node gives and takes at most what it measures', () => {
    const power = fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: null });
    const signed = fc.option(fc.integer({ min: -20_000, max: 20_000 }), { nil: null });
    const powers = fc.record({ solar: power, load: power, grid: signed, battery: signed, generator: power });
    fc.assert(
      fc.property(powers, (p) => {
        const { lines, residualW } = computeFlows(p);
        const given = Object.values(lines).reduce((a, b) => a + b, 0);
        const supply = (p.solar ?? 0) + (p.generator ?? 0) + Math.max(0, p.grid ?? 0) + Math.max(0, -(p.battery ?? 0));
        return (
          Object.values(lines).every((watts) => watts >= 0) &&
          given <= supply &&
          (residualW === null || Number.isFinite(residualW))
        );
      }),
    );
  });
});

describe('what is worked out', () => {
  test('the load follows from solar and the meter at the grid', () => {
    expect(loadFromBalance({ ...none, solar: 2000, grid: -500 })).toBe(1500);
    expect(loadFromBalance({ ...none, solar: 0, grid: 700, battery: -300 })).toBe(1000);
    expect(loadFromBalance({ ...none, solar: 2000, grid: -2200 })).toBe(0);
  });

  test('is not guessed without a meter at the grid, and never replaces a measurement', () => {
    expect(loadFromBalance({ ...none, solar: 2000, battery: 100 })).toBeNull();
    expect(loadFromBalance({ ...none, solar: 2000, grid: 0, load: 10 })).toBeNull();
  });

  test('the own share counts sun and battery', () => {
    expect(ownShare(computeFlows({ ...none, solar: 600, load: 1000, grid: 400 }))).toBeCloseTo(0.6);
    expect(ownShare(computeFlows({ ...none, solar: 600 }))).toBe(1);
    expect(ownShare(computeFlows(none))).toBeNull();
  });
});
