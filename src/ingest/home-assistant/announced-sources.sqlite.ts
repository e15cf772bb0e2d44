import type { Database } from 'bun:sqlite';
import type { AnnouncedSources } from './ports.ts';

/** Which sources are announced to Home Assistant. */
export class SqliteAnnouncedSources implements AnnouncedSources {
  constructor(private readonly db: Database) {}

  all(): { sourceId: string; since: number }[] {
    return this.db
      .query<{ sourceId: string; since: number }, []>(
        'SELECT source_id AS sourceId, since_ms AS since FROM announced_sources',
      )
      .all();
  }

  add(sourceId: string, since: number): void {
    this.db.query('INSERT OR IGNORE INTO announced_sources VALUES (?, ?)').run(sourceId, since);
  }

  remove(sourceId: string): void {
    this.db.query('DELETE FROM announced_sources WHERE source_id = ?').run(sourceId);
  }
}
