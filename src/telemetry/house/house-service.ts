import type { Clock } from '../../core/clock.ts';
import { days, hours, minutes, seconds } from '../../core/durations.ts';
import { type LocalStep, stepsIn } from '../../core/local-steps.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { type CalendarPeriod, type PeriodSpan, periodAt, periodsIn, QUARTER_HOUR_MS } from '../../core/zone.ts';
import type { EnergyTotals } from '../figures.ts';
import { combineHistories, type LinePart } from '../history/history-combine.ts';
import { KeptAnswers } from '../kept-answers.ts';
import type { Known, KnownSources } from '../known-service.ts';
import type { HistoryDetail, HistorySeries, TelemetryReader } from '../ports.ts';
import type { HouseScope, HouseSource } from './house.ts';
import { HouseDays } from './house-days-service.ts';
import { type HousePeriod, housePeriod, regroup, sumOver } from './house-energy.ts';
import { planLine } from './house-lines.ts';

export interface HouseServiceDeps {
  reader: Pick<TelemetryReader, 'energy' | 'history' | 'pastRevision' | 'span'>;
  known: Pick<KnownSources, 'of'>;
  clock: Clock;
}

/** Lines of a house, with the sources that each is made of. */
export interface HouseHistory extends HistorySeries {
  madeOf: Partial<Record<NumericMetric, string[]>>;
}

const noLines: HistorySeries = { times: [], series: {}, lows: {}, highs: {}, bucketMs: 300_000 };

/** Days of the calendar, a year or a month of them, that are kept together. */
interface Stretch extends TimeSpan {
  isSettled: boolean;
}

const isYear = ({ from, to }: TimeSpan): boolean => to - from > days(300);

/** Days change until what a device counted is understood: so much later they are kept. ms. */
const SETTLED_AFTER_MS = days(3);
const SETTLED = { maxAgeMs: minutes(10), refreshedUntilMs: hours(24) };

/**
 * Energy of a house, a group or a source by hours, days, months and years: the one place where sources are added up, for
 * pages and API alike. Months and years are sums of days, so that a source that came later, or fell silent, counts for
 * its own days only. Days that are over are kept in memory.
 */
export class HouseService {
  /** Days of long stretches: a year of a house of many sources takes a megabyte. */
  private readonly settled = new KeptAnswers<HousePeriod[]>({ ...SETTLED, most: 60 });
  /** Their sums. */
  private readonly settledSums = new KeptAnswers<HousePeriod[]>({ ...SETTLED, most: 240 });
  private readonly open = new KeptAnswers<HousePeriod[]>({ maxAgeMs: seconds(5), most: 60 });
  private readonly totals = new KeptAnswers<EnergyTotals>({ maxAgeMs: seconds(5), most: 40 });
  /** As long as a page takes to stand and ask again; nobody sees that a chart is so much behind. */
  private readonly lines = new KeptAnswers<HistorySeries>({ maxAgeMs: seconds(5), most: 40 });

  private readonly fresh: HouseDays;

  constructor(private readonly deps: HouseServiceDeps) {
    this.fresh = new HouseDays(deps);
  }

  /** Every period that shares time with the range, whole. */
  async energy(scope: HouseScope, step: Exclude<LocalStep, 'quarterHour'>, range: TimeSpan): Promise<HousePeriod[]> {
    if (!(range.from < range.to)) return [];
    // Ten years of days are not named before they are asked for.
    if (step === 'day') return await this.days(scope, wholeDays(range, scope.timeZone));
    const spans = stepsIn(step, range, scope.timeZone);
    if (step !== 'hour') return await this.sums(scope, step, spans);
    const whole = { from: spans[0]?.from ?? range.from, to: spans.at(-1)?.to ?? range.to };
    return regroup(await this.fresh.quarterHours(scope, whole), spans, this.deps.clock.now());
  }

