import { pauseAt } from '../core/pause.ts';
import { cosDeg, sinDeg } from '../core/solar/angles.ts';
import { diffuseIncidenceDeg, glassModifier } from '../core/solar/incidence.ts';
import { type LightMeans, spreadLight } from '../core/solar/interval-light.ts';
import type { SolarSite } from '../core/solar/place.ts';
import { intervalSun, type Sky, type SkyInterval, type SkyMoment } from '../core/solar/sky.ts';
import type { Plane } from '../core/solar/transposition.ts';
import { type IntervalGrid, startOf } from './interval-grid.ts';
import { spanOf, type WeatherGrid } from './weather-grid.ts';

/** Sun and light over a site in each interval of a grid, and on planes of many directions: what physics offers a learner. */
export interface LightGrid {
  grid: IntervalGrid;
  site: SolarSite;
  planes: readonly Plane[];
  /** Share of the interval with the sun up, 0..1. */
  daylight: Float32Array;
  /** The sun's height where the interval's light comes from, degrees; 0 at night. */
  elevationDeg: Float32Array;
  /** Where the sun stands east (-) or west (+) of noon, degrees of its daily turn. */
  hourAngleDeg: Float32Array;
  /** The clear sky's light on the ground, W/m2. */
  clearGhiWm2: Float32Array;
  /** Light on the ground by the weather, W/m2, its diffuse share, and its share of the clear sky's; NaN where unknown or dark. */
  ghiWm2: Float32Array;
  diffuseShare: Float32Array;
  clearness: Float32Array;
  /** Light behind the glass of each plane, W/m2: under a clear sky, and by the weather (null without any; NaN where unknown). */
  clearPlanes: readonly Float32Array[];
  weatherPlanes: readonly Float32Array[] | null;
}

/** Directions between which any roof lies, nearly enough: flat to steep towards noon, and to the sides. */
export function usualPlanes(latitude: number): Plane[] {
  const noonDeg = latitude < 0 ? 0 : 180;
  const plane = (tiltDeg: number, fromNoonDeg: number): Plane => ({
    tiltDeg,
    azimuthDeg: (noonDeg + fromNoonDeg + 360) % 360,
  });
  return [
    ...[0, 15, 30, 45, 70].map((tilt) => plane(tilt, 0)),
    ...[-90, -45, 45, 90].map((side) => plane(30, side)),
    ...[-90, -45, 45, 90].map((side) => plane(60, side)),
  ];
}

/** Sun and light in each interval, or in `only` some of them (ascending; the others stay dark). */
export function lightGrid(
  grid: IntervalGrid,
  sky: Sky,
  planes: readonly Plane[],
  weather: WeatherGrid | null,
  only?: readonly number[],
): LightGrid {
  const { site } = sky;
  const prepared = planes.map(prepare);
  const series = (): Float32Array => new Float32Array(grid.count);
  const hasLight = weather !== null && lightColumns.some((name) => weather.columns[name]);
  const out: LightGrid = {
    grid,
    site,
    planes,
    daylight: series(),
    elevationDeg: series(),
    hourAngleDeg: series(),
    clearGhiWm2: series(),
    ghiWm2: series().fill(Number.NaN),
    diffuseShare: series().fill(Number.NaN),
    clearness: series().fill(Number.NaN),
    clearPlanes: planes.map(series),
    weatherPlanes: hasLight ? planes.map(series) : null,
  };
  const lay = (index: number, step: number): void => {
    pauseAt(step);
    const from = startOf(grid, index);
    const seen = sky.over({ from, to: from + grid.stepMs });
    out.hourAngleDeg[index] = meanHourAngle(from + grid.stepMs / 2, site.longitude);
    if (seen.moments.length === 0) return;
    const sun = intervalSun(seen);
    out.daylight[index] = sun.daylight;
    out.elevationDeg[index] = sun.elevationDeg;
    out.clearGhiWm2[index] = sun.clear.ghiWm2;
    lightPlanes(prepared, seen, (moment) => moment.clear, site.albedo ?? 0.2, out.clearPlanes, index);
    if (weather && out.weatherPlanes) addWeather(out, prepared, sky, seen, weather, index);
  };
  if (only) only.forEach(lay);
  else for (let index = 0; index < grid.count; index++) lay(index, index);
  return out;
}

export const lightColumns = [
  'shortwave_radiation',
  'direct_radiation',
  'diffuse_radiation',
  'direct_normal_irradiance',
  'cloud_cover',
] as const;

