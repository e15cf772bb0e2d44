import type { Database } from 'bun:sqlite';
import { inTransaction } from '../../platform/sqlite.ts';
import type { AnnouncementStore, StoredAnnouncement } from '../ports.ts';

const MOST_BYTES = 64 * 1024;
const MOST_A_SOURCE = 4096;

/**
 * Announcements as they were received. Devices repeat them at each of their starts, mostly unchanged: only what changed is
 * written, together and seldom. What a crash loses between two writes the journal brings back.
 */
export class SqliteAnnouncements implements AnnouncementStore {
  private readonly pending = new Map<string, StoredAnnouncement>();

  constructor(private readonly db: Database) {}

  all(): StoredAnnouncement[] {
    return this.db
      .query<{ source_id: string; topic: string; payload: Uint8Array; heard_at_ms: number }, []>(
        'SELECT source_id, topic, payload, heard_at_ms FROM announcements ORDER BY heard_at_ms, topic',
      )
      .all()
      .map((row) => ({ sourceId: row.source_id, topic: row.topic, payload: row.payload, heardAt: row.heard_at_ms }));
  }

  save(announcement: StoredAnnouncement): void {
    if (announcement.payload.length > MOST_BYTES || this.pending.size >= MOST_A_SOURCE) return;
    const { sourceId, topic, payload, heardAt } = announcement;
    this.pending.set(`${sourceId}\n${topic}`, { sourceId, topic, payload: payload.slice(), heardAt });
  }

  /** Writes what changed since the last time. */
  flush(): void {
    if (this.pending.size === 0) return;
    const changed = [...this.pending.values()];
    this.pending.clear();
    inTransaction(this.db, () => {
      for (const one of changed) this.write(one);
      for (const sourceId of new Set(changed.map((one) => one.sourceId))) this.trim(sourceId);
    });
  }

  forget(sourceId: string): void {
    for (const [key, one] of this.pending) if (one.sourceId === sourceId) this.pending.delete(key);
    this.db.query('DELETE FROM announcements WHERE source_id = ?').run(sourceId);
  }

  private write({ sourceId, topic, payload, heardAt }: StoredAnnouncement): void {
    if (payload.length === 0) {
      this.db.query('DELETE FROM announcements WHERE source_id = ? AND topic = ?').run(sourceId, topic);
      return;
    }
    this.db
      .query(
        `INSERT INTO announcements (source_id, topic, payload, heard_at_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET payload = excluded.payload, heard_at_ms = excluded.heard_at_ms
         WHERE payload <> excluded.payload`,
      )
      .run(sourceId, topic, payload, heardAt);
  }

  private trim(sourceId: string): void {
    this.db
      .query(
        `DELETE FROM announcements WHERE source_id = ?1 AND topic NOT IN
         (SELECT topic FROM announcements WHERE source_id = ?1 ORDER BY heard_at_ms DESC LIMIT ?2)`,
      )
      .run(sourceId, MOST_A_SOURCE);
  }
}
