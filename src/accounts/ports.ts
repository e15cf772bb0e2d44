import type { Result } from '../core/result.ts';
import type { AuditAction, AuditEntry } from './audit.ts';
import type { FirstSourceMade, FirstSourceWish } from './first-source.ts';
import type { Session } from './session.ts';
import type { Site } from './site.ts';
import type { AccessToken } from './token.ts';
import type { User, UserSettings } from './user.ts';
import type { Verification } from './verification.ts';
import type { Role, TokenScope, Viewer } from './viewer.ts';

export type { FirstSourceMade, FirstSourceWish } from './first-source.ts';

// ---- For other features ------------------------------------------------------------------------------------------

/** Who did it, from where. `actor` null: nobody known, or the appliance itself. */
export interface AuditRecord {
  actor: { userId: string; email: string } | null;
  address?: string;
  action: AuditAction;
  subject?: { id?: string; label?: string };
  /** One short sentence; never a secret. */
  detail?: string;
}

/** Who did what, when and from where. Bounded: the oldest lines go. */
export interface AuditLog {
  record(entry: AuditRecord): void;
  /** Newest first; `before` is the id of the last entry of the page before. */
  list(options?: { limit?: number; before?: number; actorId?: string }): AuditEntry[];
}

/** What later features may ask about people. */
export interface UserDirectory {
  /** The person, or undefined when there is none (any more). For use inside the appliance only. */
  user(id: string): User | undefined;
  /** The settings of a person; the defaults when there is none. */
  settingsOf(id: string): UserSettings;
  /** A viewer for work done in the person's name (jobs); undefined when the account is gone or switched off. */
  viewerFor(id: string): Viewer | undefined;
}

/** Where the house stands, as the wizard or an Overseer said. */
export interface SiteReader {
  /** Null while nobody said. */
  site(): Site | null;
}

/** Told after the fact, so that open connections (live pages, MQTT) of who lost access end. */
export type AccountChange =
  | { kind: 'sessionsEnded'; userId: string; sessionIds: readonly string[] }
  /** Revoked, or its time is over. */
  | { kind: 'tokenRevoked'; userId: string; tokenId: string }
  /** Name, role or settings changed, or the account was switched on or off. */
  | { kind: 'userChanged'; userId: string; isActive: boolean }
  | { kind: 'userDeleted'; userId: string };

export interface AccountChanges {
  onChange(listener: (change: AccountChange) => void): () => void;
}

/** Checks a personal access token, for the broker and other doors besides the web. */
export interface TokenVerifier {
  /** The viewer that the token stands for, or undefined. Limited by address. */
  verifyToken(token: string, address: string): Viewer | undefined;
}

/** The wizard's last step, plugged in by sources. */
export interface FirstSource {
  create(viewer: Viewer, wish: FirstSourceWish): Promise<Result<FirstSourceMade>>;
}
// ---- What accounts itself needs of the world ---------------------------------------------------------------------

export interface NewUser {
  name: string;
  email: string;
  emailNormalised: string;
  passwordHash: string | null;
  role: Role;
  verifiedAt: number | null;
}

export type UserChange = Partial<Pick<User, 'name' | 'role' | 'isActive' | keyof UserSettings>> & {
  email?: { typed: string; normalised: string };
  pendingEmail?: { typed: string; normalised: string } | null;
  verifiedAt?: number;
};

/** Why a change did not happen. */
export type UserConflict = 'missing' | 'stale' | 'emailTaken' | 'lastOverseer';

