import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { days, hasPassed, minutes } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import { RateLimiter } from '../core/rate-limit.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import { NOBODY_KNOWS } from '../sources/refused-words.ts';
import type { Source } from '../sources/source.ts';
import { Announcements } from './announcements.ts';
import { looksMeasured } from './device-look.ts';
import { deviceFilter, filterProblem, filterWeight, matchesFilter } from './device-topic.ts';
import type { Dialect, IncomingMessage } from './dialect.ts';
import { DialectMemory, PartMemory } from './dialect-memory.ts';
import { dialects, recogniseMessage } from './dialects.ts';
import { Heard, type HeardDevice, type Understanding } from './heard.ts';
import { inTrueTime } from './held-time.ts';
import { MessageView } from './message-view.ts';
import {
  type AnonymousInbox,
  type Claim,
  type ClaimStore,
  IngestRefusal,
  type IngestService,
  type Journal,
  type JournalRecord,
} from './ports.ts';

/** Where the inbox keeps messages: a journal of its own, which can be cut short. */
export interface InboxJournal extends Pick<Journal, 'append' | 'commit' | 'replay'> {
  /** Removes the oldest records until about so much is left. */
  shrink(most: { bytes: number; records: number }): Promise<void>;
  /** Removes the records that are meant. */
  forgetThose(isMeant: (record: JournalRecord) => boolean): Promise<void>;
}

export interface InboxDeps {
  journal: InboxJournal;
  claims: ClaimStore;
  sources: Pick<SourceDirectory, 'byId' | 'findFor'>;
  ingest: IngestService;
  clock: Clock;
  log: Log;
  /** Called when something was heard or claimed. */
  onChange?: () => void;
  known?: readonly Dialect[];
}

/** Bounds of the inbox: older messages give way to newer ones. */
export const inboxLimits = { bytes: 16 * 1024 * 1024, records: 200_000, ageMs: days(7), payloadBytes: 64 * 1024 };
/** All anonymous clients together: what comes faster is passed on and not kept, so that nobody wears out the disk. */
const RATE = { capacity: 5000, refillMs: 5 };
const SHRINK_EVERY = 1000;
const MOST_IN_FLIGHT = 500;
const MOST_CLAIMS = 500;
/** Whose parts are remembered. */
const MOST_DEVICES = 1000;
const RETRY_MS = minutes(1);
const WARN_MS = minutes(1);

interface ActiveClaim extends Claim {
  levels: readonly string[];
}

/**
 * What clients without a login send. Messages that look like a device's are on disk before they are acknowledged, and
 * wait until an Overseer claims them; then they reach the source at their own time of arrival, and later ones flow there.
 */
export class Inbox implements AnonymousInbox {
  private claims: ActiveClaim[] = [];
  private readonly heard = new Heard();
  /** What devices announced, and what each said so far: two of them must not be taken for parts of one. */
  private readonly announcements = new Announcements();
  private readonly parts = new Map<string, PartMemory>();
  private readonly limiter: RateLimiter;
  /** Answers for the topics that were used last. */
  private readonly owners = new Map<string, ActiveClaim | null>();
  private sinceShrink = 0;
  private spilled = 0;
  private warnedAt = 0;
  private work: Promise<unknown> = Promise.resolve();
  private retry: ReturnType<typeof setTimeout> | null = null;
  private isStopped = false;

  constructor(private readonly deps: InboxDeps) {
    this.limiter = new RateLimiter({ ...RATE, clock: deps.clock });
  }

