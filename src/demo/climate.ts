import { hours, minutes } from '../core/durations.ts';
import { cosDeg } from '../core/solar/angles.ts';
import { haurwitzGhiWm2 } from '../core/solar/clear-sky.ts';
import { createEphemeris } from '../core/solar/ephemeris.ts';
import type { SunPlace } from '../core/solar/place.ts';
import { incidenceCosine, positionFrom } from '../core/solar/position.ts';
import { smoothNoise } from './noise.ts';

const sunAt = createEphemeris();

export interface PanelPlane {
  /** Degrees from horizontal. */
  tiltDeg: number;
  /** Degrees from north, clockwise. */
  azimuthDeg: number;
  /** Rated power, W. */
  peakW: number;
}

/** Share of the sky that clouds hide, 0..1: whole grey days and passing fronts. */
export function cloudCover(timeMs: number): number {
  const day = smoothNoise(timeMs, hours(31), 11);
  const front = smoothNoise(timeMs, hours(3), 12);
  return Math.min(1, Math.max(0, 1.3 * day + 0.7 * front - 0.62));
}

/** Share of the clear sky's light that such clouds let through, 0..1; single clouds come and go. */
export function cloudTransmission(timeMs: number, cover = cloudCover(timeMs)): number {
  const cloud = smoothNoise(timeMs, minutes(7), 13);
  const broken = cover > 0.12 && cover < 0.8 && cloud > 0.55 ? 0.35 * (cloud - 0.55) : 0;
  return Math.max(0.08, 1 - 0.78 * cover - broken);
}

/** Air temperature, degC: a year, a day, and weather. */
export function airTemperature(timeMs: number, place: SunPlace): number {
  const yearShare = ((timeMs / hours(24)) % 365.25) / 365.25;
  const dayShare = (timeMs / hours(24) + place.longitude / 360) % 1;
  const season = -8 * Math.cos(2 * Math.PI * (yearShare - 0.05)) * Math.sign(place.latitude);
  const daily = -4 * Math.cos(2 * Math.PI * (dayShare - 0.12));
  return 15 + season + daily + 6 * (smoothNoise(timeMs, hours(40), 14) - 0.5);
}

/** Global light, and the beam of it towards the sun, W/m2. */
export interface Light {
  globalWm2: number;
  beamWm2: number;
}

/** Share of the global light that comes as a beam. */
const BEAM_SHARE = 0.82;
export const DIFFUSE_SHARE = 1 - BEAM_SHARE;

/** Light under clouds of `cover`: a clear sky after Haurwitz (J. Meteorology 2, 1945), 82 % of it beam and 18 % diffuse. */
export function lightAt(timeMs: number, place: SunPlace, cover = cloudCover(timeMs)): Light {
  const { zenithDeg } = positionFrom(sunAt(timeMs), timeMs, place);
  if (zenithDeg >= 89.5) return { globalWm2: 0, beamWm2: 0 };
  const globalWm2 = haurwitzGhiWm2(zenithDeg) * cloudTransmission(timeMs, cover);
  return { globalWm2, beamWm2: (BEAM_SHARE * globalWm2) / Math.max(0.1, cosDeg(zenithDeg)) };
}

/** Power of a panel plane [W]; panels lose 0.4 % per kelvin above 25 degC. Good enough to look at, not meant as a forecast. */
export function panelPowerW(timeMs: number, place: SunPlace, plane: PanelPlane): number {
  const { globalWm2, beamWm2 } = lightAt(timeMs, place);
  if (globalWm2 === 0) return 0;
  const sun = positionFrom(sunAt(timeMs), timeMs, place);
  const incidence = incidenceCosine(sun, plane.tiltDeg, plane.azimuthDeg);
  const onPlane = Math.min(1200, beamWm2 * Math.max(0, incidence) + DIFFUSE_SHARE * globalWm2);
  const cellTemperature = airTemperature(timeMs, place) + onPlane * 0.03;
  return Math.max(0, plane.peakW * (onPlane / 1000) * (1 - 0.004 * (cellTemperature - 25)) * 0.93);
}
