import type { Database } from 'bun:sqlite';
import type { TopicRoute, TopicRouteStore } from '../ports.ts';

type Row = { source_id: string; topic_filter: string; to_source_id: string; created_at_ms: number };

/** Topic routes on disk. */
export class SqliteTopicRoutes implements TopicRouteStore {
  constructor(private readonly db: Database) {}

  all(): TopicRoute[] {
    return this.db
      .query<Row, []>('SELECT * FROM topic_routes ORDER BY created_at_ms, source_id, topic_filter')
      .all()
      .map((row) => ({
        sourceId: row.source_id,
        filter: row.topic_filter,
        toSourceId: row.to_source_id,
        createdAt: row.created_at_ms,
      }));
  }

  save({ sourceId, filter, toSourceId, createdAt }: TopicRoute): void {
    this.db
      .query(
        `INSERT INTO topic_routes (source_id, topic_filter, to_source_id, created_at_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT (source_id, topic_filter) DO UPDATE SET to_source_id = excluded.to_source_id`,
      )
      .run(sourceId, filter, toSourceId, createdAt);
  }

  remove(sourceId: string, filter: string): void {
    this.db.query('DELETE FROM topic_routes WHERE source_id = ? AND topic_filter = ?').run(sourceId, filter);
  }

  forget(sourceId: string): void {
    this.db.query('DELETE FROM topic_routes WHERE source_id = ?1 OR to_source_id = ?1').run(sourceId);
  }
}
