import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../core/durations.ts';
import { solarDay } from '../core/solar/day.ts';
import { createPvModel, expectedPvPower } from './expected-power.ts';
import type { PvSystem } from './pv-system.ts';

const site = { latitude: 47.4, longitude: 8.5, altitudeM: 400 };
const south: PvSystem = { site, arrays: [{ tiltDeg: 30, azimuthDeg: 180, peakW: 5000 }] };
const noon = Date.UTC(2026, 5, 21, 11, 30);
const hour = (from: number) => ({ from, to: from + hours(1) });

/** Mean power of each interval of a day [W], and the day's energy [Wh]. */
function day(system: PvSystem, start: number, stepMs: number, weather = {}): { powers: number[]; energyWh: number } {
  const model = createPvModel(system);
  const powers = Array.from({ length: hours(24) / stepMs }, (_, index) => {
    const from = start + index * stepMs;
    return model.expect({ from, to: from + stepMs }, weather).acW;
  });
  return { powers, energyWh: powers.reduce((sum, power) => sum + (power * stepMs) / hours(1), 0) };
}

describe('expected power', () => {
  test('of a clear summer noon is most of the rated power, of a night nothing', () => {
    const { acW, basis, planeWm2 } = expectedPvPower(south, hour(noon));
    expect(basis).toBe('clear');
    expect(planeWm2[0]).toBeWithin(850, 1050);
    expect(acW).toBeWithin(0.62 * 5000, 0.82 * 5000);
    expect(expectedPvPower(south, hour(noon + hours(12))).acW).toBe(0);
  });

  test('takes the radiation it is given before the clear sky, and falls back by what is missing', () => {
    const given = (weather: object) => expectedPvPower(south, hour(noon), weather);
    expect(given({ ghiWm2: 300, dniWm2: 0, dhiWm2: 300 }).basis).toBe('components');
    expect(given({ ghiWm2: 300, dhiWm2: null, dniWm2: Number.NaN }).basis).toBe('global');
    expect(given({ cloudCoverPercent: 100 }).basis).toBe('clouds');
    expect(given({ cloudCoverPercent: 100 }).acW).toBeLessThan(0.4 * given({}).acW);
    expect(given({ ghiWm2: 0 }).acW).toBe(0);
  });

  test('is the same for any subset of components that means the same light', () => {
    const model = createPvModel(south);
    const clear = model.expect(hour(noon));
    const seen = model.sky.over(hour(noon));
    const mean = (value: (m: (typeof seen.moments)[number]) => number) =>
      seen.moments.reduce((sum, moment) => sum + value(moment), 0) / seen.steps;
    const ghiWm2 = mean((m) => m.clear.ghiWm2);
    const dhiWm2 = mean((m) => m.clear.dhiWm2);
    const dniWm2 = mean((m) => m.clear.dniWm2);
    const beamHorizontalWm2 = ghiWm2 - dhiWm2;
    for (const weather of [
      { ghiWm2, dhiWm2 },
      { ghiWm2, dniWm2 },
      { dniWm2, dhiWm2 },
      { ghiWm2, beamHorizontalWm2 },
      { dhiWm2, beamHorizontalWm2 },
    ]) {
      expect(model.expect(hour(noon), weather).acW / clear.acW).toBeCloseTo(1, 2);
    }
  });

  test('of an hour is the mean of its quarters, at sunrise too', () => {
    const sunrise = Math.floor(solarDay(noon, site).sunrise / hours(1)) * hours(1);
    for (const start of [sunrise, sunrise + hours(1), noon]) {
      const whole = expectedPvPower(south, hour(start), { ghiWm2: 40, temperatureC: 10 }).acW;
      const quarters = [0, 1, 2, 3].map((index) => {
        const from = start + index * minutes(15);
        return expectedPvPower(
          south,
          { from, to: from + minutes(15) },
          { ghiWm2: 40, temperatureC: 10, span: hour(start) },
        ).acW;
      });
      expect(quarters.reduce((sum, power) => sum + power, 0) / 4).toBeCloseTo(whole, 6);
      expect(whole).toBeGreaterThan(0);
    }
  });

  test('follows the azimuth: a roof to the east peaks before noon, one to the west after, both together are flatter', () => {
    const start = Date.UTC(2026, 5, 21);
    const roof = (azimuthDeg: number) => ({ tiltDeg: 35, azimuthDeg, peakW: 3000 });
    const peakHour = (system: PvSystem) => {
      const { powers } = day(system, start, minutes(15));
      return powers.indexOf(Math.max(...powers)) / 4;
    };
    const east = { site, arrays: [roof(90)] };
    const west = { site, arrays: [roof(270)] };
    const solarNoon = (solarDay(noon, site).noon - start) / hours(1);
    expect(peakHour(east)).toBeLessThan(solarNoon - 1);
    expect(peakHour(west)).toBeGreaterThan(solarNoon + 1);
    const both = day({ site, arrays: [roof(90), roof(270)] }, start, minutes(15));
    const sum = day(east, start, minutes(15)).energyWh + day(west, start, minutes(15)).energyWh;
    expect(both.energyWh / sum).toBeCloseTo(1, 2);
    expect(Math.max(...both.powers)).toBeLessThan(0.92 * (2 * Math.max(...day(east, start, minutes(15)).powers)));
  });

  test('never exceeds the inverter, and says what would have come without it', () => {
    const clipped = expectedPvPower({ ...south, inverterLimitW: 2500 }, hour(noon));
    expect(clipped.acW).toBe(2500);
    expect(clipped.unlimitedAcW).toBeCloseTo(expectedPvPower(south, hour(noon)).acW, 6);
  });

  test('loses the beam behind a hill in the west, and only there', () => {
    const [array] = south.arrays;
    if (!array) throw new Error('no array');
    const horizon = [
      { azimuthDeg: 225, elevationDeg: 0 },
      { azimuthDeg: 240, elevationDeg: 50 },
      { azimuthDeg: 330, elevationDeg: 50 },
      { azimuthDeg: 345, elevationDeg: 0 },
    ];
    const hill: PvSystem = { site, arrays: [{ ...array, horizon }] };
    const share = (from: number) => expectedPvPower(hill, hour(from)).acW / expectedPvPower(south, hour(from)).acW;
    expect(share(noon - hours(4))).toBeWithin(0.93, 1);
    expect(share(noon + hours(4))).toBeLessThan(0.5);
  });

  test('falls by heat and rises by wind', () => {
    const at = (temperatureC: number, windMs: number) =>
      expectedPvPower(south, hour(noon), { temperatureC, windMs }).acW;
    expect(at(35, 1) / at(15, 1)).toBeWithin(0.88, 0.95);
    expect(at(25, 8)).toBeGreaterThan(at(25, 0));
  });

  test('of the southern half has the panels to the north', () => {
    const sydney = { latitude: -33.9, longitude: 151.2 };
    const roof = (azimuthDeg: number): PvSystem => ({
      site: sydney,
      arrays: [{ tiltDeg: 30, azimuthDeg, peakW: 5000 }],
    });
    const start = Date.UTC(2026, 5, 20, 14);
    expect(day(roof(0), start, hours(1)).energyWh).toBeGreaterThan(2 * day(roof(180), start, hours(1)).energyWh);
  });
});
