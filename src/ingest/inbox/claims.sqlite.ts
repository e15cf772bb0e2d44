import type { Database } from 'bun:sqlite';
import type { Claim, ClaimStore } from '../ports.ts';

type Row = { topic_filter: string; source_id: string; created_at_ms: number; is_replayed: number };

/** Claims on disk. */
export class SqliteClaims implements ClaimStore {
  constructor(private readonly db: Database) {}

  all(): Claim[] {
    return this.db
      .query<Row, []>('SELECT * FROM claims ORDER BY created_at_ms, topic_filter')
      .all()
      .map((row) => ({
        filter: row.topic_filter,
        sourceId: row.source_id,
        createdAt: row.created_at_ms,
        isReplayed: row.is_replayed === 1,
      }));
  }

  save({ filter, sourceId, createdAt, isReplayed }: Claim): void {
    this.db
      .query(
        `INSERT INTO claims (topic_filter, source_id, created_at_ms, is_replayed) VALUES (?, ?, ?, ?)
         ON CONFLICT (topic_filter) DO UPDATE SET source_id = excluded.source_id, is_replayed = excluded.is_replayed`,
      )
      .run(filter, sourceId, createdAt, isReplayed ? 1 : 0);
  }

  remove(filter: string): void {
    this.db.query('DELETE FROM claims WHERE topic_filter = ?').run(filter);
  }

  forget(sourceId: string): void {
    this.db.query('DELETE FROM claims WHERE source_id = ?').run(sourceId);
  }
}
