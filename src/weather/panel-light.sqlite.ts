import type { Database } from 'bun:sqlite';
import type { PanelLightStore } from './ports.ts';

interface Row {
  date: string;
  kwhM2: number;
  known: number;
}

/** `PanelLightStore` on SQLite: columns of the days of sources. */
export function createPanelLightStore(db: Database): PanelLightStore {
  return {
    pending: (sourceId, before, panels, limit) =>
      db
        .query<{ date: string }, [string, string, number, number]>(
          `SELECT date FROM weather_days WHERE source_id = ? AND date < ? AND panel_light_of IS NOT ?
           ORDER BY date DESC LIMIT ?`,
        )
        .all(sourceId, before, panels, limit)
        .map(({ date }) => date),
    put(sourceId, panels, days) {
      const statement = db.query(
        `UPDATE weather_days SET panel_light_kwh_m2 = ?, panel_light_known = ?, panel_light_of = ?
         WHERE source_id = ? AND date = ?`,
      );
      for (const [date, { kwhM2, known }] of days) statement.run(kwhM2, known, panels, sourceId, date);
    },
    read: (sourceId, panels, first, last) =>
      new Map(
        db
          .query<Row, [string, string, string, number]>(
            `SELECT date, panel_light_kwh_m2 AS kwhM2, panel_light_known AS known FROM weather_days
             WHERE source_id = ? AND date >= ? AND date <= ? AND panel_light_of = ?`,
          )
          .all(sourceId, first, last, panels)
          .map(({ date, kwhM2, known }) => [date, { kwhM2, known }]),
      ),
  };
}
