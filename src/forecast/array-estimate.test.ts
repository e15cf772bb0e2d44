import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { minutes } from '../core/durations.ts';
import { halfTurn } from '../core/solar/angles.ts';
import { type SyntheticOptions, syntheticRoof } from '../testing/synthetic-roof.ts';
import { type ArrayEstimate, estimateArrays } from './array-estimate.ts';
import { type PowerSeries, powerSeries } from './power-series.ts';
import type { PvSystem } from './pv-system.ts';

const site = { latitude: 47.4, longitude: 8.5, altitudeM: 400 };
const year = { from: Date.UTC(2025, 0, 5), days: 360, stepMs: minutes(30), noise: 0.01 };

const roof = (tiltDeg: number, azimuthDeg: number, more: Partial<PvSystem> = {}): PvSystem => ({
  // Hazier air, brighter ground and another sky model than the estimate takes.
  site: { ...site, linkeTurbidity: 4, albedo: 0.3 },
  arrays: [{ tiltDeg, azimuthDeg, peakW: 6000 }],
  skyModel: 'hay-davies',
  ...more,
});

function estimate(system: PvSystem, options: Partial<SyntheticOptions> = {}): ArrayEstimate {
  const { series } = syntheticRoof(system, { ...year, ...options });
  const found = estimateArrays(series, site);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

describe('tilt, azimuth and peak power from the power history', () => {
  test.each([
    [35, 180],
    [25, 250],
    [45, 120],
  ])('finds a roof of %d degrees that faces %d under clouds, noise and foreign haze', (tiltDeg, azimuthDeg) => {
    const found = estimate(roof(tiltDeg, azimuthDeg));
    expect(Math.abs(found.tiltDeg.value - tiltDeg)).toBeLessThan(7);
    expect(Math.abs(halfTurn(found.azimuthDeg.value - azimuthDeg))).toBeLessThan(12);
    expect(Math.abs(found.peakW.value / 6000 - 1)).toBeLessThan(0.08);
    expect(found.arrays.length).toBe(1);
    expect(found.confidence).toBeGreaterThan(0.7);
    expect(found.clock.suspicion).toBeUndefined();
    expect(found.clipping).toBeUndefined();
  });

  test('says how sure it is: the direction of a nearly flat roof is left open', () => {
    const flat = estimate(roof(5, 200));
    const steep = estimate(roof(40, 200));
    const width = ({ azimuthDeg }: ArrayEstimate) => azimuthDeg.high - azimuthDeg.low;
    expect(flat.tiltDeg.value).toBeLessThan(12);
    expect(width(flat)).toBeGreaterThan(2 * width(steep));
    expect(steep.azimuthDeg.low).toBeLessThan(200);
    expect(steep.azimuthDeg.high).toBeGreaterThan(200);
  });

  test('sees through the shade of trees in the morning', () => {
    const horizon = [
      { azimuthDeg: 70, elevationDeg: 0 },
      { azimuthDeg: 85, elevationDeg: 22 },
      { azimuthDeg: 125, elevationDeg: 18 },
      { azimuthDeg: 135, elevationDeg: 0 },
    ];
    const found = estimate(roof(30, 190, { arrays: [{ tiltDeg: 30, azimuthDeg: 190, peakW: 6000, horizon }] }));
    expect(Math.abs(found.tiltDeg.value - 30)).toBeLessThan(8);
    expect(Math.abs(halfTurn(found.azimuthDeg.value - 190))).toBeLessThan(12);
  });

  test('finds the limit of the inverter, and the panels behind it', () => {
    const found = estimate(roof(30, 180, { inverterLimitW: 3600 }), {
      stepMs: minutes(15),
      clearDays: 0.4,
      noise: 0.002,
    });
    expect(Math.abs((found.clipping?.limitW ?? 0) / 3600 - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.peakW.value / 6000 - 1)).toBeLessThan(0.15);
  });

  test('finds two roofs that face apart', () => {
    const arrays = [
      { tiltDeg: 35, azimuthDeg: 95, peakW: 3500 },
      { tiltDeg: 35, azimuthDeg: 275, peakW: 2500 },
    ];
    const found = estimate(roof(0, 0, { arrays }), { clearDays: 0.4 });
    expect(found.arrays.length).toBe(2);
    const east = found.arrays.find((array) => array.azimuthDeg < 180);
    const west = found.arrays.find((array) => array.azimuthDeg > 180);
    expect(Math.abs((east?.azimuthDeg ?? 0) - 95)).toBeLessThan(20);
    expect(Math.abs((west?.azimuthDeg ?? 0) - 275)).toBeLessThan(20);
    expect(Math.abs(found.peakW.value / 6000 - 1)).toBeLessThan(0.12);
    expect(found.clipping).toBeUndefined();
  });

  test('notices stamps that are an hour ahead, and finds the roof all the same', () => {
    const found = estimate(roof(30, 200), { aheadMin: () => 60 });
    expect(found.clock.aheadMin).toBe(60);
    expect(found.clock.suspicion).toBe('The times of the readings seem to be 1 h ahead.');
    expect(Math.abs(halfTurn(found.azimuthDeg.value - 200))).toBeLessThan(12);
  });

  test('takes the weather where it is known, and then needs no cloudless day', () => {
    const { series, weather } = syntheticRoof(roof(30, 170), { ...year, clearDays: 0 });
    const found = estimateArrays(series, site, {
      weather: (from) => weather[Math.round((from - series.from) / series.stepMs)],
    });
    if (!found.ok) throw new Error(found.error.message);
    expect(found.value.basis).toBe('weather');
    expect(Math.abs(found.value.tiltDeg.value - 30)).toBeLessThan(8);
    expect(Math.abs(halfTurn(found.value.azimuthDeg.value - 170))).toBeLessThan(8);
    expect(Math.abs(found.value.peakW.value / 6000 - 1)).toBeLessThan(0.08);
  });

  test('refuses a history without clear days, too short, or not of the sun', () => {
    const { series } = syntheticRoof(roof(30, 180), { ...year, days: 4 });
    expect(estimateArrays(series, site)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    const wind: PowerSeries = {
      ...series,
      powerW: Array.from({ length: 48 * 200 }, (_, slot) => 1000 + 900 * Math.sin(slot / 7) * Math.cos(slot / 31)),
    };
    expect(estimateArrays(wind, site).ok).toBe(false);
    expect(estimateArrays({ ...series, powerW: [] }, site).ok).toBe(false);
    // Right roof, wrong continent.
    const year2 = syntheticRoof(roof(40, 120), year).series;
    const elsewhere = estimateArrays(year2, { latitude: -40, longitude: 8.5 });
    expect(elsewhere.ok === false || elsewhere.value.confidence < 0.75).toBe(true);
  });
});

const folder = process.env.AMPRA_TEST_DATA;

describe.skipIf(!folder)('real plants', () => {
  /** Plants of PVOD with fixed tilt, 33 degrees to the south by their data sheet. */
  test.each([
    ['station01', 38.18306, 117.45722, 20e6],
    ['station08', 36.70761, 113.9, 20e6],
  ])('%s is found to face south, its tilt to 8 degrees', async (name, latitude, longitude, nameplateW) => {
    const bytes = await Bun.file(join(folder ?? '', 'pv', 'pvod', `${name}.csv.gz`)).arrayBuffer();
    const [head = '', ...lines] = new TextDecoder()
      .decode(Bun.gunzipSync(new Uint8Array(bytes)))
      .trim()
      .split('\n');
    const column = head.split(',').indexOf('power');
    const samples = lines.map((line) => {
      const cells = line.split(',');
      return { time: Date.parse(`${cells[0]?.replace(' ', 'T')}Z`), powerW: Number(cells[column]) * 1e6 };
    });
    const found = estimateArrays(powerSeries(samples, minutes(15)), { latitude, longitude });
    if (!found.ok) throw new Error(found.error.message);
    const { tiltDeg, azimuthDeg, peakW } = found.value;
    expect(Math.abs(tiltDeg.value - 33)).toBeLessThan(8);
    expect(Math.abs(azimuthDeg.value - 180)).toBeLessThan(8);
    expect(peakW.value / nameplateW).toBeWithin(0.85, 1.3);
  });
});