  /** Months or years, each stretch of settled ones added up once. */
  private async sums(scope: HouseScope, step: 'month' | 'year', spans: readonly PeriodSpan[]): Promise<HousePeriod[]> {
    const now = this.deps.clock.now();
    const range = { from: spans[0]?.from ?? 0, to: spans[spans.length - 1]?.to ?? 0 };
    const stretches = this.stretches(scope, range);
    // Settled stretches come first; the months of the year that is not over make no year by themselves.
    const settled = stretches.filter((stretch) => stretch.isSettled && (step === 'month' || isYear(stretch)));
    const open = stretches.slice(settled.length);
    const openFrom = open[0]?.from ?? range.to;
    const known = await oneByOne(settled, (stretch) => this.sumsOf(scope, step, stretch));
    const days = await oneByOne(open, (stretch) => this.stretchOf(scope, stretch));
    const inRange = known.flat().filter(({ from, to }) => from >= range.from && to <= range.to);
    const left = spans.filter(({ from }) => from >= openFrom);
    return [...inRange, ...regroup(days.flat(), left, now)];
  }

  private sumsOf(scope: HouseScope, step: 'month' | 'year', stretch: Stretch): Promise<HousePeriod[]> {
    const now = this.deps.clock.now();
    const work = async () => regroup(await this.stretchOf(scope, stretch), stepsIn(step, stretch, scope.timeZone), now);
    return this.settledSums.get(`${step} ${keyOf(scope, stretch)}`, now, work, this.versionOf(scope));
  }

  /** The day that is running, so far. */
  async today(scope: HouseScope): Promise<HousePeriod> {
    const now = this.deps.clock.now();
    const span = periodAt('day', now, scope.timeZone);
    const work = () => this.fresh.days(scope, span);
    const [day] = await this.open.get(keyOf(scope, span), now, work, this.versionOf(scope));
    return day ?? housePeriod(span, []);
  }

