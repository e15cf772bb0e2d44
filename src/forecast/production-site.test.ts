import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../core/durations.ts';
import { type MadeUpOptions, madeUpProduction } from '../testing/production.ts';
import { slotsPerDay } from './interval-grid.ts';
import { type ProductionSite, placeOf } from './production-site.ts';

const perth = { latitude: -31.95, longitude: 115.86, utcOffsetH: 8 };
const zurich = { latitude: 47.4, longitude: 8.5, utcOffsetH: 1 };
const boston = { latitude: 42.4, longitude: -71.1, utcOffsetH: -5 };

/** Where a source is taken to be that stands at `truth` and is said to stand at `stated`, its stamps `late` by so much. */
function placed(truth: typeof perth, stated: Partial<ProductionSite>, late = 0, options: MadeUpOptions = {}) {
  const { latitude, longitude } = truth;
  const { data } = madeUpProduction({ days: 60, stepMs: minutes(30), ...options, latitude, longitude });
  const grid = { ...data.grid, from: data.grid.from + late };
  const site = { ...data.site, ...truth, ...stated };
  const { site: found, basis } = placeOf(site, grid, data.powerW, grid.count);
  return { at: [found.latitude, found.longitude].map((angle) => Math.round(10 * angle) / 10), basis };
}

describe('the place of a source', () => {
  test.each([
    ['in the south', perth, {}],
    ['in the north', zurich, {}],
    ['in the north, in winter', zurich, { from: Date.UTC(2025, 10, 15) }],
    ['in the west', boston, {}],
    ['near the polar circle', { latitude: 65, longitude: 25.5, utcOffsetH: 2 }, { from: Date.UTC(2025, 4, 1) }],
  ])('is the given one where its power agrees: %s', (_, place, options) => {
    expect(placed(place, {}, 0, options)).toEqual({
      at: [place.latitude, place.longitude].map((a) => Math.round(10 * a) / 10),
      basis: 'given',
    });
    // Stamps of the end of the interval are no other place.
    expect(placed(place, {}, minutes(30), options).basis).toBe('given');
  });

  test.each([
    ['a latitude of the other half', perth, { latitude: 31.95 }],
    ['a longitude of the other half', perth, { longitude: -115.86 }],
    ['both of the other half', boston, { latitude: -42.4, longitude: 71.1 }],
    ['numbers that are swapped', boston, { latitude: -71.1, longitude: 42.4 }],
  ])('is what is meant by %s', (_, place, stated) => {
    const at = [place.latitude, place.longitude].map((angle) => Math.round(10 * angle) / 10);
    // The days of an equinox are as long on either half.
    expect(placed(place, stated, 0, { from: Date.UTC(2025, 4, 1) })).toEqual({ at, basis: 'mended' });
  });

  test('stands under the sun of the stamps where those are of the local clock', () => {
    expect(placed(perth, {}, hours(8))).toEqual({ at: [-31.9, -4.1], basis: 'mended' });
    expect(placed(boston, {}, hours(-4))).toEqual({ at: [42.4, -11.1], basis: 'mended' });
  });

  test('is seen in the power where the given one is another altogether', () => {
    const { at, basis } = placed(zurich, { latitude: 0, longitude: 150 });
    expect(basis).toBe('learned');
    expect(at[0]).toBeWithin(38, 57);
    expect(at[1]).toBeWithin(4, 13);
  });

  test('is the given one while there is too little to doubt it, and from power that is unknown by then', () => {
    const { data } = madeUpProduction({ days: 60, stepMs: minutes(30) });
    const known = 4 * slotsPerDay(data.grid);
    const spoiled = data.powerW.map((power, index) => (index < known ? power : 5000 - power));
    const stated = { ...data.site, latitude: -47.4 };
    expect(placeOf(stated, data.grid, data.powerW, 3 * slotsPerDay(data.grid)).basis).toBe('given');
    expect(placeOf(stated, data.grid, spoiled, known)).toEqual(placeOf(stated, data.grid, data.powerW, known));
  });
});
