import { cosDeg, RAD, sinDeg } from './angles.ts';
import type { Irradiance } from './clear-sky.ts';
import { incidenceCosine, type SunPosition } from './position.ts';

/** The plane of an array. */
export interface Plane {
  /** Degrees from horizontal. */
  tiltDeg: number;
  /** Direction that it faces, degrees from north, clockwise. */
  azimuthDeg: number;
}

/** Models of the sky's diffuse light on a tilted plane. */
export type SkyModel = 'isotropic' | 'klucher' | 'hay-davies' | 'reindl' | 'king' | 'perez';

export interface TranspositionInput extends Irradiance {
  /** `apparentZenithDeg` is what counts. */
  sun: SunPosition;
  extraterrestrialWm2: number;
  /** `relativeAirMass`; only Perez reads it. */
  airMass: number;
  albedo: number;
}

/** Light on a plane, W/m2, by where it comes from. */
export interface PlaneIrradiance {
  beamWm2: number;
  skyWm2: number;
  groundWm2: number;
}

/** How a plane lies to the horizon and to the sun. */
export interface PlaneGeometry {
  cosTilt: number;
  sinTilt: number;
  /** Cosine of the angle between the sun and the plane's normal; negative when the sun is behind it. */
  cosIncidence: number;
}

/** Light of sun, sky and ground on a plane. */
export function planeIrradiance(input: TranspositionInput, plane: Plane, model: SkyModel = 'perez'): PlaneIrradiance {
  const cosIncidence = incidenceCosine(input.sun, plane.tiltDeg, plane.azimuthDeg);
  return lightOn(input, { cosTilt: cosDeg(plane.tiltDeg), sinTilt: sinDeg(plane.tiltDeg), cosIncidence }, model);
}

/** The same for a plane whose geometry is known already, and perhaps the sky: what a loop over a year or over planes needs. */
export function lightOn(input: TranspositionInput, plane: PlaneGeometry, model: SkyModel | PerezSky): PlaneIrradiance {
  return {
    beamWm2: Math.max(0, input.dniWm2 * plane.cosIncidence),
    skyWm2: Math.max(0, typeof model === 'string' ? skyModels[model](input, plane) : perezOn(model, plane)),
    groundWm2: (input.ghiWm2 * input.albedo * (1 - plane.cosTilt)) / 2,
  };
}

type Sky = (input: TranspositionInput, plane: PlaneGeometry) => number;

const skyModels: Record<SkyModel, Sky> = { isotropic, klucher, 'hay-davies': hayDavies, reindl, king, perez };

/** Hottel and Woertz, Trans. ASME 64, 1942: the whole dome shines alike. */
function isotropic({ dhiWm2 }: Irradiance, { cosTilt }: PlaneGeometry): number {
  return (dhiWm2 * (1 + cosTilt)) / 2;
}

/** Cube of the sine of half the tilt. */
const sinHalfCubed = ({ cosTilt }: PlaneGeometry): number => ((1 - cosTilt) / 2) ** 1.5;

/** Klucher, Solar Energy 23 (2), 1979. */
function klucher(input: TranspositionInput, plane: PlaneGeometry): number {
  const clear = input.ghiWm2 > 0 ? 1 - Math.min(1, input.dhiWm2 / input.ghiWm2) ** 2 : 0;
  const horizon = 1 + clear * sinHalfCubed(plane);
  const aroundSun = 1 + clear * Math.max(0, plane.cosIncidence) ** 2 * sinDeg(input.sun.apparentZenithDeg) ** 3;
  return isotropic(input, plane) * horizon * aroundSun;
}

/** Beam on the plane over beam on the ground. */
function beamRatio(input: TranspositionInput, { cosIncidence }: PlaneGeometry): number {
  return Math.max(0, cosIncidence) / Math.max(0.01745, cosDeg(input.sun.apparentZenithDeg));
}

/** Hay and Davies, 1980: part of the dome's light comes from around the sun. */
function hayDavies(input: TranspositionInput, plane: PlaneGeometry): number {
  const aroundSun = input.dniWm2 / input.extraterrestrialWm2;
  return input.dhiWm2 * aroundSun * beamRatio(input, plane) + (1 - aroundSun) * isotropic(input, plane);
}

