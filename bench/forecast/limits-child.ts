import { days, hours } from '../../src/core/durations.ts';
import type { ForecastQuantity } from '../../src/forecast/issue.ts';
import { usualWidths } from '../../src/forecast/serve/band-widths.ts';
import { type SubjectData, windowAt } from '../../src/forecast/serve/subject-data.ts';
import type { TrainAnswer, TrainTask } from '../../src/forecast/tasks.ts';
import type { WeatherTable } from '../../src/forecast/weather-table.ts';
import { runForecastJob } from '../../src/ml/forecast-worker.ml.ts';
import { madeUpConsumption } from '../../src/testing/consumption.ts';
import { madeUpProduction } from '../../src/testing/production.ts';
import { createRandom } from '../../src/testing/synthetic-roof.ts';
import { watchLoop } from './watch-loop.ts';

/**
 * One process for one measurement: learns two years of hours in the worker, then forecasts from there in another one, and
 * prints what that took and what it did to the main loop. Its argument is the quantity.
 */
const YEARS_DAYS = 730;

const quantity = process.argv[2] as ForecastQuantity;
const data = subjectData(quantity);
const now = data.grid.from + days(YEARS_DAYS);
const training = await watchLoop(() => runForecastJob({ kind: 'train', task: trainTask(data) }));
const served = await watchLoop(() => runForecastJob({ kind: 'serve', tasks: [serveTask(data, training.answer)] }));
const [first] = served.answer;
if (!first || !('issue' in first)) throw new Error(`nothing was forecast: ${first?.problem}`);
const { ms, cpuMs, peakMb, blockedMs, busyMs } = training;
const { issue } = first;
console.log(
  JSON.stringify({
    ms,
    cpuMs,
    peakMb,
    blockedMs,
    busyMs,
    serveMs: served.ms,
    serveCpuMs: served.cpuMs,
    model: issue.model,
  }),
);

function subjectData(wanted: ForecastQuantity): SubjectData {
  const from = Date.UTC(2024, 0, 1);
  const all = YEARS_DAYS + 8;
  const made = wanted === 'solar' ? madeUpProduction({ from, days: all }) : madeUpConsumption({ from, days: all });
  const { grid, powerW } = made.data;
  return {
    grid,
    powerW: powerW.map((value, index) => (index < YEARS_DAYS * 24 ? value : Number.NaN)),
    excluded: new Uint8Array(grid.count),
    weather: withMore(made.table),
    site: { latitude: 47.4, longitude: 8.5, installedW: 5000, arrays: [] },
    timeZone: 'Europe/Zurich',
  };
}

/** As many columns as the appliance asks for. */
function withMore(table: WeatherTable): WeatherTable {
  const random = createRandom(9);
  const column = (most: number): Float64Array => table.times.map(() => most * random());
  return {
    ...table,
    columns: {
      relative_humidity_2m: column(100),
      cloud_cover: column(100),
      wind_speed_10m: column(40),
      precipitation: column(2),
      temperature_2m: column(25),
      ...table.columns,
    },
  };
}

function trainTask({ grid, ...data }: SubjectData): TrainTask {
  const count = YEARS_DAYS * 24;
  return {
    subject: { sourceId: 'bench', quantity },
    data: {
      ...structuredClone(data),
      grid: { ...grid, count },
      powerW: data.powerW.slice(0, count),
      excluded: data.excluded.slice(0, count),
    },
    champion: null,
    version: '1',
    madeAt: now,
    weather: null,
    told: [],
    wantsReplays: false,
    widths: usualWidths(),
  };
}

function serveTask(data: SubjectData, { serving }: TrainAnswer) {
  if (!serving) throw new Error('nothing was learned');
  return {
    subject: { sourceId: 'bench', quantity },
    data: windowAt(data, now, undefined),
    model: serving,
    now,
    weather: { at: now, until: now + days(7) + hours(1) },
    widths: usualWidths(),
  };
}
