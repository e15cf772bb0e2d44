import { type IntervalGrid, slotsPerDay, utcDayOf } from './interval-grid.ts';
import type { WeatherGrid } from './weather-grid.ts';
import type { WeatherColumn } from './weather-table.ts';

/** How a source's weather has to be read so that its light explains what the panels gave. */
export interface LightReading {
  /**
   * `parts`: beam and diffuse as they are given; `global`: split from the global light, whatever else is given; `none`: the
   * light is not that of these days, and is left out.
   */
  basis: 'parts' | 'global' | 'none';
  /** Whole intervals by which stamps of the light are late: stamped at the start of a step, or in another zone. */
  lateBy: number;
}

export const asGiven: LightReading = { basis: 'parts', lateBy: 0 };

const parts: readonly WeatherColumn[] = ['direct_radiation', 'diffuse_radiation', 'direct_normal_irradiance'];
const lights: readonly WeatherColumn[] = [...parts, 'shortwave_radiation'];

/** Weather with its light as the reading says; everything else as it was. */
export function readLight(weather: WeatherGrid, { basis, lateBy }: LightReading): WeatherGrid {
  const columns = { ...weather.columns };
  const left = basis === 'none' ? [...lights, 'cloud_cover' as const] : basis === 'global' ? parts : [];
  for (const name of left) delete columns[name];
  for (const name of lights) {
    const values = columns[name];
    if (values && lateBy !== 0) columns[name] = moved(values, weather.grid, lateBy);
  }
  return { ...weather, columns };
}

/** Readings that the columns allow, as given first; shifts in steps of the weather, up to two hours. */
export function possibleReadings(weather: WeatherGrid): { bases: LightReading['basis'][]; shifts: number[] } {
  const { columns, grid, spans } = weather;
  const hasParts = parts.some((name) => columns[name]);
  const bases: LightReading['basis'][] = columns.shortwave_radiation && hasParts ? ['parts', 'global'] : ['parts'];
  if (!lights.some((name) => columns[name])) return { bases, shifts: [] };
  const shortest = spans?.from.reduce(
    (least, from, at) => Math.min(least, (spans.to[at] ?? from) - from),
    Number.POSITIVE_INFINITY,
  );
  const step = Math.max(1, Math.round((shortest ?? 0) / grid.stepMs));
  const hour = Math.max(step, Math.round(slotsPerDay(grid) / 24));
  const half = Math.max(step, step * Math.round(hour / 2 / step));
  const sizes = [...new Set([half, hour, 2 * hour])];
  return { bases, shifts: sizes.flatMap((size) => [size, -size]) };
}

/** Values from so many intervals later (or earlier, below zero), but never from beyond the interval's own UTC day: that is not yet known. */
function moved(values: Float64Array, grid: IntervalGrid, by: number): Float64Array {
  const slots = slotsPerDay(grid);
  return values.map((_, index) => {
    let from = index + by;
    for (let back = 0; from > index && back < slots && utcDayOf(grid, from) > utcDayOf(grid, index); back++) from--;
    return values[from] ?? Number.NaN;
  });
}
