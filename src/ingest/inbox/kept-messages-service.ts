import type { Clock } from '../../core/clock.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import { slicesOf } from '../../core/next-turn.ts';
import type { MetricValues, Reading } from '../../core/reading.ts';
import type { Source } from '../../sources/source.ts';
import type { JournalPosition, ReadingSink } from '../../telemetry/ports.ts';
import type { Interpreter, SourceContext } from '../interpreter-service.ts';
import type { Tunings } from '../mapping/tuning.ts';
import { inTrueTime } from '../payload/held-time.ts';
import type { IncomingMessage } from '../payload/incoming-message.ts';
import { MessageView } from '../payload/message-view.ts';
import type { IngestService, Journal, Quarantine, QuarantinedMessage } from '../ports.ts';
import { understand } from '../understand.ts';

export interface KeptMessagesDeps {
  journal: Pick<Journal, 'replay' | 'commit'>;
  quarantine: Quarantine;
  sink: ReadingSink;
  interpreter: Pick<Interpreter, 'reread'>;
  ingest: IngestService;
  tunings: Tunings;
  clock: Clock;
}

/** What is to be read anew of a source. */
export interface Rereading {
  source: Source;
  /** For looking at its messages again, in their order. */
  context: SourceContext;
  /** Messages up to there are left as they are. */
  after?: JournalPosition;
  /** False for messages that are not asked at all. */
  isMeant?: (message: IncomingMessage) => boolean;
  /** Where only values of these metrics are stored, and only those that `before` does not give as well. */
  news?: { metrics: ReadonlySet<NumericMetric>; before: SourceContext };
  signal?: AbortSignal;
}

/** So long it works before others have their turn. */
const SLICE_MS = 5;
const MOST_REFUSED = 1000;

/** What was received before, read anew once more is known of how: it is stored at its own time, where the same value twice is one value. */
export class KeptMessages {
  constructor(private readonly deps: KeptMessagesDeps) {}

  /** Reads the messages of the journal once more; gives the number of readings that were stored. */
  async readAnew({ source, context, after = 0, isMeant, news, signal }: Rereading): Promise<number> {
    const { journal, sink, interpreter, clock } = this.deps;
    let count = 0;
    const mayPause = slicesOf(SLICE_MS);
    await journal.commit();
    await journal.replay(after, (record) => {
      signal?.throwIfAborted();
      const message = record.sourceId === source.id ? inTrueTime(record, clock) : null;
      if (!message || isMeant?.(message) === false) return mayPause();
      const said = interpreter.reread(source, message, context);
      const readings = news ? newsOf(said, interpreter.reread(source, message, news.before), news.metrics) : said;
      if (readings.length > 0) sink.add(readings, 0);
      count += readings.length;
      return sink.isSaturated() ? sink.flush() : mayPause();
    });
    return count;
  }

  /**
   * What was read anew leaves the quarantine, as far as it is understood now; what came by webhook is only there, and is taken
   * from there.
   */
  async mendQuarantine({ source, context, isMeant, news }: Rereading): Promise<void> {
    const { quarantine, tunings } = this.deps;
    for (const entry of quarantine.newestOf(source.id, MOST_REFUSED)) {
      const { topic, payload, receivedAt, channel, reason } = entry;
      if (payload.length < entry.payloadBytes) continue;
      const message = { topic, payload, receivedAt, isRetained: false };
      const told = (by: SourceContext) => understand(new MessageView(message), by, tunings.dialectsOf(source.id));
      const { values, problem } = told(context);
      if (problem !== null || isMeant?.(message) === false) continue;
      if (news && Object.keys(newIn(values, told(news.before).values, news.metrics)).length === 0) continue;
      if (channel === 'webhook' && Object.keys(values).length > 0) await this.take(source, entry);
      quarantine.remove(source.id, topic, reason);
    }
  }

  private take(source: Source, { topic, payload, receivedAt, channel }: QuarantinedMessage): Promise<void> {
    const message = { topic, payload, receivedAt, isRetained: false };
    return new Promise((resolve, reject) => {
      this.deps.ingest.receive(source, channel, message, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** The readings with what they say of these metrics beside what was said before; without those of which nothing is left. */
function newsOf(now: readonly Reading[], before: readonly Reading[], metrics: ReadonlySet<NumericMetric>): Reading[] {
  const known = new Map(before.map(({ time, values }) => [time, values]));
  return now.flatMap((reading) => {
    const values = newIn(reading.values, known.get(reading.time) ?? {}, metrics);
    return Object.keys(values).length > 0 ? [{ ...reading, values }] : [];
  });
}

/** The values of these metrics that are others than before, or were not there. */
function newIn(now: MetricValues, before: MetricValues, metrics: ReadonlySet<NumericMetric>): MetricValues {
  const values: MetricValues = {};
  for (const metric of metrics) {
    const value = now[metric];
    if (value !== undefined && value !== before[metric]) values[metric] = value;
  }
  return values;
}
