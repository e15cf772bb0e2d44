import type { Database } from 'bun:sqlite';
import type { HourOrigin, HoursOfDay } from './hours.ts';
import { decodeHours, encodeHours } from './hours-codec.ts';
import type { PastStore } from './ports.ts';

interface Row {
  day: number;
  fetched_at_ms: number;
  origins: Uint8Array;
  hours: Uint8Array;
}

/** By the number that is stored for each hour. */
const origins: readonly (HourOrigin | null)[] = [null, 'archive', 'recent'];

/** `PastStore` on SQLite: a UTC day a row. */
export function createPastStore(db: Database): PastStore {
  const range = 'WHERE place_id = ? AND day >= ? AND day < ? ORDER BY day';
  return {
    days: (placeId, from, to) =>
      db
        .query<Row, [number, number, number]>(`SELECT day, fetched_at_ms, origins, hours FROM weather_hours ${range}`)
        .all(placeId, from, to)
        .map(toDay),
    known: (placeId, from, to) =>
      db
        .query<Omit<Row, 'hours'>, [number, number, number]>(
          `SELECT day, fetched_at_ms, origins FROM weather_hours ${range}`,
        )
        .all(placeId, from, to)
        .map((row) => ({ day: row.day, fetchedAt: row.fetched_at_ms, isWhole: row.origins.every((byte) => byte > 0) })),
    put(placeId, days) {
      const statement = db.query(
        `INSERT INTO weather_hours (place_id, day, fetched_at_ms, origins, hours) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (place_id, day) DO UPDATE SET
           fetched_at_ms = excluded.fetched_at_ms, origins = excluded.origins, hours = excluded.hours`,
      );
      for (const { day, fetchedAt, origins: own, values } of days) {
        const bytes = Uint8Array.from(own, (origin) => origins.indexOf(origin));
        statement.run(placeId, day, fetchedAt, bytes, encodeHours(values, 24));
      }
    },
  };
}

function toDay(row: Row): HoursOfDay {
  return {
    day: row.day,
    fetchedAt: row.fetched_at_ms,
    origins: Array.from(row.origins, (byte) => origins[byte] ?? null),
    values: decodeHours(row.hours, 24),
  };
}
