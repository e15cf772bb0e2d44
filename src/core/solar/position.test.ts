import { describe, expect, test } from 'bun:test';
import { ineichenClearSky } from './clear-sky.ts';
import { createEphemeris, sunCoordinates } from './ephemeris.ts';
import { createSunTracker, sunPosition } from './position.ts';

/** Worked example of NREL/TP-560-34302 (Reda and Andreas), table A5.1: the figures are published with the algorithm. */
const time = Date.parse('2003-10-17T12:30:30-07:00');
const place = { latitude: 39.742476, longitude: -105.1786 };
const air = { pressurePa: 82_000, temperatureC: 11 };

describe('the position of the sun', () => {
  test('agrees with the worked example of the Solar Position Algorithm to 0.002 degrees', () => {
    const sun = sunPosition(time, place, air);
    expect(Math.abs(sun.apparentZenithDeg - 50.11162)).toBeLessThan(0.002);
    expect(Math.abs(sun.zenithDeg - (90 - 39.872046))).toBeLessThan(0.002);
    expect(Math.abs(sun.azimuthDeg - 194.34024)).toBeLessThan(0.002);
    const { declinationDeg, distanceAu, equationOfTimeMin } = sunCoordinates(time);
    expect(Math.abs(declinationDeg - -9.31434)).toBeLessThan(0.001);
    expect(Math.abs(distanceAu - 0.9965422974)).toBeLessThan(0.00002);
    expect(Math.abs(equationOfTimeMin - 14.641503)).toBeLessThan(0.005);
  });

  test('is the same read off between six-hourly values, in any order of times', () => {
    const track = createSunTracker(place, air);
    const ephemeris = createEphemeris();
    for (let index = 0; index < 500; index++) {
      const at = time + (index % 2 === 0 ? index : -index) * 7_777_777;
      expect(Math.abs(track(at).zenithDeg - sunPosition(at, place, air).zenithDeg)).toBeLessThan(0.001);
      expect(Math.abs(ephemeris(at).equationOfTimeMin - sunCoordinates(at).equationOfTimeMin)).toBeLessThan(0.002);
    }
  });

  test('stands in the north at noon on the southern half and goes round clockwise on the northern', () => {
    const south = sunPosition(Date.UTC(2026, 0, 15, 2), { latitude: -33.9, longitude: 151.2 });
    expect(Math.min(south.azimuthDeg, 360 - south.azimuthDeg)).toBeLessThan(30);
    const morning = sunPosition(Date.UTC(2026, 2, 20, 8), { latitude: 50, longitude: 0 });
    expect(morning.azimuthDeg).toBeWithin(90, 180);
  });

  test('gives no clear-sky light when the sun is down', () => {
    const night = { airMass: Number.NaN, linkeTurbidity: 3, altitudeM: 0, extraterrestrialWm2: 1361 };
    expect(ineichenClearSky({ ...night, apparentZenithDeg: 95 })).toEqual({ ghiWm2: 0, dniWm2: 0, dhiWm2: 0 });
  });
});
