import type { TokenScope } from './viewer.ts';

/** A personal access token without its secret. Times are ms UTC. */
export interface AccessToken {
  id: string;
  userId: string;
  name: string;
  scope: TokenScope;
  /** Its first characters, to tell tokens apart. */
  hint: string;
  createdAt: number;
  /** Null: until it is revoked. */
  expiresAt: number | null;
  lastUsedAt: number | null;
  lastUsedAddress: string | null;
}

export const tokenScopes: readonly TokenScope[] = ['read', 'write', 'admin'];
export const scopeMeanings: Record<TokenScope, string> = {
  read: 'Look at everything that you may see',
  write: 'Also change what is yours',
  admin: 'Also look after users and the appliance',
};

const order: Record<TokenScope, number> = { read: 0, write: 1, admin: 2 };

/** True if `scope` allows no more than `limit`. */
export function isWithinScope(scope: TokenScope, limit: TokenScope): boolean {
  return order[scope] <= order[limit];
}

export function isTokenScope(text: string): text is TokenScope {
  return text === 'read' || text === 'write' || text === 'admin';
}
