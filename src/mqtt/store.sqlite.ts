import type { Database } from 'bun:sqlite';
import { existsSync, renameSync } from 'node:fs';
import type { TimeShift } from '../core/clock.ts';
import { diskTrouble } from '../core/disk-trouble.ts';
import type { Log } from '../core/log.ts';
import { migrateSqlite } from '../platform/migrate.ts';
import { moveTimes, openSqlite } from '../platform/sqlite.ts';
import type { Delivery } from './delivery.ts';
import type { Message } from './message.ts';
import { PendingChanges } from './pending-changes.ts';
import type { Session, SessionStore } from './session.ts';
import { loadState } from './store-load.sqlite.ts';
import { brokerMigrations } from './store-schema.sqlite.ts';
import { StoreWriter } from './store-write.sqlite.ts';
import type { StoredState, StoredWill } from './stored-state.ts';

/** When a write is due does not depend on what the wall clock is set to meanwhile. */
const steadyNow = (): number => performance.now();

/** Where the file is, and how the store tells time and trouble. */
export interface BrokerStoreOptions {
  path: string;
  log: Log;
  now(): number;
  /** How long changes are gathered before they go to disk together. */
  windowMs?: number;
  /** How stamps move that were given while nobody knew the time. */
  shifts?: () => readonly TimeShift[];
}

/**
 * Keeps sessions, queues, retained messages and wills in a database of their own. Memory is the working copy; changes
 * are gathered for a moment and written in one transaction, and what came and went in between is never written.
 * Nothing is written for clients without a session that outlives them.
 */
export class BrokerStore implements SessionStore {
  private db: Database | null = null;
  private writer: StoreWriter | null = null;
  private readonly pending = new PendingChanges();
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
      this.use(this.openFile());
      return { wasDamaged: false };
    } catch (error) {
      // What a full disk does not let open is not damaged.
      if (diskTrouble(error) !== null) throw error;
      this.options.log.error('the file with MQTT sessions is damaged and was put aside', { error });
      const aside = `${this.options.path}.damaged-${this.options.now()}`;
      for (const end of ['', '-wal', '-shm'])
        if (existsSync(this.options.path + end)) renameSync(this.options.path + end, aside + end);
      this.use(this.openFile());
      return { wasDamaged: true };
    }
  }

  /** The open database; null while it is closed. */
  database(): Database | null {
    return this.db;
  }

  private use(db: Database): void {
    this.db = db;
    this.writer = new StoreWriter(db);
  }

  private openFile(): Database {
    const db = openSqlite(this.options.path);
    try {
      migrateSqlite(db, brokerMigrations, this.options.now);
      const check = db.query<{ quick_check: string }, []>('PRAGMA quick_check').get();
      if (check?.quick_check !== 'ok') throw new Error(check?.quick_check ?? 'no answer');
      moveTimes(db, this.options.shifts?.() ?? []);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  load(): StoredState {
    if (!this.db) throw new Error('the store is not open');
    return loadState(this.db);
  }

  saveSession(session: Session): void {
    this.pending.sessions.set(session.id, session);
    this.schedule();
  }

  forgetSession(session: Session): void {
    this.pending.forgetSession(session);
    this.schedule();
  }

  saveDelivery(session: Session, delivery: Delivery): void {
    this.pending.deliveries.set(delivery, session);
    this.schedule();
  }

  dropDelivery(session: Session, delivery: Delivery): void {
    if (!delivery.isStored) {
      this.pending.deliveries.delete(delivery);
      return;
    }
    this.pending.deliveries.set(delivery, session);
    this.schedule();
  }

  saveIncoming(session: Session, packetId: number): void {
    this.pending.setIncoming(session, packetId, true);
    this.schedule();
  }

  dropIncoming(session: Session, packetId: number): void {
    this.pending.setIncoming(session, packetId, false);
    this.schedule();
  }

  /** Keeps or, with null, removes a retained message; `delayMs` lets fast changing topics share a write. */
  saveRetained(space: string, topic: string, message: Message | null, delayMs: number): void {
    this.pending.setRetained({ space, topic, message, dueAt: steadyNow() + delayMs });
    this.schedule(delayMs);
  }

  saveWill(sessionId: string, will: StoredWill | null): void {
    this.pending.wills.set(sessionId, will);
    this.schedule();
  }

  /** Calls back once everything that was handed over so far is on disk, or with the error that prevented it. */
  afterFlush(done: (error: Error | null) => void): void {
    this.waiting.push(done);
    this.schedule();
  }

  private schedule(delayMs = this.options.windowMs ?? 100): void {
    const dueAt = steadyNow() + delayMs;
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
    const { pending } = this;
    if (!this.writer || pending.size === 0) return;
    const later = isLast ? [] : pending.takeRetainedDueAfter(steadyNow() + 50);
    try {
      this.writer.write(pending);
      this.writes++;
      pending.clear();
    } finally {
      for (const change of later) pending.setRetained(change);
    }
    const next = later.reduce((least, change) => Math.min(least, change.dueAt), Number.POSITIVE_INFINITY);
    if (later.length > 0) this.schedule(Math.max(0, next - steadyNow()));
  }

  /** Writes what is pending and closes the file. */
  close(): void {
    if (!this.db) return;
    this.flush(true);
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.writer?.close();
    this.writer = null;
    this.db.close();
    this.db = null;
  }
}
