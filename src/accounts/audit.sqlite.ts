import type { Database } from 'bun:sqlite';
import type { Clock } from '../core/clock.ts';
import type { AuditEntry } from './audit.ts';
import type { AuditLog, AuditRecord } from './ports.ts';

const mostEntries = 20_000;
/** Counting at each line would cost more than it saves. */
const pruneEvery = 200;

/** The record of who did what, in SQLite; the oldest lines go. */
export class SqliteAudit implements AuditLog {
  private sinceSweep = 0;
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  record({ actor, address = '', action, subject, detail = '' }: AuditRecord): void {
    this.db
      .query(`INSERT INTO audit_log (time_ms, actor_id, actor_label, address, action, subject_id, subject_label, detail)
        VALUES ($time, $actorId, $actorLabel, $address, $action, $subjectId, $subjectLabel, $detail)`)
      .run({
        time: this.clock.now(),
        actorId: actor?.userId ?? null,
        actorLabel: actor?.email ?? '',
        address: address.slice(0, 100),
        action,
        subjectId: subject?.id ?? null,
        subjectLabel: (subject?.label ?? '').slice(0, 300),
        detail: detail.slice(0, 1000),
      });
    this.sinceSweep += 1;
    if (this.sinceSweep < pruneEvery) return;
    this.sinceSweep = 0;
    this.db.query('DELETE FROM audit_log WHERE id <= (SELECT max(id) FROM audit_log) - ?').run(mostEntries);
  }

  list({ limit = 100, before, actorId }: { limit?: number; before?: number; actorId?: string } = {}): AuditEntry[] {
    return this.db
      .query<AuditEntry, [number | null, string | null, number]>(
        `SELECT id, time_ms AS time, actor_id AS actorId, actor_label AS actorLabel, address, action,
           subject_id AS subjectId, subject_label AS subjectLabel, detail
         FROM audit_log WHERE (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR actor_id = ?2) ORDER BY id DESC LIMIT ?3`,
      )
      .all(before ?? null, actorId ?? null, Math.min(limit, 1000));
  }

  removeOlderThan(time: number): void {
    this.db.query('DELETE FROM audit_log WHERE time_ms < ?').run(time);
  }
}