function addWeather(
  out: LightGrid,
  planes: readonly PreparedPlane[],
  sky: Sky,
  seen: SkyInterval,
  weather: WeatherGrid,
  index: number,
): void {
  const means = lightMeans(weather, index);
  const span = spanOf(weather, index);
  const whole = span.to - span.from === seen.span.to - seen.span.from ? seen : sky.over(span);
  const light = spreadLight(whole, means);
  const weatherPlanes = out.weatherPlanes ?? [];
  if (light.basis === 'clear') {
    for (const plane of weatherPlanes) plane[index] = Number.NaN;
    return;
  }
  lightPlanes(planes, seen, light.at, out.site.albedo ?? 0.2, weatherPlanes, index);
  let [ghi, diffuse] = [0, 0];
  for (const moment of seen.moments) {
    const at = light.at(moment);
    ghi += at.ghiWm2 / seen.steps;
    diffuse += at.dhiWm2 / seen.steps;
  }
  const clear = out.clearGhiWm2[index] ?? 0;
  out.ghiWm2[index] = ghi;
  if (ghi > 1) out.diffuseShare[index] = Math.min(1, diffuse / ghi);
  if (clear > 5) out.clearness[index] = Math.min(1.6, ghi / clear);
}

function lightMeans(weather: WeatherGrid, index: number): LightMeans {
  const { columns } = weather;
  return {
    ghiWm2: columns.shortwave_radiation?.[index],
    beamHorizontalWm2: columns.direct_radiation?.[index],
    dhiWm2: columns.diffuse_radiation?.[index],
    dniWm2: columns.direct_normal_irradiance?.[index],
    cloudCoverPercent: columns.cloud_cover?.[index],
  };
}

interface PreparedPlane {
  east: number;
  north: number;
  up: number;
  skyGlass: number;
  groundGlass: number;
}

function prepare({ tiltDeg, azimuthDeg }: Plane): PreparedPlane {
  const { skyDeg, groundDeg } = diffuseIncidenceDeg(tiltDeg);
  return {
    east: sinDeg(tiltDeg) * sinDeg(azimuthDeg),
    north: sinDeg(tiltDeg) * cosDeg(azimuthDeg),
    up: cosDeg(tiltDeg),
    skyGlass: glassModifier(skyDeg),
    groundGlass: glassModifier(groundDeg),
  };
}

/** Before lower sun than this (8.6 degrees) stand hills, trees and roofs, the more the lower it is: its beam fades. */
const FREE_SINE = 0.15;

/**
 * Adds an interval's light to each plane: Hay and Davies' sky (`hayDavies` in core/solar/transposition.ts) for all planes
 * in one go, the glass after a table of `glassModifier`.
 */
function lightPlanes(
  planes: readonly PreparedPlane[],
  seen: SkyInterval,
  lightOf: (moment: SkyMoment) => { ghiWm2: number; dniWm2: number; dhiWm2: number },
  albedo: number,
  out: readonly Float32Array[],
  index: number,
): void {
  for (const moment of seen.moments) {
    const light = lightOf(moment);
    const { azimuthDeg } = moment.sun;
    const across = Math.sqrt(Math.max(0, 1 - moment.cosZenith ** 2));
    const east = across * sinDeg(azimuthDeg);
    const north = across * cosDeg(azimuthDeg);
    const aroundSun = Math.min(1, light.dniWm2 / moment.extraterrestrialWm2);
    const low = Math.max(0.01745, moment.cosZenith);
    const seenShare = Math.min(1, moment.cosZenith / FREE_SINE);
    for (let k = 0; k < planes.length; k++) {
      const plane = planes[k];
      const target = out[k];
      if (!plane || !target) continue;
      const cosine = Math.max(0, plane.east * east + plane.north * north + plane.up * moment.cosZenith);
      const beam = seenShare * (light.dniWm2 + (light.dhiWm2 * aroundSun) / low) * cosine * glassOf(cosine);
      const sky = (light.dhiWm2 * (1 - aroundSun) * (1 + plane.up) * plane.skyGlass) / 2;
      const ground = (light.ghiWm2 * albedo * (1 - plane.up) * plane.groundGlass) / 2;
      target[index] = (target[index] ?? 0) + (beam + sky + ground) / seen.steps;
    }
  }
}

const GLASS_STEPS = 256;
const glassTable = Float64Array.from({ length: GLASS_STEPS + 1 }, (_, step) =>
  glassModifier((Math.acos(step / GLASS_STEPS) * 180) / Math.PI),
);

const glassOf = (cosine: number): number => glassTable[Math.min(GLASS_STEPS, Math.round(cosine * GLASS_STEPS))] ?? 0;

/** Mean sun's hour angle without the equation of time: the clock's place in the solar day, to the quarter hour. */
function meanHourAngle(time: number, longitude: number): number {
  const share = time / 86_400_000 + longitude / 360;
  return (share - Math.floor(share)) * 360 - 180;
}
