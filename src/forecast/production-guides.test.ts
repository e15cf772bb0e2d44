import { describe, expect, test } from 'bun:test';
import { productionGuides } from './production-guides.ts';

const HOUR = 3_600_000;
/** A day by the hour: the clear sky's power, and a forecast of two thirds of it. */
const clearW = Float64Array.from({ length: 24 }, (_, hour) =>
  Math.max(0, 1000 * Math.sin(((hour - 6) * Math.PI) / 12)),
);
const blendW = clearW.map((watts) => (2 / 3) * watts);
const grid = { from: 0, stepMs: HOUR, count: 24 };
const guidesOf = (powerW: Float64Array) => productionGuides({ grid, powerW, clearW, blendW, scaleW: 1000 });

describe('what the last hours of sun say', () => {
  test('is that it stays as bright, in proportion to the sun that goes down', () => {
    const guides = guidesOf(clearW.map((watts) => watts / 3));
    for (const watts of guides.at(15, 13)) expect(watts).toBeCloseTo((clearW[15] ?? 0) / 3, 6);
  });

  test('at dawn is no more than what was missed then: little light says little of much', () => {
    const guides = guidesOf(clearW.map((watts) => watts / 3));
    const missedW = (blendW[7] ?? 0) - (clearW[7] ?? 0) / 3;
    for (const watts of guides.at(11, 8)) expect((blendW[11] ?? 0) - watts).toBeCloseTo(missedW, 6);
  });

  test('is nothing by night, after a gap, and never what is still to come', () => {
    const guides = guidesOf(clearW.map((watts, hour) => (hour < 12 ? Number.NaN : watts / 2)));
    expect(guides.at(12, 12).every(Number.isNaN)).toBe(true);
    expect(guides.at(6, 5).every(Number.isNaN)).toBe(true);
    const known = Float64Array.from({ length: 24 }, (_, hour) => (hour < 12 ? (clearW[hour] ?? 0) / 2 : Number.NaN));
    expect(guidesOf(known).at(14, 12)).toEqual(guidesOf(clearW.map((watts) => watts / 2)).at(14, 12));
  });
});
