import { stepsIn } from '../../core/local-steps.ts';
import type { SunPlace } from '../../core/solar/place.ts';
import { type PeriodSpan, periodAt } from '../../core/zone.ts';
import { type EnergySummary, summariseEnergy } from '../house/house.ts';
import { type HousePeriod, regroup, sumOver } from '../house/house-energy.ts';
import { type Performance, type PlantParts, performanceIn } from '../performance/performance.ts';
import { restsOf, withRests } from '../quality/night-rest.ts';
import { type Comparison, compareYears } from './comparison.ts';
import {
  type BatteryFacts,
  fullCycles,
  type InstalledFacts,
  type Losses,
  lossesOf,
  roundTrip,
  type SpecificYield,
  specificYield,
} from './totals-figures.ts';
import { partsOf, type TotalsContext, type TotalsPeriod, type TotalsRequest } from './totals-query.ts';
import { longestUnbought, mostOf, type NamedSummary, type TotalsRecord } from './totals-records.ts';
import { pairYears } from './year-beside.ts';
import { type YearMap, yearMap } from './year-map.ts';

/** One bar: a part of the period, with the same part a year before. */
export interface TotalsPart extends NamedSummary {
  before: EnergySummary | null;
  /** What the year before is called: `2025-11-21`. */
  beforeKey: string | null;
  /** True once it has begun. */
  hasBegun: boolean;
}

/** What a battery is like and what follows, for as far as it is known. */
export interface TotalsFollows {
  fullCycles: number | null;
  capacityKwh: number | null;
  roundTrip: number | null;
  losses: Losses | null;
  specificYield: SpecificYield | null;
  /** Null where no day of a plant is over; absent where nothing produced. */
  performance?: Performance | null;
}

export interface TotalsView {
  period: TotalsPeriod;
  step: 'hour' | 'day' | 'month' | 'year';
  /** True while the period is not over. */
  isSoFar: boolean;
  /** Coverage of the part or day that has begun and was measured least. */
  leastMeasured: number;
  parts: TotalsPart[];
  /** Parts of the year before that none of these stands beside: an hour that the clock left out, 29 February. */
  beforeAlone: NamedSummary[];
  /** The days of the period, of a day itself. */
  days: NamedSummary[];
  total: EnergySummary & Pick<HousePeriod, 'shares'>;
  comparison: Comparison | null;
  follows: TotalsFollows;
  /** Performance ratio, 0..1, of the parts (not of hours) or the days by their names, as far as it is known. */
  ratios(of: 'parts' | 'days'): ReadonlyMap<string, number>;
  records: TotalsRecord[];
  map: YearMap | null;
  hasGrid: boolean;
  hasBattery: boolean;
  /** True if nothing was measured in it. */
  isEmpty: boolean;
}

/** What the view is made of. */
export interface TotalsData {
  /** The days of the period; of a day its hours. */
  fine: readonly HousePeriod[];
  /** The same of the year before; empty where there is none. */
  before: readonly HousePeriod[];
  /** The days of the year before. */
  beforeDays: readonly HousePeriod[];
  /** The period's days, for what is counted in days. */
  days: readonly HousePeriod[];
  battery: BatteryFacts;
  installed: readonly InstalledFacts[];
  /** Production and light of the sources, of days that are over. */
  plants: readonly PlantParts[];
  hasGenerator: boolean;
  /** Where it stands; without it nights are not told apart. */
  place?: SunPlace | undefined;
}

