import type { Clock } from '../core/clock.ts';
import { messageOutcome } from '../sources/message-outcome.ts';
import type { ReceivedMessage, RecentMessages, SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { Interpreter } from './interpreter-service.ts';
import { inTrueTime } from './payload/held-time.ts';
import type { Journal, JournalRecord, Quarantine } from './ports.ts';

export interface ReceivedDeps {
  journal: Pick<Journal, 'newestOf'>;
  quarantine: Pick<Quarantine, 'newestOf'>;
  sources: Pick<SourceDirectory, 'byId'>;
  interpreter: Pick<Interpreter, 'glance'>;
  clock: Clock;
}

/** What the Source page shows of the messages that came. */
export class Received implements RecentMessages {
  constructor(private readonly deps: ReceivedDeps) {}

  /** Newest first; a message that was not wholly understood says why. */
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

  private shown(source: Source, record: JournalRecord): ReceivedMessage {
    const { receivedAt, channel, topic, payload } = record;
    const { readings, rejected, problem } = this.deps.interpreter.glance(source, record);
    if (problem === null) return { receivedAt, channel, topic, payload };
    return { receivedAt, channel, topic, payload, problem, outcome: messageOutcome({ payload, readings, rejected }) };
  }
}
