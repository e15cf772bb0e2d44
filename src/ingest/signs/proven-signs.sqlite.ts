import type { Database } from 'bun:sqlite';
import type { ProvenSignStore } from '../ports.ts';
import type { Proven } from './sign-proof.ts';

type Row = { source_id: string; proven_json: string; read_anew_json: string };

/** What sources' messages proved of signs, on disk. */
export class SqliteProvenSigns implements ProvenSignStore {
  constructor(private readonly db: Database) {}

  all(): { sourceId: string; proven: Proven; readAnew: string[] }[] {
    return this.db
      .query<Row, []>('SELECT source_id, proven_json, read_anew_json FROM proven_signs')
      .all()
      .map((row) => ({
        sourceId: row.source_id,
        proven: JSON.parse(row.proven_json) as Proven,
        readAnew: JSON.parse(row.read_anew_json) as string[],
      }));
  }

  save(sourceId: string, proven: Proven, at: number): void {
    this.db
      .query(
        `INSERT INTO proven_signs (source_id, proven_json, proven_at_ms) VALUES (?, ?, ?)
         ON CONFLICT (source_id) DO UPDATE SET proven_json = excluded.proven_json, proven_at_ms = excluded.proven_at_ms`,
      )
      .run(sourceId, JSON.stringify(proven), at);
  }

  markRead(sourceId: string, readAnew: readonly string[]): void {
    this.db
      .query('UPDATE proven_signs SET read_anew_json = ? WHERE source_id = ?')
      .run(JSON.stringify(readAnew), sourceId);
  }

  forget(sourceId: string): void {
    this.db.query('DELETE FROM proven_signs WHERE source_id = ?').run(sourceId);
  }
}
