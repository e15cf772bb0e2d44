import type { Database } from 'bun:sqlite';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { newId } from '../core/ids.ts';
import { inTransaction } from '../platform/sqlite.ts';
import { sha256Hex } from './digest.sqlite.ts';
import type { NewUser, UserChange, UserConflict, UserStore } from './ports.ts';
import type { User } from './user.ts';
import type { Verification } from './verification.ts';

interface UserRow extends Omit<User, 'isActive' | 'hasPassword' | 'weatherAutoUpdate' | 'predictionAutoRun'> {
  isActive: number;
  hasPassword: number;
  weatherAutoUpdate: number;
  predictionAutoRun: number;
}

const COLUMNS = `id, name, email, role, is_active AS isActive, password_hash IS NOT NULL AS hasPassword,
  temperature_unit AS temperatureUnit, weather_auto_update AS weatherAutoUpdate, prediction_auto_run AS predictionAutoRun,
  verified_at_ms AS verifiedAt, pending_email AS pendingEmail, created_at_ms AS createdAt, updated_at_ms AS updatedAt,
  last_seen_at_ms AS lastSeenAt, deleted_at_ms AS deletedAt, version`;
const LAST_OVERSEER = 'the last Overseer stays';

/** People in SQLite. */
export class SqliteUsers implements UserStore {
  constructor(private readonly db: Database) {}

  find(id: string): User | undefined {
    return this.one('id = ?', id);
  }

  findByEmail(normalised: string): User | undefined {
    return this.one('email_normalised = ?', normalised);
  }

  findByTicket(ticket: string): User | undefined {
    return this.one('verification_ticket_hash = ? AND deleted_at_ms IS NULL', sha256Hex(ticket));
  }

  list(): User[] {
    const sql = `SELECT ${COLUMNS} FROM users WHERE deleted_at_ms IS NULL ORDER BY name COLLATE NOCASE, email`;
    return this.db.query<UserRow, []>(sql).all().map(asUser);
  }

  listBeingDeleted(): User[] {
    return this.db.query<UserRow, []>(`SELECT ${COLUMNS} FROM users WHERE deleted_at_ms IS NOT NULL`).all().map(asUser);
  }

  hasOverseer(): boolean {
    return this.db.query(`SELECT 1 FROM users WHERE role = 'overseer' LIMIT 1`).get() !== null;
  }

  insert(user: NewUser, now: number): User | undefined {
    const id = newId();
    const sql = `INSERT INTO users (id, name, email, email_normalised, password_hash, role, verified_at_ms, created_at_ms, updated_at_ms)
      VALUES ($id, $name, $email, $emailNormalised, $passwordHash, $role, $verifiedAt, $now, $now)
      ON CONFLICT (email_normalised) DO NOTHING`;
    const { changes } = this.db.query(sql).run({ id, ...user, now });
    return changes > 0 ? this.find(id) : undefined;
  }

  insertFirstOverseer(user: NewUser, now: number): User | 'claimed' | 'emailTaken' {
    return inTransaction(this.db, () => (this.hasOverseer() ? 'claimed' : (this.insert(user, now) ?? 'emailTaken')));
  }

  update(id: string, change: UserChange, now: number, expectedVersion?: number): User | UserConflict {
    return inTransaction(this.db, () => {
      const before = this.find(id);
      if (!before) return 'missing';
      if (expectedVersion !== undefined && expectedVersion !== before.version) return 'stale';
      const columns = changedColumns(change);
      try {
        this.db
          .query(`UPDATE users SET ${[...columns.keys()].map((c) => `${c} = $${c}, `).join('')}
            updated_at_ms = $now, version = version + 1 WHERE id = $id`)
          .run({ ...Object.fromEntries(columns), now, id });
      } catch (error) {
        return conflictOf(error);
      }
      return this.find(id) ?? 'missing';
    });
  }

  passwordHash(id: string): string | null {
    const sql = 'SELECT password_hash AS hash FROM users WHERE id = ?';
    return this.db.query<{ hash: string | null }, [string]>(sql).get(id)?.hash ?? null;
  }

  setPasswordHash(id: string, hash: string, now: number): void {
    this.db.query('UPDATE users SET password_hash = ?, updated_at_ms = ? WHERE id = ?').run(hash, now, id);
  }

