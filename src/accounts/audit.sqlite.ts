import type { Database } from 'bun:sqlite';
import type { Clock } from '../core/clock.ts';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import type { AuditEntry } from './audit.ts';
import type { AuditLog, AuditRecord } from './ports.ts';

/** How many lines are kept; counting at each line would cost more than it saves. */
const usualBounds = { mostOfAKind: 2000, most: 50_000, pruneEvery: 200 };

/**
 * The record of who did what, in SQLite. It is bounded for each action of each person first, so that whoever floods it
 * (with failed sign-ins, say) pushes out lines like these and not the trace of what they did; then as a whole.
 */
export class SqliteAudit implements AuditLog {
  private sinceSweep = 0;
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bounds = usualBounds,
  ) {}

  /** What the disk does not take is not recorded: nobody must be kept out by that, or be unable to mend it. */
  record(entry: AuditRecord): void {
    unlessDiskTrouble(() => this.insert(entry));
  }

  private insert({ actor, address = '', action, subject, detail = '' }: AuditRecord): void {
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
    if (this.sinceSweep >= this.bounds.pruneEvery) this.prune();
  }

  private prune(): void {
    this.sinceSweep = 0;
    const { mostOfAKind, most } = this.bounds;
    this.db
      .query(`DELETE FROM audit_log WHERE id IN (SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY actor_id, action ORDER BY id DESC) AS place FROM audit_log)
        WHERE place > ?)`)
      .run(mostOfAKind);
    this.db
      .query('DELETE FROM audit_log WHERE id <= (SELECT id FROM audit_log ORDER BY id DESC LIMIT 1 OFFSET ?)')
      .run(most);
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
