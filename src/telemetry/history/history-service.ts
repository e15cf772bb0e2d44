import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { days, hours } from '../../core/durations.ts';
import { nightsWithin } from '../../core/solar/day.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { QUARTER_HOUR_MS } from '../../core/zone.ts';
import type { Choices, PastChoice } from '../choice-service.ts';
import { loadOfDays, solarOfDays } from '../energy/day-means.ts';
import { type EnergyBars, sumUp } from '../energy/energy-bars.ts';
import { summariseEnergy } from '../house/house.ts';
import { type HousePeriod, sumOver } from '../house/house-energy.ts';
import type { HouseService } from '../house/house-service.ts';
import { balancedPowers, isLoadOpen, loadLine, withLoad } from '../house/load-line.ts';
import type { Known, KnownSources } from '../known-service.ts';
import type { LiveService } from '../live/live-service.ts';
import type { EnergyPeriod, HistorySeries } from '../ports.ts';
import { restsOf, withRests } from '../quality/night-rest.ts';
import { roundBuckets } from './history-combine.ts';
import { gatherLines } from './history-gather.ts';
import { type HistoryContext, type HistoryRequest, isAgainst, otherScopes, readHistoryQuery } from './history-query.ts';
import { buildChart, type ChartModel } from './history-view.ts';
import type { ToldEnergy } from './history-words.ts';

export interface HistoryServiceDeps {
  house: HouseService;
  known: KnownSources;
  choices: Pick<Choices, 'past'>;
  live: Pick<LiveService, 'intervalOf'>;
  clock: Clock;
}

/** Shorter times are told from the lines, since quarter hours are what is booked. ms. */
const LEAST_BOOKED_MS = hours(6);
/** Longer times have buckets of whole days, which know of nights by what is booked; two months, and what rounding adds. */
const LONGEST_LINE_DAYS = 62;

export interface HistoryFrame {
  request: HistoryRequest;
  context: HistoryContext;
  choice: PastChoice;
  choices: readonly PastChoice[];
  /** False while what the sources report is still being looked up. */
  isKnown: boolean;
}

/** Gathers what the History page shows, over one source or over a house of several. */
export class HistoryService {
  constructor(private readonly deps: HistoryServiceDeps) {}

  /** What is asked for, of what this viewer may see; undefined when the choice is not there. */
  async frame(
    viewer: Viewer,
    query: Record<string, string | undefined>,
    patienceMs?: number,
  ): Promise<HistoryFrame | undefined> {
    const choices = this.deps.choices.past(viewer);
    const choice = choices.find((one) => one.key === (query.show ?? 'house'));
    if (!choice) return undefined;
    const lookUp = (one: PastChoice) =>
      this.deps.known.ofAll(
        one.sources.map(({ id }) => id),
        patienceMs,
      );
    const named = choices.filter(({ key }) => otherScopes(query).includes(key));
    const [known, ...others] = await Promise.all([lookUp(choice), ...named.map(lookUp)]);
    const isKnown = known.isWhole && others.every((one) => one.isWhole);
    const context: HistoryContext = {
      now: this.deps.clock.now(),
      timeZone: choice.scope.timeZone,
      available: withLoad(known.metrics),
      others: new Map(named.map(({ key }, i) => [key, withLoad(others[i]?.metrics ?? [])])),
      span: known.span,
      isLookingUp: !isKnown,
    };
    return { request: readHistoryQuery(query, context), context, choice, choices, isKnown };
  }

  /** The lines of a request, also those of other sources and groups beside what is shown. */
  async chart(frame: HistoryFrame, temperatureUnit: Viewer['temperatureUnit']): Promise<ChartModel> {
    const { request, context, choice } = frame;
    const { range, points } = roundBuckets(request.range, context.timeZone);
    const scopes = [...new Set(request.lines.map((line) => line.scope))];
    const parts = await Promise.all(
      scopes.flatMap((scope) => {
        const of = scope === null ? choice : frame.choices.find(({ key }) => key === scope);
        return of ? [this.partOf(scope, of, request, { range, points })] : [];
      }),
    );
    const sources = parts.flatMap((part) => part.of.sources);
    const intervals = sources.flatMap((source) => this.deps.live.intervalOf(source.id) ?? []);
    return buildChart({
      ...gatherLines(request.lines, parts),
      isTogether: request.look === 'own' && request.axes !== 'apart',
      isPlain: isAgainst(request),
      range: request.range,
      now: context.now,
      timeZone: context.timeZone,
      place: choice.sources[0] ?? { latitude: 0, longitude: 0 },
      temperatureUnit,
      intervalMs: intervals.length > 0 ? Math.max(...intervals) : null,
    });
  }

