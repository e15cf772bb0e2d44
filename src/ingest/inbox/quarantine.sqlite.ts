import type { Database } from 'bun:sqlite';
import type { Clock } from '../../core/clock.ts';
import { days } from '../../core/durations.ts';
import { inTransaction } from '../../platform/sqlite.ts';
import type { MessageOutcome } from '../../sources/message-outcome.ts';
import type { RefusedGroup, RefusedMessages, RefusedSummary } from '../../sources/ports.ts';
import type { Channel, Quarantine, QuarantinedMessage } from '../ports.ts';

export interface QuarantineLimits {
  /** Kept of a payload. */
  payloadBytes: number;
  rows: number;
  rowsPerSource: number;
  totalBytes: number;
  ageMs: number;
  /** Different troubles remembered between two writes; more are counted but not kept. */
  pending: number;
}

export const defaultQuarantineLimits: QuarantineLimits = {
  payloadBytes: 4096,
  rows: 1000,
  rowsPerSource: 100,
  totalBytes: 2 * 1024 * 1024,
  ageMs: days(30),
  pending: 64,
};

type Row = {
  source_id: string;
  topic: string;
  reason: string;
  channel: Channel;
  payload: Uint8Array;
  payload_bytes: number;
  count: number;
  received_at_ms: number;
  first_at_ms: number;
  outcome_json: string | null;
};

/**
 * The same topic with the same reason is one row with a count, and rows are written together, seldom: whoever floods the
 * appliance with junk must not wear out its disk. What is lost in a crash between two writes is in the journal.
 */
