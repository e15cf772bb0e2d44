import { type Clock, houseTimeOf, isClockSet } from '../core/clock.ts';
import { hasPassed, minutes } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import type { Reading, RejectedValue } from '../core/reading.ts';
import { isUnsetStamp } from '../core/unset-time.ts';
import { type MessageOutcome, messageOutcome } from '../sources/message-outcome.ts';
import type { ReceivedMessage, RecentMessages, SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { JournalPosition, ReadingSink } from '../telemetry/ports.ts';
import { measuredCount } from '../telemetry/unmeasured.ts';
import { Backlog } from './backlog-service.ts';
import type { Dialect, DialectContext, IncomingMessage } from './dialect.ts';
import { DialectMemories } from './dialect-memories.ts';
import type { DialectMemory } from './dialect-memory.ts';
import { dialects, interpretMessage } from './dialects.ts';
import { inTrueTime, shownAt, TIME_NOTE, type TimedMessage, witnessed } from './held-time.ts';
import {
  type Accepted,
  type AnnouncementStore,
  type Channel,
  IngestRefusal,
  type IngestService,
  type Journal,
  type JournalRecord,
  type ProvenSignStore,
  type Quarantine,
} from './ports.ts';
import { correct, type Tunings } from './tuning.ts';

export interface IngestDeps {
  journal: Journal;
  sink: ReadingSink;
  sources: SourceDirectory;
  quarantine: Quarantine;
  announcements: AnnouncementStore;
  signs?: ProvenSignStore;
  clock: Clock;
  log: Log;
  /** How single sources are read differently. */
  tunings?: Tunings;
  known?: readonly Dialect[];
}

/** What came of a message. */
interface Understood {
  readings: Reading[];
  rejected: RejectedValue[];
  /** Why it goes to quarantine (too), null when all of it was understood. */
  problem: string | null;
}

const EARLIEST_TIME = Date.UTC(2010, 0, 1);
const FURTHEST_AHEAD_MS = minutes(5);
const NOTHING: Accepted = { accepted: 0, rejected: [] };
const UNKNOWN = 'no known device writes like this';
const EMPTY = 'the message is empty';
const NO_SIGNS = '[[],[]]';
const NOT_ASKED = { problem: null };
const COMPLAIN_EVERY_MS = minutes(1);

/** Counts for the System page and /metrics. */
export interface IngestCounts {
  messages: number;
  readings: number;
  rejectedValues: number;
  refusedMessages: number;
}

/** The way of a reading: message -> dialect -> journal -> acknowledgement -> telemetry. */
export class Ingest implements IngestService, RecentMessages {
  readonly counts: IngestCounts = { messages: 0, readings: 0, rejectedValues: 0, refusedMessages: 0 };
  private complainedAt = Number.NEGATIVE_INFINITY;
  /** While the past is brought back, what comes in now is only put in the journal; its turn comes. */
  private isReplaying = false;
  private newestDurable: JournalPosition = 0;
  /** What devices that spread their readings over many messages said so far. */
  private readonly memories = new DialectMemories();

  /** What was written of each source's signs, in short. */
  private readonly keptSigns = new Map<string, string>();
  private readonly backlog: Backlog;

  constructor(private readonly deps: IngestDeps) {
    this.backlog = new Backlog(deps.sink);
  }

  receive(
    source: Source,
    channel: Channel,
    message: IncomingMessage,
    done: (error: Error | null, outcome: Accepted) => void,
    isUrgent = false,
  ): void {
    if (!source.isActive) {
      this.counts.refusedMessages++;
      done(new IngestRefusal('inactive', 'This source is switched off.'), NOTHING);
      return;
    }
    if (this.backlog.isFull()) {
      this.counts.refusedMessages++;
      done(new IngestRefusal('unavailable', 'The database does not keep up; try again in a moment.'), NOTHING);
      return;
    }
    // An empty message only takes something back: what the broker kept, what a device announced or was.
    if (message.payload.length === 0 && channel === 'mqtt') {
      const { problem } = this.isReplaying ? NOT_ASKED : this.understand(source, message, this.memories.of(source));
      if (problem !== null) this.putAside(source.id, channel, message, EMPTY);
      done(null, NOTHING);
      return;
    }
    const memory = this.memories.of(source);
    // What is replayed later is remembered then, in its order.
    const isLater = this.isReplaying || !isClockSet(this.deps.clock);
    const { readings, rejected, problem } = this.understand(source, message, isLater ? memory.glance() : memory);
    this.takeWitness(source, readings);
    if (problem !== null) {
      const { payload } = message;
      this.putAside(source.id, channel, message, problem, messageOutcome({ payload, readings, rejected }));
    }
    // Whoever posts junk is told so in the answer; what MQTT acknowledges must be on disk, understood or not.
    const accepted = measuredCount(readings);
    if (accepted === 0 && channel === 'webhook') {
      this.countRefused(source, message.receivedAt, rejected);
      done(null, { accepted, rejected });
      return;
    }
    const { topic, payload, receivedAt, isRetained } = message;
    this.deps.journal.append(
      { receivedAt, channel, sourceId: source.id, topic, payload, isRetained },
      (error, position) => {
        if (error) {
          this.counts.refusedMessages++;
          return done(new IngestRefusal('unavailable', error.message), NOTHING);
        }
        this.counts.messages++;
        this.counts.readings += accepted;
        this.counts.rejectedValues += rejected.length;
        this.newestDurable = position;
        const finish = () => {
          // Without the time it waits in the journal; the pages show it all the same.
          if (!isClockSet(this.deps.clock)) this.deps.sink.show?.(shownAt(readings, receivedAt));
          else if (!this.isReplaying) {
            this.deliver(readings, position);
            this.countRefused(source, receivedAt, rejected);
          }
          done(null, { accepted, rejected });
        };
        if (!this.isReplaying && this.backlog.mustWait()) this.backlog.add(finish);
        else finish();
      },
      isUrgent,
    );
  }

  /**
   * Brings everything after the database's own position back into memory, in order; what is received meanwhile follows
   * in its place. Returns the number of readings.
   */
  async replay(): Promise<number> {
    const { journal, sink } = this.deps;
    this.isReplaying = true;
    this.recall();
    let count = 0;
    // Nothing passes what waits for the time: the database counts by positions.
    let waits = false;
    try {
      let at = sink.flushedPosition();
      let from: JournalPosition;
      do {
        from = at;
        at = await journal.replay(at, (record) => {
          const message = inTrueTime(record, this.deps.clock);
          waits ||= message === null;
          if (waits || message === null) return undefined;
          count += this.replayOne(message);
          return this.isSaturated() ? sink.flush() : undefined;
        });
      } while (at > from && at < this.newestDurable);
    } finally {
      this.isReplaying = false;
    }
    return count;
  }

  /** True while what the database does not hold yet comes back from the journal. */
  isComingBack(): boolean {
    return this.isReplaying;
  }

  /** Keeps what is proven of signs, where that is something else than before. */
  keepSigns(): void {
    for (const [sourceId, proven] of this.memories.allProven()) {
      const summary = JSON.stringify([proven.findings.map(([key, { sign }]) => [key, sign]), proven.held]);
      if (summary === (this.keptSigns.get(sourceId) ?? NO_SIGNS)) continue;
      this.keptSigns.set(sourceId, summary);
      this.deps.signs?.save(sourceId, proven, this.deps.clock.now());
    }
  }

  /** What devices announced, and what was proven of them, before this start. */
  private recall(): void {
    for (const { sourceId, proven } of this.deps.signs?.all() ?? []) this.memories.recall(sourceId, proven);
    for (const { sourceId, topic, payload, heardAt } of this.deps.announcements.all()) {
      const source = this.deps.sources.byId(sourceId);
      if (!source) continue;
      const { timeZone } = source;
      const message = { topic, payload, receivedAt: heardAt, isRetained: true };
      interpretMessage(message, { timeZone, memory: this.memories.of(source) }, this.deps.known ?? dialects);
    }
  }

  /** While nobody knows the time, what devices say of it is listened to. */
  private takeWitness(source: Source, readings: readonly Reading[]): void {
    const house = isClockSet(this.deps.clock) ? null : houseTimeOf(this.deps.clock);
    for (const time of house ? witnessed(readings) : []) house?.witness(source.id, time);
  }

  private replayOne(record: JournalRecord & TimedMessage): number {
    const source = record.sourceId === null ? undefined : this.deps.sources.byId(record.sourceId);
    if (!source) {
      this.deliver([], record.position);
      return 0;
    }
    const { readings, rejected, problem } = this.understand(source, record, this.memories.of(source));
    // What was taken when nobody knew the time is judged only now.
    if (problem !== null && record.timeNote) this.putAside(source.id, record.channel, record, problem);
    this.deliver(readings, record.position);
    this.countRefused(source, record.receivedAt, rejected);
    return readings.length;
  }

  private countRefused(source: Source, receivedAt: number, rejected: readonly RejectedValue[]): void {
    if (rejected.length > 0) this.deps.sink.noteRefused(source.id, receivedAt, rejected);
  }

  /** What the Source page shows, newest first; a message that was not wholly understood says why. */
  async newestOf(sourceId: string, limit: number): Promise<ReceivedMessage[]> {
    const source = this.deps.sources.byId(sourceId);
    if (!source) return [];
    const stored = (await this.deps.journal.newestOf(sourceId, limit)).map((r) =>
      this.shown(source, inTrueTime(r, this.deps.clock) ?? r),
    );
    const refused = this.deps.quarantine
      .newestOf(sourceId, limit)
      // Of what came by MQTT only what is empty is not in the journal.
      .filter((q) => q.channel === 'webhook' || q.payloadBytes === 0)
      .map(({ receivedAt, channel, topic, payload, reason, outcome }) => ({
        ...{ receivedAt, channel, topic, payload },
        problem: reason,
        ...(outcome && { outcome }),
      }))
      .filter((q) => !stored.some((s) => s.receivedAt === q.receivedAt && s.topic === q.topic));
    return [...stored, ...refused].sort((a, b) => b.receivedAt - a.receivedAt).slice(0, limit);
  }

  /** Removes what was received from a source. */
  async forget(sourceId: string): Promise<void> {
    this.memories.forget(sourceId);
    this.deps.announcements.forget(sourceId);
    this.deps.signs?.forget(sourceId);
    this.keptSigns.delete(sourceId);
    this.deps.quarantine.forget(sourceId);
    await this.deps.journal.forget(sourceId);
  }

  private shown(source: Source, record: JournalRecord): ReceivedMessage {
    const { receivedAt, channel, topic, payload } = record;
    const { readings, rejected, problem } = this.understand(source, record, this.memories.of(source).glance());
    if (problem === null) return { receivedAt, channel, topic, payload };
    return { receivedAt, channel, topic, payload, problem, outcome: messageOutcome({ payload, readings, rejected }) };
  }

  private understand(source: Source, message: TimedMessage, memory: DialectMemory): Understood {
    const { timeZone, role } = source;
    const tuning = this.deps.tunings?.of(source.id);
    const known = tuning?.dialects ?? this.deps.known ?? dialects;
    const found = interpretMessage(message, { timeZone, role, memory }, known);
    if (!found) return { readings: [], rejected: [{ index: 0, field: '', message: UNKNOWN }], problem: UNKNOWN };
    const { rejected, isAnnouncement } = found.interpretation;
    // Only what is new is kept: looking at an old message again must not bring it back.
    if (isAnnouncement && memory === this.memories.of(source)) {
      const { topic, payload, receivedAt: heardAt } = message;
      this.deps.announcements.save({ sourceId: source.id, topic, payload, heardAt });
    }
    const readings: Reading[] = [];
    for (const { time: said, values, metadata, index, isPartial } of found.interpretation.readings) {
      const time = said ?? (isPartial ? startOfWindow(message.receivedAt) : null);
      const wrong = said === null ? null : wrongTime(said, message.receivedAt);
      if (wrong !== null) {
        rejected.push({ index, field: 'timestamp', message: wrong });
        continue;
      }
      const reading: Reading = { sourceId: source.id, time: time ?? message.receivedAt, values };
      if (said !== null) reading.receivedAt = message.receivedAt;
      if (metadata !== undefined) reading.metadata = metadata;
      if (said === null && message.timeNote) reading.metadata = { ...metadata, [TIME_NOTE]: message.timeNote };
      readings.push(reading);
    }
    if (tuning !== undefined) correct(readings, tuning.corrections, rejected);
    return { readings, rejected, problem: rejected.length > 0 ? summary(rejected) : null };
  }

  /** What a message that was received before says now; `context` is that of `contextOf`, one for a row of messages. */
  reread(source: Source, message: IncomingMessage, context: DialectContext): Reading[] {
    const { readings } = this.understand(source, message, context.memory ?? this.memories.of(source).glance());
    // They arrived before, and were counted then.
    return readings.map(({ receivedAt: _arrived, ...reading }) => reading);
  }

  /** For looking at a source's messages again: what is known of its devices now, which this does not change. */
  contextOf(source: Source): DialectContext {
    const { timeZone, role } = source;
    return { timeZone, role, memory: this.memories.of(source).glance() };
  }

  private putAside(
    sourceId: string,
    channel: Channel,
    message: IncomingMessage,
    reason: string,
    outcome?: MessageOutcome,
  ): void {
    const { receivedAt, topic, payload } = message;
    this.deps.quarantine.add({ receivedAt, channel, sourceId, topic, payload, reason, ...(outcome && { outcome }) });
  }

  /** So much waits for the database that more would not fit into memory. */
  private isSaturated(): boolean {
    try {
      return this.deps.sink.isSaturated();
    } catch {
      return false; // Telemetry is broken: the journal takes everything until it is mended.
    }
  }

  /** The reading is durable already: trouble here is telemetry's, and a restart brings the reading back. */
  private deliver(readings: readonly Reading[], position: JournalPosition): void {
    try {
      this.deps.sink.add(readings, position);
    } catch (cause) {
      const now = this.deps.clock.now();
      if (!hasPassed(this.complainedAt, COMPLAIN_EVERY_MS, now)) return;
      this.complainedAt = now;
      this.deps.log.error('Readings are kept in the journal, but telemetry does not take them', { cause });
    }
  }
}

/** What a device says value by value within a second is one reading. */
const WINDOW_MS = 1000;
const startOfWindow = (time: number) => Math.floor(time / WINDOW_MS) * WINDOW_MS;

function wrongTime(time: number, receivedAt: number): string | null {
  if (time < EARLIEST_TIME) return 'must not be before 2010';
  // Nobody knows yet what the future is.
  if (isUnsetStamp(receivedAt)) return null;
  return time > receivedAt + FURTHEST_AHEAD_MS ? 'is more than 5 minutes in the future' : null;
}

const MOST_REASONS = 5;

/** One line for people: "stateOfCharge must lie between 0 and 100 %; ...". Equal troubles of a batch are named once. */
function summary(rejected: readonly RejectedValue[]): string {
  const seen = new Set<string>();
  for (const { field, message } of rejected) {
    seen.add(field === '' ? message : `${field.slice(0, 64)} ${message}`);
    if (seen.size > MOST_REASONS) break;
  }
  const shown = [...seen].slice(0, MOST_REASONS).join('; ');
  return seen.size > MOST_REASONS ? `${shown}; ...` : shown;
}
