import { cosDeg } from './angles.ts';
import type { Irradiance } from './clear-sky.ts';
import { cloudTransmission, erbsDiffuseShare } from './decomposition.ts';
import { clearMean, meanOver, type SkyInterval, type SkyMoment } from './sky.ts';

/** Means over an interval, whichever are known; a missing value is undefined, null or NaN. */
export interface LightMeans {
  /** Global horizontal irradiance, W/m2 (Open-Meteo `shortwave_radiation`). */
  ghiWm2?: number | null | undefined;
  /** Beam on a plane that faces the sun, W/m2 (`direct_normal_irradiance`). */
  dniWm2?: number | null | undefined;
  /** Diffuse horizontal, W/m2 (`diffuse_radiation`). */
  dhiWm2?: number | null | undefined;
  /** Beam on a horizontal plane, W/m2 (`direct_radiation`). */
  beamHorizontalWm2?: number | null | undefined;
  /** 0..100 %. */
  cloudCoverPercent?: number | null | undefined;
}

/** How the light of an interval was found: beam and diffuse as given, split from the global, from clouds, or a clear sky. */
export type LightBasis = 'components' | 'global' | 'clouds' | 'clear';

/** Beam and diffuse light at each moment of an interval, agreeing with its means. */
export interface IntervalLight {
  basis: LightBasis;
  /** Means over the whole interval, W/m2. */
  mean: Irradiance;
  at(moment: SkyMoment): Irradiance;
}

const MIN_COSINE = 0.065;
/** More beam than this share of what the atmosphere receives has not been measured at the ground. */
const MAX_BEAM_SHARE = 0.85;

const known = (value: number | null | undefined): number | undefined =>
  value === null || value === undefined || Number.isNaN(value) ? undefined : Math.max(0, value);

/**
 * Spreads an interval's means over its moments: beam in the clear sky's course of beam, diffuse in its course of global
 * light. So an hour's mean at sunrise counts with the sun where it stood while it shone, not where it stood at the full hour.
 * Global light alone is split by Erbs' correlation with the interval's own clearness, clouds alone dim the clear sky after
 * Kasten and Czeplak, and with nothing known the sky is clear.
 */
export function spreadLight(interval: SkyInterval, means: LightMeans): IntervalLight {
  const clear = clearMean(interval);
  const clearBeam = meanOver(interval, (moment) => moment.clear.dniWm2 * moment.cosZenith);
  const { basis, beam, diffuse } = split(interval, means, clear, clearBeam);
  const beamFactor = clearBeam > 0 ? beam / clearBeam : 0;
  const diffuseFactor = clear.ghiWm2 > 0 ? (beam - beamFactor * clearBeam + diffuse) / clear.ghiWm2 : 0;
  const at = (moment: SkyMoment): Irradiance => {
    const dniWm2 = Math.min(MAX_BEAM_SHARE * moment.extraterrestrialWm2, beamFactor * moment.clear.dniWm2);
    const capped = (beamFactor * moment.clear.dniWm2 - dniWm2) * moment.cosZenith;
    const dhiWm2 = diffuseFactor * moment.clear.ghiWm2 + capped;
    return { ghiWm2: dniWm2 * moment.cosZenith + dhiWm2, dniWm2, dhiWm2 };
  };
  if (basis === 'clear') return { basis, mean: clear, at: (moment) => moment.clear };
  return {
    basis,
    mean: { ghiWm2: beam + diffuse, dniWm2: meanOver(interval, (moment) => at(moment).dniWm2), dhiWm2: diffuse },
    at,
  };
}

/** Mean beam on the ground and mean diffuse light, W/m2. */
function split(interval: SkyInterval, means: LightMeans, clear: Irradiance, clearBeam: number) {
  const ghi = known(means.ghiWm2);
  const dhi = known(means.dhiWm2);
  const beam = known(means.beamHorizontalWm2) ?? beamOfNormal(known(means.dniWm2), clear.dniWm2, clearBeam);
  if (ghi !== undefined && dhi !== undefined) {
    return { basis: 'components' as const, beam: Math.max(0, ghi - dhi), diffuse: Math.min(ghi, dhi) };
  }
  if (ghi !== undefined && beam !== undefined) {
    return { basis: 'components' as const, beam: Math.min(beam, ghi), diffuse: Math.max(0, ghi - beam) };
  }
  if (beam !== undefined && dhi !== undefined) return { basis: 'components' as const, beam, diffuse: dhi };
  const cover = known(means.cloudCoverPercent);
  if (ghi === undefined && cover === undefined) {
    return { basis: 'clear' as const, beam: clearBeam, diffuse: clear.dhiWm2 };
  }
  const global = ghi ?? clear.ghiWm2 * cloudTransmission(cover ?? 0);
  const outside = meanOver(interval, (m) => m.extraterrestrialWm2 * Math.max(MIN_COSINE, cosDeg(m.sun.zenithDeg)));
  const share = outside > 0 ? erbsDiffuseShare(Math.min(1, global / outside)) : 1;
  const basis = ghi === undefined ? ('clouds' as const) : ('global' as const);
  return { basis, beam: global * (1 - share), diffuse: global * share };
}

/** Mean beam on the ground [W/m2] of a mean beam towards the sun, by the clear sky's relation of the two. */
function beamOfNormal(dni: number | undefined, clearDni: number, clearBeam: number): number | undefined {
  if (dni === undefined) return undefined;
  return clearDni > 0 ? (dni * clearBeam) / clearDni : 0;
}
