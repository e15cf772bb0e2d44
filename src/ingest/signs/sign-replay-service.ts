import type { Clock } from '../../core/clock.ts';
import { days } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import { turnedFromUsual } from '../announced/announced-signs.ts';
import type { KeptMessages } from '../inbox/kept-messages-service.ts';
import type { Interpreter } from '../interpreter-service.ts';
import type { OwnCorrections } from '../mapping/correcting-service.ts';
import type { Journal, ProvenSignStore } from '../ports.ts';
import { type Proven, proofKeys, provenMetric } from './sign-proof.ts';

export interface SignReplayDeps {
  journal: Pick<Journal, 'reach'>;
  kept: Pick<KeptMessages, 'readAnew' | 'mendQuarantine'>;
  interpreter: Pick<Interpreter, 'allProven' | 'contextOf' | 'unprovenContextOf'>;
  sources: Pick<SourceDirectory, 'byId'>;
  store: ProvenSignStore;
  corrections: Pick<OwnCorrections, 'takeTurnBack'>;
  clock: Clock;
  log: Log;
}

/** How far back a proof reaches, and through how many messages of all sources at most. */
export const signReach = { ms: days(7), messages: 500_000 };
/** Proofs of a source that are remembered as read. */
const MOST_KEYS = 800;

/**
 * Reads what waited for a sign once it is proven: the source's kept messages give the values of that quantity at their own
 * time. Each proof once: a sign that is given up and proven otherwise later counts from then on, and what was stored stays.
 */
export class SignReplays {
  private readonly read = new Map<string, Set<string>>();
  private readonly underWay = new Set<string>();
  private work: Promise<void> = Promise.resolve();
  private stopping = new AbortController();

  constructor(private readonly deps: SignReplayDeps) {}

  /** Knows again which proofs were read before this start. */
  start(): void {
    this.stopping = new AbortController();
    this.read.clear();
    for (const { sourceId, readAnew } of this.deps.store.all()) this.read.set(sourceId, new Set(readAnew));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  /** Looks for new proofs, and has them read; to be called now and then, once what is proven is kept. */
  look(): void {
    for (const [sourceId, proven] of this.deps.interpreter.allProven()) {
      const read = this.read.get(sourceId);
      const news = proofKeys(proven).filter((key) => !read?.has(key));
      if (news.length === 0 || this.underWay.has(sourceId)) continue;
      this.underWay.add(sourceId);
      this.work = this.work.then(() => this.finish(sourceId, news, proven));
    }
  }

  /** Resolves once nothing is being read anew; for tests. */
  async settled(): Promise<void> {
    await this.work;
  }

  forget(sourceId: string): void {
    this.read.delete(sourceId);
  }

  /** What does not come to its end is tried again at the next look. */
  private async finish(sourceId: string, keys: readonly string[], proven: Proven): Promise<void> {
    const { log, store, corrections } = this.deps;
    try {
      // What an owner turned by hand before that turns by itself now.
      for (const metric of turnedFromUsual(proven, keys))
        if (corrections.takeTurnBack(sourceId, metric))
          log.info('A sign that was turned by hand turns by itself now', { sourceId, metric });
      await this.readAnew(sourceId, new Set(keys.map(provenMetric)));
      if (!this.deps.sources.byId(sourceId)) return;
      const read = new Set([...(this.read.get(sourceId) ?? []), ...keys].slice(-MOST_KEYS));
      this.read.set(sourceId, read);
      store.markRead(sourceId, [...read]);
    } catch (cause) {
      if (!this.stopping.signal.aborted) log.error('What waited for a sign could not be read; it follows', { cause });
    } finally {
      this.underWay.delete(sourceId);
    }
  }

  private async readAnew(sourceId: string, metrics: ReadonlySet<NumericMetric>): Promise<void> {
    const { sources, interpreter, journal, kept, clock, log } = this.deps;
    const { signal } = this.stopping;
    signal.throwIfAborted();
    const source = sources.byId(sourceId);
    if (!source) return;
    const rereading = {
      ...{ source, context: interpreter.contextOf(source), signal },
      after: journal.reach(clock.now() - signReach.ms, signReach.messages),
      isMeant: () => sources.byId(sourceId) !== undefined,
      news: { metrics, before: interpreter.unprovenContextOf(source) },
    };
    const readings = await kept.readAnew(rereading);
    await kept.mendQuarantine(rereading);
    if (readings > 0) log.info('What waited for a sign was read', { sourceId, metrics: [...metrics], readings });
  }
}
