import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { days, hasPassed, minutes } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import { RateLimiter } from '../../core/rate-limit.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import { Announcements } from '../announced/announcements.ts';
import type { Dialect, IncomingMessage } from '../dialect.ts';
import { dialects, recogniseMessage } from '../dialects.ts';
import { looksMeasured } from '../discovery/device-look.ts';
import { matchesFilter } from '../discovery/device-topic.ts';
import { Heard, type HeardDevice } from '../discovery/heard.ts';
import { DialectMemory, PartMemory } from '../memory/dialect-memory.ts';
import { inTrueTime } from '../payload/held-time.ts';
import { MessageView } from '../payload/message-view.ts';
import { type AnonymousInbox, IngestRefusal, type Journal, type JournalRecord } from '../ports.ts';
import { understand } from '../understand.ts';
import type { TopicClaims } from './claims-service.ts';

/** Where the inbox keeps messages: a journal of its own, which can be cut short. */
export interface InboxJournal extends Pick<Journal, 'append' | 'commit' | 'replay'> {
  /** Removes the oldest records until about so much is left. */
  shrink(most: { bytes: number; records: number }): Promise<void>;
  /** Removes the records that are meant. */
  forgetThose(isMeant: (record: JournalRecord) => boolean): Promise<void>;
}

export interface InboxDeps {
  journal: InboxJournal;
  claims: TopicClaims;
  clock: Clock;
  log: Log;
  /** Called when something else was heard, or is somebody's now. */
  onChange: () => void;
  known?: readonly Dialect[];
}

/** Bounds of the inbox: older messages give way to newer ones. */
export const inboxLimits = { bytes: 16 * 1024 * 1024, records: 200_000, ageMs: days(7), payloadBytes: 64 * 1024 };
/** All anonymous clients together: what comes faster is passed on and not kept, so that nobody wears out the disk. */
const RATE = { capacity: 5000, refillMs: 5 };
const SHRINK_EVERY = 1000;
/** Whose parts are remembered. */
const MOST_DEVICES = 1000;
const WARN_MS = minutes(1);

/**
 * What clients without a login send. Messages that look like a device's are on disk before they are acknowledged, and
 * wait until an Overseer claims them.
 */
export class Inbox implements AnonymousInbox {
  private readonly heard = new Heard();
  /** What devices announced, and what each said so far: two of them must not be taken for parts of one. */
  private readonly announcements = new Announcements();
  private readonly parts = new Map<string, PartMemory>();
  private readonly limiter: RateLimiter;
  private sinceShrink = 0;
  private spilled = 0;
  private warnedAt = 0;

  constructor(private readonly deps: InboxDeps) {
    this.limiter = new RateLimiter({ ...RATE, clock: deps.clock });
  }

  /** Knows again what was heard and claimed before; claims that were not finished go on. */
  async start(): Promise<void> {
    const { claims, clock, journal } = this.deps;
    claims.load();
    const oldest = clock.now() - inboxLimits.ageMs;
    await journal.replay(0, (record) => {
      const isOld = (inTrueTime(record, clock)?.receivedAt ?? oldest) < oldest;
      if (!isOld && !claims.isClaimed(record.topic)) this.note(record);
    });
    claims.handOverAll();
  }

  stop(): Promise<void> {
    return this.deps.claims.stop();
  }

  sourceOf(topic: string): Source | undefined {
    return this.deps.claims.sourceOf(topic);
  }

  /** To be called when other topics are claimed: what is somebody's waits here no longer. */
  forgetClaimed(): void {
    this.heard.forget((topic) => this.deps.claims.isClaimed(topic));
    this.deps.onChange();
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

  /** Removes what is kept of a device that nobody claimed; it is heard anew when it sends again. */
  async dismiss(viewer: Viewer, filter: string): Promise<Result<null>> {
    const device = viewer.role === 'overseer' ? this.heard.since(0).find((one) => one.filter === filter) : undefined;
    if (!device) return refuse('not_found', 'Nothing is kept of such a device.');
    const levels = filter.split('/');
    const isMeant = (topic: string) => matchesFilter(levels, topic.split('/')) && !this.deps.claims.isClaimed(topic);
    this.heard.forget(isMeant);
    this.deps.onChange();
    await this.deps.journal.forgetThose(({ topic }) => isMeant(topic));
    return ok(null);
  }

  async shrink(): Promise<void> {
    this.sinceShrink = 0;
    try {
      await this.deps.journal.shrink(inboxLimits);
    } catch (cause) {
      this.deps.log.error('The inbox could not be cut short', { cause });
    }
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
    const device = this.heard.filterOf(topic);
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
    if (!understanding.isAnnouncement) this.heard.note(view, understanding);
    this.deps.onChange();
  }
}
