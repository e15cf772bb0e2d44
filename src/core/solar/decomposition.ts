import { cosDeg } from './angles.ts';
import { extraterrestrialWm2 } from './atmosphere.ts';
import type { Irradiance } from './clear-sky.ts';

/**
 * Global irradiance split into beam and diffuse. Inputs: global irradiance [W/m2], true zenith [deg], day of the year.
 * Beyond a zenith of 87 deg all light counts as diffuse, because the quotient by its cosine means nothing there.
 */
const MAX_ZENITH_DEG = 87;
const MIN_COSINE = 0.065;

/** Share of the light outside the atmosphere that arrives, 0..1. */
export function clearnessIndex(ghiWm2: number, zenithDeg: number, extraterrestrial: number): number {
  const horizontal = extraterrestrial * Math.max(cosDeg(zenithDeg), MIN_COSINE);
  return Math.min(1, Math.max(0, ghiWm2 / horizontal));
}

/** Diffuse share of the global irradiance by clearness (Erbs, Klein and Duffie, Solar Energy 28 (4), 1982). */
export function erbsDiffuseShare(clearness: number): number {
  const k = clearness;
  if (k <= 0.22) return 1 - 0.09 * k;
  if (k > 0.8) return 0.165;
  return 0.9511 - 0.1604 * k + 4.388 * k ** 2 - 16.638 * k ** 3 + 12.336 * k ** 4;
}

/** The same after Orgill and Hollands, Solar Energy 19 (4), 1977. */
export function orgillHollandsDiffuseShare(clearness: number): number {
  if (clearness < 0.35) return 1 - 0.249 * clearness;
  return clearness <= 0.75 ? 1.557 - 1.84 * clearness : 0.177;
}

export function erbs(ghiWm2: number, zenithDeg: number, day: number): Irradiance {
  return split(ghiWm2, zenithDeg, erbsDiffuseShare(clearnessIndex(ghiWm2, zenithDeg, extraterrestrialWm2(day))));
}

export function orgillHollands(ghiWm2: number, zenithDeg: number, day: number): Irradiance {
  const clearness = clearnessIndex(ghiWm2, zenithDeg, extraterrestrialWm2(day));
  return split(ghiWm2, zenithDeg, orgillHollandsDiffuseShare(clearness));
}

function split(ghiWm2: number, zenithDeg: number, diffuseShare: number): Irradiance {
  const dhiWm2 = diffuseShare * ghiWm2;
  const dniWm2 = (ghiWm2 - dhiWm2) / cosDeg(zenithDeg);
  if (zenithDeg > MAX_ZENITH_DEG || ghiWm2 < 0 || dniWm2 < 0) return { ghiWm2, dniWm2: 0, dhiWm2: ghiWm2 };
  return { ghiWm2, dniWm2, dhiWm2 };
}

/** Beam irradiance after the DISC model (Maxwell, SERI/TR-215-3087, 1987), W/m2, at sea level unless a pressure is given. */
export function discDniWm2(ghiWm2: number, zenithDeg: number, day: number, pressure = 101_325): number {
  if (zenithDeg > MAX_ZENITH_DEG || ghiWm2 <= 0) return 0;
  const extraterrestrial = extraterrestrialWm2(day, 1370);
  const k = clearnessIndex(ghiWm2, zenithDeg, extraterrestrial);
  const relative = 1 / (cosDeg(zenithDeg) + 0.15 * (93.885 - zenithDeg) ** -1.253);
  const m = Math.min(12, (relative * pressure) / 101_325);
  const cloudy = k <= 0.6;
  const a = cloudy
    ? 0.512 - 1.56 * k + 2.286 * k ** 2 - 2.222 * k ** 3
    : -5.743 + 21.77 * k - 27.49 * k ** 2 + 11.56 * k ** 3;
  const b = cloudy ? 0.37 + 0.962 * k : 41.4 - 118.5 * k + 66.05 * k ** 2 + 31.9 * k ** 3;
  const c = cloudy ? -0.28 + 0.932 * k - 2.048 * k ** 2 : -47.01 + 184.2 * k - 222 * k ** 2 + 73.81 * k ** 3;
  const clear = 0.866 - 0.122 * m + 0.0121 * m ** 2 - 0.000653 * m ** 3 + 1.4e-5 * m ** 4;
  return Math.max(0, extraterrestrial * (clear - (a + b * Math.exp(c * m))));
}

/** Share of the clear sky's global irradiance under a cloud cover of 0..100 % (Kasten and Czeplak, Solar Energy 24 (2), 1980). */
export function cloudTransmission(cloudCoverPercent: number): number {
  const cover = Math.min(1, Math.max(0, cloudCoverPercent / 100));
  return 1 - 0.75 * cover ** 3.4;
}
