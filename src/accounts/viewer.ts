/** Roles from the most to the least allowed. */
export type Role = 'overseer' | 'admin' | 'user';
export type TokenScope = 'read' | 'write' | 'admin';

/** Who is asking: a signed-in person, or a program with that person's access token. */
export interface Viewer {
  userId: string;
  role: Role;
  name: string;
  email: string;
  temperatureUnit: 'celsius' | 'fahrenheit';
  via:
    | { kind: 'session'; sessionId: string }
    | { kind: 'token'; tokenId: string; scope: TokenScope }
    | { kind: 'system' };
}

/** What a route, topic or job asks for. */
export type Access = 'public' | 'user' | 'admin' | 'overseer';

const scopeOrder: Record<TokenScope, number> = { read: 0, write: 1, admin: 2 };
const roleOrder: Record<Role, number> = { user: 0, admin: 1, overseer: 2 };

/** True if the viewer's role reaches `access`, and a token's scope covers it. */
export function mayUse(viewer: Viewer | null, access: Access, changes: boolean): boolean {
  if (access === 'public') return true;
  if (!viewer) return false;
  if (roleOrder[viewer.role] < roleOrder[access]) return false;
  if (viewer.via.kind !== 'token') return true;
  const needed: TokenScope = access !== 'user' ? 'admin' : changes ? 'write' : 'read';
  return scopeOrder[viewer.via.scope] >= scopeOrder[needed];
}

/**
 * The one place that says whose things one may see and change: one's own, and everything for an Overseer.
 * An Admin looks after people, not after their houses. What is not yours is answered as if it were not there.
 */
export function ownsOrOversees(viewer: Viewer, ownerId: string): boolean {
  return viewer.userId === ownerId || viewer.role === 'overseer';
}
