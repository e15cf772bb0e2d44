import { type Clock, houseTimeOf, isClockSet } from '../core/clock.ts';
import { hasPassed, minutes } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import type { Reading, RejectedValue } from '../core/reading.ts';
import { type MessageOutcome, messageOutcome } from '../sources/message-outcome.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { JournalPosition, ReadingSink } from '../telemetry/ports.ts';
import { measuredCount } from '../telemetry/writing/unmeasured.ts';
import type { IncomingMessage } from './dialect.ts';
import { Backlog } from './inbox/backlog-service.ts';
import type { Interpreter } from './interpreter-service.ts';
import { inTrueTime, shownAt, type TimedMessage, witnessed } from './payload/held-time.ts';
import {
  type Accepted,
  type Channel,
  IngestRefusal,
  type IngestService,
  type Journal,
  type JournalRecord,
  type Quarantine,
} from './ports.ts';

export interface IngestDeps {
  journal: Journal;
  sink: ReadingSink;
  sources: SourceDirectory;
  interpreter: Interpreter;
  quarantine: Quarantine;
  clock: Clock;
  log: Log;
}

/** So many rows may wait for the database when a long post is begun, which may hold 100,000 more. */
const FEW_WAITING_ROWS = 40_000;
const NOTHING: Accepted = { accepted: 0, rejected: [] };
const EMPTY = 'the message is empty';
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
export class Ingest implements IngestService {
  readonly counts: IngestCounts = { messages: 0, readings: 0, rejectedValues: 0, refusedMessages: 0 };
  private complainedAt = Number.NEGATIVE_INFINITY;
  /** While the past is brought back, what comes in now is only put in the journal; its turn comes. */
  private isReplaying = false;
  private newestDurable: JournalPosition = 0;
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
    const refusal = this.refusalOf(source);
    if (refusal) {
      this.counts.refusedMessages++;
      done(refusal, NOTHING);
      return;
    }
    if (message.payload.length === 0 && channel === 'mqtt') {
      this.takeBack(source, message);
      done(null, NOTHING);
      return;
    }
    const { interpreter } = this.deps;
    // What is replayed later is remembered then, in its order.
    const isLater = this.isReplaying || !isClockSet(this.deps.clock);
    const { readings, rejected, problem } = isLater
      ? interpreter.glance(source, message)
      : interpreter.take(source, message);
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
    const record = { receivedAt, channel, sourceId: source.id, topic, payload, isRetained };
    const onDurable = (error: Error | null, position: JournalPosition) => {
      if (!error) return this.arrived(source, { receivedAt, position }, { readings, rejected, accepted }, done);
      this.counts.refusedMessages++;
      done(new IngestRefusal('unavailable', error.message), NOTHING);
    };
    this.deps.journal.append(record, onDurable, isUrgent);
  }

  /** Resolves when little waits for the database, or it cannot write now: then whoever sends is told so. */
  async room(): Promise<void> {
    const { sink } = this.deps;
    if ((sink.waitingRows?.() ?? 0) > FEW_WAITING_ROWS) await sink.flush().catch(() => undefined);
  }

  private refusalOf(source: Source): IngestRefusal | null {
    if (!source.isActive) return new IngestRefusal('inactive', 'This source is switched off.');
    return this.backlog.isFull()
      ? new IngestRefusal('unavailable', 'The database does not keep up; try again in a moment.')
      : null;
  }

  /** An empty message only takes something back: what the broker kept, what a device announced or was. */
  private takeBack(source: Source, message: IncomingMessage): void {
    const { problem } = this.isReplaying ? NOT_ASKED : this.deps.interpreter.take(source, message);
    if (problem !== null) this.putAside(source.id, 'mqtt', message, EMPTY);
  }

  /** The message is on disk: its readings go on, at once or in their turn, and the sender is told. */
  private arrived(
    source: Source,
    { receivedAt, position }: { receivedAt: number; position: JournalPosition },
    { readings, rejected, accepted }: Accepted & { readings: readonly Reading[] },
    done: (error: null, outcome: Accepted) => void,
  ): void {
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
  }

  /**
   * Brings everything after the database's own position back into memory, in order; what is received meanwhile follows
   * in its place. Returns the number of readings.
   */
  async replay(): Promise<number> {
    const { journal, sink } = this.deps;
    this.isReplaying = true;
    this.deps.interpreter.recall();
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
    const { readings, rejected, problem } = this.deps.interpreter.take(source, record);
    // What was taken when nobody knew the time is judged only now.
    if (problem !== null && record.timeNote) this.putAside(source.id, record.channel, record, problem);
    this.deliver(readings, record.position);
    this.countRefused(source, record.receivedAt, rejected);
    return readings.length;
  }

  private countRefused(source: Source, receivedAt: number, rejected: readonly RejectedValue[]): void {
    if (rejected.length > 0) this.deps.sink.noteRefused(source.id, receivedAt, rejected);
  }

  /** Removes what was received from a source. */
  async forget(sourceId: string): Promise<void> {
    this.deps.interpreter.forget(sourceId);
    this.deps.quarantine.forget(sourceId);
    await this.deps.journal.forget(sourceId);
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