  private async partOf(
    scope: string | null,
    of: PastChoice,
    { lines }: HistoryRequest,
    { range, points }: { range: TimeSpan; points: number },
  ) {
    const { house, known } = this.deps;
    const metrics = lines.filter((line) => line.scope === scope).map((line) => line.metric);
    const reported = await Promise.all(of.sources.map(({ id }) => known.of(id)));
    const isOpen = metrics.includes('loadPower') && isLoadOpen(reported.flatMap((one) => one.metrics));
    const asked = isOpen ? [...new Set([...metrics, ...balancedPowers])] : metrics;
    const history = await house.history(of.scope, asked, range, points);
    const now = this.deps.clock.now();
    const byDay = history.bucketMs >= days(1) ? await house.energy(of.scope, 'day', range) : null;
    const { solarPower } = history.series;
    const series = {
      ...history.series,
      ...(solarPower && byDay ? { solarPower: solarOfDays(history, solarPower, byDay, now) } : {}),
      ...(isOpen ? { loadPower: byDay ? loadOfDays(history, byDay, now) : loadIn(of, history, reported) } : {}),
    };
    return { of, scope, label: of.label, history: { ...history, series }, isLoadDerived: isOpen };
  }

  /**
   * What flowed in the time that the lines of power show, as it is booked: the same sums as everywhere. Null for other
   * lines, and for a few hours, which are not told by quarter hours.
   */
  async powerEnergy({ request, choice }: HistoryFrame): Promise<ToldEnergy | null> {
    const { range, look } = request;
    if (look !== 'power' || range.to - range.from < LEAST_BOOKED_MS) return null;
    const totals = await this.deps.house.total(choice.scope, range);
    const hasGrid = totals.importKwh !== null || totals.exportKwh !== null;
    const isExact = range.from % QUARTER_HOUR_MS === 0 && range.to % QUARTER_HOUR_MS === 0;
    return { ...summariseEnergy(totals, hasGrid), isExact };
  }

  /** How what the bars show was measured: of all there is from the first reading on, as on Totals. */
  private knownOf({ request, context }: HistoryFrame, periods: readonly HousePeriod[]) {
    const { from = request.range.from } = periods[0] ?? {};
    const { to = request.range.to } = periods[periods.length - 1] ?? {};
    const first = request.rangeName === 'all' ? (context.span?.from ?? from) : from;
    const span = { from: Math.max(from, Math.min(first, to)), to };
    const { coverage, origins, together } = sumOver(periods, span, context.now);
    return { coverage, origins, together };
  }

  /** The bars of a request, with their sum. */
  async energy(frame: HistoryFrame): Promise<EnergyBars> {
    const { request } = frame;
    const { house } = this.deps;
    const [periods, byDay] = await Promise.all([
      house.energy(frame.choice.scope, request.period, request.range),
      house.energy(frame.choice.scope, 'day', request.range),
    ]);
    const has = (...fields: (keyof EnergyPeriod)[]): boolean =>
      periods.some((period) => fields.some((field) => period[field as keyof typeof period] !== null));
    const hasGrid = has('importKwh', 'exportKwh');
    const facts = { place: frame.choice.sources[0] ?? null, now: frame.context.now };
    const items = withRests(periods, byDay, facts).map((period) => ({
      ...summariseEnergy(period, hasGrid),
      period: period.period,
    }));
    const first = request.rangeName === 'all' ? (frame.context.span?.from ?? 0) : 0;
    const begun = byDay.filter(({ to }) => to > first);
    const rests = restsOf(withRests(begun, begun, facts), facts.now);
    return {
      period: request.period,
      items,
      total: { ...sumUp(items, hasGrid, this.knownOf(frame, periods)), ...rests },
      hasGrid,
      hasBattery: has('chargeKwh', 'dischargeKwh'),
    };
  }
}

/** The load that nothing measures, within days. */
function loadIn({ sources }: PastChoice, history: HistorySeries, reported: readonly Known[]): (number | null)[] {
  const [place = { latitude: 0, longitude: 0 }] = sources;
  const { times, bucketMs } = history;
  const range = { from: times[0] ?? 0, to: (times.at(-1) ?? 0) + bucketMs };
  const withBattery = reported.filter(({ metrics }) => metrics.includes('batteryPower'));
  return loadLine(history, {
    metrics: balancedPowers.filter((metric) => reported.some(({ metrics }) => metrics.includes(metric))),
    nights: nightsWithin(range, place, LONGEST_LINE_DAYS),
    batterySince: Math.min(...withBattery.map(({ span }) => span?.from ?? Number.POSITIVE_INFINITY)),
  });
}
