import type { Database, Statement } from 'bun:sqlite';
import { existsSync, renameSync } from 'node:fs';
import type { Log } from '../core/log.ts';
import { migrateSqlite } from '../platform/migrate.ts';
import { inTransaction, openSqlite } from '../platform/sqlite.ts';
import type { Message } from './message.ts';
import type { Principal } from './ports.ts';
import type { Delivery, Session, SessionStore } from './session.ts';
import type { Subscription } from './subscription.ts';

const migrations = [
  {
    name: '0001_broker',
    sql: `
CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  client_id TEXT NOT NULL,
  space TEXT NOT NULL,
  principal TEXT NOT NULL, -- JSON
  subscriptions TEXT NOT NULL, -- JSON
  expiry_s INTEGER NOT NULL,
  detached_at_ms INTEGER -- unix ms, UTC; null while connected
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
  session_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  qos INTEGER NOT NULL, -- of the delivery
  retain INTEGER NOT NULL,
  properties BLOB,
  subscription_ids TEXT, -- JSON
  expires_at_ms INTEGER,
  packet_id INTEGER NOT NULL, -- 0 before it was sent
  state TEXT NOT NULL,
  PRIMARY KEY (session_id, seq)
) STRICT;
CREATE TABLE incoming (
  session_id TEXT NOT NULL,
  packet_id INTEGER NOT NULL,
  PRIMARY KEY (session_id, packet_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE retained (
  space TEXT NOT NULL,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  qos INTEGER NOT NULL,
  properties BLOB,
  expires_at_ms INTEGER,
  PRIMARY KEY (space, topic)
) STRICT;
CREATE TABLE wills (
  session_id TEXT PRIMARY KEY NOT NULL,
  client_id TEXT NOT NULL,
  space TEXT NOT NULL,
  principal TEXT NOT NULL, -- JSON
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  qos INTEGER NOT NULL,
  retain INTEGER NOT NULL,
  properties BLOB,
  message_expiry_s INTEGER,
  delay_s INTEGER NOT NULL
) STRICT;`,
  },
];

/** A will as it is kept: until it is published, or the client leaves in good order. */
export interface StoredWill {
  sessionId: string;
  clientId: string;
  space: string;
  principal: Principal;
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  retain: boolean;
  properties: Uint8Array | null;
  messageExpiryS: number | null;
  delayS: number;
}

export interface StoredSession {
  id: string;
  clientId: string;
  space: string;
  principal: Principal;
  subscriptions: Subscription[];
  expiryS: number;
  detachedAt: number | null;
  deliveries: Delivery[];
  incoming: number[];
}

export interface StoredState {
  sessions: StoredSession[];
  retained: { space: string; message: Message }[];
  wills: StoredWill[];
}

export interface BrokerStoreOptions {
  path: string;
  log: Log;
  now(): number;
  /** How long changes are gathered before they go to disk together. */
  windowMs?: number;
}

type Change = () => void;

/**
 * Keeps sessions, queues, retained messages and wills in a database of their own. Memory is the working copy; changes
 * are gathered for a moment and written in one transaction, and what came and went in between is never written.
 * Nothing is written for clients without a session that outlives them.
 */
export class BrokerStore implements SessionStore {
  private db: Database | null = null;
  private readonly statements = new Map<string, Statement>();
  private readonly sessions = new Map<string, Session | null>();
  private readonly deliveries = new Map<Delivery, Session>();
  private readonly incoming = new Map<string, { session: Session; packetId: number; isKept: boolean }>();
  private readonly retained = new Map<
    string,
    { space: string; topic: string; message: Message | null; dueAt: number }
  >();
  private readonly wills = new Map<string, StoredWill | null>();
  private waiting: ((error: Error | null) => void)[] = [];
  private timer: Timer | null = null;
  private dueAt = 0;
  private writes = 0;

  constructor(private readonly options: BrokerStoreOptions) {}

  /** Transactions so far. */
  get transactions(): number {
    return this.writes;
  }

  /** Opens the file; a damaged one is put aside, since a broker without its memory is better than none. */
  open(): { wasDamaged: boolean } {
    try {
      this.db = this.openFile();
      return { wasDamaged: false };
    } catch (error) {
      this.options.log.error('the file with MQTT sessions is damaged and was put aside', { error });
      const aside = `${this.options.path}.damaged-${this.options.now()}`;
      for (const end of ['', '-wal', '-shm'])
        if (existsSync(this.options.path + end)) renameSync(this.options.path + end, aside + end);
      this.db = this.openFile();
      return { wasDamaged: true };
    }
  }

