import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { hours, minutes, seconds } from '../../core/durations.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import type { Choices, PastChoice } from '../choice-service.ts';
import type { HouseScope } from '../house/house.ts';
import { planLine } from '../house/house-lines.ts';
import type { HouseService } from '../house/house-service.ts';
import { KeptAnswers } from '../kept-answers.ts';
import type { KnownSources } from '../known-service.ts';
import type { PerformanceService } from '../performance/performance-service.ts';
import type { TelemetryReader } from '../ports.ts';
import { leastRemade } from '../remaking-words.ts';
import type { BatteryFacts, InstalledFacts } from './totals-figures.ts';
import {
  readTotalsQuery,
  type TotalsContext,
  type TotalsPeriod,
  type TotalsRequest,
  yearBefore,
} from './totals-query.ts';
import { buildTotals, type TotalsView } from './totals-view.ts';

export interface TotalsServiceDeps {
  house: HouseService;
  known: KnownSources;
  choices: Pick<Choices, 'past'>;
  performance: Pick<PerformanceService, 'plants'>;
  reader: Pick<TelemetryReader, 'latest' | 'pastRevision' | 'remadeShare'>;
  clock: Clock;
}

export interface TotalsFrame {
  request: TotalsRequest;
  context: TotalsContext;
  choice: PastChoice;
  choices: readonly PastChoice[];
  hasGenerator: boolean;
  /** False while what the sources report is still being looked up. */
  isKnown: boolean;
  /** While energy of one of the sources is made anew by today's rules: the share of it that is, 0..1; null when all is. */
  remadeShare: number | null;
}

/** Gathers what the Totals page shows, over one source or over a house of several. */
export class TotalsService {
  private readonly views = new KeptAnswers<TotalsView>({ maxAgeMs: seconds(5), most: 20 });
  private readonly charges = new KeptAnswers<number | null>({ maxAgeMs: hours(6), most: 200 });

  constructor(private readonly deps: TotalsServiceDeps) {}

  /** What is asked for, of what this viewer may see; undefined when the choice is not there. */
  async frame(
    viewer: Viewer,
    query: Record<string, string | undefined>,
    patienceMs?: number,
  ): Promise<TotalsFrame | undefined> {
    const choices = this.deps.choices.past(viewer);
    const choice = choices.find((one) => one.key === (query.show ?? 'house'));
    if (!choice) return undefined;
    const known = await this.deps.known.ofAll(
      choice.sources.map(({ id }) => id),
      patienceMs,
    );
    const context = { now: this.deps.clock.now(), timeZone: choice.scope.timeZone, span: known.span };
    const request = readTotalsQuery(query, context);
    const hasGenerator = known.metrics.includes('generatorPower');
    const remadeShare = leastRemade(this.deps.reader, choice.sources);
    return { request, context, choice, choices, hasGenerator, isKnown: known.isWhole, remadeShare };
  }

  /** Everything about the period. */
  view(frame: TotalsFrame): Promise<TotalsView> {
    const { period, subject } = frame.request;
    const of = frame.choice.sources.map(({ id, role, installedCapacityW }) => [id, role, installedCapacityW ?? '-']);
    const revisions = frame.choice.sources.map(({ id }) => this.deps.reader.pastRevision(id));
    const key = [frame.choice.key, period.key, period.from, subject, frame.context.timeZone, ...of, ...revisions];
    return this.views.get(key.join(' '), this.deps.clock.now(), () => this.work(frame));
  }

  private async work(frame: TotalsFrame): Promise<TotalsView> {
    const { request, context, choice } = frame;
    const { period } = request;
    const { house } = this.deps;
    const step = period.kind === 'day' ? 'hour' : 'day';
    const earlier = yearBefore(period, context);
    const [fine, before, days, beforeDays, battery, plants] = await Promise.all([
      house.energy(choice.scope, step, period),
      earlier ? house.energy(choice.scope, step, earlier) : [],
      house.energy(choice.scope, 'day', period),
      earlier ? house.energy(choice.scope, 'day', earlier) : [],
      this.batteryOf(choice.scope, period, context),
      this.deps.performance.plants(choice.sources, this.spokenIn(period, context)),
    ]);
    const data = {
      fine,
      before,
      days,
      beforeDays,
      battery,
      installed: choice.sources.map(installedOf),
      plants,
      hasGenerator: frame.hasGenerator,
      place: choice.sources[0],
    };
    return buildTotals(request, context, data);
  }

  /** The part of a period from the first reading on. */
  private spokenIn({ from, to }: TotalsPeriod, { span }: TotalsContext): TimeSpan {
    return { from: Math.max(from, Math.min(span?.from ?? from, to)), to };
  }

  /** What the battery holds, and how much more at the end than at the beginning. */
  private async batteryOf(scope: HouseScope, period: TotalsPeriod, context: TotalsContext): Promise<BatteryFacts> {
    const capacityKwh = await this.capacityOf(scope);
    if (capacityKwh === null || !context.span) return { capacityKwh, storedKwh: null };
    const from = Math.max(period.from, context.span.from);
    const to = Math.min(period.to, context.span.to, context.now);
    if (to - from < minutes(30)) return { capacityKwh, storedKwh: null };
    const [first, last] = await Promise.all([
      this.chargeIn(scope, { from, to: from + hours(1) }, 'first'),
      this.chargeIn(scope, { from: to - hours(1), to }, 'last'),
    ]);
    const storedKwh = first === null || last === null ? null : ((last - first) / 100) * capacityKwh;
    return { capacityKwh, storedKwh };
  }

  /** As the batteries say it: capacity times voltage, added up; null when one of them has not said. */
  private async capacityOf({ sources }: HouseScope): Promise<number | null> {
    const ids = await this.givers(sources, 'batteryCapacity');
    let sum = 0;
    for (const id of ids) {
      const { batteryCapacity, batteryVoltage } = this.deps.reader.latest(id)?.values ?? {};
      if (!batteryCapacity || !batteryVoltage) return null;
      sum += (batteryCapacity * batteryVoltage) / 1000;
    }
    return sum > 0 ? sum : null;
  }

  private async givers(sources: HouseScope['sources'], metric: NumericMetric): Promise<string[]> {
    const known = await Promise.all(
      sources.map(async ({ id }) => [id, (await this.deps.known.of(id)).metrics] as const),
    );
    const metricsOf = new Map(known);
    return planLine(sources, metric, ({ id }) => metricsOf.get(id)?.includes(metric) ?? false).sourceIds;
  }

  /** The first or last state of charge in an hour, %; kept, since it is asked for with each look at the period. */
  private chargeIn(scope: HouseScope, range: TimeSpan, which: 'first' | 'last'): Promise<number | null> {
    const { clock, house, reader } = this.deps;
    const quarter = minutes(15);
    const round = { from: Math.floor(range.from / quarter) * quarter, to: Math.ceil(range.to / quarter) * quarter };
    const of = scope.sources.map(({ id, role }) => `${id} ${role} ${reader.pastRevision(id)}`);
    return this.charges.get([which, round.from, round.to, ...of].join(' '), clock.now(), async () => {
      const { series } = await house.history(scope, ['stateOfCharge'], round, 12);
      const known = (series.stateOfCharge ?? []).filter((value) => value !== null);
      return known.at(which === 'first' ? 0 : -1) ?? null;
    });
  }
}

/** The peak power of a source as stated, or that of its panels together. */
function installedOf({ id, installedCapacityW, arrays }: PastChoice['sources'][number]): InstalledFacts {
  return { id, installedCapacityW: installedCapacityW ?? (arrays.reduce((sum, { peakW }) => sum + peakW, 0) || null) };
}
