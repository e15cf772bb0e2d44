import { createSky } from '../../src/core/solar/sky.ts';
import { correlation, mean } from '../../src/core/stats.ts';
import { backtestInput } from '../../src/forecast/backtest-input.ts';
import { slotsPerDay } from '../../src/forecast/interval-grid.ts';
import { lightGrid } from '../../src/forecast/light-grid.ts';
import type { ProductionData } from '../../src/forecast/production-model.ts';
import { placeOf } from '../../src/forecast/production-site.ts';
import { type PvSet, pvSets } from './pv-sets.ts';

/**
 * Whether the weather of each recorded set is that of its days: `AMPRA_TEST_DATA=... bun bench/forecast/weather-fits.ts [names as
 * a pattern]`. Prints how bright days were by the weather goes with how bright they were by production (Pearson's correlation
 * of their shares of a clear day, each against the fortnights around it), day by day and shifted by up to ten days.
 */
const root = process.env.AMPRA_TEST_DATA;
if (!root) throw new Error('AMPRA_TEST_DATA must name the folder of the test data');
const wanted = new RegExp(process.argv[2] ?? '.');
const MOST_SHIFT = 10;
const AROUND_DAYS = 14;
/** What falls on the ground. */
const FLAT = { tiltDeg: 0, azimuthDeg: 180 };

for (const set of pvSets(root)) if (wanted.test(set.name) && set.weatherCsv !== null) console.log(line(set));

function line({ name, powerCsv, weatherCsv, site }: PvSet): string {
  const names = { power: 'power.csv', weather: 'weather.csv' };
  const input = backtestInput({ powerCsv, ...(weatherCsv === null ? {} : { weatherCsv }), site, names });
  if (!input.ok) throw new Error(`${name}: ${input.error.message}`);
  const { byWeather, byPower } = brightness(input.value.data);
  const shifted = Array.from({ length: 2 * MOST_SHIFT + 1 }, (_, at) => at - MOST_SHIFT).map((days) => ({
    days,
    r: correlationAt(byWeather, byPower, days),
  }));
  const best = shifted.reduce((a, b) => (b.r > a.r ? b : a));
  const same = correlationAt(byWeather, byPower, 0);
  return `${name.padEnd(16)} ${byPower.length} days, correlation ${same.toFixed(2)}, at most ${best.r.toFixed(2)} (${best.days} days later)`;
}

/** Each UTC day's share of a clear one, less the mean of the days around; NaN where something is missing. */
function brightness({ grid, powerW, weather, site }: ProductionData): { byWeather: number[]; byPower: number[] } {
  const place = placeOf(site, grid, powerW, grid.count).site;
  const { clearPlanes, weatherPlanes } = lightGrid(grid, createSky(place), [FLAT], weather);
  const [clearWm2, seenWm2] = [clearPlanes[0], weatherPlanes?.[0]];
  const slots = slotsPerDay(grid);
  const [byWeather, byPower]: [number[], number[]] = [[], []];
  for (let start = 0; start + slots <= grid.count; start += slots) {
    let [clear, seen, power] = [0, 0, 0];
    for (let index = start; index < start + slots; index++) {
      if (!((clearWm2?.[index] ?? 0) > 0)) continue;
      clear += clearWm2?.[index] ?? 0;
      seen += seenWm2?.[index] ?? Number.NaN;
      power += powerW[index] ?? Number.NaN;
    }
    byWeather.push(seen / clear);
    byPower.push(power / clear);
  }
  return { byWeather: againstNeighbours(byWeather), byPower: againstNeighbours(byPower) };
}

function againstNeighbours(values: readonly number[]): number[] {
  return values.map((value, at) => {
    const around = values
      .slice(Math.max(0, at - AROUND_DAYS), at + AROUND_DAYS + 1)
      .filter((one) => Number.isFinite(one));
    return around.length > 0 ? value / mean(around) - 1 : Number.NaN;
  });
}

/** How a day's brightness goes with another's so many days later; days that lack either are left out. */
function correlationAt(a: readonly number[], b: readonly number[], days: number): number {
  const points = a.map((x, at) => ({ x, y: b[at + days] ?? Number.NaN }));
  return correlation(points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
}
