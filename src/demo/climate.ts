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

/** Share of the clear sky's light that clouds let through, 0..1: whole grey days, passing fronts, single clouds. */
export function cloudTransmission(timeMs: number): number {
  const day = smoothNoise(timeMs, hours(31), 11);
  const front = smoothNoise(timeMs, hours(3), 12);
  const cloud = smoothNoise(timeMs, minutes(7), 13);
  const cover = Math.min(1, Math.max(0, 1.5 * day + 0.5 * front - 0.75));
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

/**
 * Power of a panel plane [W]. Clear-sky irradiance after Haurwitz (J. Meteorology 2, 1945), split into 82 % beam and 18 %
 * diffuse light; panels lose 0.4 % per kelvin above 25 degC. Good enough to look at, not meant as a forecast.
 */
export function panelPowerW(timeMs: number, place: SunPlace, plane: PanelPlane): number {
  const sun = positionFrom(sunAt(timeMs), timeMs, place);
  if (sun.zenithDeg >= 89.5) return 0;
  const global = haurwitzGhiWm2(sun.zenithDeg) * cloudTransmission(timeMs);
  const incidence = incidenceCosine(sun, plane.tiltDeg, plane.azimuthDeg);
  const beam = (0.82 * global * Math.max(0, incidence)) / Math.max(0.1, cosDeg(sun.zenithDeg));
  const onPlane = Math.min(1200, beam + 0.18 * global);
  const cellTemperature = airTemperature(timeMs, place) + onPlane * 0.03;
  return Math.max(0, plane.peakW * (onPlane / 1000) * (1 - 0.004 * (cellTemperature - 25)) * 0.93);
}