/** Reindl, Beckman and Duffie, Solar Energy 45 (1), 1990: and the horizon is brighter. */
function reindl(input: TranspositionInput, plane: PlaneGeometry): number {
  const aroundSun = input.dniWm2 / input.extraterrestrialWm2;
  const beam = Math.max(0, input.dniWm2 * cosDeg(input.sun.apparentZenithDeg));
  const horizon = 1 + (input.ghiWm2 > 0 ? Math.sqrt(beam / input.ghiWm2) : 0) * sinHalfCubed(plane);
  const dome = (1 - aroundSun) * isotropic(input, plane) * horizon;
  return input.dhiWm2 * aroundSun * beamRatio(input, plane) + dome;
}

/** King (Sandia National Laboratories), as published with its photovoltaic performance model. */
function king(input: TranspositionInput, plane: PlaneGeometry): number {
  const horizon = (input.ghiWm2 * (0.012 * input.sun.apparentZenithDeg - 0.04) * (1 - plane.cosTilt)) / 2;
  return isotropic(input, plane) + horizon;
}

/** Perez et al., SAND88-7030, 1988, "all sites composite 1990": F11, F12, F13, F21, F22, F23 by clearness of the sky. */
const perezBounds = [1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2];
const perezCoefficients = [
  [-0.008, 0.588, -0.062, -0.06, 0.072, -0.022],
  [0.13, 0.683, -0.151, -0.019, 0.066, -0.029],
  [0.33, 0.487, -0.221, 0.055, -0.064, -0.026],
  [0.568, 0.187, -0.295, 0.109, -0.152, -0.014],
  [0.873, -0.392, -0.362, 0.226, -0.462, 0.001],
  [1.132, -1.237, -0.412, 0.288, -0.823, 0.056],
  [1.06, -1.6, -0.359, 0.264, -1.127, 0.131],
  [0.678, -0.327, -0.25, 0.156, -1.377, 0.251],
] as const;

const COS_85 = cosDeg(85);

/** The sky's diffuse light as Perez parts it: each part as a plane has it that meets it fully, W/m2. */
export interface PerezSky {
  dome: number;
  aroundSun: number;
  horizon: number;
}

const NO_SKY: PerezSky = { dome: 0, aroundSun: 0, horizon: 0 };

/** Perez et al., Solar Energy 44 (5), 1990: what does not depend on the plane, so that many planes can share it. */
export function perezSky({
  dhiWm2,
  dniWm2,
  airMass,
  ...input
}: Omit<TranspositionInput, 'albedo' | 'ghiWm2'>): PerezSky {
  if (!(dhiWm2 > 0) || Number.isNaN(airMass)) return NO_SKY;
  const zenith = input.sun.apparentZenithDeg * RAD;
  const cube = 1.041 * zenith ** 3;
  const clearness = ((dhiWm2 + dniWm2) / dhiWm2 + cube) / (1 + cube);
  const brightness = (dhiWm2 * airMass) / input.extraterrestrialWm2;
  let bin = 0;
  while (bin < 7 && clearness >= (perezBounds[bin] ?? 0)) bin++;
  const [f11, f12, f13, f21, f22, f23] = perezCoefficients[bin] ?? perezCoefficients[7];
  const aroundSun = Math.max(0, f11 + f12 * brightness + f13 * zenith);
  return {
    dome: dhiWm2 * (1 - aroundSun),
    aroundSun: (dhiWm2 * aroundSun) / Math.max(COS_85, Math.cos(zenith)),
    horizon: dhiWm2 * (f21 + f22 * brightness + f23 * zenith),
  };
}

/** Diffuse light of such a sky on a plane, W/m2; may fall a little below zero. */
function perezOn({ dome, aroundSun, horizon }: PerezSky, { cosTilt, sinTilt, cosIncidence }: PlaneGeometry): number {
  return (dome * (1 + cosTilt)) / 2 + aroundSun * Math.max(0, cosIncidence) + horizon * sinTilt;
}

function perez(input: TranspositionInput, plane: PlaneGeometry): number {
  return perezOn(perezSky(input), plane);
}
