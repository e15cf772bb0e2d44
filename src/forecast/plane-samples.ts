import type { Irradiance } from '../core/solar/clear-sky.ts';
import { spreadLight } from '../core/solar/interval-light.ts';
import type { SolarSite } from '../core/solar/place.ts';
import { createSky, type Sky, type SkyMoment } from '../core/solar/sky.ts';
import { type PerezSky, perezSky } from '../core/solar/transposition.ts';
import type { Air } from './array-output.ts';
import { type PvWeather, typicalAirC } from './expected-power.ts';
import type { PowerDays } from './power-series.ts';

/** The light of one interval as it is, and as it is if the stamps are late or early by `SHIFT_MIN`. */
export interface PlaneSample {
  /** Place of the day in the list of days used. */
  day: number;
  powerW: number;
  air: Air;
  /** For stamps that are early, right and late. */
  lights: readonly [Light, Light, Light];
}

export type Light = readonly { moment: SkyMoment; irradiance: Irradiance; sky: PerezSky }[];

export const SHIFT_MIN = 15;

export interface SampleOptions {
  site: SolarSite;
  /** Weather of the interval from a moment on; a clear sky when left out. */
  weather?: ((from: number) => PvWeather | undefined) | undefined;
  /** Stamps run ahead of true time by so many minutes. */
  aheadMin: (time: number) => number;
  /** Power at and above it is left out: it is cut off. */
  limitW: number;
}

const LOWEST_SUN_DEG = 8;
/** A quarter of an hour is looked at in its middle, an hour at three moments. */
const MOMENT_MS = 20 * 60_000;

/** The intervals of chosen days with the sun well up and the power neither unknown nor cut off. */
export function planeSamples(days: PowerDays, chosen: readonly number[], options: SampleOptions): PlaneSample[] {
  const skies = [createSky(options.site), createSky(options.site), createSky(options.site)] as const;
  const samples: PlaneSample[] = [];
  for (const [index, day] of chosen.entries()) {
    for (let slot = 0; slot < days.slots; slot++) {
      const powerW = days.at(day, slot);
      if (Number.isNaN(powerW) || powerW >= options.limitW) continue;
      const stamped = days.from + (day * days.slots + slot) * days.stepMs;
      const from = stamped - options.aheadMin(stamped) * 60_000;
      const sample = sampleAt(skies, from, days.stepMs, options);
      if (sample) samples.push({ day: index, powerW, ...sample });
    }
  }
  return samples;
}

function sampleAt(
  skies: readonly [Sky, Sky, Sky],
  from: number,
  stepMs: number,
  { site, weather }: SampleOptions,
): Pick<PlaneSample, 'lights' | 'air'> | undefined {
  const seen = weather?.(from) ?? {};
  if (weather && Object.keys(seen).length === 0) return undefined;
  const lights = skies.map((sky, index) => lightAt(sky, from + (index - 1) * SHIFT_MIN * 60_000, stepMs, seen));
  const [early, right, late] = lights;
  if (!early || !right || !late) return undefined;
  const air = { airC: seen.temperatureC ?? typicalAirC(site.latitude, from), windMs: seen.windMs ?? 2 };
  return { lights: [early, right, late], air };
}

/** Undefined when the sun is low or down for a part of the interval. */
function lightAt(sky: Sky, from: number, stepMs: number, weather: PvWeather): Light | undefined {
  const count = Math.max(1, Math.round(stepMs / MOMENT_MS));
  const moments: SkyMoment[] = [];
  for (let index = 0; index < count; index++) {
    const moment = sky.at(from + ((index + 0.5) * stepMs) / count);
    if (!moment || moment.sun.apparentZenithDeg > 90 - LOWEST_SUN_DEG) return undefined;
    moments.push(moment);
  }
  const span = { from, to: from + stepMs };
  const light = spreadLight(weather.span ? sky.over(weather.span) : { span, moments, steps: count }, weather);
  return moments.map((moment) => {
    const irradiance = light.at(moment);
    return { moment, irradiance, sky: perezSky({ ...moment, ...irradiance }) };
  });
}
