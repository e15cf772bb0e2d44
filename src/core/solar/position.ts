import { acosDeg, asinDeg, cosDeg, halfTurn, RAD, sinDeg, tanDeg } from './angles.ts';
import { createEphemeris, type SunCoordinates, sunCoordinates } from './ephemeris.ts';
import type { SunPlace } from './place.ts';

export interface SunPosition {
  /** Angle from straight up to the sun's centre, without refraction, degrees. */
  zenithDeg: number;
  /** The same as the eye sees it, lifted by refraction, degrees. Equal to `zenithDeg` when the sun is down. */
  apparentZenithDeg: number;
  /** From north, clockwise, 0..360 degrees. */
  azimuthDeg: number;
}

/** Air at the place, for refraction. */
export interface Air {
  pressurePa: number;
  temperatureC: number;
}

const DAY_MS = 86_400_000;
const MEAN_AIR: Air = { pressurePa: 101_325, temperatureC: 12 };
/** Below this true elevation no refraction is added: half the sun's disc and the refraction at the horizon (the report, A.3). */
const DOWN_DEG = -(0.26667 + 0.5667);

/** The sun seen from a place, for known coordinates of it (NREL/TP-560-34302, sections 3.8 to 3.14). */
export function positionFrom(sun: SunCoordinates, time: number, place: SunPlace, air: Air = MEAN_AIR): SunPosition {
  const hourAngleDeg = hourAngle(sun, time, place.longitude);
  const sinLatitude = sinDeg(place.latitude);
  const cosLatitude = cosDeg(place.latitude);
  const cosHour = cosDeg(hourAngleDeg);
  const sinDeclination = sinDeg(sun.declinationDeg);
  const cosDeclination = cosDeg(sun.declinationDeg);
  const geocentric = asinDeg(sinLatitude * sinDeclination + cosLatitude * cosDeclination * cosHour);
  // Seen from the surface instead of the centre the sun is lower by its parallax, 8.794" at 1 au.
  const elevationDeg = geocentric - (8.794 / 3600 / sun.distanceAu) * cosDeg(geocentric);
  const azimuthDeg =
    Math.atan2(
      cosDeclination * sinDeg(hourAngleDeg),
      cosDeclination * cosHour * sinLatitude - sinDeclination * cosLatitude,
    ) /
      RAD +
    180;
  return {
    zenithDeg: 90 - elevationDeg,
    apparentZenithDeg: 90 - elevationDeg - refractionDeg(elevationDeg, air),
    azimuthDeg: azimuthDeg >= 360 ? azimuthDeg - 360 : azimuthDeg,
  };
}

/** Hour angle of the sun, degrees west of the meridian, -180..180. */
export function hourAngle(sun: SunCoordinates, time: number, longitude: number): number {
  const dayShare = time / DAY_MS - Math.floor(time / DAY_MS);
  return halfTurn(dayShare * 360 - 180 + sun.equationOfTimeMin / 4 + longitude);
}

/** Position of the sun at a moment (ms UTC). Within 0.01 deg of the Solar Position Algorithm. */
export function sunPosition(time: number, place: SunPlace, air?: Air): SunPosition {
  return positionFrom(sunCoordinates(time), time, place, air);
}

/** The same for many moments of one place: about ten times as fast when they ascend. */
export function createSunTracker(place: SunPlace, air?: Air): (time: number) => SunPosition {
  const ephemeris = createEphemeris();
  return (time) => positionFrom(ephemeris(time), time, place, air);
}

/** How much refraction lifts the sun, degrees (Bennett's formula as in NREL/TP-560-34302, equation 42). */
function refractionDeg(elevationDeg: number, air: Air): number {
  if (elevationDeg < DOWN_DEG) return 0;
  const density = (air.pressurePa / 101_000) * (283 / (273 + air.temperatureC));
  return (density * 1.02) / (60 * tanDeg(elevationDeg + 10.3 / (elevationDeg + 5.11)));
}

/** Angle between the sun and the normal of a plane, degrees; azimuths from north, clockwise. */
export function incidenceAngleDeg(sun: SunPosition, tiltDeg: number, azimuthDeg: number): number {
  return acosDeg(incidenceCosine(sun, tiltDeg, azimuthDeg));
}

/** Cosine of that angle; negative when the sun is behind the plane. */
export function incidenceCosine(sun: SunPosition, tiltDeg: number, azimuthDeg: number): number {
  return (
    cosDeg(tiltDeg) * cosDeg(sun.apparentZenithDeg) +
    sinDeg(tiltDeg) * sinDeg(sun.apparentZenithDeg) * cosDeg(sun.azimuthDeg - azimuthDeg)
  );
}
