import type { Database } from 'bun:sqlite';
import { inTransaction } from '../platform/sqlite.ts';
import { type ForecastIssue, stepsEnd } from './issue.ts';
import { decodeIssue, encodeIssue } from './issue-codec.ts';
import type { IssueStore } from './ports.ts';

interface Row {
  issued_at_ms: number;
  is_replayed: number;
  body: Uint8Array;
}

const COLUMNS = 'issued_at_ms, is_replayed, body';

/** `IssueStore` on SQLite: a forecast of a week takes about 2 kB. */
export function createIssueStore(db: Database): IssueStore {
  type Key = [string, string];
  const one = (where: string, [id, quantity]: Key, time: number): ForecastIssue | null => {
    const sql = `SELECT ${COLUMNS} FROM forecast_issues WHERE source_id = ? AND quantity = ? AND ${where}`;
    const row = db.query<Row, [string, string, number]>(sql).get(id, quantity, time);
    return row && toIssue(row);
  };
  const list = (where: string, key: Key, from: number, to: number): number[] =>
    db
      .query<{ issued_at_ms: number }, [string, string, number, number]>(
        `SELECT issued_at_ms FROM forecast_issues WHERE source_id = ? AND quantity = ? AND ${where} ORDER BY issued_at_ms`,
      )
      .all(...key, from, to)
      .map((row) => row.issued_at_ms);
  return {
    newestAt: ({ sourceId, quantity }, time) =>
      one('issued_at_ms <= ? ORDER BY issued_at_ms DESC LIMIT 1', [sourceId, quantity], time),
    times: ({ sourceId, quantity }, { from, to }) =>
      list('issued_at_ms >= ? AND issued_at_ms < ?', [sourceId, quantity], from, to),
    read: ({ sourceId, quantity }, issuedAt) => one('issued_at_ms = ?', [sourceId, quantity], issuedAt),
    speakingOf: ({ sourceId, quantity }, { from, to }) =>
      list('to_ms > ? AND from_ms < ?', [sourceId, quantity], from, to),
    put({ sourceId, quantity }, issues) {
      const statement = db.query(
        `INSERT OR REPLACE INTO forecast_issues (source_id, quantity, from_ms, to_ms, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      );
      const rows = issues.map((issue) => {
        const body = Bun.zstdCompressSync(encodeIssue(issue), { level: 9 });
        return [issue.steps.from, stepsEnd(issue.steps), issue.issuedAt, issue.isReplayed ? 1 : 0, body] as const;
      });
      inTransaction(db, () => {
        for (const row of rows) statement.run(sourceId, quantity, ...row);
      });
    },
    remove({ sourceId, quantity }, issuedAt) {
      const statement = db.query(
        'DELETE FROM forecast_issues WHERE source_id = ? AND quantity = ? AND issued_at_ms = ?',
      );
      for (const time of issuedAt) statement.run(sourceId, quantity, time);
    },
  };
}

function toIssue(row: Row): ForecastIssue {
  return decodeIssue(Bun.zstdDecompressSync(row.body), {
    issuedAt: row.issued_at_ms,
    isReplayed: row.is_replayed === 1,
  });
}