  /**
   * Energy of any range, to the nearest quarter hour: whole days as they count everywhere, what is left of them by quarter
   * hours. A range that ends now ends with what was counted so far. Coverage is the share of the range that was measured.
   */
  async total(scope: HouseScope, range: TimeSpan): Promise<EnergyTotals> {
    const now = this.deps.clock.now();
    const nearest = (time: number): number => Math.round(time / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    const from = nearest(range.from);
    const to = range.to >= now ? periodAt('day', now, scope.timeZone).to : nearest(range.to);
    const work = () => this.addUpRange(scope, { from, to });
    return await this.totals.get(keyOf(scope, { from, to }), now, work, this.versionOf(scope));
  }

  private async addUpRange(scope: HouseScope, { from, to }: TimeSpan): Promise<EnergyTotals> {
    const { timeZone } = scope;
    const whole = periodsIn('day', { from, to }, timeZone).filter((day) => day.from >= from && day.to <= to);
    const [first, last] = [whole[0], whole[whole.length - 1]];
    const middle = first && last ? { from: first.from, to: last.to } : { from: to, to };
    const parts = await Promise.all([
      from < middle.from ? this.fresh.quarterHours(scope, { from, to: middle.from }) : [],
      middle.from < middle.to ? this.days(scope, middle) : [],
      middle.to < to ? this.fresh.quarterHours(scope, { from: middle.to, to }) : [],
    ]);
    return sumOver(parts.flat(), { from, to }, this.deps.clock.now());
  }

  /** Lines in at most `points` buckets: powers of several sources are added, everything else is averaged. */
  async history(
    { sources }: Pick<HouseScope, 'sources'>,
    metrics: readonly NumericMetric[],
    range: TimeSpan,
    points: number,
    detail: HistoryDetail = 'extremes',
  ): Promise<HouseHistory> {
    const known = new Map<string, Known>();
    for (const { id } of sources) known.set(id, await this.deps.known.of(id));
    const has = (metric: NumericMetric) => (source: HouseSource) =>
      known.get(source.id)?.metrics.includes(metric) ?? false;
    const plans = metrics.map((metric) => ({ metric, ...planLine(sources, metric, has(metric)) }));
    const parts = await Promise.all(
      sources.flatMap(({ id }) => {
        const asked = plans
          .filter((plan) => plan.sourceIds.includes(id) || plan.standInIds.includes(id))
          .map((plan) => plan.metric);
        const standsInFor = new Set(plans.filter((plan) => plan.standInIds.includes(id)).map((plan) => plan.metric));
        return asked.length > 0
          ? [this.partOf(id, asked, { range, points, detail }, standsInFor, known.get(id)?.span)]
          : [];
      }),
    );
    const [only] = parts;
    if (!only) return { ...noLines, madeOf: {} };
    const combined = parts.length === 1 ? { ...only.history, stoodInFor: [] } : combineHistories(parts);
    const madeOf = plans.map(({ metric, sourceIds, standInIds }) => {
      const isStoodIn = combined.stoodInFor.includes(metric);
      return [metric, [...sourceIds, ...(isStoodIn ? standInIds : [])]] as const;
    });
    const { stoodInFor: _, ...history } = combined;
    return { ...history, madeOf: Object.fromEntries(madeOf) };
  }

  private async partOf(
    id: string,
    metrics: readonly NumericMetric[],
    { range, points, detail }: { range: TimeSpan; points: number; detail: HistoryDetail },
    standsInFor: ReadonlySet<NumericMetric>,
    spoken: TimeSpan | null = null,
  ): Promise<LinePart> {
    const { reader, clock } = this.deps;
    const key = [id, metrics, range.from, range.to, points, detail].join(' ');
    const work = () => reader.history(id, metrics, range, points, detail);
    const history = await this.lines.get(key, clock.now(), work, `${reader.pastRevision(id)}`);
    return { history, standsInFor, spoken };
  }

  /** The days of a range that begins and ends with a day. */
  private async days(scope: HouseScope, range: TimeSpan): Promise<HousePeriod[]> {
    const parts = await oneByOne(this.stretches(scope, range), (stretch) => this.stretchOf(scope, stretch));
    return parts.flat().filter((day) => day.from >= range.from && day.to <= range.to);
  }

  /** Years as far as they are over, then months, then what is left of the open one. */
  private stretches({ timeZone }: HouseScope, range: TimeSpan): Stretch[] {
    const settledUntil = this.deps.clock.now() - SETTLED_AFTER_MS;
    const result: Stretch[] = [];
    const add = (period: CalendarPeriod, from: number): number => {
      const span = periodAt(period, from, timeZone);
      const isSettled = span.to <= settledUntil;
      if (period === 'year' && !isSettled) return add('month', from);
      result.push({ from: span.from, to: span.to, isSettled });
      return span.to;
    };
    for (let at = range.from; at < range.to; ) at = add('year', at);
    return result;
  }

  private stretchOf(scope: HouseScope, stretch: Stretch): Promise<HousePeriod[]> {
    const { from, to, isSettled } = stretch;
    const kept = isSettled ? this.settled : this.open;
    const work = () => this.fresh.days(scope, { from, to });
    return kept.get(keyOf(scope, stretch), this.deps.clock.now(), work, this.versionOf(scope));
  }

  /** Of what an answer is made from: a correction or late readings make another one. */
  private versionOf({ sources }: HouseScope): string {
    return sources.map(({ id }) => this.deps.reader.pastRevision(id)).join(' ');
  }
}

const wholeDays = ({ from, to }: TimeSpan, timeZone: string): TimeSpan => ({
  from: periodAt('day', from, timeZone).from,
  to: periodAt('day', to - 1, timeZone).to,
});

/** Names an answer. */
function keyOf({ sources, timeZone }: HouseScope, { from, to }: TimeSpan): string {
  const made = sources.map(({ id, role, isActive }) => `${id} ${role} ${isActive === true}`);
  return [timeZone, from, to, ...made].join(' ');
}

/** One after the other: what ten years are made of all at once would take a hundred megabytes. */
async function oneByOne<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}