  private openFile(): Database {
    const db = openSqlite(this.options.path);
    try {
      migrateSqlite(db, migrations, this.options.now);
      const check = db.query<{ quick_check: string }, []>('PRAGMA quick_check').get();
      if (check?.quick_check !== 'ok') throw new Error(check?.quick_check ?? 'no answer');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  load(): StoredState {
    return loadState(this.open_);
  }

  private get open_(): Database {
    if (!this.db) throw new Error('the store is not open');
    return this.db;
  }

  saveSession(session: Session): void {
    this.sessions.set(session.id, session);
    this.schedule();
  }

  forgetSession(session: Session): void {
    this.sessions.set(session.id, null);
    for (const delivery of session.undelivered()) this.deliveries.delete(delivery);
    for (const packetId of session.incoming.keys()) this.incoming.delete(`${session.id} ${packetId}`);
    this.schedule();
  }

  saveDelivery(session: Session, delivery: Delivery): void {
    this.deliveries.set(delivery, session);
    this.schedule();
  }

  dropDelivery(session: Session, delivery: Delivery): void {
    if (!delivery.isStored) {
      this.deliveries.delete(delivery);
      return;
    }
    this.deliveries.set(delivery, session);
    this.schedule();
  }

  saveIncoming(session: Session, packetId: number): void {
    this.incoming.set(`${session.id} ${packetId}`, { session, packetId, isKept: true });
    this.schedule();
  }

  dropIncoming(session: Session, packetId: number): void {
    this.incoming.set(`${session.id} ${packetId}`, { session, packetId, isKept: false });
    this.schedule();
  }

  /** Keeps or, with null, removes a retained message; `delayMs` lets fast changing topics share a write. */
  saveRetained(space: string, topic: string, message: Message | null, delayMs: number): void {
    const key = `${space} ${topic}`;
    const dueAt = Math.min(Date.now() + delayMs, this.retained.get(key)?.dueAt ?? Number.POSITIVE_INFINITY);
    this.retained.set(key, { space, topic, message, dueAt });
    this.schedule(delayMs);
  }

  saveWill(sessionId: string, will: StoredWill | null): void {
    this.wills.set(sessionId, will);
    this.schedule();
  }

  /** Calls back once everything that was handed over so far is on disk, or with the error that prevented it. */
  afterFlush(done: (error: Error | null) => void): void {
    this.waiting.push(done);
    this.schedule();
  }

  private schedule(delayMs = this.options.windowMs ?? 100): void {
    const dueAt = Date.now() + delayMs;
    if (this.timer && this.dueAt <= dueAt) return;
    if (this.timer) clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => this.flush(), delayMs);
  }

  /** Writes what is due, now; with `isLast` also what could wait. */
  flush(isLast = false): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const { waiting } = this;
    this.waiting = [];
    let failure: Error | null = null;
    try {
      this.write(isLast);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      this.options.log.error('MQTT sessions could not be written', { error: failure });
      this.schedule(5000);
    }
    for (const done of waiting) done(failure);
  }

  private write(isLast: boolean): void {
    const size = this.sessions.size + this.deliveries.size + this.incoming.size + this.retained.size + this.wills.size;
    if (!this.db || size === 0) return;
    const after: Change[] = [];
    const later = this.notYetDue(isLast);
    try {
      inTransaction(this.db, () => {
        this.writeSessions();
        this.writeDeliveries(after);
        this.writeIncoming();
        this.writeRetained();
        this.writeWills();
      });
      this.writes++;
      for (const change of after) change();
      for (const map of [this.sessions, this.deliveries, this.incoming, this.retained, this.wills]) map.clear();
    } finally {
      for (const [key, entry] of later) this.retained.set(key, entry);
    }
    const next = later.reduce((least, [, e]) => Math.min(least, e.dueAt), Number.POSITIVE_INFINITY);
    if (later.length > 0) this.schedule(Math.max(0, next - Date.now()));
  }

  /** Takes retained messages out while none of them is due, so that a hurried write does not carry them along. */
  private notYetDue(isLast: boolean) {
    const soon = Date.now() + 50;
    const isDue = isLast || this.retained.values().some((e) => e.dueAt <= soon);
    const later = isDue ? [] : [...this.retained];
    for (const [key] of later) this.retained.delete(key);
    return later;
  }

