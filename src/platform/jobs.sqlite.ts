import type { Database } from 'bun:sqlite';
import type { Job, JobState } from '../core/jobs.ts';
import { inTransaction } from './sqlite.ts';

/** A job that the power or the kernel ended this often in a row is not taken up again: it may be what ends the appliance. */
export const MOST_INTERRUPTIONS = 5;
/** How much of the past the table keeps. */
const KEPT = { succeeded: 300, dead: 200 } as const;

interface JobRow extends Omit<Job, 'payload'> {
  payload: string;
}

const COLUMNS = `id, kind, payload, state, progress, progress_text AS progressText, attempts, max_attempts AS maxAttempts,
  run_at_ms AS runAt, created_at_ms AS createdAt, started_at_ms AS startedAt, finished_at_ms AS finishedAt, error,
  owner_id AS ownerId`;
/** One that was begun, or else queued, later than now is of before the clock was set back: it would wait until that has caught up. */
const SLACK_MS = 60_000;
const IS_AHEAD = `coalesce(started_at_ms, created_at_ms) > ?1 + ${SLACK_MS}`;
const UNFINISHED = `state IN ('queued', 'running', 'failed')`;

/** The rows of the job table and the moves between their states; each move is one transaction. */
export class JobTable {
  constructor(private readonly db: Database) {}

  /** Adds a job, or gives the id of the unfinished one with the same key. */
  insert(job: {
    id: string;
    kind: string;
    payload: unknown;
    maxAttempts: number;
    runAt: number;
    createdAt: number;
    dedupeKey: string | null;
    ownerId: string | null;
  }): string {
    return inTransaction(this.db, () => {
      const same = job.dedupeKey
        ? this.db
            .query<{ id: string }, [string]>(`SELECT id FROM jobs WHERE dedupe_key = ? AND ${UNFINISHED}`)
            .get(job.dedupeKey)
        : null;
      if (same) return same.id;
      this.db
        .query(`INSERT INTO jobs (id, kind, payload, state, max_attempts, dedupe_key, owner_id, run_at_ms, created_at_ms)
          VALUES ($id, $kind, $payload, 'queued', $maxAttempts, $dedupeKey, $ownerId, $runAt, $createdAt)`)
        .run({ ...job, payload: JSON.stringify(job.payload ?? null) });
      return job.id;
    });
  }

  /** Takes the job that is due longest among `kinds` and marks it as running. */
  claim(kinds: readonly string[], now: number): Job | null {
    if (kinds.length === 0) return null;
    const row = this.db
      .query<JobRow, [number, string]>(
        `UPDATE jobs SET state = 'running', attempts = attempts + 1, started_at_ms = ?1, finished_at_ms = NULL
         WHERE id = (SELECT id FROM jobs WHERE state IN ('queued', 'failed') AND (run_at_ms <= ?1 OR ${IS_AHEAD})
           AND kind IN (SELECT value FROM json_each(?2)) ORDER BY run_at_ms, created_at_ms LIMIT 1)
         RETURNING ${COLUMNS}`,
      )
      .get(now, JSON.stringify(kinds));
    return row ? asJob(row) : null;
  }

  /** When the newest job of a kind was queued, ms UTC; null when there is none. */
  newestOf(kind: string): number | null {
    return (
      this.db
        .query<{ at: number | null }, [string]>('SELECT max(created_at_ms) AS at FROM jobs WHERE kind = ?')
        .get(kind)?.at ?? null
    );
  }

  succeed(id: string, now: number): void {
    this.db
      .query(`UPDATE jobs SET state = 'succeeded', finished_at_ms = ?, progress = 1, error = NULL, interruptions = 0
        WHERE id = ? AND state = 'running'`)
      .run(now, id);
    this.prune();
  }

  /** After a failed attempt: again at `retryAt`, or dead when that is null. */
  fail(id: string, failure: { error: string; now: number; retryAt: number | null }): void {
    this.db
      .query(`UPDATE jobs SET state = ?, error = ?, finished_at_ms = ?, run_at_ms = coalesce(?, run_at_ms), interruptions = 0
        WHERE id = ? AND state = 'running'`)
      .run(failure.retryAt === null ? 'dead' : 'failed', failure.error, failure.now, failure.retryAt, id);
  }

