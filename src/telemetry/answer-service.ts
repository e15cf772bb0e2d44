import type { Clock } from '../core/clock.ts';
import type { LocalStep } from '../core/local-steps.ts';
import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import type { QuarterHours } from './energy/quarter-hours.ts';
import type { News } from './news.ts';
import type {
  EnergyPeriod,
  HistoryDetail,
  HistorySeries,
  LatestReading,
  ReadingsPage,
  SourceFacts,
  TelemetryReader,
  TelemetryStore,
  TimeRange,
} from './ports.ts';
import type { QualityDay } from './quality/quality.ts';
import type { SourceStates } from './source-states.ts';
import type { WritingService } from './writing/writing-service.ts';

export interface AnswerDeps {
  store: TelemetryStore;
  states: SourceStates;
  writing: Pick<WritingService, 'settle' | 'settleAll' | 'saveQuality'>;
  news: News;
  clock: Clock;
  factsOf: (sourceId: string) => SourceFacts;
}

/** Answers what was measured, of the database and of what waits for it. */
export class AnswerService implements TelemetryReader {
  constructor(private readonly deps: AnswerDeps) {}

  latest(sourceId: string): LatestReading | undefined {
    const state = this.deps.states.find(sourceId);
    if (!state) return undefined;
    state.pending.takeUnseen((rows, from) => state.latest.takeAll(rows, from));
    return state.latest.read();
  }

  async readings(
    sourceId: string,
    range: TimeRange,
    page: ReadingsPage,
  ): Promise<{ items: { time: number; values: MetricValues }[]; nextCursor: string | null }> {
    const { store, states } = this.deps;
    const from = page.cursor === undefined ? range.from : Math.max(range.from, Number(page.cursor));
    const { isAsReceived = false } = page;
    const options = { limit: page.limit + 1, unwritten: states.unwrittenOf(sourceId), isAsReceived };
    const items = await store.page(sourceId, { from, to: range.to }, options);
    const isMore = items.length > page.limit;
    const shown = isMore ? items.slice(0, page.limit) : items;
    const last = shown[shown.length - 1];
    return { items: shown, nextCursor: isMore && last ? String(last.time + 1) : null };
  }

  async history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    points: number,
    detail?: HistoryDetail,
  ): Promise<HistorySeries> {
    const unwritten = this.deps.states.unwrittenOf(sourceId);
    return await this.deps.store.history(sourceId, metrics, range, { points, unwritten, detail });
  }

  async quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours> {
    await this.deps.writing.settleAll(sourceId);
    return await this.deps.store.quarterHours(sourceId, range);
  }

  async energy(sourceId: string, period: LocalStep, range: TimeRange, zone?: string): Promise<EnergyPeriod[]> {
    const { store, states, writing, clock, factsOf } = this.deps;
    const now = clock.now();
    const timeZone = zone ?? factsOf(sourceId).timeZone;
    await writing.settle(sourceId);
    return await store.energy(sourceId, period, range, { now, timeZone, unwritten: states.unwrittenOf(sourceId) });
  }

  pastRevision(sourceId: string): number {
    return this.deps.states.find(sourceId)?.past.revision() ?? 0;
  }

  remadeShare(sourceId: string): number | null {
    return this.deps.store.remadeShare(sourceId);
  }

  async quality(sourceId: string, range: TimeRange): Promise<QualityDay[]> {
    const { store, writing, clock } = this.deps;
    await writing.settleAll(sourceId);
    await writing.saveQuality();
    return await store.quality(sourceId, range, clock.now());
  }

  span(sourceId: string): Promise<TimeRange | null> {
    const record = this.deps.store.find(sourceId);
    const rows = this.deps.states.find(sourceId)?.pending.rows ?? [];
    const first = Math.min(record?.firstMs ?? Number.POSITIVE_INFINITY, rows[0]?.time ?? Number.POSITIVE_INFINITY);
    const last = Math.max(record?.newestMs ?? 0, rows[rows.length - 1]?.time ?? 0);
    return Promise.resolve(Number.isFinite(first) ? { from: first, to: last } : null);
  }

  metricsOf(sourceId: string): Promise<MetricName[]> {
    const names = new Set(this.deps.store.find(sourceId)?.metrics ?? []);
    for (const name of Object.keys(this.latest(sourceId)?.values ?? {})) names.add(name as MetricName);
    return Promise.resolve([...names]);
  }

  onReadings(listener: (sourceIds: ReadonlySet<string>) => void): () => void {
    return this.deps.news.listen(listener);
  }
}