  private run(sql: string, ...values: (string | number | Uint8Array | null)[]): void {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.open_.prepare(sql);
      this.statements.set(sql, statement);
    }
    statement.run(...values);
  }

  private writeSessions(): void {
    for (const [id, s] of this.sessions) {
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

  private writeDeliveries(after: Change[]): void {
    for (const [d, session] of this.deliveries) {
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
      after.push(() => {
        d.isStored = true;
      });
    }
  }

  private writeIncoming(): void {
    for (const { session, packetId, isKept } of this.incoming.values()) {
      const sql = isKept
        ? 'INSERT OR REPLACE INTO incoming (session_id, packet_id) VALUES (?, ?)'
        : 'DELETE FROM incoming WHERE session_id = ? AND packet_id = ?';
      this.run(sql, session.id, packetId);
    }
  }

  private writeRetained(): void {
    for (const { space, topic, message } of this.retained.values()) {
      if (!message) {
        this.run('DELETE FROM retained WHERE space = ? AND topic = ?', space, topic);
        continue;
      }
      const { payload, qos, properties, expiresAt } = message;
      const sql = 'INSERT OR REPLACE INTO retained VALUES (?, ?, ?, ?, ?, ?)';
      this.run(sql, space, topic, payload, qos, properties, expiresAt);
    }
  }

  private writeWills(): void {
    for (const [id, w] of this.wills) {
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

  /** Writes what is pending and closes the file. */
  close(): void {
    if (!this.db) return;
    this.flush(true);
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const statement of this.statements.values()) statement.finalize();
    this.statements.clear();
    this.db.close();
    this.db = null;
  }
}

interface DeliveryRow {
  session_id: string;
  seq: number;
  topic: string;
  payload: Uint8Array;
  qos: 1 | 2;
  retain: number;
  properties: Uint8Array | null;
  subscription_ids: string | null;
  expires_at_ms: number | null;
  packet_id: number;
  state: Delivery['state'];
}
interface SessionRow {
  id: string;
  client_id: string;
  space: string;
  principal: string;
  subscriptions: string;
  expiry_s: number;
  detached_at_ms: number | null;
}
interface RetainedRow {
  space: string;
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  properties: Uint8Array | null;
  expires_at_ms: number | null;
}
interface WillRow extends Omit<RetainedRow, 'expires_at_ms'> {
  session_id: string;
  client_id: string;
  principal: string;
  retain: number;
  message_expiry_s: number | null;
  delay_s: number;
}

function loadState(db: Database): StoredState {
  const deliveries = Map.groupBy(
    db.query<DeliveryRow, []>('SELECT * FROM deliveries ORDER BY session_id, seq').all(),
    (r) => r.session_id,
  );
  const incoming = Map.groupBy(
    db.query<{ session_id: string; packet_id: number }, []>('SELECT * FROM incoming').all(),
    (r) => r.session_id,
  );
  const sessions = db.query<SessionRow, []>('SELECT * FROM sessions').all();
  return {
    sessions: sessions.map((r) => ({
      id: r.id,
      clientId: r.client_id,
      space: r.space,
      principal: JSON.parse(r.principal) as Principal,
      subscriptions: JSON.parse(r.subscriptions) as Subscription[],
      expiryS: r.expiry_s,
      detachedAt: r.detached_at_ms,
      deliveries: (deliveries.get(r.id) ?? []).map(deliveryOf),
      incoming: (incoming.get(r.id) ?? []).map((i) => i.packet_id),
    })),
    retained: db.query<RetainedRow, []>('SELECT * FROM retained').all().map(retainedOf),
    wills: db.query<WillRow, []>('SELECT * FROM wills').all().map(willOf),
  };
}

function deliveryOf(r: DeliveryRow): Delivery {
  return {
    seq: r.seq,
    message: {
      topic: r.topic,
      payload: r.payload,
      qos: r.qos,
      retain: r.retain === 1,
      properties: r.properties,
      expiresAt: r.expires_at_ms,
      publisher: null,
    },
    qos: r.qos,
    retain: r.retain === 1,
    subscriptionIds: r.subscription_ids === null ? null : (JSON.parse(r.subscription_ids) as number[]),
    packetId: r.packet_id,
    state: r.state,
    isStored: true,
    isDone: false,
  };
}

function retainedOf(r: RetainedRow): { space: string; message: Message } {
  const { topic, payload, qos, properties } = r;
  const message = { topic, payload, qos, retain: true, properties, expiresAt: r.expires_at_ms, publisher: null };
  return { space: r.space, message };
}

function willOf(r: WillRow): StoredWill {
  return {
    sessionId: r.session_id,
    clientId: r.client_id,
    space: r.space,
    principal: JSON.parse(r.principal) as Principal,
    topic: r.topic,
    payload: r.payload,
    qos: r.qos,
    retain: r.retain === 1,
    properties: r.properties,
    messageExpiryS: r.message_expiry_s,
    delayS: r.delay_s,
  };
}
