import { hasPassed, minutes, seconds } from '../core/durations.ts';

/** How long a code is good, how often one may be asked for, and what wrong ones cost. */
export const codeLifetimeMs = minutes(10);
export const resendAfterMs = seconds(60);
export const mostWrongCodes = 5;
export const lockOutMs = minutes(15);

/** Where the proof of an e-mail address stands. Times are ms UTC. */
export interface Verification {
  /** Null until the mail went out: the code is made when it is sent. */
  codeHash: string | null;
  ticketHash: string | null;
  expiresAt: number | null;
  /** When a code was last asked for. */
  sentAt: number | null;
  failedAttempts: number;
  lockedUntil: number | null;
}

export const noVerification: Verification = {
  codeHash: null,
  ticketHash: null,
  expiresAt: null,
  sentAt: null,
  failedAttempts: 0,
  lockedUntil: null,
};

export type CodeOutcome = 'right' | 'wrong' | 'expired' | 'locked';

/** One try: what it came to, and the state after it. While locked a right code does not help. */
export function tryCode(
  state: Verification,
  isRight: boolean,
  now: number,
): { outcome: CodeOutcome; next: Verification } {
  if (isLocked(state, now)) return { outcome: 'locked', next: state };
  if (state.expiresAt !== null && state.expiresAt <= now) return { outcome: 'expired', next: state };
  if (isRight && state.codeHash !== null) return { outcome: 'right', next: noVerification };
  const failedAttempts = (state.lockedUntil === null ? state.failedAttempts : 0) + 1;
  const isLast = failedAttempts >= mostWrongCodes;
  const next = { ...state, failedAttempts, lockedUntil: isLast ? now + lockOutMs : null };
  // The code that was guessed at is void: after the lock-out only a new one helps.
  return { outcome: isLast ? 'locked' : 'wrong', next: isLast ? { ...next, codeHash: null } : next };
}

export function isLocked(state: Verification, now: number): boolean {
  return lockedForMs(state, now) > 0;
}

/** What is longer than any lock-out comes of a clock that was set back. */
function lockedForMs({ lockedUntil }: Verification, now: number): number {
  const leftMs = (lockedUntil ?? now) - now;
  return leftMs > lockOutMs ? 0 : Math.max(0, leftMs);
}

/** Seconds until another code may be asked for; 0 when it may be now. */
export function resendWaitS(state: Verification, now: number): number {
  const { sentAt } = state;
  const waitMs = sentAt === null || hasPassed(sentAt, resendAfterMs, now) ? 0 : sentAt + resendAfterMs - now;
  return Math.ceil(Math.max(waitMs, lockedForMs(state, now)) / 1000);
}

/** The state after a code was asked for; it is known by `ticketHash` from now on. Wrong tries keep counting within a lock-out's reach. */
export function askedForCode(state: Verification, ticketHash: string, now: number): Verification {
  const wasLocked = state.lockedUntil !== null && !isLocked(state, now);
  return {
    codeHash: null,
    ticketHash,
    expiresAt: now + codeLifetimeMs,
    sentAt: now,
    failedAttempts: wasLocked ? 0 : state.failedAttempts,
    lockedUntil: wasLocked ? null : state.lockedUntil,
  };
}
