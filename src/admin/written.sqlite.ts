import type { Database } from 'bun:sqlite';
import type { WrittenBytesStore, WrittenDay } from './system.ts';

const KEPT_DAYS = 400;

export class SqliteWrittenBytes implements WrittenBytesStore {
  constructor(private readonly db: Database) {}

  add(day: string, bytes: number): void {
    this.db
      .query(
        'INSERT INTO written_bytes (day, bytes) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET bytes = bytes + excluded.bytes',
      )
      .run(day, bytes);
    this.db
      .query('DELETE FROM written_bytes WHERE day NOT IN (SELECT day FROM written_bytes ORDER BY day DESC LIMIT ?)')
      .run(KEPT_DAYS);
  }

  list(days: number): WrittenDay[] {
    return this.db
      .query<WrittenDay, [number]>('SELECT day, bytes FROM written_bytes ORDER BY day DESC LIMIT ?')
      .all(days);
  }
}
