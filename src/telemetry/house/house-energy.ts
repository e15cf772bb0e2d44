/**
 * The energy of a house of several sources, period by period. Each quantity comes from the sources whose role it is, on
 * days on which they say nothing from those that see the whole house, and nothing counts twice.
 */
import type { TimeSpan } from '../../core/time-range.ts';
import type { PeriodSpan } from '../../core/zone.ts';
import { type EnergyQuantity, energyQuantities } from '../energy/energy.ts';
import { combineOrigins, doubted, followOrigins, shareOf } from '../energy/energy-origins.ts';
import { sumTogether, togetherOf } from '../energy/energy-together.ts';
import type { EnergyOrigins, EnergyPeriod, EnergyTogether, EnergyTotals } from '../figures.ts';
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
  together: EnergyTogether;
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
export function countedFor(parts: readonly SourceEnergy[], quantity: EnergyQuantity): SourceEnergy[] {
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

/** Sums of what counts for each quantity. */
export function sumCounted(counted: Counted): EnergyTotals & { shares: EnergyShares } {
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

/** Energy of the house over one day. */
export function housePeriod(span: PeriodSpan, parts: readonly SourceEnergy[]): HousePeriod {
  const sum = combineEnergy(parts);
  return { period: span.key, from: span.from, to: span.to, origins: {}, ...sum, together: togetherOf(sum) };
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

/** The same period where nothing is known for sure of some quantities. */
export function inDoubt(period: HousePeriod, quantities: readonly EnergyQuantity[]): HousePeriod {
  if (quantities.length === 0) return period;
  return { ...period, coverage: 0, origins: doubted(period.origins, quantities) };
}

/**
 * Sums of times that follow each other within a span; nothing is known of a quantity that none of them knows. Coverage is
 * the share of the whole span, up to now where it is not over.
 */
export function sumOver(
  parts: readonly HousePeriod[],
  span: TimeSpan,
  now: number,
): EnergyTotals & Pick<HousePeriod, 'origins' | 'together' | 'shares'> {
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
  const timed = parts.map((part) => ({ origins: part.origins, length: lengthUntil(part, now) }));
  const origins = followOrigins(timed, lengthUntil(span, now));
  const together = sumTogether(parts.map((part) => part.together));
  return { ...totals, origins, together, shares, coverage: coverageOf(parts, span, now) };
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
  const measured = parts.reduce((sum, part) => sum + part.coverage * lengthUntil(part, now), 0);
  return shareOf(measured, lengthUntil(span, now));
}

/** Length of a span up to now [ms]. */
const lengthUntil = ({ from, to }: TimeSpan, now: number): number => Math.max(0, Math.min(to, now) - from);
