import type { Database, Statement } from 'bun:sqlite';
import { inTransaction } from '../platform/sqlite.ts';
import type { Delivery } from './delivery.ts';
import type { PendingChanges } from './pending-changes.ts';

/** Writes gathered changes into the file of sessions, with statements that are prepared once. */
export class StoreWriter {
  private readonly statements = new Map<string, Statement>();

  constructor(private readonly db: Database) {}

  /** All of it in one transaction. */
  write(pending: PendingChanges): void {
    const stored: Delivery[] = [];
    inTransaction(this.db, () => {
      this.writeSessions(pending.sessions);
      this.writeDeliveries(pending.deliveries, stored);
      this.writeIncoming(pending.incoming);
      this.writeRetained(pending.retained);
      this.writeWills(pending.wills);
    });
    for (const delivery of stored) delivery.isStored = true;
  }

  /** Lets go of the statements, so that the file can be closed. */
  close(): void {
    for (const statement of this.statements.values()) statement.finalize();
    this.statements.clear();
  }

  private run(sql: string, ...values: (string | number | Uint8Array | null)[]): void {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(sql);
      this.statements.set(sql, statement);
    }
    statement.run(...values);
  }

  private writeSessions(sessions: PendingChanges['sessions']): void {
    for (const [id, s] of sessions) {
      if (!s) {
        this.run('DELETE FROM sessions WHERE id = ?', id);
        this.run('DELETE FROM deliveries WHERE session_id = ?', id);
        this.run('DELETE FROM incoming WHERE session_id = ?', id);
        continue;
      }
      this.run(
        'INSERT OR REPLACE INTO sessions (id, client_id, space, principal, subscriptions, expiry_s, detached_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
        id,
        s.clientId,
        s.space,
        JSON.stringify(s.principal),
        JSON.stringify([...s.subscriptions.values()]),
        s.expiryS,
        s.detachedAt,
      );
    }
  }

  private writeDeliveries(deliveries: PendingChanges['deliveries'], stored: Delivery[]): void {
    for (const [d, session] of deliveries) {
      if (d.isDone) {
        this.run('DELETE FROM deliveries WHERE session_id = ? AND seq = ?', session.id, d.seq);
        continue;
      }
      if (d.isStored) {
        const sql = 'UPDATE deliveries SET packet_id = ?, state = ? WHERE session_id = ? AND seq = ?';
        this.run(sql, d.packetId, d.state, session.id, d.seq);
        continue;
      }
      const { topic, payload, properties, expiresAt } = d.message;
      const ids = d.subscriptionIds && JSON.stringify(d.subscriptionIds);
      this.run(
        'INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[
          session.id,
          d.seq,
          topic,
          payload,
          d.qos,
          d.retain ? 1 : 0,
          properties,
          ids,
          expiresAt,
          d.packetId,
          d.state,
        ],
      );
      stored.push(d);
    }
  }

  private writeIncoming(incoming: PendingChanges['incoming']): void {
    for (const { session, packetId, isKept } of incoming.values()) {
      const sql = isKept
        ? 'INSERT OR REPLACE INTO incoming (session_id, packet_id) VALUES (?, ?)'
        : 'DELETE FROM incoming WHERE session_id = ? AND packet_id = ?';
      this.run(sql, session.id, packetId);
    }
  }

  private writeRetained(retained: PendingChanges['retained']): void {
    for (const { space, topic, message } of retained.values()) {
      if (!message) {
        this.run('DELETE FROM retained WHERE space = ? AND topic = ?', space, topic);
        continue;
      }
      const { payload, qos, properties, expiresAt } = message;
      const sql = 'INSERT OR REPLACE INTO retained VALUES (?, ?, ?, ?, ?, ?)';
      this.run(sql, space, topic, payload, qos, properties, expiresAt);
    }
  }

  private writeWills(wills: PendingChanges['wills']): void {
    for (const [id, w] of wills) {
      if (!w) {
        this.run('DELETE FROM wills WHERE session_id = ?', id);
        continue;
      }
      const principal = JSON.stringify(w.principal);
      this.run(
        'INSERT OR REPLACE INTO wills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[id, w.clientId, w.space, principal, w.topic, w.payload, w.qos, w.retain ? 1 : 0],
        ...[w.properties, w.messageExpiryS, w.delayS],
      );
    }
  }
}
