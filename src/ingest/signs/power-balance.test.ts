import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { provenSigns } from './power-balance.ts';

const powers = (solar: number | null, load: number | null, grid: number | null, battery: number | null) => ({
  solar,
  load,
  grid,
  battery,
});

describe('the signs of grid and battery', () => {
  test.each([
    ['import and charging positive', powers(2400, 800, -700, 900), { grid: 1, battery: 1 }],
    ['export and discharging positive', powers(2400, 800, 700, -900), { grid: -1, battery: -1 }],
    ['a grid without a battery', powers(3000, 1000, 2000, null), { grid: -1, battery: null }],
    ['at night, from the battery', powers(0, 600, 10, 590), { grid: null, battery: -1 }],
  ] as const)('are proven where the balance holds one way only: %s', (_, said, signs) => {
    expect(provenSigns(said)).toEqual(signs);
  });

  test.each([
    ['nothing flows', powers(500, 500, 0, 0)],
    ['the balance does not hold at all', powers(5000, 300, 200, 100)],
    ['the load is not said', powers(2400, null, -700, 900)],
    ['grid and battery change places', powers(1000, 1000, 500, 500)],
    ['too little flows to tell', powers(600, 580, 20, null)],
  ] as const)('are left open where %s', (_, said) => {
    expect(provenSigns(said)).toEqual({ grid: null, battery: null });
  });

  test('are never proven wrong, whatever the losses within an inverter’s', () => {
    const watts = fc.integer({ min: 0, max: 8000 });
    const sign = fc.constantFrom(1 as const, -1 as const);
    fc.assert(
      fc.property(
        watts,
        fc.integer({ min: -4000, max: 4000 }),
        fc.integer({ min: -4000, max: 4000 }),
        sign,
        sign,
        fc.integer({ min: -30, max: 30 }),
        (solar, gridW, chargeW, g, b, lossW) => {
          const load = solar + gridW - chargeW + lossW;
          if (load < 0) return;
          const signs = provenSigns(powers(solar, load, g * gridW, b * chargeW));
          if (signs.grid !== null) expect(signs.grid).toBe(g);
          if (signs.battery !== null) expect(signs.battery).toBe(b);
        },
      ),
    );
  });
});
