import { cosDeg } from './angles.ts';
import type { SolarSite } from './place.ts';

/** Light on a horizontal plane and towards the sun, W/m2. */
export interface Irradiance {
  /** Global, on a horizontal plane. */
  ghiWm2: number;
  /** Beam, on a plane that faces the sun. */
  dniWm2: number;
  /** Diffuse, on a horizontal plane. */
  dhiWm2: number;
}

export interface ClearSkyInput {
  apparentZenithDeg: number;
  /** Relative to sea level (`absoluteAirMass`). */
  airMass: number;
  linkeTurbidity: number;
  altitudeM: number;
  extraterrestrialWm2: number;
}

/**
 * Light of a cloudless sky (Ineichen and Perez, Solar Energy 73 (3), 2002; the beam of a very clear sky bounded as in
 * Perez et al., Solar Energy 73 (5), 2002). Zero when the sun is down.
 */
export function ineichenClearSky(input: ClearSkyInput): Irradiance {
  const cosZenith = Math.max(0, cosDeg(input.apparentZenithDeg));
  if (cosZenith === 0 || Number.isNaN(input.airMass)) return { ghiWm2: 0, dniWm2: 0, dhiWm2: 0 };
  const { altitudeM, linkeTurbidity, airMass } = input;
  const lowHaze = Math.exp(-altitudeM / 8000);
  const highHaze = Math.exp(-altitudeM / 1250);
  const gain = 5.09e-5 * altitudeM + 0.868;
  const decay = 3.92e-5 * altitudeM + 0.0387;
  const ghiWm2 =
    gain *
    input.extraterrestrialWm2 *
    cosZenith *
    Math.exp(-decay * airMass * (lowHaze + highHaze * (linkeTurbidity - 1)));
  const beam = (0.664 + 0.163 / lowHaze) * input.extraterrestrialWm2 * Math.exp(-0.09 * airMass * (linkeTurbidity - 1));
  const beamLimit = (ghiWm2 * (1 - (0.1 - 0.2 * Math.exp(-linkeTurbidity)) / (0.1 + 0.882 / lowHaze))) / cosZenith;
  const dniWm2 = Math.min(beam, Math.max(0, beamLimit));
  return { ghiWm2, dniWm2, dhiWm2: ghiWm2 - dniWm2 * cosZenith };
}

/** Global irradiance of a cloudless sky from the sun's height alone, W/m2 (Haurwitz, Journal of Meteorology 2, 1945). */
export function haurwitzGhiWm2(apparentZenithDeg: number): number {
  const cosZenith = cosDeg(apparentZenithDeg);
  return cosZenith > 0 ? 1098 * cosZenith * Math.exp(-0.059 / cosZenith) : 0;
}

/**
 * Linke turbidity of a site in a month (0..11). Its own where given; else the course that mid-latitude sites show in the
 * worldwide maps of Remund et al. (ISES 2003), clearest in winter, haziest in summer, turned round on the southern half.
 */
export function linkeTurbidity(site: SolarSite, month: number): number {
  const own = site.linkeTurbidity;
  if (typeof own === 'number') return own;
  const listed = own?.[month];
  if (listed !== undefined) return listed;
  const tropics = Math.abs(site.latitude) < 23.5;
  if (tropics) return 4;
  const season = Math.cos((2 * Math.PI * (month - (site.latitude < 0 ? 0 : 6))) / 12);
  return 3.2 + 0.5 * season;
}
