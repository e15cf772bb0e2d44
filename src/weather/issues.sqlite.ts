import type { Database } from 'bun:sqlite';
import { HOUR_MS, type WeatherIssue } from './hours.ts';
import { decodeHours, encodeHours } from './hours-codec.ts';
import type { IssueStore } from './ports.ts';

interface Row {
  issued_at_ms: number;
  from_ms: number;
  hour_count: number;
  hours: Uint8Array;
}

const COLUMNS = 'issued_at_ms, from_ms, hour_count, hours';

/** `IssueStore` on SQLite. */
export function createIssueStore(db: Database): IssueStore {
  const one = (where: string, placeId: number, time: number): WeatherIssue | null => {
    const sql = `SELECT ${COLUMNS} FROM weather_issues WHERE place_id = ? AND ${where}`;
    const row = db.query<Row, [number, number]>(sql).get(placeId, time);
    return row && toIssue(row);
  };
  return {
    times: (placeId, { from, to }) =>
      db
        .query<{ issued_at_ms: number }, [number, number, number]>(
          `SELECT issued_at_ms FROM weather_issues WHERE place_id = ? AND issued_at_ms >= ? AND issued_at_ms < ?
           ORDER BY issued_at_ms`,
        )
        .all(placeId, from, to)
        .map((row) => row.issued_at_ms),
    newestTime: (placeId, time) =>
      db
        .query<{ newest: number | null }, [number, number]>(
          'SELECT max(issued_at_ms) AS newest FROM weather_issues WHERE place_id = ? AND issued_at_ms <= ?',
        )
        .get(placeId, time)?.newest ?? null,
    read: (placeId, issuedAt) => one('issued_at_ms = ?', placeId, issuedAt),
    newestAt: (placeId, time) => one('issued_at_ms <= ? ORDER BY issued_at_ms DESC LIMIT 1', placeId, time),
    *speakingOf(placeId, { from, to }) {
      const times = db
        .query<{ issued_at_ms: number }, [number, number, number, number]>(
          `SELECT issued_at_ms FROM weather_issues
           WHERE place_id = ? AND issued_at_ms < ? AND from_ms < ? AND from_ms + hour_count * ${HOUR_MS} > ?
           ORDER BY issued_at_ms DESC`,
        )
        .all(placeId, to, to, from);
      for (const { issued_at_ms: issuedAt } of times) {
        const issue = one('issued_at_ms = ?', placeId, issuedAt);
        if (issue) yield issue;
      }
    },
    put(placeId, issues) {
      const statement = db.query(`INSERT OR REPLACE INTO weather_issues (place_id, ${COLUMNS}) VALUES (?, ?, ?, ?, ?)`);
      for (const issue of issues) {
        const packed = Bun.zstdCompressSync(encodeHours(issue.values, issue.count), { level: 9 });
        statement.run(placeId, issue.issuedAt, issue.from, issue.count, packed);
      }
    },
    remove(placeId, issuedAt) {
      const statement = db.query('DELETE FROM weather_issues WHERE place_id = ? AND issued_at_ms = ?');
      for (const time of issuedAt) statement.run(placeId, time);
    },
  };
}

function toIssue(row: Row): WeatherIssue {
  return {
    issuedAt: row.issued_at_ms,
    from: row.from_ms,
    count: row.hour_count,
    values: decodeHours(Bun.zstdDecompressSync(row.hours), row.hour_count),
  };
}
