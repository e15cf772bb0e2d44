import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { findMetric, type MetricName, type NumericMetric } from '../core/metrics.ts';
import type { TimeSpan } from '../core/time-range.ts';
import type { Source } from '../sources/source.ts';
import { type EnergyBars, sumUp } from './energy-bars.ts';
import { combineHistories, roundBuckets } from './history-combine.ts';
import { type HistoryContext, type HistoryRequest, readHistoryQuery } from './history-query.ts';
import { buildChart, type ChartModel } from './history-view.ts';
import { combineEnergy, type HouseQuantity, type SourceEnergy, sourcesFor, summariseEnergy } from './house.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { LiveChoice, LiveService } from './live-service.ts';
import type { EnergyPeriod, HistorySeries, TelemetryReader } from './ports.ts';

export interface HistoryServiceDeps {
  reader: TelemetryReader;
  live: LiveService;
  clock: Clock;
}

export interface HistoryFrame {
  request: HistoryRequest;
  context: HistoryContext;
  choice: LiveChoice;
  choices: readonly LiveChoice[];
  /** False while what the sources report is still being looked up. */
  isKnown: boolean;
}

/** What each source has reported and since when; asked often, changes seldom. */
interface Known {
  at: number;
  metrics: readonly MetricName[];
  span: TimeSpan | null;
}

const KNOWN_MAX_AGE_MS = 60_000;

/** As long as a page takes to stand and ask again; nobody sees that a chart is so much behind. */
const kept = { maxAgeMs: 5000, most: 40 } as const;

/** Gathers what the History page shows, over one source or over a house of several. */
export class HistoryService {
  private readonly known = new Map<string, Known>();
  private readonly lines = new KeptAnswers<HistorySeries>(kept);
  private readonly periods = new KeptAnswers<EnergyPeriod[]>(kept);
  constructor(private readonly deps: HistoryServiceDeps) {}

  /** What is asked for, of what this viewer may see; undefined when the choice is not there. */
  async frame(
    viewer: Viewer,
    query: Record<string, string | undefined>,
    patienceMs?: number,
  ): Promise<HistoryFrame | undefined> {
    const choices = this.deps.live.choices(viewer);
    const choice = choices.find((one) => one.key === (query.show ?? 'house'));
    if (!choice) return undefined;
    const answers = await Promise.all(choice.sources.map((source) => this.knownOf(source.id, patienceMs)));
    const known = answers.filter((one) => one !== null);
    const spans = known.flatMap((one) => one.span ?? []);
    const context: HistoryContext = {
      now: this.deps.clock.now(),
      timeZone: choice.sources[0]?.timeZone ?? 'UTC',
      available: [...new Set(known.flatMap((one) => one.metrics))],
      span: spans.length
        ? { from: Math.min(...spans.map((s) => s.from)), to: Math.max(...spans.map((s) => s.to)) }
        : null,
    };
    const isKnown = known.length === answers.length;
    return { request: readHistoryQuery(query, context), context, choice, choices, isKnown };
  }

  /** The lines of a request. */
  async chart(frame: HistoryFrame, temperatureUnit: Viewer['temperatureUnit']): Promise<ChartModel> {
    const { request, context, choice } = frame;
    const history = await this.history(choice.sources, request);
    const place = choice.sources[0] ?? { latitude: 0, longitude: 0 };
    const intervals = choice.sources.flatMap((source) => this.deps.live.intervalOf(source.id) ?? []);
    return buildChart({
      history,
      metrics: request.metrics,
      range: request.range,
      now: context.now,
      timeZone: context.timeZone,
      place,
      temperatureUnit,
      intervalMs: intervals.length > 0 ? Math.max(...intervals) : null,
    });
  }

