import { type LightBasis, type LightMeans, spreadLight } from '../core/solar/interval-light.ts';
import { pvwattsAcW } from '../core/solar/pvwatts.ts';
import { createSky, type Sky, type SkyInterval } from '../core/solar/sky.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { createArrayOutput } from './array-output.ts';
import type { PvSystem } from './pv-system.ts';

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

const USUAL_WIND_MS = 2;

export function createPvModel(system: PvSystem): PvModel {
  const sky = createSky(system.site);
  const arrays = system.arrays.map((array) => createArrayOutput(array, system));
  const peakW = system.arrays.reduce((sum, array) => sum + array.peakW, 0);
  const efficiency = system.inverterEfficiency ?? 0.96;
  const limitW = Math.min(system.inverterLimitW ?? Number.POSITIVE_INFINITY, peakW * efficiency);

  const expect = (interval: TimeSpan, weather: PvWeather = {}): ExpectedPower => {
    const seen = sky.over(interval);
    const light = spreadLight(lightInterval(sky, seen, weather), weather);
    const airC = present(weather.temperatureC) ?? typicalAirC(system.site.latitude, interval.from);
    const air = { airC, windMs: present(weather.windMs) ?? USUAL_WIND_MS };
    const result = { acW: 0, dcW: 0, unlimitedAcW: 0, planeWm2: arrays.map(() => 0), basis: light.basis };
    for (const moment of seen.moments) {
      let dcW = 0;
      const irradiance = light.at(moment);
      arrays.forEach((array, index) => {
        const { planeWm2, dcW: arrayW } = array(moment, irradiance, air);
        dcW += arrayW;
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

function lightInterval(sky: Sky, seen: SkyInterval, weather: PvWeather): SkyInterval {
  const { span } = weather;
  return !span || (span.from === seen.span.from && span.to === seen.span.to) ? seen : sky.over(span);
}

const present = (value: number | null | undefined): number | undefined =>
  value === null || value === undefined || Number.isNaN(value) ? undefined : value;

/** A rough daytime temperature of a latitude and season, degC: 5 K off costs 2 % of the power. */
export function typicalAirC(latitude: number, time: number): number {
  const yearShare = (time / 86_400_000 / 365.2425) % 1;
  const distance = Math.abs(latitude);
  const season = -Math.cos(2 * Math.PI * (yearShare - 0.06)) * Math.sign(latitude || 1);
  return 30 - 0.4 * distance + 0.22 * distance * season;
}