export class SqliteQuarantine implements Quarantine, RefusedMessages {
  private readonly listeners = new Set<(sourceId: string) => void>();
  private readonly pending = new Map<string, QuarantinedMessage>();
  /** Messages that were not kept, because too many different ones came at once. */
  droppedCount = 0;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly limits: QuarantineLimits = defaultQuarantineLimits,
  ) {}

  add(message: Omit<QuarantinedMessage, 'count' | 'firstAt' | 'payloadBytes'>): void {
    const key = `${message.sourceId ?? ''}\n${message.topic}\n${message.reason}`;
    const before = this.pending.get(key);
    if (!before && this.pending.size >= this.limits.pending) {
      this.droppedCount++;
      return;
    }
    this.pending.set(key, {
      ...message,
      payload: message.payload.slice(0, this.limits.payloadBytes),
      payloadBytes: message.payload.length,
      count: (before?.count ?? 0) + 1,
      firstAt: before?.firstAt ?? message.receivedAt,
    });
    if (message.sourceId !== null) this.tell(message.sourceId);
  }

  newestOf(sourceId: string | null, limit: number): QuarantinedMessage[] {
    this.flush();
    return this.db
      .query<Row, [string, number]>(
        'SELECT * FROM quarantine WHERE source_id = ? ORDER BY received_at_ms DESC, topic LIMIT ?',
      )
      .all(sourceId ?? '', limit)
      .map(fromRow);
  }

  /** Asked for each source of a list: what waits to be written is added, not written for it. */
  summaryOf(sourceId: string): RefusedSummary | null {
    const stored = this.db
      .query<{ count: number | null; first: number; newest: number }, [string]>(
        `SELECT sum(count) AS count, min(first_at_ms) AS first, max(received_at_ms) AS newest
         FROM quarantine WHERE source_id = ?`,
      )
      .get(sourceId);
    const found = stored?.count ? { count: stored.count, firstAt: stored.first, newestAt: stored.newest } : null;
    return [...this.pending.values()].filter((m) => m.sourceId === sourceId).reduce(sum, found);
  }

  groupsOf(sourceId: string, page: { offset: number; limit: number }): { groups: RefusedGroup[]; total: number } {
    this.flush();
    const total = this.db
      .query<{ n: number }, [string]>('SELECT count(DISTINCT reason) AS n FROM quarantine WHERE source_id = ?')
      .get(sourceId)?.n;
    // SQLite takes the other columns from the row that holds the maximum, as long as it is the only one asked for.
    const rows = this.db
      .query<Row & { in_all: number; first: number; newest: number }, [string, number, number]>(
        `SELECT *, max(received_at_ms) AS newest, sum(count) AS in_all,
           (SELECT min(same.first_at_ms) FROM quarantine AS same
            WHERE same.source_id = quarantine.source_id AND same.reason = quarantine.reason) AS first
         FROM quarantine WHERE source_id = ? GROUP BY reason ORDER BY newest DESC, reason LIMIT ? OFFSET ?`,
      )
      .all(sourceId, page.limit, page.offset);
    const groups = rows.map((row) => {
      const { reason, receivedAt, channel, topic, payload, payloadBytes, outcome } = fromRow(row);
      const example = {
        receivedAt,
        channel,
        topic,
        payload,
        payloadBytes,
        problem: reason,
        ...(outcome && { outcome }),
      };
      return { reason, count: row.in_all, firstAt: row.first, newestAt: row.newest, example };
    });
    return { groups, total: total ?? 0 };
  }

  dismiss(sourceId: string, reason?: string): number {
    this.flush();
    const gone = this.db
      .query<{ count: number }, [string, string | null]>(
        'DELETE FROM quarantine WHERE source_id = ?1 AND (?2 IS NULL OR reason = ?2) RETURNING count',
      )
      .all(sourceId, reason ?? null);
    if (gone.length > 0) this.tell(sourceId);
    return gone.reduce((all, { count }) => all + count, 0);
  }

  onRefused(listener: (sourceId: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private tell(sourceId: string): void {
    for (const listener of this.listeners) listener(sourceId);
  }

  remove(sourceId: string, topic: string, reason: string): void {
    this.pending.delete(`${sourceId}\n${topic}\n${reason}`);
    this.db
      .query('DELETE FROM quarantine WHERE source_id = ? AND topic = ? AND reason = ?')
      .run(sourceId, topic, reason);
  }

  forget(sourceId: string): void {
    for (const [key, message] of this.pending) if (message.sourceId === sourceId) this.pending.delete(key);
    this.db.query('DELETE FROM quarantine WHERE source_id = ?').run(sourceId);
  }

  /** Writes what is pending and removes what is too much, in one transaction; does nothing when there is nothing. */
  flush(): void {
    if (this.pending.size === 0) return;
    const messages = [...this.pending.values()];
    this.pending.clear();
    inTransaction(this.db, () => {
      for (const message of messages) this.put(message);
      this.trim(new Set(messages.map((m) => m.sourceId ?? '')));
    });
  }

  private put(m: QuarantinedMessage): void {
    this.db
      .query(
        `INSERT INTO quarantine (source_id, topic, reason, channel, payload, payload_bytes, count, received_at_ms,
           first_at_ms, outcome_json)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (source_id, topic, reason) DO UPDATE SET channel = excluded.channel, payload = excluded.payload,
           payload_bytes = excluded.payload_bytes, count = count + excluded.count,
           received_at_ms = max(received_at_ms, excluded.received_at_ms),
           first_at_ms = min(first_at_ms, excluded.first_at_ms), outcome_json = excluded.outcome_json`,
      )
      .run(
        ...[m.sourceId ?? '', m.topic, m.reason, m.channel, m.payload, m.payloadBytes, m.count, m.receivedAt],
        ...[m.firstAt, m.outcome ? JSON.stringify(m.outcome) : null],
      );
  }

  private trim(sources: ReadonlySet<string>): void {
    const { ageMs, rows, rowsPerSource, totalBytes } = this.limits;
    this.db.query('DELETE FROM quarantine WHERE received_at_ms < ?').run(this.clock.now() - ageMs);
    for (const source of sources) {
      this.db
        .query(
          `DELETE FROM quarantine WHERE source_id = ?1 AND (topic, reason) IN (
             SELECT topic, reason FROM quarantine WHERE source_id = ?1
             ORDER BY received_at_ms DESC, topic, reason LIMIT -1 OFFSET ?2)`,
        )
        .run(source, rowsPerSource);
    }
    this.db
      .query(
        `DELETE FROM quarantine WHERE (source_id, topic, reason) IN (
           SELECT source_id, topic, reason FROM (
             SELECT source_id, topic, reason,
               row_number() OVER newest AS place, sum(length(payload)) OVER newest AS bytes
             FROM quarantine
             WINDOW newest AS (ORDER BY received_at_ms DESC, source_id, topic, reason ROWS UNBOUNDED PRECEDING))
           WHERE place > ? OR bytes > ?)`,
      )
      .run(rows, totalBytes);
  }
}

function fromRow(row: Row): QuarantinedMessage {
  return {
    receivedAt: row.received_at_ms,
    channel: row.channel,
    sourceId: row.source_id === '' ? null : row.source_id,
    topic: row.topic,
    payload: row.payload,
    payloadBytes: row.payload_bytes,
    reason: row.reason,
    count: row.count,
    firstAt: row.first_at_ms,
    ...(row.outcome_json !== null && { outcome: JSON.parse(row.outcome_json) as MessageOutcome }),
  };
}

function sum(before: RefusedSummary | null, more: QuarantinedMessage): RefusedSummary {
  const { count, firstAt, receivedAt } = more;
  if (!before) return { count, firstAt, newestAt: receivedAt };
  return {
    count: before.count + count,
    firstAt: Math.min(before.firstAt, firstAt),
    newestAt: Math.max(before.newestAt, receivedAt),
  };
}
