/**
 * The energy of a house of several sources, period by period. Each quantity comes from the sources whose role it is, on
 * days on which they say nothing from those that see the whole house, and nothing counts twice.
 */
import type { TimeSpan } from '../core/time-range.ts';
import type { PeriodSpan } from '../core/zone.ts';
import { type EnergyQuantity, energyQuantities } from './energy.ts';
import { combineOrigins, doubted, followOrigins, shareOf } from './energy-origins.ts';
import type { EnergyOrigins, EnergyPeriod, EnergyTotals } from './figures.ts';
import { type HouseQuantity, type HouseSource, sourcesFor } from './house.ts';

/** kWh by quantity and source: what each sum is made of. */
export type EnergyShares = Partial<Record<EnergyQuantity, Readonly<Record<string, number>>>>;

export interface HousePeriod extends EnergyTotals {
  /** Name of the period, as in `PeriodSpan`. */
  period: string;
  /** Half-open, ms UTC. */
  from: number;
  to: number;
  origins: EnergyOrigins;
  shares: EnergyShares;
}

/** What a source said of one period. */
export interface SourceEnergy<S extends HouseSource = HouseSource> {
  source: S;
  totals: EnergyTotals;
}

/** Which energy of the totals belongs to which quantity of the house. */
export const houseQuantity: Record<EnergyQuantity, HouseQuantity> = {
  solar: 'solar',
  load: 'load',
  import: 'grid',
  export: 'grid',
  charge: 'battery',
  discharge: 'battery',
};

/** Where the energy of a quantity stands in totals. */
export const fieldOf = (quantity: EnergyQuantity) => `${quantity}Kwh` as const;

export const noEnergy: Omit<EnergyTotals, 'coverage'> = {
  solarKwh: null,
  loadKwh: null,
  importKwh: null,
  exportKwh: null,
  chargeKwh: null,
  dischargeKwh: null,
};

/** Of these parts those that a quantity is taken from. */
function countedFor(parts: readonly SourceEnergy[], quantity: EnergyQuantity): SourceEnergy[] {
  const giving = parts.filter((part) => part.totals[fieldOf(quantity)] !== null);
  const sources = giving.map((part) => part.source);
  const counted = new Set(sourcesFor(sources, houseQuantity[quantity], () => true).map((source) => source.id));
  return giving.filter((part) => counted.has(part.source.id));
}

/** Energy of the house over one period from that of its sources; coverage is that of what is known least of all that counts. */
export function combineEnergy(parts: readonly SourceEnergy[]): EnergyTotals & { shares: EnergyShares } {
  const counted = new Map(energyQuantities.map((quantity) => [quantity, countedFor(parts, quantity)]));
  return sumCounted(counted);
}

const knownOf = ({ totals }: SourceEnergy, quantity: EnergyQuantity): number =>
  totals.origins?.[quantity]?.coverage ?? totals.coverage;

type Counted = ReadonlyMap<EnergyQuantity, readonly SourceEnergy[]>;

function sumCounted(counted: Counted): EnergyTotals & { shares: EnergyShares } {
  const totals: EnergyTotals = { ...noEnergy, coverage: 0 };
  const origins: EnergyOrigins = {};
  const shares: EnergyShares = {};
  let coverage: number | null = null;
  for (const [quantity, parts] of counted) {
    if (parts.length === 0) continue;
    const field = fieldOf(quantity);
    totals[field] = parts.reduce((sum, part) => sum + (part.totals[field] ?? 0), 0);
    shares[quantity] = Object.fromEntries(parts.map((part) => [part.source.id, part.totals[field] ?? 0]));
    const origin = combineOrigins(parts.map((part) => part.totals.origins?.[quantity]));
    if (origin) origins[quantity] = origin;
    for (const part of parts) coverage = Math.min(coverage ?? 1, knownOf(part, quantity));
  }
  totals.coverage = coverage ?? 0;
  return { ...totals, ...(Object.keys(origins).length > 0 ? { origins } : {}), shares };
}

/** Energy of the house over one named period. */
export function housePeriod(span: PeriodSpan, parts: readonly SourceEnergy[]): HousePeriod {
  return { period: span.key, from: span.from, to: span.to, origins: {}, ...combineEnergy(parts) };
}

