import { hours } from '../core/durations.ts';
import type { ProductionData } from '../forecast/production-model.ts';
import { layWeather } from '../forecast/weather-grid.ts';
import type { WeatherTable } from '../forecast/weather-table.ts';
import { createRandom, syntheticRoof } from './synthetic-roof.ts';

export interface MadeUpOptions {
  from?: number;
  days?: number;
  stepMs?: number;
  latitude?: number;
  longitude?: number;
  /** Share by which the weather's light is off, at most. */
  weatherError?: number;
  hasWeather?: boolean;
  seed?: number;
}

/** Made-up power of a roof to the south with shade in the afternoon, and the weather of a service that errs. */
export function madeUpProduction(options: MadeUpOptions = {}): { data: ProductionData; table: WeatherTable } {
  const { from = Date.UTC(2025, 2, 1), days = 100, stepMs = hours(1), seed = 2 } = options;
  const { latitude = 47.4, longitude = 8.5, weatherError = 0.15 } = options;
  const horizon = [
    { azimuthDeg: 230, elevationDeg: 0 },
    { azimuthDeg: 245, elevationDeg: 25 },
    { azimuthDeg: 300, elevationDeg: 25 },
    { azimuthDeg: 310, elevationDeg: 0 },
  ];
  const { series, weather } = syntheticRoof(
    { site: { latitude, longitude }, arrays: [{ tiltDeg: 30, azimuthDeg: 180, peakW: 5000, horizon }] },
    { from, days, stepMs, seed },
  );
  const powerW = Float64Array.from(series.powerW);
  const random = createRandom(seed + 1);
  const times = Float64Array.from(powerW, (_, index) => from + (index + 1) * stepMs);
  const slots = Math.round(hours(24) / stepMs);
  let error = 1;
  const light = Float64Array.from(weather, ({ ghiWm2 }, index) => {
    if (index % slots === 0) error = 1 + weatherError * (2 * random() - 1);
    return Math.max(0, (ghiWm2 ?? 0) * error * (1 + weatherError * (random() - 0.5)));
  });
  const table: WeatherTable = {
    stepMs,
    times,
    columns: { shortwave_radiation: light, temperature_2m: light.map(() => 15) },
  };
  const grid = { from, stepMs, count: powerW.length };
  return {
    table,
    data: {
      grid,
      powerW,
      weather: options.hasWeather === false ? null : layWeather(table, grid),
      site: { latitude, longitude, installedW: 5000, arrays: [] },
    },
  };
}
