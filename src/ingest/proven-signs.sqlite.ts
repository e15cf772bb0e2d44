import type { Database } from 'bun:sqlite';
import type { ProvenSignStore } from './ports.ts';
import type { Proven } from './sign-proof.ts';

/** What sources' messages proved of signs, on disk. */
export class SqliteProvenSigns implements ProvenSignStore {
  constructor(private readonly db: Database) {}

  all(): { sourceId: string; proven: Proven }[] {
    return this.db
      .query<{ source_id: string; proven_json: string }, []>('SELECT source_id, proven_json FROM proven_signs')
      .all()
      .map(({ source_id: sourceId, proven_json: json }) => ({ sourceId, proven: JSON.parse(json) as Proven }));
  }

  save(sourceId: string, proven: Proven, at: number): void {
    this.db
      .query('INSERT OR REPLACE INTO proven_signs (source_id, proven_json, proven_at_ms) VALUES (?, ?, ?)')
      .run(sourceId, JSON.stringify(proven), at);
  }

  forget(sourceId: string): void {
    this.db.query('DELETE FROM proven_signs WHERE source_id = ?').run(sourceId);
  }
}
