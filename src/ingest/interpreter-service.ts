import type { Clock } from '../core/clock.ts';
import { minutes } from '../core/durations.ts';
import type { NumericMetric } from '../core/metrics.ts';
import type { Reading, RejectedValue } from '../core/reading.ts';
import { isDark } from '../core/solar/darkness.ts';
import { isUnsetStamp } from '../core/unset-time.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import { STANDS_FOR_UNKNOWN } from '../sources/refused-words.ts';
import type { Source } from '../sources/source.ts';
import type { Dialect, DialectContext } from './dialect.ts';
import { dialects, interpretMessage } from './dialects.ts';
import { correct, type Tunings } from './mapping/tuning.ts';
import { DialectMemories } from './memory/dialect-memories.ts';
import type { DialectMemory } from './memory/dialect-memory.ts';
import { TIME_NOTE, type TimedMessage } from './payload/held-time.ts';
import { withoutUnknown } from './payload/unknown-values.ts';
import type { AnnouncementStore, ProvenSignStore } from './ports.ts';
import { type Proven, SignProofs } from './signs/sign-proof.ts';

export interface InterpreterDeps {
  sources: Pick<SourceDirectory, 'byId'>;
  announcements: AnnouncementStore;
  signs?: ProvenSignStore;
  clock: Clock;
  /** The newest value of a metric that telemetry has of a source. */
  newest?: (sourceId: string, metric: NumericMetric) => number | undefined;
  /** How single sources are read differently. */
  tunings?: Tunings;
  known?: readonly Dialect[];
}

/** What is known of a source's messages beside what they say. */
export type SourceContext = DialectContext & { memory: DialectMemory };

/** What came of a message. */
export interface Understood {
  readings: Reading[];
  rejected: RejectedValue[];
  /** Why it goes to quarantine (too), null when all of it was understood. */
  problem: string | null;
}

const EARLIEST_TIME = Date.UTC(2010, 0, 1);
const FURTHEST_AHEAD_MS = minutes(5);
const UNKNOWN = 'no known device writes like this';
const NO_SIGNS = '[[],[]]';
const MOST_REASONS = 5;
/** What a device says value by value within a second is one reading. */
const WINDOW_MS = 1000;

/** Makes readings of what sources say, and remembers for them what devices spread over many messages. */
export class Interpreter {
  private readonly memories = new DialectMemories();
  /** What was written of each source's signs, in short. */
  private readonly keptSigns = new Map<string, string>();

  constructor(private readonly deps: InterpreterDeps) {}

  /** Takes a message that follows on those before: the source's memory goes on with it. */
  take(source: Source, message: TimedMessage): Understood {
    return this.understand(source, message, contextWith(source, this.memories.of(source)), { isNew: true });
  }

  /** What a message says beside what is remembered now, which stays as it is. */
  glance(source: Source, message: TimedMessage): Understood {
    return this.understand(source, message, this.contextOf(source));
  }

  /** What a message that was received before says now; `context` is that of `contextOf`, one for a row of messages. */
  reread(source: Source, message: TimedMessage, context: SourceContext): Reading[] {
    const { readings } = this.understand(source, message, context);
    // They arrived before, and were counted then.
    return readings.map(({ receivedAt: _arrived, ...reading }) => reading);
  }

  /** For looking at a source's messages again: what is known of its devices now, which this does not change. */
  contextOf(source: Source): SourceContext {
    return contextWith(source, this.memories.of(source).glance());
  }

  /** The same with nothing proven of its signs. */
  unprovenContextOf(source: Source): SourceContext {
    return contextWith(source, this.memories.of(source).glance(SignProofs.none()));
  }

  /** What is proven of the signs of each source that was heard. */
  allProven(): [sourceId: string, proven: Proven][] {
    return this.memories.allProven();
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

  /** Remembers what devices announced, and what was proven of them, before this start. */
  recall(): void {
    for (const { sourceId, proven } of this.deps.signs?.all() ?? []) this.memories.recall(sourceId, proven);
    for (const { sourceId, topic, payload, heardAt } of this.deps.announcements.all()) {
      const source = this.deps.sources.byId(sourceId);
      if (!source) continue;
      const message = { topic, payload, receivedAt: heardAt, isRetained: true };
      interpretMessage(message, contextWith(source, this.memories.of(source)), this.deps.known ?? dialects);
    }
  }

  forget(sourceId: string): void {
    this.memories.forget(sourceId);
    this.deps.announcements.forget(sourceId);
    this.deps.signs?.forget(sourceId);
    this.keptSigns.delete(sourceId);
  }

  private understand(
    source: Source,
    message: TimedMessage,
    context: SourceContext,
    { isNew = false } = {},
  ): Understood {
    const tuning = this.deps.tunings?.of(source.id);
    const found = interpretMessage(message, context, tuning?.dialects ?? this.deps.known ?? dialects);
    if (!found) return { readings: [], rejected: [{ index: 0, field: '', message: UNKNOWN }], problem: UNKNOWN };
    const { rejected, isAnnouncement } = found.interpretation;
    // Only what is new is kept: looking at an old message again must not bring it back.
    if (isAnnouncement && isNew) {
      const { topic, payload, receivedAt: heardAt } = message;
      this.deps.announcements.save({ sourceId: source.id, topic, payload, heardAt });
    }
    const readings: Reading[] = [];
    const newest = (metric: NumericMetric) => this.deps.newest?.(source.id, metric);
    const known = withoutUnknown(found.interpretation.readings, newest, rejected);
    for (const { time: said, values, metadata, index, isPartial } of known) {
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
    // A time that cannot be is none.
    for (const one of rejected)
      if (typeof one.time === 'number' && wrongTime(one.time, message.receivedAt) !== null) one.time = null;
    // That a device does not know something is no trouble with its message.
    const problems = rejected.filter((one) => one.message !== STANDS_FOR_UNKNOWN);
    return { readings, rejected, problem: problems.length > 0 ? summary(problems) : null };
  }
}

const contextWith = (source: Source, memory: DialectMemory): SourceContext => {
  const { timeZone, role } = source;
  return { timeZone, role, memory, isDark: (at) => isDark(at, source) };
};

const startOfWindow = (time: number) => Math.floor(time / WINDOW_MS) * WINDOW_MS;

function wrongTime(time: number, receivedAt: number): string | null {
  if (time < EARLIEST_TIME) return 'must not be before 2010';
  // Nobody knows yet what the future is.
  if (isUnsetStamp(receivedAt)) return null;
  return time > receivedAt + FURTHEST_AHEAD_MS ? 'is more than 5 minutes in the future' : null;
}

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
