import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import { newId } from '../core/ids.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { AccountChange, AuditLog, TokenStore, TokenWish } from './ports.ts';
import { badFields } from './registration-service.ts';
import { type AccessToken, isWithinScope } from './token.ts';
import { parseName } from './user.ts';
import type { Viewer } from './viewer.ts';

export interface TokensDeps {
  tokens: TokenStore;
  audit: AuditLog;
  clock: Clock;
  emit(change: AccountChange): void;
}

const mostTokens = 50;
const longestLifeDays = 3650;

/** Personal access tokens: `amp_` and 256 random bits, stored as a hash, shown once. */
export class TokensService {
  private readonly ended = new Set<string>();
  constructor(private readonly deps: TokensDeps) {}

  /** Newest first. */
  list(viewer: Viewer): AccessToken[] {
    return this.deps.tokens.listOf(viewer.userId);
  }

  /** Makes a token; `secret` is known to nobody afterwards. A token makes no token that may more than itself. */
  create(viewer: Viewer, wish: TokenWish, address: string): Result<{ token: AccessToken; secret: string }> {
    const name = parseName(wish.name);
    if (name === undefined)
      return { ok: false, error: badFields([{ field: 'name', message: 'Give a name of 1 to 100 characters.' }]) };
    if (wish.scope === 'admin' && viewer.role === 'user')
      return refuse('invalid', 'The scope admin is for Admins and Overseers.', { field: 'scope' });
    if (viewer.via.kind === 'token' && !isWithinScope(wish.scope, viewer.via.scope))
      return refuse('forbidden', 'A token cannot make one that may more than itself.', { field: 'scope' });
    const life = wish.expiresInDays;
    if (life !== null && (!Number.isInteger(life) || life < 1 || life > longestLifeDays))
      return refuse('invalid', `Give 1 to ${longestLifeDays} days, or no end.`, { field: 'expiresInDays' });
    if (this.deps.tokens.listOf(viewer.userId).length >= mostTokens)
      return refuse('conflict', `You have ${mostTokens} tokens already. Revoke one that you do not need.`);
    return ok(this.make(viewer, { ...wish, name }, address));
  }

  revoke(viewer: Viewer, id: string, address: string): Result<void> {
    const token = this.deps.tokens.listOf(viewer.userId).find((t) => t.id === id);
    if (!token || !this.deps.tokens.remove(viewer.userId, id)) return refuse('not_found', 'There is no such token.');
    this.deps.audit.record({ actor: viewer, address, action: 'token.revoked', subject: { id, label: token.name } });
    this.deps.emit({ kind: 'tokenRevoked', userId: viewer.userId, tokenId: id });
    return ok(undefined);
  }

  /** Tells whoever lets programs stay connected (MQTT) about tokens whose time is over; once for each. */
  endExpired(): void {
    const expired = this.deps.tokens.expired(this.deps.clock.now());
    // One that is good again, because the clock was set back, ends again.
    const isExpired = new Set(expired.map(({ id }) => id));
    for (const id of this.ended) if (!isExpired.has(id)) this.ended.delete(id);
    for (const { id, userId } of expired) {
      if (this.ended.has(id)) continue;
      this.ended.add(id);
      this.deps.emit({ kind: 'tokenRevoked', userId, tokenId: id });
    }
  }

  private make(viewer: Viewer, wish: TokenWish, address: string): { token: AccessToken; secret: string } {
    const now = this.deps.clock.now();
    const secret = `amp_${randomText()}`;
    const expiresAt = wish.expiresInDays === null ? null : now + days(wish.expiresInDays);
    const { name, scope } = wish;
    const token = {
      id: newId(),
      userId: viewer.userId,
      name,
      scope,
      hint: secret.slice(0, 8),
      createdAt: now,
      expiresAt,
    };
    this.deps.tokens.insert(token, secret);
    const subject = { id: token.id, label: name };
    this.deps.audit.record({ actor: viewer, address, action: 'token.created', subject, detail: `Scope ${scope}` });
    return { token: { ...token, lastUsedAt: null, lastUsedAddress: null }, secret };
  }
}

/** 256 random bits as base64url: 43 characters. */
function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