/** What each of several sources said of the same periods. */
export interface SourcePeriods<S extends HouseSource = HouseSource> {
  source: S;
  /** As many as there are spans, in their order. */
  periods: readonly EnergyPeriod[];
}

/** What the sources said of the `index`th period. */
export const partsAt = (given: readonly SourcePeriods[], index: number): SourceEnergy[] =>
  given.flatMap(({ source, periods }) => {
    const totals = periods[index];
    return totals ? [{ source, totals }] : [];
  });

/**
 * Quantities that change hands within the `index`th day: a meter was added, or fell silent for days, and those that see
 * the whole house stand in for the rest of the day. Of such a day each quarter hour is counted by itself.
 */
export function handedOver(given: readonly SourcePeriods[], index: number): EnergyQuantity[] {
  return energyQuantities.filter((quantity) => {
    const saidBy = (day: number, isOwn: boolean): boolean =>
      partsAt(given, day).some(
        ({ source, totals }) =>
          totals[fieldOf(quantity)] !== null &&
          (isOwn ? source.role === houseQuantity[quantity] : source.role === 'system'),
      );
    const isStoodIn = (day: number): boolean => !saidBy(day, true) && saidBy(day, false);
    return saidBy(index, true) && saidBy(index, false) && (isStoodIn(index - 1) || isStoodIn(index + 1));
  });
}

/**
 * A day with quantities that change hands: those are counted from the quarter hours, of which there are as many as have
 * begun; the others from the parts of the whole day.
 */
export function handedOverDay(
  span: PeriodSpan,
  parts: readonly SourceEnergy[],
  quantities: readonly EnergyQuantity[],
  quarters: readonly SourcePeriods[],
): HousePeriod {
  const count = Math.max(0, ...quarters.map(({ periods }) => periods.length));
  const steps = Array.from({ length: count }, (_, index) =>
    partOfDay(span, quarters, index, { parts, quantities, handedOver: quantities }),
  );
  const measured = { from: span.from, to: steps[count - 1]?.to ?? span.to };
  const handed = sumOver(steps, measured, measured.to);
  const others = energyQuantities.filter((quantity) => !quantities.includes(quantity));
  const rest = sumCounted(new Map(others.map((quantity) => [quantity, countedFor(parts, quantity)])));
  return {
    period: span.key,
    from: span.from,
    to: span.to,
    ...rest,
    ...Object.fromEntries(quantities.map((quantity) => [fieldOf(quantity), handed[fieldOf(quantity)]])),
    coverage: Object.keys(rest.shares).length > 0 ? Math.min(rest.coverage, handed.coverage) : handed.coverage,
    origins: { ...rest.origins, ...handed.origins },
    shares: { ...rest.shares, ...handed.shares },
  };
}

/** What is known of the day in which a quarter hour lies. */
export interface DayOfParts {
  parts: readonly SourceEnergy[];
  /** Quantities that change hands within it. */
  handedOver: readonly EnergyQuantity[];
  /** Those that are asked for; all when left out. */
  quantities?: readonly EnergyQuantity[];
  /** Those of which a source that should have counted said nothing all day. */
  doubtful?: readonly EnergyQuantity[];
}

/**
 * A quarter hour of a day: of each quantity those count in it that count for the day, or for this part of it. Where one of
 * them is silent, what the others say is not all, and nothing is known for sure.
 */
export function partOfDay(
  span: PeriodSpan,
  quarters: readonly SourcePeriods[],
  index: number,
  day: DayOfParts,
): HousePeriod {
  const now = partsAt(quarters, index);
  const counted = new Map<EnergyQuantity, readonly SourceEnergy[]>();
  const doubtful = new Set(day.doubtful);
  for (const quantity of day.quantities ?? energyQuantities) {
    const wanted = wantedIn(quarters, index, quantity, day);
    const speaks = ({ totals }: SourceEnergy): boolean => totals[fieldOf(quantity)] !== null;
    const all = now.filter(({ source }) => wanted.has(source.id));
    counted.set(quantity, all.filter(speaks));
    if (!all.every(speaks)) doubtful.add(quantity);
  }
  return inDoubt({ period: span.key, from: span.from, to: span.to, origins: {}, ...sumCounted(counted) }, [
    ...doubtful,
  ]);
}