/** People on disk. Every change is durable when the call returns. */
export interface UserStore {
  find(id: string): User | undefined;
  findByEmail(normalised: string): User | undefined;
  /** By name; without those being deleted. */
  list(): User[];
  listBeingDeleted(): User[];
  hasOverseer(): boolean;
  /** Undefined when the address is taken. */
  insert(user: NewUser, now: number): User | undefined;
  /** Adds the first Overseer; undefined when there is one already, however close the race. */
  insertFirstOverseer(user: NewUser, now: number): User | 'claimed' | 'emailTaken';
  /** With `expectedVersion` the change is refused when somebody was quicker. */
  update(id: string, change: UserChange, now: number, expectedVersion?: number): User | UserConflict;
  passwordHash(id: string): string | null;
  setPasswordHash(id: string, hash: string, now: number): void;
  /** Replaces name and password of somebody who never proved the address. */
  replaceUnverified(id: string, change: { name: string; email: string; passwordHash: string }, now: number): void;
  verification(id: string): Verification;
  setVerification(id: string, state: Verification): void;
  findByTicket(ticket: string): User | undefined;
  pendingEmailNormalised(id: string): string | null;
  touch(id: string, now: number): void;
  /** False when it is the last Overseer. */
  markDeleted(id: string, now: number): boolean;
  /** The row, and everything of accounts that hangs on it. */
  remove(id: string): void;
}

/** Sessions on disk. The cookie's value is the secret; the store knows only its hash, which is the session's id. */
export interface SessionStore {
  create(of: { userId: string; address: string; userAgent: string }): Promise<OpenedSession>;
  /** The session behind a cookie, or undefined. `renewedUntil` is set when its end moved and the cookie should too. */
  open(cookie: string, address: string): Promise<{ session: Session; renewedUntil: number | null } | undefined>;
  /** Newest use first. */
  listOf(userId: string): Session[];
  /** Ends one session of that user; false when there is none. */
  end(userId: string, sessionId: string): boolean;
  /** Ends the session behind a cookie, if there is one. */
  endByCookie(cookie: string): Session | undefined;
  /** Ends all of a user but one; gives the ids of those that ended. */
  endAll(userId: string, exceptSessionId?: string): string[];
  removeExpired(): Promise<void>;
}
export interface OpenedSession {
  cookie: string;
  sessionId: string;
  expiresAt: number;
}

/** Access tokens on disk, by hash. */
export interface TokenStore {
  insert(token: Omit<AccessToken, 'lastUsedAt' | 'lastUsedAddress'>, secret: string): void;
  findBySecret(secret: string): AccessToken | undefined;
  listOf(userId: string): AccessToken[];
  touch(id: string, now: number, address: string): void;
  remove(userId: string, id: string): boolean;
  removeAllOf(userId: string): string[];
  /** Those whose time is over; they stay in the list. */
  expired(now: number): Pick<AccessToken, 'id' | 'userId'>[];
}

/** One-time ways to choose a password. */
export interface PasswordLinkStore {
  /** Replaces an older one of the same kind. */
  put(link: { secret: string; userId: string; kind: PasswordLinkKind; createdAt: number; expiresAt: number }): void;
  find(secret: string, now: number): { userId: string; kind: PasswordLinkKind } | undefined;
  /** Takes it away; only one caller gets true. */
  consume(secret: string, now: number): boolean;
  removeAllOf(userId: string): void;
  removeExpired(now: number): void;
}
export type PasswordLinkKind = 'reset' | 'invite';

/** Settings of the appliance itself, as JSON by name. */
export interface ApplianceSettings {
  get(name: string): { value: unknown; version: number } | undefined;
  /** False when `expectedVersion` (0: not there yet) is not the present one. */
  set(name: string, value: unknown, now: number, expectedVersion?: number): boolean;
}

/** Slow, salted hashes of passwords. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** With `hash` null it does the same work and answers false, so that nobody learns who has an account. */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** True if the hash was made with weaker parameters than today's. */
  isOutdated(hash: string): boolean;
}

/** Plain SHA-256 for what is random enough: codes with a salt, tickets. Hex. */
export type Digest = (text: string) => string;

export interface TokenWish {
  name: string;
  scope: TokenScope;
  /** Null: until it is revoked. */
  expiresInDays: number | null;
}
