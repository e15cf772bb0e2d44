import type { Database } from 'bun:sqlite';
import { Lucia, TimeSpan } from 'lucia';
import type { Clock } from '../core/clock.ts';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { hasPassed, minutes } from '../core/durations.ts';
import { sha256Hex } from './digest.sqlite.ts';
import { LuciaAdapter } from './lucia-adapter.sqlite.ts';
import type { OpenedSession, SessionStore } from './ports.ts';
import type { Session } from './session.ts';
import { SpareSessions } from './spare-sessions.ts';

const COLUMNS = `id, user_id AS userId, created_at_ms AS createdAt, last_seen_at_ms AS lastSeenAt, expires_at_ms AS expiresAt,
  address, user_agent AS userAgent`;
/** A session that is used lives on; one that is not ends after this many days. */
export const sessionLifetimeDays = 30;
/** Most places where one may be signed in; the one that was quiet longest ends. */
const mostSessions = 30;
/** How exactly "last seen" is known: writing it at each request would wear the card. */
const touchEveryMs = minutes(5);

/** Sessions by Lucia. It renews a session when half of its life is over. */
export class SqliteSessions implements SessionStore {
  private readonly lucia: Lucia;
  private readonly spare = new SpareSessions();
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.lucia = new Lucia(new LuciaAdapter(db, clock, this.spare), {
      sessionExpiresIn: new TimeSpan(sessionLifetimeDays, 'd'),
    });
  }

  async create(of: { userId: string; address: string; userAgent: string }): Promise<OpenedSession> {
    const attributes = { address: of.address, userAgent: of.userAgent.slice(0, 300) };
    const made = await this.lucia.createSession(of.userId, attributes);
    const sessionId = sha256Hex(made.id);
    // Never the new one: others may seem to be of later, from before the clock was set back.
    const removeOldest = this.db.query(`DELETE FROM sessions WHERE id IN (SELECT id FROM sessions
        WHERE user_id = ?1 AND id <> ?2 ORDER BY last_seen_at_ms DESC, created_at_ms DESC, rowid DESC LIMIT -1 OFFSET ?3)`);
    unlessDiskTrouble(() => removeOldest.run(of.userId, sessionId, mostSessions - 1));
    return { cookie: made.id, sessionId, expiresAt: this.find(sessionId)?.expiresAt ?? made.expiresAt.getTime() };
  }

  async open(cookie: string, address: string): Promise<{ session: Session; renewedUntil: number | null } | undefined> {
    if (!/^[a-z0-9]{20,80}$/.test(cookie)) return undefined;
    const { session } = await this.lucia.validateSession(cookie);
    if (!session) return undefined;
    const found = this.find(sha256Hex(cookie));
    if (!found) return undefined;
    this.touch(found, address);
    return { session: found, renewedUntil: session.fresh ? found.expiresAt : null };
  }

  listOf(userId: string): Session[] {
    const sql = `SELECT ${COLUMNS} FROM sessions WHERE user_id = ? AND expires_at_ms > ?
      ORDER BY last_seen_at_ms DESC, created_at_ms DESC`;
    const stored = this.db.query<Session, [string, number]>(sql).all(userId, this.clock.now());
    return [...stored.filter((s) => !this.spare.ended.has(s.id)), ...this.spare.of(userId)].sort(
      (a, b) => b.lastSeenAt - a.lastSeenAt,
    );
  }

  end(userId: string, sessionId: string): boolean {
    if (this.find(sessionId)?.userId !== userId) return false;
    if (!this.spare.remove(sessionId)) this.remove([sessionId]);
    return true;
  }

  endByCookie(cookie: string): Session | undefined {
    const session = this.find(sha256Hex(cookie));
    if (session) this.end(session.userId, session.id);
    return session;
  }

  endAll(userId: string, exceptSessionId = ''): string[] {
    const spare = this.spare.of(userId).map((session) => session.id);
    const sql = 'SELECT id FROM sessions WHERE user_id = ?';
    const stored = this.db.query<{ id: string }, [string]>(sql).all(userId);
    const isOther = (id: string) => id !== exceptSessionId && !this.spare.ended.has(id);
    const ids = [...spare, ...stored.map((session) => session.id)].filter(isOther);
    this.remove(ids.filter((id) => !this.spare.remove(id)));
    return ids;
  }

  async removeExpired(): Promise<void> {
    this.spare.removeExpired(this.clock.now());
    this.remove([...this.spare.ended]);
    await this.lucia.deleteExpiredSessions();
  }

  private find(id: string): Session | undefined {
    if (this.spare.ended.has(id)) return undefined;
    const sql = `SELECT ${COLUMNS} FROM sessions WHERE id = ?`;
    return this.db.query<Session, [string]>(sql).get(id) ?? this.spare.get(id);
  }

  /** They are good for nothing from now on, also when the disk does not take that yet. */
  private remove(ids: readonly string[]): void {
    const sql = 'DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?))';
    const isStored = unlessDiskTrouble(() => this.db.query(sql).run(JSON.stringify(ids)));
    for (const id of ids) {
      if (isStored) this.spare.ended.delete(id);
      else this.spare.ended.add(id);
    }
  }

  private touch(session: Session, address: string): void {
    const now = this.clock.now();
    if (!hasPassed(session.lastSeenAt, touchEveryMs, now)) return;
    unlessDiskTrouble(() => {
      this.db.query('UPDATE sessions SET last_seen_at_ms = ?, address = ? WHERE id = ?').run(now, address, session.id);
      this.db.query('UPDATE users SET last_seen_at_ms = ? WHERE id = ?').run(now, session.userId);
    });
  }
}