/** The same period where nothing is known for sure of some quantities. */
export function inDoubt(period: HousePeriod, quantities: readonly EnergyQuantity[]): HousePeriod {
  if (quantities.length === 0) return period;
  return { ...period, coverage: 0, origins: doubted(period.origins, quantities) };
}

/**
 * Who is to count in a quarter hour. Where a quantity changes hands that day: those whose role it is where all of them speak,
 * before and after too, else who sees the whole house.
 */
function wantedIn(
  quarters: readonly SourcePeriods[],
  index: number,
  quantity: EnergyQuantity,
  { parts, handedOver }: DayOfParts,
): Set<string> {
  if (!handedOver.includes(quantity)) return idsOf(countedFor(parts, quantity));
  const field = fieldOf(quantity);
  const own = idsOf(parts.filter((part) => isOwn(part, quantity) && part.totals[field] !== null));
  const whole = partsAt(quarters, index).filter(
    ({ source, totals }) => source.role === 'system' && totals[field] !== null,
  );
  const count = Math.max(...quarters.map(({ periods }) => periods.length));
  const doAllSpeak = (at: number): boolean => {
    const then = partsAt(quarters, Math.min(count - 1, Math.max(0, at)));
    return then.filter(({ source, totals }) => own.has(source.id) && totals[field] !== null).length === own.size;
  };
  const isWithin = doAllSpeak(index - 1) && doAllSpeak(index) && doAllSpeak(index + 1);
  return isWithin || whole.length === 0 ? own : idsOf(whole);
}

const idsOf = (parts: readonly SourceEnergy[]): Set<string> => new Set(parts.map(({ source }) => source.id));
const isOwn = ({ source }: SourceEnergy, quantity: EnergyQuantity): boolean => source.role === houseQuantity[quantity];

/**
 * Sums of times that follow each other within a span; nothing is known of a quantity that none of them knows. Coverage is
 * the share of the whole span, up to now where it is not over.
 */
export function sumOver(
  parts: readonly HousePeriod[],
  span: TimeSpan,
  now: number,
): EnergyTotals & { origins: EnergyOrigins; shares: EnergyShares } {
  const totals = { ...noEnergy };
  const shares: EnergyShares = {};
  for (const quantity of energyQuantities) {
    const field = fieldOf(quantity);
    const bySource: Record<string, number> = {};
    for (const part of parts) {
      const kwh = part[field];
      if (kwh === null) continue;
      totals[field] = (totals[field] ?? 0) + kwh;
      for (const [id, own] of Object.entries(part.shares[quantity] ?? {})) bySource[id] = (bySource[id] ?? 0) + own;
    }
    if (totals[field] !== null) shares[quantity] = bySource;
  }
  const lengthOf = ({ from, to }: TimeSpan): number => Math.max(0, Math.min(to, now) - from);
  const timed = parts.map((part) => ({ origins: part.origins, length: lengthOf(part) }));
  const origins = followOrigins(timed, lengthOf(span));
  return { ...totals, origins, shares, coverage: coverageOf(parts, span, now) };
}

/**
 * Longer periods from shorter ones: each span gets those that begin in it. Coverage is the share of the whole span, up to
 * now where it is not over.
 */
export function regroup(periods: readonly HousePeriod[], spans: readonly PeriodSpan[], now: number): HousePeriod[] {
  let next = 0;
  return spans.map((span) => {
    const mine: HousePeriod[] = [];
    for (; next < periods.length; next++) {
      const period = periods[next] as HousePeriod;
      if (period.from >= span.to) break;
      if (period.from >= span.from) mine.push(period);
    }
    return { period: span.key, from: span.from, to: span.to, ...sumOver(mine, span, now) };
  });
}

/** Share of a span that was measured, from those of its parts. */
function coverageOf(parts: readonly HousePeriod[], span: TimeSpan, now: number): number {
  const lengthOf = ({ from, to }: TimeSpan): number => Math.max(0, Math.min(to, now) - from);
  return shareOf(
    parts.reduce((sum, part) => sum + part.coverage * lengthOf(part), 0),
    lengthOf(span),
  );
}
