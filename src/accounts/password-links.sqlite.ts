import type { Database } from 'bun:sqlite';
import { sha256Hex } from './digest.sqlite.ts';
import type { PasswordLinkKind, PasswordLinkStore } from './ports.ts';

/** One-time ways to choose a password, in SQLite by hash. */
export class SqlitePasswordLinks implements PasswordLinkStore {
  constructor(private readonly db: Database) {}

  put(link: { secret: string; userId: string; kind: PasswordLinkKind; createdAt: number; expiresAt: number }): void {
    const { secret, ...rest } = link;
    this.db
      .query(`INSERT OR REPLACE INTO password_links (token_hash, user_id, kind, created_at_ms, expires_at_ms)
        VALUES ($hash, $userId, $kind, $createdAt, $expiresAt)`)
      .run({ ...rest, hash: sha256Hex(secret) });
  }

  find(secret: string, now: number): { userId: string; kind: PasswordLinkKind } | undefined {
    const sql = 'SELECT user_id AS userId, kind FROM password_links WHERE token_hash = ? AND expires_at_ms > ?';
    const row = this.db
      .query<{ userId: string; kind: PasswordLinkKind }, [string, number]>(sql)
      .get(sha256Hex(secret), now);
    return row ?? undefined;
  }

  consume(secret: string, now: number): boolean {
    const sql = 'DELETE FROM password_links WHERE token_hash = ? AND expires_at_ms > ?';
    return this.db.query(sql).run(sha256Hex(secret), now).changes > 0;
  }

  removeAllOf(userId: string): void {
    this.db.query('DELETE FROM password_links WHERE user_id = ?').run(userId);
  }

  removeExpired(now: number): void {
    this.db.query('DELETE FROM password_links WHERE expires_at_ms <= ?').run(now);
  }
}