/** Everything that the Totals page says of a period. */
export function buildTotals(request: TotalsRequest, context: TotalsContext, data: TotalsData): TotalsView {
  const { period } = request;
  const { now, timeZone, span } = context;
  const step = partsOf[period.kind];
  const has = (...fields: ('importKwh' | 'exportKwh' | 'chargeKwh' | 'dischargeKwh')[]): boolean =>
    [...data.fine, ...data.before].some((part) => fields.some((field) => part[field] !== null));
  const hasGrid = has('importKwh', 'exportKwh');
  const summed = (parts: readonly HousePeriod[]): NamedSummary[] =>
    parts.map((part) => ({ ...summariseEnergy(part, hasGrid), period: part.period, from: part.from, to: part.to }));
  const spans = stepsIn(step, period, timeZone);
  const facts = { place: data.place ?? null, now };
  const days = withRests(summed(data.days), data.days, facts);
  const parts = withRests(summed(inSteps(data.fine, spans, now)), data.days, facts);
  const before = summed(inSteps(data.before, spansOf(step, data.before, timeZone), now));
  const { besideOf, alone } = pairYears(parts, before);
  const whole = { from: Math.max(period.from, Math.min(span?.from ?? period.from, period.to)), to: period.to };
  const sum = sumOver(data.days, period.kind === 'all' ? whole : period, now);
  const rests = restsOf(
    days.filter(({ to }) => period.kind !== 'all' || to > whole.from),
    now,
  );
  const total = { ...summariseEnergy(sum, hasGrid), shares: sum.shares, ...rests };
  const monthsOf = (fine: readonly HousePeriod[]): NamedSummary[] =>
    summed(regroup(fine, spansOf('month', fine, timeZone), now));
  const plants = data.plants.filter(({ id }) => sum.shares.solar?.[id] !== undefined);
  const [performance = null] = performanceIn(plants, [period]);
  return {
    period,
    step,
    isSoFar: period.to > now,
    leastMeasured: Math.min(1, ...[...parts, ...days].flatMap(({ from, coverage }) => (from <= now ? coverage : []))),
    parts: parts.map((part) => ({ ...part, ...besides(besideOf.get(part.period)), hasBegun: part.from <= now })),
    beforeAlone: alone,
    days,
    total,
    // What is over counts as it is shown; of a day that is not, the hours that are.
    comparison:
      period.to > now
        ? compareYears(data.fine, data.before, { now, hasGrid })
        : compareYears(data.days, data.beforeDays, { now, hasGrid }),
    follows: {
      fullCycles: fullCycles(total, data.battery),
      capacityKwh: data.battery.capacityKwh,
      roundTrip: roundTrip(total, data.battery),
      losses: lossesOf(total, { hasGrid, hasGenerator: data.hasGenerator, battery: data.battery }),
      specificYield: specificYield(data.days, data.installed),
      ...(plants.length > 0 ? { performance } : {}),
    },
    ratios: (of) => new Map(of === 'parts' && step === 'hour' ? [] : ratiosOf(plants, of === 'days' ? days : parts)),
    records: recordsOf(period, { parts, days, months: period.kind === 'all' ? monthsOf(data.fine) : [] }, now),
    map: period.kind === 'year' ? mapOf(request, context, days) : null,
    hasGrid,
    hasBattery: has('chargeKwh', 'dischargeKwh'),
    isEmpty: Object.keys(sum.shares).length === 0,
  };
}

const besides = (before: NamedSummary | undefined): Pick<TotalsPart, 'before' | 'beforeKey'> => ({
  before: before ?? null,
  beforeKey: before?.period ?? null,
});

function ratiosOf(plants: readonly PlantParts[], spans: readonly NamedSummary[]): [string, number][] {
  const known = performanceIn(plants, spans);
  return spans.flatMap(({ period }, i) => (typeof known[i]?.ratio === 'number' ? [[period, known[i].ratio]] : []));
}

/** Days as months and years; days and hours as they are. */
function inSteps(fine: readonly HousePeriod[], spans: readonly PeriodSpan[], now: number): readonly HousePeriod[] {
  const isAsIs = fine.length === spans.length && fine.every((part, i) => part.period === spans[i]?.key);
  return isAsIs ? fine : regroup(fine, spans, now);
}

function spansOf(step: TotalsView['step'], fine: readonly HousePeriod[], timeZone: string): PeriodSpan[] {
  const [first, last] = [fine[0], fine[fine.length - 1]];
  return first && last ? stepsIn(step, { from: first.from, to: last.to }, timeZone) : [];
}

function recordsOf(
  period: TotalsPeriod,
  { parts, days, months }: Record<'parts' | 'days' | 'months', readonly NamedSummary[]>,
  now: number,
): TotalsRecord[] {
  if (period.kind === 'day') return [mostOf(parts, 'solar'), mostOf(parts, 'load')].filter((one) => one !== null);
  const ofParts = period.kind === 'month' ? [] : [mostOf(parts, 'solar')];
  const found = [
    mostOf(days, 'solar'),
    mostOf(months, 'solar'),
    ...ofParts,
    mostOf(days, 'load'),
    mostOf(days, 'export'),
    mostOf(days, 'import'),
    longestUnbought(days, now),
  ];
  return found.filter((record) => record !== null);
}

function mapOf(request: TotalsRequest, context: TotalsContext, days: readonly NamedSummary[]): YearMap {
  const dayOf = (time: number): string => periodAt('day', time, context.timeZone).key;
  return yearMap(Number(request.period.key), days, request.subject, {
    first: context.span ? dayOf(context.span.from) : null,
    today: dayOf(context.now),
  });
}
