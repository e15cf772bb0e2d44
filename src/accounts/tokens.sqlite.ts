import type { Database } from 'bun:sqlite';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { sha256Hex } from './digest.sqlite.ts';
import type { TokenStore } from './ports.ts';
import type { AccessToken } from './token.ts';

const COLUMNS = `id, user_id AS userId, name, scope, hint, created_at_ms AS createdAt, expires_at_ms AS expiresAt,
  last_used_at_ms AS lastUsedAt, last_used_address AS lastUsedAddress`;

/** Access tokens in SQLite, found by their hash. */
export class SqliteTokens implements TokenStore {
  constructor(private readonly db: Database) {}

  insert(token: Omit<AccessToken, 'lastUsedAt' | 'lastUsedAddress'>, secret: string): void {
    this.db
      .query(`INSERT INTO access_tokens (id, user_id, name, scope, token_hash, hint, created_at_ms, expires_at_ms)
        VALUES ($id, $userId, $name, $scope, $hash, $hint, $createdAt, $expiresAt)`)
      .run({ ...token, hash: sha256Hex(secret) });
  }

  findBySecret(secret: string): AccessToken | undefined {
    const sql = `SELECT ${COLUMNS} FROM access_tokens WHERE token_hash = ?`;
    return this.db.query<AccessToken, [string]>(sql).get(sha256Hex(secret)) ?? undefined;
  }

  listOf(userId: string): AccessToken[] {
    const sql = `SELECT ${COLUMNS} FROM access_tokens WHERE user_id = ? ORDER BY created_at_ms DESC, rowid DESC`;
    return this.db.query<AccessToken, [string]>(sql).all(userId);
  }

  touch(id: string, now: number, address: string): void {
    const update = this.db.query('UPDATE access_tokens SET last_used_at_ms = ?, last_used_address = ? WHERE id = ?');
    unlessDiskTrouble(() => update.run(now, address, id));
  }

  remove(userId: string, id: string): boolean {
    return this.db.query('DELETE FROM access_tokens WHERE id = ? AND user_id = ?').run(id, userId).changes > 0;
  }

  expired(now: number): Pick<AccessToken, 'id' | 'userId'>[] {
    const sql = 'SELECT id, user_id AS userId FROM access_tokens WHERE expires_at_ms <= ?';
    return this.db.query<Pick<AccessToken, 'id' | 'userId'>, [number]>(sql).all(now);
  }

  removeAllOf(userId: string): string[] {
    const sql = 'DELETE FROM access_tokens WHERE user_id = ? RETURNING id';
    return this.db
      .query<{ id: string }, [string]>(sql)
      .all(userId)
      .map((row) => row.id);
  }
}
