import { acosDeg, cosDeg, sinDeg } from '../core/solar/angles.ts';
import { faimanC } from '../core/solar/cell-temperature.ts';
import type { Irradiance } from '../core/solar/clear-sky.ts';
import { createHorizon, openSky } from '../core/solar/horizon.ts';
import { diffuseIncidenceDeg, glassModifier } from '../core/solar/incidence.ts';
import { lossShare, pvwattsDcW } from '../core/solar/pvwatts.ts';
import type { SkyMoment } from '../core/solar/sky.ts';
import { lightOn, type PerezSky } from '../core/solar/transposition.ts';
import type { PvArray, PvSystem } from './pv-system.ts';

/** Air temperature [degC] at 2 m and wind [m/s] at 10 m. */
export interface Air {
  airC: number;
  windMs: number;
}

/** Light behind the glass [W/m2] and DC power after losses [W] of one array at one moment; `sky` where it is known already (`perezSky`). */
export type ArrayOutput = (
  moment: SkyMoment,
  irradiance: Irradiance,
  air: Air,
  sky?: PerezSky,
) => { planeWm2: number; dcW: number };

/** Wind at the modules over wind at 10 m, one storey up (Gilman, NREL/TP-6A20-64102, 2015). */
const MODULE_WIND = 0.51;

/** Prepares an array of a system; what is returned is cheap enough for every moment of a year. */
export function createArrayOutput(array: PvArray, system: Omit<PvSystem, 'arrays'>): ArrayOutput {
  const horizon = createHorizon(array.horizon);
  const hasHorizon = (array.horizon?.length ?? 0) > 0;
  const { skyDeg, groundDeg } = diffuseIncidenceDeg(array.tiltDeg);
  const skyShare = openSky(horizon) * glassModifier(skyDeg);
  const groundShare = glassModifier(groundDeg);
  const kept = 1 - (system.lossShare ?? lossShare());
  const albedo = system.site.albedo ?? 0.2;
  const usual = system.skyModel ?? 'perez';
  const perK = system.powerPerK ?? -0.004;
  const [cosTilt, sinTilt] = [cosDeg(array.tiltDeg), sinDeg(array.tiltDeg)];
  const [east, north] = [sinTilt * sinDeg(array.azimuthDeg), sinTilt * cosDeg(array.azimuthDeg)];
  return (moment, irradiance, air, sky) => {
    const { sun, extraterrestrialWm2, airMass } = moment;
    const isShaded = hasHorizon && 90 - sun.apparentZenithDeg < horizon(sun.azimuthDeg);
    const cosIncidence = east * moment.east + north * moment.north + cosTilt * moment.cosZenith;
    // With the sun behind the horizon its bright surroundings are gone too: the dome that is left shines alike.
    const { ghiWm2, dniWm2, dhiWm2 } = irradiance;
    const light = { ghiWm2, dniWm2, dhiWm2, sun, extraterrestrialWm2, airMass, albedo };
    const plane = lightOn(light, { cosTilt, sinTilt, cosIncidence }, isShaded ? 'isotropic' : (sky ?? usual));
    const beam = isShaded ? 0 : plane.beamWm2 * glassByCosine(cosIncidence);
    const planeWm2 = beam + skyShare * plane.skyWm2 + groundShare * plane.groundWm2;
    const cellC = faimanC(planeWm2, air.airC, MODULE_WIND * Math.max(0, air.windMs));
    return { planeWm2, dcW: kept * Math.max(0, pvwattsDcW(planeWm2, cellC, array.peakW, perK)) };
  };
}

const GLASS_STEPS = 1000;
const glassTable = Float64Array.from({ length: GLASS_STEPS + 2 }, (_, index) =>
  glassModifier(acosDeg(Math.min(1, index / GLASS_STEPS))),
);

/** `glassModifier` by the cosine of the incidence, read off a table (error below 0.001). */
function glassByCosine(cosine: number): number {
  if (cosine <= 0) return 0;
  const place = Math.min(1, cosine) * GLASS_STEPS;
  const below = Math.floor(place);
  const low = glassTable[below] ?? 0;
  return low + ((glassTable[below + 1] ?? 0) - low) * (place - below);
}
