import type { Database } from 'bun:sqlite';
import type { DailyWeather } from './days.ts';
import type { DayStore } from './ports.ts';

/** Column and property of each figure. */
const columns = [
  ['date', 'date'],
  ['temperature_max_c', 'temperatureMaxC'],
  ['temperature_min_c', 'temperatureMinC'],
  ['shortwave_sum_mj_m2', 'shortwaveSumMjM2'],
  ['weather_code', 'weatherCode'],
  ['uv_index_max', 'uvIndexMax'],
  ['precipitation_sum_mm', 'precipitationSumMm'],
  ['wind_max_m_s', 'windMaxMs'],
  ['sunrise_ms', 'sunrise'],
  ['sunset_ms', 'sunset'],
  ['origin', 'origin'],
  ['fetched_at_ms', 'fetchedAt'],
  ['hours_known', 'hoursKnown'],
  ['hours_in_day', 'hoursInDay'],
] as const satisfies readonly (readonly [string, keyof DailyWeather])[];

const names = columns.map(([column]) => column).join(', ');
const selected = columns.map(([column, property]) => `${column} AS ${property}`).join(', ');

/** `DayStore` on SQLite. */
export function createDayStore(db: Database): DayStore {
  return {
    read: (sourceId, first, last) =>
      db
        .query<DailyWeather, [string, string, string]>(
          `SELECT ${selected} FROM weather_days WHERE source_id = ? AND date >= ? AND date <= ? ORDER BY date`,
        )
        .all(sourceId, first, last),
    put(sourceId, days) {
      const statement = db.query(
        `INSERT OR REPLACE INTO weather_days (source_id, ${names}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
      );
      for (const day of days) statement.run(sourceId, ...columns.map(([, property]) => day[property]));
    },
    removeAllOf(sourceId) {
      db.query('DELETE FROM weather_days WHERE source_id = ?').run(sourceId);
    },
  };
}