  /** Knows again what was heard and claimed before; claims that were not finished go on. */
  async start(): Promise<void> {
    this.isStopped = false;
    this.takeClaims(this.deps.claims.all());
    const oldest = this.deps.clock.now() - inboxLimits.ageMs;
    await this.deps.journal.replay(0, (record) => {
      const isOld = (inTrueTime(record, this.deps.clock)?.receivedAt ?? oldest) < oldest;
      if (!isOld && !this.claimOf(record.topic)) this.note(record);
    });
    this.finishClaims();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.retry) clearTimeout(this.retry);
    await this.work;
  }

  sourceOf(topic: string): Source | undefined {
    const claim = this.claimOf(topic);
    return claim?.isReplayed ? this.deps.sources.byId(claim.sourceId) : undefined;
  }

  receive(message: IncomingMessage, done: (error: Error | null) => void): void {
    const view = new MessageView(message);
    if (message.payload.length > inboxLimits.payloadBytes || !this.isDevice(view)) {
      done(null);
      return;
    }
    if (!this.limiter.take('').isAllowed) {
      this.noteSpilled();
      done(null);
      return;
    }
    const { topic, payload, receivedAt, isRetained } = message;
    const record = { receivedAt, channel: 'mqtt' as const, sourceId: null, topic, payload, isRetained };
    // What waits for its commit is only borrowed, so it is looked at now.
    this.note(message, view);
    this.deps.journal.append(record, (error) => done(error && new IngestRefusal('unavailable', error.message)));
    if (++this.sinceShrink >= SHRINK_EVERY) void this.shrink();
  }

  /** What was heard from unclaimed devices since then, grouped. For Overseers only: these topics are nobody's. */
  devices(since: number): HeardDevice[] {
    return this.heard.since(since);
  }

  allClaims(): readonly Claim[] {
    return this.claims;
  }

  /** From now on the topics are this source's, and what was kept of them follows in its own place in time. */
  claim(viewer: Viewer, filter: string, sourceId: string): Result<Claim> {
    if (viewer.role !== 'overseer')
      return refuse('forbidden', 'Only an Overseer may claim devices that have no login.');
    const problem = filterProblem(filter);
    if (problem) return refuse('invalid', `Topics ${problem}.`, { field: 'filter' });
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const other = this.claims.find((claim) => claim.filter === filter);
    if (other && other.sourceId !== sourceId)
      return refuse('conflict', 'These topics belong to another source already.', { field: 'filter' });
    if (!other && this.claims.length >= MOST_CLAIMS)
      return refuse('conflict', `There are ${MOST_CLAIMS} claims, as many as there may be.`);
    const claim = { filter, sourceId, createdAt: this.deps.clock.now(), isReplayed: false };
    this.deps.claims.save(claim);
    this.takeClaims(this.deps.claims.all());
    this.finishClaims();
    return ok(claim);
  }

  /** Ends a claim: what comes later waits in the inbox again. */
  release(viewer: Viewer, filter: string): Result<Claim> {
    const claim = this.claims.find((one) => one.filter === filter);
    if (!claim || viewer.role !== 'overseer') return refuse('not_found', 'There is no such claim.');
    this.deps.claims.remove(filter);
    this.takeClaims(this.deps.claims.all());
    return ok(claim);
  }

  /** Hands what is kept of a claim's topics to its source once more; what was there already is the same reading. */
  replay(viewer: Viewer, filter: string): Result<Claim> {
    const claim = this.claims.find((one) => one.filter === filter);
    if (!claim || viewer.role !== 'overseer') return refuse('not_found', 'There is no such claim.');
    const again = { filter, sourceId: claim.sourceId, createdAt: claim.createdAt, isReplayed: false };
    this.deps.claims.save(again);
    this.takeClaims(this.deps.claims.all());
    this.finishClaims();
    return ok(again);
  }

  /** Removes what is kept of a device that nobody claimed; it is heard anew when it sends again. */
  async dismiss(viewer: Viewer, filter: string): Promise<Result<null>> {
    const device = viewer.role === 'overseer' ? this.heard.since(0).find((one) => one.filter === filter) : undefined;
    if (!device) return refuse('not_found', 'Nothing is kept of such a device.');
    const levels = filter.split('/');
    const isMeant = (topic: string) => matchesFilter(levels, topic.split('/')) && this.claimOf(topic) === undefined;
    this.heard.forget(isMeant);
    this.deps.onChange?.();
    await this.deps.journal.forgetThose(({ topic }) => isMeant(topic));
    return ok(null);
  }

  /** The source is gone: its topics are nobody's again. */
  forget(sourceId: string): void {
    this.deps.claims.forget(sourceId);
    this.takeClaims(this.deps.claims.all());
  }

  async shrink(): Promise<void> {
    this.sinceShrink = 0;
    try {
      await this.deps.journal.shrink(inboxLimits);
    } catch (cause) {
      this.deps.log.error('The inbox could not be cut short', { cause });
    }
  }

  /** Resolves once no claim is on its way; for tests. */
  async settled(): Promise<void> {
    await this.work;
  }

  /** Nobody's messages that come too fast to be kept reach those who subscribed, like in any other broker. */
  private noteSpilled(): void {
    this.spilled++;
    const now = this.deps.clock.now();
    if (!hasPassed(this.warnedAt, WARN_MS, now)) return;
    this.warnedAt = now;
    this.deps.log.warn('Devices without a login send more than the inbox keeps; the rest is only passed on', {
      messages: this.spilled,
    });
    this.spilled = 0;
  }

  private isDevice(view: MessageView): boolean {
    if (view.payload.length === 0) return false;
    return (
      looksMeasured(view) || recogniseMessage(view, this.contextOf(view.topic), this.deps.known ?? dialects) !== null
    );
  }

  private contextOf(topic: string) {
    const device = deviceFilter(topic, true);
    let parts = this.parts.get(device);
    if (!parts) {
      if (this.parts.size >= MOST_DEVICES) this.parts.clear();
      parts = new PartMemory();
      this.parts.set(device, parts);
    }
    return { timeZone: 'UTC', memory: new DialectMemory(parts, this.announcements) };
  }

  private note(message: IncomingMessage, view = new MessageView(message)): void {
    const understanding = understand(view, this.contextOf(view.topic), this.deps.known ?? dialects);
    // What only says where values are to come is no device; the values are.
    if (!understanding.isAnnouncement) this.heard.note(message, understanding);
    this.deps.onChange?.();
  }

  private takeClaims(claims: readonly Claim[]): void {
    this.claims = claims
      .filter((claim) => this.deps.sources.byId(claim.sourceId) !== undefined)
      .map((claim) => ({ ...claim, levels: claim.filter.split('/') }))
      .sort((a, b) => filterWeight(b.filter) - filterWeight(a.filter));
    this.owners.clear();
    this.heard.forget((topic) => this.claimOf(topic) !== undefined);
    this.deps.onChange?.();
  }

  private claimOf(topic: string): ActiveClaim | undefined {
    let claim = this.owners.get(topic);
    if (claim === undefined) {
      const levels = topic.split('/');
      claim = this.claims.find((one) => matchesFilter(one.levels, levels)) ?? null;
      if (this.owners.size >= 10_000) this.owners.clear();
      this.owners.set(topic, claim);
    }
    return claim ?? undefined;
  }

  private finishClaims(): void {
    this.work = this.work.then(async () => {
      for (const claim of this.claims.filter((one) => !one.isReplayed)) {
        if (this.isStopped) return;
        await this.finish(claim).catch((cause: unknown) => {
          this.deps.log.error('Kept messages could not be brought to their source; they follow', { cause });
          if (!this.isStopped) this.retry = setTimeout(() => this.finishClaims(), RETRY_MS);
        });
      }
    });
  }

  /**
   * Until the end of the inbox is reached, new messages go on waiting behind the old ones, so that they arrive in order;
   * a last look takes those that were on their way to the disk when the claim began to count.
   */
  private async finish(claim: ActiveClaim): Promise<void> {
    const { journal } = this.deps;
    let at = 0;
    for (let next = -1; next !== at; ) {
      await journal.commit();
      at = Math.max(next, 0);
      next = await this.handOver(claim, at);
    }
    const isStill = this.claims.some((one) => one.filter === claim.filter && one.sourceId === claim.sourceId);
    if (!isStill) return;
    this.deps.claims.save({ ...claim, isReplayed: true });
    this.takeClaims(this.deps.claims.all());
    await journal.commit();
    await this.handOver(claim, at);
  }

  private async handOver(claim: ActiveClaim, after: number): Promise<number> {
    const source = this.deps.sources.byId(claim.sourceId);
    let flying: Promise<void>[] = [];
    const end = await this.deps.journal.replay(after, (record) => {
      const isMeant = this.claimOf(record.topic)?.filter === claim.filter || announces(record, claim.filter);
      if (!source || !isMeant) return undefined;
      flying.push(this.hand(source, record));
      if (flying.length < MOST_IN_FLIGHT) return undefined;
      const landed = Promise.all(flying);
      flying = [];
      return landed;
    });
    await Promise.all(flying);
    return end;
  }

  private hand(source: Source, record: JournalRecord): Promise<void> {
    // Who knows no time yet leaves the stamp as it is: the source's journal moves it later.
    const { topic, receivedAt, isRetained } = inTrueTime(record, this.deps.clock) ?? record;
    const message = { topic, payload: record.payload.slice(), receivedAt, isRetained };
    return new Promise((resolve, reject) => {
      this.deps.ingest.receive(source, 'mqtt', message, (error) => {
        // A source that was switched off meanwhile takes nothing, and wants nothing later.
        if (error && !(error instanceof IngestRefusal && error.reason === 'inactive')) reject(error);
        else resolve();
      });
    });
  }
}

/** What the surest dialect makes of a message. */
export function understand(
  view: MessageView,
  context: Parameters<Dialect['interpret']>[1],
  known: readonly Dialect[],
): Understanding & { isAnnouncement?: boolean | undefined } {
  const found = recogniseMessage(view, context, known);
  if (!found) return { dialect: null, recognition: null, values: {}, problem: NOBODY_KNOWS };
  const { readings, rejected, isAnnouncement } = found.dialect.interpret(view, context);
  const values = Object.assign({}, ...readings.map((reading) => reading.values));
  const wrong = rejected[0];
  const problem = wrong ? `${wrong.field} ${wrong.message}`.trim() : null;
  return { dialect: found.dialect.name, recognition: found.recognition, values, problem, isAnnouncement };
}

/** A device's announcement (Home Assistant discovery) stands elsewhere, and names the topics that it is about. */
function announces({ topic, payload }: JournalRecord, filter: string): boolean {
  const base = filter.replace(/\/#$/, '');
  if (!topic.endsWith('/config') || base.includes('+')) return false;
  return new TextDecoder().decode(payload).includes(base);
}
