import { faimanC } from '../core/solar/cell-temperature.ts';
import type { Irradiance } from '../core/solar/clear-sky.ts';
import { createHorizon, openSky } from '../core/solar/horizon.ts';
import { diffuseIncidenceDeg, glassModifier } from '../core/solar/incidence.ts';
import { type LightBasis, type LightMeans, spreadLight } from '../core/solar/interval-light.ts';
import { incidenceAngleDeg } from '../core/solar/position.ts';
import { lossShare, pvwattsAcW, pvwattsDcW } from '../core/solar/pvwatts.ts';
import { createSky, type Sky, type SkyInterval, type SkyMoment } from '../core/solar/sky.ts';
import { planeIrradiance, type SkyModel } from '../core/solar/transposition.ts';
import type { TimeSpan } from '../core/time-range.ts';
import type { PvArray, PvSystem } from './pv-system.ts';

/** Weather of an interval: means over it, or over `span` when the weather's own interval is another (an hour around a quarter). */
export interface PvWeather extends LightMeans {
  /** At 2 m, degC; a typical value of place and season when unknown. */
  temperatureC?: number | null | undefined;
  /** At 10 m, m/s; 2 when unknown. */
  windMs?: number | null | undefined;
  span?: TimeSpan;
}

/** What physics expects of an interval; powers are means over it. */
export interface ExpectedPower {
  acW: number;
  /** Before the inverter, after losses. */
  dcW: number;
  /** What would come out without the inverter's limit. */
  unlimitedAcW: number;
  /** Light on each array's plane behind the glass, W/m2, in the order of the arrays. */
  planeWm2: number[];
  basis: LightBasis;
}

/** Physics of one system; keeps what neighbouring intervals share, so it is fastest when they ascend. */
export interface PvModel {
  sky: Sky;
  expect(interval: TimeSpan, weather?: PvWeather): ExpectedPower;
}

/** Wind at the modules over wind at 10 m, one storey up (Gilman, NREL/TP-6A20-64102, 2015). */
const MODULE_WIND = 0.51;
const USUAL_WIND_MS = 2;

interface PreparedArray {
  array: PvArray;
  horizon: (azimuthDeg: number) => number;
  open: number;
  skyGlass: number;
  groundGlass: number;
}

export function createPvModel(system: PvSystem): PvModel {
  const sky = createSky(system.site);
  const arrays = system.arrays.map(prepare);
  const kept = 1 - (system.lossShare ?? lossShare());
  const peakW = system.arrays.reduce((sum, array) => sum + array.peakW, 0);
  const efficiency = system.inverterEfficiency ?? 0.96;
  const limitW = Math.min(system.inverterLimitW ?? Number.POSITIVE_INFINITY, peakW * efficiency);
  const albedo = system.site.albedo ?? 0.2;
  const model = system.skyModel ?? 'perez';
  const perK = system.powerPerK ?? -0.004;

  const expect = (interval: TimeSpan, weather: PvWeather = {}): ExpectedPower => {
    const seen = sky.over(interval);
    const light = spreadLight(lightInterval(sky, seen, weather), weather);
    const airC = present(weather.temperatureC) ?? typicalAirC(system.site.latitude, interval.from);
    const windMs = MODULE_WIND * Math.max(0, present(weather.windMs) ?? USUAL_WIND_MS);
    const result = { acW: 0, dcW: 0, unlimitedAcW: 0, planeWm2: arrays.map(() => 0), basis: light.basis };
    for (const moment of seen.moments) {
      let dcW = 0;
      const irradiance = light.at(moment);
      arrays.forEach((prepared, index) => {
        const planeWm2 = effectiveLight(prepared, moment, irradiance, albedo, model);
        const cellC = faimanC(planeWm2, airC, windMs);
        dcW += kept * Math.max(0, pvwattsDcW(planeWm2, cellC, prepared.array.peakW, perK));
        result.planeWm2[index] = (result.planeWm2[index] ?? 0) + planeWm2 / seen.steps;
      });
      const unlimitedW = pvwattsAcW(dcW, Math.max(peakW, dcW), efficiency);
      result.dcW += dcW / seen.steps;
      result.unlimitedAcW += unlimitedW / seen.steps;
      result.acW += Math.min(limitW, unlimitedW) / seen.steps;
    }
    return result;
  };
  return { sky, expect };
}

/** One interval's power; for many of one system keep a `createPvModel`. */
export function expectedPvPower(system: PvSystem, interval: TimeSpan, weather?: PvWeather): ExpectedPower {
  return createPvModel(system).expect(interval, weather);
}

function prepare(array: PvArray): PreparedArray {
  const { skyDeg, groundDeg } = diffuseIncidenceDeg(array.tiltDeg);
  const horizon = createHorizon(array.horizon);
  return {
    array,
    horizon,
    open: openSky(horizon),
    skyGlass: glassModifier(skyDeg),
    groundGlass: glassModifier(groundDeg),
  };
}

function lightInterval(sky: Sky, seen: SkyInterval, weather: PvWeather): SkyInterval {
  const { span } = weather;
  return !span || (span.from === seen.span.from && span.to === seen.span.to) ? seen : sky.over(span);
}

/** Light that gets through the glass of an array, W/m2. */
function effectiveLight(
  prepared: PreparedArray,
  moment: SkyMoment,
  irradiance: Irradiance,
  albedo: number,
  model: SkyModel,
): number {
  const { array, horizon } = prepared;
  const shaded = 90 - moment.sun.apparentZenithDeg < horizon(moment.sun.azimuthDeg);
  // With the sun behind the horizon its bright surroundings are gone too: the dome that is left shines alike.
  const plane = planeIrradiance({ ...irradiance, ...moment, albedo }, array, shaded ? 'isotropic' : model);
  const incidence = incidenceAngleDeg(moment.sun, array.tiltDeg, array.azimuthDeg);
  const beam = shaded ? 0 : plane.beamWm2 * glassModifier(incidence);
  return beam + prepared.open * plane.skyWm2 * prepared.skyGlass + plane.groundWm2 * prepared.groundGlass;
}

const present = (value: number | null | undefined): number | undefined =>
  value === null || value === undefined || Number.isNaN(value) ? undefined : value;

/** A rough daytime temperature of a latitude and season, degC: 5 K off costs 2 % of the power. */
function typicalAirC(latitude: number, time: number): number {
  const yearShare = (time / 86_400_000 / 365.2425) % 1;
  const distance = Math.abs(latitude);
  const season = -Math.cos(2 * Math.PI * (yearShare - 0.06)) * Math.sign(latitude || 1);
  return 30 - 0.4 * distance + 0.22 * distance * season;
}
