import type { Database } from 'bun:sqlite';
import type { Adapter, DatabaseSession, DatabaseUser } from 'lucia';
import type { Clock } from '../core/clock.ts';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { sha256Hex } from './digest.sqlite.ts';
import type { SpareSessions } from './spare-sessions.ts';

/** What Lucia carries along with a session for us. */
export interface SessionAttributes {
  address: string;
  userAgent: string;
}

interface SessionRow extends SessionAttributes {
  userId: string;
  expiresAt: number;
}

const COLUMNS = 'user_id AS userId, expires_at_ms AS expiresAt, address, user_agent AS userAgent';

/**
 * Lucia's sessions in SQLite. Lucia knows the id that the cookie holds; the table knows its SHA-256 alone, so that a
 * stolen database opens no session. Lucia reads the system's clock; times are moved to ours on the way, so that one
 * clock rules and tests can move it.
 */
export class LuciaAdapter implements Adapter {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly spare: SpareSessions,
  ) {}

  async getSessionAndUser(id: string): Promise<[DatabaseSession | null, DatabaseUser | null]> {
    const hash = sha256Hex(id);
    const row =
      this.db.query<SessionRow, [string]>(`SELECT ${COLUMNS} FROM sessions WHERE id = ?`).get(hash) ??
      this.spare.get(hash);
    if (!row || this.spare.ended.has(hash)) return [null, null];
    return [this.asSession(id, row), { id: row.userId, attributes: {} }];
  }

  /** The ids are hashes: good to tell sessions apart, not to open them. */
  async getUserSessions(userId: string): Promise<DatabaseSession[]> {
    return this.db
      .query<SessionRow & { id: string }, [string]>(`SELECT id, ${COLUMNS} FROM sessions WHERE user_id = ?`)
      .all(userId)
      .map((row) => this.asSession(row.id, row));
  }

  async setSession(session: DatabaseSession): Promise<void> {
    const { address, userAgent } = session.attributes as SessionAttributes;
    const now = this.clock.now();
    const { userId } = session;
    const expiresAt = session.expiresAt.getTime() + this.ahead();
    const row = { id: sha256Hex(session.id), userId, expiresAt, now, address, userAgent };
    const insert =
      this.db.query(`INSERT INTO sessions (id, user_id, expires_at_ms, created_at_ms, last_seen_at_ms, address, user_agent)
        VALUES ($id, $userId, $expiresAt, $now, $now, $address, $userAgent)`);
    if (!unlessDiskTrouble(() => insert.run(row))) this.spare.put({ ...row, createdAt: now, lastSeenAt: now });
  }

  async updateSessionExpiration(id: string, expiresAt: Date): Promise<void> {
    const update = this.db.query('UPDATE sessions SET expires_at_ms = ? WHERE id = ?');
    unlessDiskTrouble(() => update.run(expiresAt.getTime() + this.ahead(), sha256Hex(id)));
  }

  async deleteSession(id: string): Promise<void> {
    this.spare.remove(sha256Hex(id));
    // It has ended by itself: nobody minds when the row stays a little longer.
    unlessDiskTrouble(() => this.db.query('DELETE FROM sessions WHERE id = ?').run(sha256Hex(id)));
  }

  async deleteUserSessions(userId: string): Promise<void> {
    this.db.query('DELETE FROM sessions WHERE user_id = ?').run(userId);
  }

  async deleteExpiredSessions(): Promise<void> {
    this.db.query('DELETE FROM sessions WHERE expires_at_ms <= ?').run(this.clock.now());
  }

  private asSession(id: string, row: SessionRow): DatabaseSession {
    const { address, userAgent, userId } = row;
    return {
      id,
      userId,
      expiresAt: new Date(row.expiresAt - this.ahead()),
      attributes: { address, userAgent } as object,
    };
  }

  /** How far our clock is ahead of the system's, ms: 0 outside of tests. */
  private ahead(): number {
    const ahead = this.clock.now() - Date.now();
    return Math.abs(ahead) < 50 ? 0 : ahead;
  }
}
