import type { Database } from 'bun:sqlite';
import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import { inTransaction } from '../platform/sqlite.ts';
import type { Channel, Quarantine, QuarantinedMessage } from './ports.ts';

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
};

/**
 * The same topic with the same reason is one row with a count, and rows are written together, seldom: whoever floods the
 * appliance with junk must not wear out its disk. What is lost in a crash between two writes is in the journal.
 */
export class SqliteQuarantine implements Quarantine {
  private readonly pending = new Map<string, QuarantinedMessage>();
  /** Messages that were not kept, because too many different ones came at once. */
  droppedCount = 0;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly limits: QuarantineLimits = defaultQuarantineLimits,
  ) {}

  add(message: Omit<QuarantinedMessage, 'count' | 'payloadBytes'>): void {
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
    });
  }

  newestOf(sourceId: string | null, limit: number): QuarantinedMessage[] {
    this.flush();
    return this.db
      .query<Row, [string, number]>(
        'SELECT * FROM quarantine WHERE source_id = ? ORDER BY received_at_ms DESC, topic LIMIT ?',
      )
      .all(sourceId ?? '', limit)
      .map((row) => ({
        receivedAt: row.received_at_ms,
        channel: row.channel,
        sourceId: row.source_id === '' ? null : row.source_id,
        topic: row.topic,
        payload: row.payload,
        payloadBytes: row.payload_bytes,
        reason: row.reason,
        count: row.count,
      }));
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
        `INSERT INTO quarantine (source_id, topic, reason, channel, payload, payload_bytes, count, received_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (source_id, topic, reason) DO UPDATE SET channel = excluded.channel, payload = excluded.payload,
           payload_bytes = excluded.payload_bytes, count = count + excluded.count,
           received_at_ms = max(received_at_ms, excluded.received_at_ms)`,
      )
      .run(m.sourceId ?? '', m.topic, m.reason, m.channel, m.payload, m.payloadBytes, m.count, m.receivedAt);
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
