import type { Clock } from '../core/clock.ts';
import { hasPassed } from '../core/durations.ts';
import type { MetricName } from '../core/metrics.ts';
import type { TimeSpan } from '../core/time-range.ts';
import type { TelemetryReader } from './ports.ts';

/** What a source has reported and since when; asked often, changes seldom. */
export interface Known {
  at: number;
  metrics: readonly MetricName[];
  /** First and last time stored; null when there is nothing. */
  span: TimeSpan | null;
}

export interface KnownTogether {
  isWhole: boolean;
  metrics: readonly MetricName[];
  span: TimeSpan | null;
}

const KNOWN_MAX_AGE_MS = 60_000;

/** Remembers what is known of each source. */
export class KnownSources {
  private readonly known = new Map<string, Known>();
  constructor(private readonly deps: { reader: Pick<TelemetryReader, 'metricsOf' | 'span'>; clock: Clock }) {}

  /** From memory while that is fresh enough. */
  async of(sourceId: string): Promise<Known> {
    return this.freshOf(sourceId) ?? (await this.learn(sourceId));
  }

  /** The same without waiting long for news: what was known before, or null. */
  async soon(sourceId: string, patienceMs: number): Promise<Known | null> {
    const fresh = this.freshOf(sourceId);
    if (fresh) return fresh;
    const learning = this.learn(sourceId);
    learning.catch(() => undefined);
    const before = this.known.get(sourceId) ?? null;
    return Promise.race([learning, new Promise<Known | null>((wake) => setTimeout(() => wake(before), patienceMs))]);
  }

  /** What is known of several together; `isWhole` is false while one of them is still being looked up. */
  async ofAll(sourceIds: readonly string[], patienceMs?: number): Promise<KnownTogether> {
    const answers = await Promise.all(
      sourceIds.map((id) => (patienceMs === undefined ? this.of(id) : this.soon(id, patienceMs))),
    );
    const known = answers.filter((one) => one !== null);
    const spans = known.flatMap((one) => one.span ?? []);
    return {
      isWhole: known.length === answers.length,
      metrics: [...new Set(known.flatMap((one) => one.metrics))],
      span: spans.length
        ? { from: Math.min(...spans.map((span) => span.from)), to: Math.max(...spans.map((span) => span.to)) }
        : null,
    };
  }

  private freshOf(sourceId: string): Known | undefined {
    const known = this.known.get(sourceId);
    const isFresh = known && !hasPassed(known.at, KNOWN_MAX_AGE_MS, this.deps.clock.now()) && known.metrics.length > 0;
    return isFresh ? known : undefined;
  }

  private async learn(sourceId: string): Promise<Known> {
    const { reader, clock } = this.deps;
    const [metrics, span] = await Promise.all([reader.metricsOf(sourceId), reader.span(sourceId)]);
    const fresh = { at: clock.now(), metrics, span };
    this.known.set(sourceId, fresh);
    return fresh;
  }
}
