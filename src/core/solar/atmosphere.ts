import { cosDeg } from './angles.ts';

const DAY_MS = 86_400_000;
const SOLAR_CONSTANT_WM2 = 1366.1;

/** Day of the year (UTC) at a moment, 1..366. */
export function dayOfYear(time: number): number {
  const yearStart = Date.UTC(new Date(time).getUTCFullYear(), 0, 1);
  return Math.floor((time - yearStart) / DAY_MS) + 1;
}

/**
 * Irradiance outside the atmosphere on a plane that faces the sun, W/m2 (Spencer, Search 2 (5), 1971, with a solar constant of
 * 1366.1 W/m2). By the day of the year, because the models of this folder were fitted with it.
 */
export function extraterrestrialWm2(day: number, solarConstantWm2 = SOLAR_CONSTANT_WM2): number {
  const angle = (2 * Math.PI * (day - 1)) / 365;
  return (
    solarConstantWm2 *
    (1.00011 +
      0.034221 * Math.cos(angle) +
      0.00128 * Math.sin(angle) +
      0.000719 * Math.cos(2 * angle) +
      7.7e-5 * Math.sin(2 * angle))
  );
}

/** Air passed relative to straight down, by the apparent zenith (Kasten and Young, Applied Optics 28, 1989); NaN below the horizon. */
export function relativeAirMass(apparentZenithDeg: number): number {
  if (apparentZenithDeg > 90) return Number.NaN;
  return 1 / (cosDeg(apparentZenithDeg) + 0.50572 * (96.07995 - apparentZenithDeg) ** -1.6364);
}

/** Pressure of the standard atmosphere at an altitude, Pa (ISO 2533). */
export function pressurePa(altitudeM: number): number {
  return 100 * ((44_331.514 - altitudeM) / 11_880.516) ** (1 / 0.1902632);
}

/** Air mass relative to sea level. */
export function absoluteAirMass(relative: number, pressure: number): number {
  return (relative * pressure) / 101_325;
}
