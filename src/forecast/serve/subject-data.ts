import type { IntervalGrid } from '../interval-grid.ts';
import type { ForecastQuantity } from '../issue.ts';
import type { ProductionSite } from '../production-site.ts';
import type { ToldWeather } from '../train/told-weather.ts';
import type { WeatherTable } from '../weather-table.ts';

/** One thing that is forecast. */
export interface ForecastSubject {
  sourceId: string;
  quantity: ForecastQuantity;
}

export const subjectKey = ({ sourceId, quantity }: ForecastSubject): string => `${sourceId}/${quantity}`;

/** What is known of a subject, in plain arrays that a worker can be handed. */
export interface SubjectData {
  /** Intervals of the past and of the time to forecast. */
  grid: IntervalGrid;
  /** Mean power of each, W; NaN where unknown and for all that is to come. */
  powerW: Float64Array;
  /** 1 where an interval must not be learned from or counted: curtailed, faulty. */
  excluded: Uint8Array;
  weather: WeatherTable | null;
  site: ProductionSite;
  timeZone: string;
}

/** What forecasts reach ahead. */
export const HORIZON_DAYS = 7;
/** What a forecast looks back on. */
export const LOOK_BACK_DAYS = 45;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The last weeks as they were known at a moment, and the time to forecast. Weather of hours to come is `told`'s; as the data
 * have it when that is left out.
 */
export function windowAt(data: SubjectData, now: number, told?: ToldWeather): SubjectData {
  const { grid } = data;
  const first = Math.max(0, Math.floor((now - LOOK_BACK_DAYS * DAY_MS - grid.from) / grid.stepMs));
  const from = grid.from + first * grid.stepMs;
  const count = Math.ceil((now + (HORIZON_DAYS + 1) * DAY_MS - from) / grid.stepMs);
  const known = Math.floor((now - from) / grid.stepMs);
  return {
    ...data,
    grid: { from, stepMs: grid.stepMs, count },
    powerW: Float64Array.from({ length: count }, (_, at) =>
      at < known ? (data.powerW[first + at] ?? Number.NaN) : Number.NaN,
    ),
    excluded: Uint8Array.from({ length: count }, (_, at) => (at < known ? (data.excluded[first + at] ?? 0) : 0)),
    weather: data.weather && joinWeather(data.weather, { from, to: from + count * grid.stepMs }, now, told),
  };
}

/** What was known of hours up to now, then what was told of those after. */
function joinWeather(
  past: WeatherTable,
  span: { from: number; to: number },
  now: number,
  told: ToldWeather | undefined,
): WeatherTable {
  const rowsOf = (table: WeatherTable, isMeant: (time: number) => boolean): number[] =>
    [...table.times.keys()].filter((row) => isMeant(table.times[row] ?? 0));
  const isInside = (time: number): boolean => time >= span.from - HOUR_MS && time <= span.to + HOUR_MS;
  const before = rowsOf(past, (time) => isInside(time) && (time <= now || !told));
  const after = told ? rowsOf(told.table, (time) => isInside(time) && time > now) : [];
  const columns: WeatherTable['columns'] = {};
  for (const name of Object.keys(past.columns) as (keyof WeatherTable['columns'])[]) {
    const [own, ahead] = [past.columns[name], told?.table.columns[name]];
    columns[name] = Float64Array.from([
      ...before.map((row) => own?.[row] ?? Number.NaN),
      ...after.map((row) => ahead?.[row] ?? Number.NaN),
    ]);
  }
  const times = Float64Array.from([
    ...before.map((row) => past.times[row] ?? 0),
    ...after.map((row) => told?.table.times[row] ?? 0),
  ]);
  return { stepMs: past.stepMs, times, columns };
}
