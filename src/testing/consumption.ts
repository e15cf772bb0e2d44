import { hours } from '../core/durations.ts';
import { zoneOffsetMs } from '../core/zone.ts';
import type { ConsumptionData } from '../forecast/consumption/consumption-model.ts';
import { layWeather } from '../forecast/weather-grid.ts';
import type { WeatherTable } from '../forecast/weather-table.ts';
import { createRandom } from './synthetic-roof.ts';

export interface MadeUpHouse {
  from?: number;
  days?: number;
  stepMs?: number;
  timeZone?: string;
  seed?: number;
  /** W of heating for each degree below 16 degC. */
  heatingWPerK?: number;
  /** What comes beside habit and heat, W, from a number in 0..1 that is drawn evenly. */
  noiseW?: (draw: number, usualW: number) => number;
}

const DAY_MS = 86_400_000;
const normal = (): number => 0;

/**
 * Made-up consumption of people who go by the clock on the wall: up at seven, out on working days, home at six, a stove in
 * the evening, later and longer at weekends; heating when days are cold. The air follows a season and spells of four days.
 */
export function madeUpConsumption(options: MadeUpHouse = {}): {
  data: ConsumptionData;
  table: WeatherTable;
  usualW: Float64Array;
} {
  const { from = Date.UTC(2025, 0, 6), days = 120, stepMs = hours(1), timeZone = 'Europe/Zurich', seed = 5 } = options;
  const { heatingWPerK = 30, noiseW = normal } = options;
  const random = createRandom(seed);
  const count = Math.round((days * DAY_MS) / stepMs);
  const grid = { from, stepMs, count };
  const air = spells(from, days, random);
  const usualW = new Float64Array(count);
  const powerW = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const time = from + index * stepMs;
    const wall = time + zoneOffsetMs(time, timeZone) + stepMs / 2;
    const weekend = (Math.floor(wall / DAY_MS) + 3) % 7 >= 5;
    const usual = habitW((wall % DAY_MS) / hours(1), weekend) + heatingWPerK * Math.max(0, 16 - air(time));
    usualW[index] = usual;
    powerW[index] = Math.max(0, usual + noiseW(random(), usual));
  }
  const times = Float64Array.from({ length: days * 24 + 1 }, (_, hour) => from + hour * hours(1));
  const table: WeatherTable = { stepMs: hours(1), times, columns: { temperature_2m: times.map(air) } };
  const place = { latitude: 47.4, longitude: 8.5 };
  return { data: { grid, powerW, weather: layWeather(table, grid), timeZone, place }, table, usualW };
}

function habitW(hour: number, isWeekend: boolean): number {
  const base = 120;
  if (isWeekend) return base + (hour >= 9 && hour < 23 ? 500 : 0) + (hour >= 12 && hour < 14 ? 900 : 0);
  return (
    base + (hour >= 7 && hour < 8 ? 600 : 0) + (hour >= 18 && hour < 22 ? 700 : 0) + (hour >= 19 && hour < 20 ? 900 : 0)
  );
}

/** Temperature of the air, degC: a course over the day, and a level that changes every four days. */
function spells(from: number, days: number, random: () => number): (time: number) => number {
  const levels = Array.from({ length: Math.ceil(days / 4) + 2 }, () => 12 * random());
  return (time) => {
    const spell = (time - from) / (4 * DAY_MS);
    const low = Math.floor(spell);
    const level = (levels[low] ?? 6) + ((levels[low + 1] ?? 6) - (levels[low] ?? 6)) * (spell - low);
    return level + 4 * Math.sin((2 * Math.PI * ((time % DAY_MS) - hours(9))) / DAY_MS);
  };
}