  /** Gives a job back that the appliance's own stop interrupted: the attempt does not count. */
  release(id: string): void {
    this.db
      .query(`UPDATE jobs SET state = 'queued', attempts = max(0, attempts - 1), started_at_ms = NULL
        WHERE id = ? AND state = 'running'`)
      .run(id);
  }

  /**
   * At the start: what is marked as running was cut off by a crash or a power cut. It runs again without losing an
   * attempt, unless that happened too often. Returns how many were taken up again.
   */
  recover(now: number): number {
    return inTransaction(this.db, () => {
      this.db
        .query(`UPDATE jobs SET state = 'dead', finished_at_ms = ?, interruptions = interruptions + 1,
          error = 'Ampra ended ' || (interruptions + 1) || ' times in a row while this ran. Retry it by hand once the cause is known.'
          WHERE state = 'running' AND interruptions + 1 >= ?`)
        .run(now, MOST_INTERRUPTIONS);
      return this.db
        .query(`UPDATE jobs SET state = 'queued', attempts = max(0, attempts - 1), interruptions = interruptions + 1,
          run_at_ms = ? WHERE state = 'running'`)
        .run(now).changes;
    });
  }

  retry(id: string, now: number): boolean {
    const { changes } = this.db
      .query(`UPDATE OR IGNORE jobs SET state = 'queued', attempts = 0, interruptions = 0, run_at_ms = ?, finished_at_ms = NULL
        WHERE id = ? AND state IN ('failed', 'dead')`)
      .run(now, id);
    return changes > 0;
  }

  /** When the next waiting job is due, ms UTC; null when none waits. */
  nextDue(kinds: readonly string[], now: number): number | null {
    const row = this.db
      .query<{ due: number | null }, [number, string]>(
        `SELECT min(iif(${IS_AHEAD}, ?1, run_at_ms)) AS due FROM jobs WHERE state IN ('queued', 'failed')
         AND kind IN (SELECT value FROM json_each(?2))`,
      )
      .get(now, JSON.stringify(kinds));
    return row?.due ?? null;
  }

  find(id: string): Job | undefined {
    const row = this.db.query<JobRow, [string]>(`SELECT ${COLUMNS} FROM jobs WHERE id = ?`).get(id);
    return row ? asJob(row) : undefined;
  }

  /** Newest first. */
  list(options: { state?: JobState; limit: number }): Job[] {
    return this.db
      .query<JobRow, [string | null, number]>(
        `SELECT ${COLUMNS} FROM jobs WHERE ?1 IS NULL OR state = ?1 ORDER BY created_at_ms DESC, rowid DESC LIMIT ?2`,
      )
      .all(options.state ?? null, options.limit)
      .map(asJob);
  }

  /** How many jobs are in each state. */
  counts(): Record<JobState, number> {
    const counts: Record<JobState, number> = { queued: 0, running: 0, succeeded: 0, failed: 0, dead: 0 };
    const rows = this.db
      .query<{ state: JobState; n: number }, []>('SELECT state, count(*) AS n FROM jobs GROUP BY state')
      .all();
    for (const row of rows) counts[row.state] = row.n;
    return counts;
  }

  /** For when a person is deleted: their waiting and finished work goes with them. */
  removeAllOf(ownerId: string): void {
    this.db.query('DELETE FROM jobs WHERE owner_id = ?').run(ownerId);
  }

  private prune(): void {
    for (const [state, kept] of Object.entries(KEPT)) {
      this.db
        // The newest of each kind stays: it says when a regular job last had its turn.
        .query(`DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = ? ORDER BY created_at_ms DESC, rowid DESC
          LIMIT -1 OFFSET ?) AND id NOT IN (SELECT id FROM (SELECT id, max(created_at_ms) FROM jobs GROUP BY kind))`)
        .run(state, kept);
    }
  }
}

function asJob(row: JobRow): Job {
  return { ...row, payload: JSON.parse(row.payload) };
}