  replaceUnverified(id: string, change: { name: string; email: string; passwordHash: string }, now: number): void {
    this.db
      .query(`UPDATE users SET name = $name, email = $email, password_hash = $passwordHash, updated_at_ms = $now
        WHERE id = $id AND verified_at_ms IS NULL`)
      .run({ ...change, id, now });
  }

  verification(id: string): Verification {
    const sql = `SELECT verification_code_hash AS codeHash, verification_ticket_hash AS ticketHash,
      verification_expires_at_ms AS expiresAt, verification_sent_at_ms AS sentAt,
      verification_failed_attempts AS failedAttempts, verification_locked_until_ms AS lockedUntil FROM users WHERE id = ?`;
    const row = this.db.query<Verification, [string]>(sql).get(id);
    if (!row) throw new Error(`no user ${id}`);
    return row;
  }

  setVerification(id: string, state: Verification): void {
    this.db
      .query(`UPDATE users SET verification_code_hash = $codeHash, verification_ticket_hash = $ticketHash,
        verification_expires_at_ms = $expiresAt, verification_sent_at_ms = $sentAt,
        verification_failed_attempts = $failedAttempts, verification_locked_until_ms = $lockedUntil WHERE id = $id`)
      .run({ ...state, id });
  }

  pendingEmailNormalised(id: string): string | null {
    const sql = 'SELECT pending_email_normalised AS email FROM users WHERE id = ?';
    return this.db.query<{ email: string | null }, [string]>(sql).get(id)?.email ?? null;
  }

  touch(id: string, now: number): void {
    unlessDiskTrouble(() => this.db.query('UPDATE users SET last_seen_at_ms = ? WHERE id = ?').run(now, id));
  }

  markDeleted(id: string, now: number): boolean {
    try {
      this.db.query('UPDATE users SET deleted_at_ms = ? WHERE id = ?').run(now, id);
      return true;
    } catch (error) {
      if (conflictOf(error) === 'lastOverseer') return false;
      throw error;
    }
  }

  remove(id: string): void {
    inTransaction(this.db, () => {
      // What they did stays in the record, who they were does not.
      this.db.query(`UPDATE audit_log SET actor_label = '' WHERE actor_id = ?`).run(id);
      this.db.query(`UPDATE audit_log SET subject_label = '' WHERE subject_id = ?`).run(id);
      this.db.query('DELETE FROM users WHERE id = ?').run(id);
    });
  }

  private one(where: string, value: string): User | undefined {
    const row = this.db.query<UserRow, [string]>(`SELECT ${COLUMNS} FROM users WHERE ${where}`).get(value);
    return row ? asUser(row) : undefined;
  }
}

function asUser(row: UserRow): User {
  return {
    ...row,
    isActive: row.isActive === 1,
    hasPassword: row.hasPassword === 1,
    weatherAutoUpdate: row.weatherAutoUpdate === 1,
    predictionAutoRun: row.predictionAutoRun === 1,
  };
}

/** Column by column what a change sets; names come from here alone, never from a request. */
function changedColumns(change: UserChange): Map<string, string | number | null> {
  const columns = new Map<string, string | number | null>();
  const set = (name: string, value: string | number | boolean | null | undefined) => {
    if (value !== undefined) columns.set(name, typeof value === 'boolean' ? Number(value) : value);
  };
  set('name', change.name);
  set('role', change.role);
  set('is_active', change.isActive);
  set('temperature_unit', change.temperatureUnit);
  set('weather_auto_update', change.weatherAutoUpdate);
  set('prediction_auto_run', change.predictionAutoRun);
  set('verified_at_ms', change.verifiedAt);
  set('email', change.email?.typed);
  set('email_normalised', change.email?.normalised);
  if (change.pendingEmail !== undefined) {
    set('pending_email', change.pendingEmail?.typed ?? null);
    set('pending_email_normalised', change.pendingEmail?.normalised ?? null);
  }
  return columns;
}

function conflictOf(error: unknown): UserConflict {
  const message = error instanceof Error ? error.message : '';
  if (message.includes(LAST_OVERSEER)) return 'lastOverseer';
  if (message.includes('users.email_normalised')) return 'emailTaken';
  throw error;
}