  /** The bars of a request, with their sum. */
  async energy(frame: HistoryFrame): Promise<EnergyBars> {
    const { request, choice } = frame;
    const bySource = await Promise.all(
      choice.sources.map(async (source) => ({
        source,
        periods: await this.periodsOf(source.id, request),
      })),
    );
    const names = [...new Set(bySource.flatMap((one) => one.periods.map((p) => p.period)))].sort();
    const raw = names.map((period) => ({
      period,
      totals: combineEnergy(
        bySource.flatMap(({ source, periods }): SourceEnergy[] => {
          const totals = periods.find((p) => p.period === period);
          return totals ? [{ source, totals }] : [];
        }),
      ),
    }));
    const has = (...fields: (keyof EnergyPeriod)[]): boolean =>
      raw.some(({ totals }) => fields.some((field) => totals[field as keyof typeof totals] !== null));
    const hasGrid = has('importKwh', 'exportKwh');
    const items = raw.map(({ period, totals }) => ({ ...summariseEnergy(totals, hasGrid), period }));
    return {
      period: request.period,
      items,
      total: sumUp(items, hasGrid),
      hasGrid,
      hasBattery: has('chargeKwh', 'dischargeKwh'),
    };
  }

  private async history(sources: readonly Source[], request: HistoryRequest): Promise<HistorySeries> {
    const metricsOf = await this.metricsBySource(sources, request.metrics);
    const { range, points } = roundBuckets(request.range, sources[0]?.timeZone ?? 'UTC');
    const parts = await Promise.all(
      [...metricsOf].map(async ([id, metrics]) => ({
        metrics,
        history: await this.linesOf(id, metrics, range, points),
      })),
    );
    const [only] = parts;
    if (!only) return { times: [], series: {}, lows: {}, highs: {}, bucketMs: 300_000 };
    return parts.length === 1 ? only.history : combineHistories(parts.map((part) => part.history));
  }

  private linesOf(id: string, metrics: NumericMetric[], range: TimeSpan, points: number): Promise<HistorySeries> {
    const { reader, clock } = this.deps;
    const key = [id, metrics, range.from, range.to, points].join(' ');
    return this.lines.get(key, clock.now(), () => reader.history(id, metrics, range, points));
  }

  private periodsOf(id: string, { period, range }: HistoryRequest): Promise<EnergyPeriod[]> {
    const { reader, clock } = this.deps;
    const key = [id, period, range.from, range.to].join(' ');
    return this.periods.get(key, clock.now(), () => reader.energy(id, period, range));
  }

  /** For each metric the sources whose role it is (see `sourcesFor`), turned round: which metrics to ask each source for. */
  private async metricsBySource(
    sources: readonly Source[],
    metrics: readonly NumericMetric[],
  ): Promise<Map<string, NumericMetric[]>> {
    const reported = new Map<string, ReadonlySet<MetricName>>();
    for (const source of sources) reported.set(source.id, new Set((await this.knownOf(source.id))?.metrics ?? []));
    const result = new Map<string, NumericMetric[]>();
    for (const metric of metrics) {
      for (const source of sourcesFor(sources, quantityOf(metric), (s) => reported.get(s.id)?.has(metric) ?? false)) {
        result.set(source.id, [...(result.get(source.id) ?? []), metric]);
      }
    }
    return result;
  }

  /** What is known of a source; from memory while that is fresh enough, and without waiting long for news. */
  private async knownOf(sourceId: string, patienceMs = Number.POSITIVE_INFINITY): Promise<Known | null> {
    const known = this.known.get(sourceId);
    if (known && this.deps.clock.now() - known.at < KNOWN_MAX_AGE_MS && known.metrics.length > 0) return known;
    const fresh = this.learn(sourceId);
    if (!Number.isFinite(patienceMs)) return fresh;
    fresh.catch(() => undefined);
    return Promise.race([
      fresh,
      new Promise<Known | null>((wake) => setTimeout(() => wake(known ?? null), patienceMs)),
    ]);
  }

  private async learn(sourceId: string): Promise<Known> {
    const { reader, clock } = this.deps;
    const [metrics, span] = await Promise.all([reader.metricsOf(sourceId), reader.span(sourceId)]);
    const fresh = { at: clock.now(), metrics, span };
    this.known.set(sourceId, fresh);
    return fresh;
  }
}

/** Where a metric belongs in a house; what belongs to no quantity is looked for at every source of the whole house. */
function quantityOf(metric: NumericMetric): HouseQuantity {
  const group = findMetric(metric)?.group;
  if (group === 'solar' || group === 'battery' || group === 'load' || group === 'grid' || group === 'generator')
    return group;
  if (/Produced$/.test(metric)) return 'solar';
  if (/Grid/.test(metric)) return 'grid';
  if (/Battery/.test(metric)) return 'battery';
  return 'load';
}
