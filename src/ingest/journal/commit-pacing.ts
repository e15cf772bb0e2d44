/**
 * When the journal should put on disk what waits. Each commit costs a page of flash and a few milliseconds, so that
 * readings share one; but nobody who waits for the answer should wait for strangers. Times are milliseconds of any
 * steady clock.
 */
export interface PacingOptions {
  /** Longest wait of a message for others. */
  windowMs: number;
  /** As many bytes or messages as this are worth a commit at once. */
  bytesAtOnce: number;
  messagesAtOnce: number;
  /** Commits that need no reason, and the time in which one grows back. */
  quickBurst: number;
  quickRefillMs: number;
}

export const defaultPacing: PacingOptions = {
  windowMs: 750,
  bytesAtOnce: 16 * 1024,
  messagesAtOnce: 256,
  quickBurst: 8,
  quickRefillMs: 30_000,
};

/** Time constant over which the rate of arrivals is estimated. */
const RATE_TAU_MS = 5000;

export class CommitPacing {
  private readonly senders = new SenderPacing();
  private tokens: number;
  private tokensAt = 0;
  /** Arrivals a millisecond, decaying. */
  private rate = 0;
  private rateAt = 0;

  constructor(private readonly options: PacingOptions) {
    this.tokens = options.quickBurst;
  }

  /**
   * A message arrived; `waiting` and `waitingBytes` count it in. Answers how long the commit may wait from now on,
   * 0 for at once. The caller keeps the earliest of the answers.
   */
  arrived(message: { sender: string; now: number; waiting: number; waitingBytes: number; isUrgent: boolean }): number {
    const { now, waiting } = message;
    const expectedOthers = this.rateBefore(now) * this.options.windowMs;
    this.rate += 1 / RATE_TAU_MS;
    const senderWait = this.senders.arrived(message.sender, now, this.options.windowMs);
    if (message.isUrgent || senderWait === 0) return 0;
    if (message.waitingBytes >= this.options.bytesAtOnce || waiting >= this.options.messagesAtOnce) return 0;
    // The first to wait may go at once when nobody is likely to join, or when commits were few lately.
    if (waiting === 1 && (expectedOthers < 1 || this.takeToken(now))) return 0;
    return senderWait;
  }

  /** The sender was told that its message is on disk. */
  acknowledged(sender: string, now: number): void {
    this.senders.acknowledged(sender, now);
  }

  private rateBefore(now: number): number {
    this.rate *= Math.exp(-(now - this.rateAt) / RATE_TAU_MS);
    this.rateAt = now;
    return this.rate;
  }

  private takeToken(now: number): boolean {
    const { quickBurst, quickRefillMs } = this.options;
    this.tokens = Math.min(quickBurst, this.tokens + (now - this.tokensAt) / quickRefillMs);
    this.tokensAt = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}

interface Sender {
  pending: number;
  firstPendingAt: number;
  lastArrivalAt: number;
  /** When its last pending message was acknowledged. */
  settledAt: number;
  meanIntervalMs: number;
  /** How often in a row it sent right after the answer, having been silent while it waited. */
  score: number;
  /** Whether it was silent during its last wait; null when that wait was too short to tell. */
  wasSilent: boolean | null;
  sinceProbe: number;
  /** Until then it is known to send without waiting. */
  freeUntil: number;
}

/** "Right after the answer". */
const PROMPT_MS = 50;
const PROBE_MS = 75;
const SHORTEST_TELLING_WAIT_MS = 10;
const SCORE_OF_WAITING = 2;
const MESSAGES_BETWEEN_PROBES = 64;
const FREE_MS = 5000;
const MOST_SENDERS = 2000;

/**
 * Finds senders in a closed loop: those that send the next message only when the last one was answered. Such a
 * sender is silent while it waits and prompt afterwards. Now and then it is made to wait a moment, to see whether
 * that is still so.
 */
class SenderPacing {
  private readonly senders = new Map<string, Sender>();

  arrived(key: string, now: number, windowMs: number): number {
    const sender = this.senders.get(key) ?? this.newSender(key);
    const isFirst = sender.pending === 0;
    const isPrompt = isFirst && now - sender.settledAt <= PROMPT_MS;
    if (isFirst) this.judge(sender, isPrompt, now);
    const interval = Math.min(now - sender.lastArrivalAt, 1000);
    sender.meanIntervalMs += (interval - sender.meanIntervalMs) / 8;
    sender.lastArrivalAt = now;
    sender.pending++;
    if (sender.score >= SCORE_OF_WAITING) {
      if (++sender.sinceProbe < MESSAGES_BETWEEN_PROBES || !isFirst) return 0;
      sender.sinceProbe = 0;
      return Math.min(windowMs, PROBE_MS, Math.max(SHORTEST_TELLING_WAIT_MS, 2 * sender.meanIntervalMs + 2));
    }
    return isPrompt && now >= sender.freeUntil ? Math.min(windowMs, PROBE_MS) : windowMs;
  }

  acknowledged(key: string, now: number): void {
    const sender = this.senders.get(key);
    if (!sender || sender.pending === 0 || --sender.pending > 0) return;
    const waited = now - sender.firstPendingAt;
    sender.wasSilent = waited < SHORTEST_TELLING_WAIT_MS ? null : now - sender.lastArrivalAt >= waited / 2;
    sender.settledAt = now;
  }

  private judge(sender: Sender, isPrompt: boolean, now: number): void {
    if (!isPrompt) sender.score = 0;
    else if (sender.wasSilent === true) sender.score++;
    else if (sender.wasSilent === false) {
      sender.score = 0;
      sender.freeUntil = now + FREE_MS;
    }
    sender.wasSilent = null;
    sender.firstPendingAt = now;
  }

  private newSender(key: string): Sender {
    // Forgetting all of them costs each a few slow answers; it happens only to those who make up thousands.
    if (this.senders.size >= MOST_SENDERS) this.senders.clear();
    const sender: Sender = {
      pending: 0,
      firstPendingAt: 0,
      lastArrivalAt: Number.NEGATIVE_INFINITY,
      settledAt: Number.NEGATIVE_INFINITY,
      meanIntervalMs: 1000,
      score: 0,
      wasSilent: null,
      sinceProbe: 0,
      freeUntil: 0,
    };
    this.senders.set(key, sender);
    return sender;
  }
}
