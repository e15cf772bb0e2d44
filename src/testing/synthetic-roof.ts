import { hours } from '../core/durations.ts';
import { clearMean } from '../core/solar/sky.ts';
import { createPvModel, type PvWeather } from '../forecast/expected-power.ts';
import type { PowerSeries } from '../forecast/power-series.ts';
import type { PvSystem } from '../forecast/pv-system.ts';

/** How a made-up roof's power differs from a clear sky's. */
export interface SyntheticOptions {
  from: number;
  days: number;
  stepMs: number;
  /** Share of days without a cloud, 0..1; the others are anything from hazy to grey, with fronts and single clouds. */
  clearDays?: number;
  /** Random error of each reading, relative. */
  noise?: number;
  /** Stamps run ahead by this many minutes. */
  aheadMin?: (time: number) => number;
  seed?: number;
}

/** Numbers in 0..1 after Mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Power of a roof under made-up clouds, and the weather that a perfect service would have reported. */
export function syntheticRoof(
  system: PvSystem,
  options: SyntheticOptions,
): { series: PowerSeries; weather: PvWeather[] } {
  const { stepMs } = options;
  const random = createRandom(options.seed ?? 1);
  const model = createPvModel(system);
  const count = Math.round((options.days * hours(24)) / stepMs);
  const powerW = new Float64Array(count).fill(Number.NaN);
  const weather: PvWeather[] = [];
  let clearness = dayClearness(random, options.clearDays ?? 0.3);
  let day = Math.floor(options.from / hours(24));
  for (let index = 0; index < count; index++) {
    const from = options.from + index * stepMs;
    // A new day's weather begins when the sun is farthest down.
    const today = Math.floor((from + (system.site.longitude / 360) * hours(24)) / hours(24));
    if (today !== day) {
      day = today;
      clearness = dayClearness(random, options.clearDays ?? 0.3);
    }
    const span = { from, to: from + stepMs };
    const light = { ghiWm2: clearMean(model.sky.over(span)).ghiWm2 * clearness(from) };
    // Without a cloud the clear sky's own split of beam and diffuse holds, not the correlation for any sky.
    const temperatureC = airC(from, system.site) + (clearness(from) === 1 ? 2 : -1);
    const seen: PvWeather = clearness(from) === 1 ? { temperatureC } : { ...light, temperatureC };
    weather.push({ ...seen, ...light });
    const error = 1 + (options.noise ?? 0.02) * (random() + random() + random() - 1.5) * 2;
    const slot = index + Math.round(((options.aheadMin?.(from) ?? 0) * 60_000) / stepMs);
    if (slot >= 0 && slot < count) powerW[slot] = Math.max(0, model.expect(span, seen).acW * error);
  }
  return { series: { from: options.from, stepMs, powerW }, weather };
}

/** Air temperature of a made-up climate, degC: a year, a day, and warm and cold weeks. */
function airC(time: number, site: PvSystem['site']): number {
  const year = Math.cos((2 * Math.PI * time) / hours(24 * 365.25) - 0.4) * (site.latitude < 0 ? -1 : 1);
  const day = Math.cos((2 * Math.PI * (time + (site.longitude / 360) * hours(24))) / hours(24) - 3.9);
  const week = Math.sin((2 * Math.PI * time) / hours(24 * 9.3));
  return 13 - 9 * year + 5 * day + 3 * week;
}

/** Share of the clear sky's light over one day. */
function dayClearness(random: () => number, clearDays: number): (time: number) => number {
  if (random() < clearDays) return () => 1;
  const level = 0.2 + 0.75 * random();
  const waves = [9, 3.1, 1.3, 0.6].map((period) => ({
    period: hours(period),
    phase: random() * 7,
    size: 0.18 * random(),
  }));
  return (time) => {
    const sum = waves.reduce(
      (total, wave) => total + wave.size * Math.sin((2 * Math.PI * time) / wave.period + wave.phase),
      0,
    );
    return Math.min(0.99, Math.max(0.08, level + sum));
  };
}
