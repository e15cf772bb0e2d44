/** A day of the house by its quarter hours: where a quantity changes hands, or where its sums alone would say too much. */
import type { TimeSpan } from '../../core/time-range.ts';
import { type PeriodSpan, QUARTER_HOUR_MS } from '../../core/zone.ts';
import { type EnergyQuantity, energyQuantities } from '../energy/energy.ts';
import { sumTogether, type TogetherRules, togetherIn } from '../energy/energy-together.ts';
import {
  countedFor,
  fieldOf,
  type HousePeriod,
  houseQuantity,
  inDoubt,
  partsAt,
  type SourceEnergy,
  type SourcePeriods,
  sumCounted,
  sumOver,
} from './house-energy.ts';

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

/** The quarter hours of a day that have begun. */
function partsOfDay(span: PeriodSpan, day: DayOfParts, quarters: readonly SourcePeriods[]): HousePeriod[] {
  const count = Math.max(0, ...quarters.map(({ periods }) => periods.length));
  return Array.from({ length: count }, (_, index) => {
    const from = span.from + index * QUARTER_HOUR_MS;
    return partOfDay({ key: span.key, from, to: from + QUARTER_HOUR_MS }, quarters, index, day);
  });
}

/** The quarter hours of one day out of those from a moment on. */
export const quartersIn = (all: readonly SourcePeriods[], first: number, { from, to }: TimeSpan): SourcePeriods[] =>
  all.map(({ source, periods }) => ({
    source,
    periods: periods.slice((from - first) / QUARTER_HOUR_MS, (to - first) / QUARTER_HOUR_MS),
  }));

/**
 * A day from its quarter hours: quantities that change hands are counted by them, and what follows of several energies is
 * told by them. The rest is as in its sums.
 */
export function dayFromQuarters(
  sums: HousePeriod,
  span: PeriodSpan,
  day: DayOfParts,
  quarters: readonly SourcePeriods[],
): HousePeriod {
  const whole = day.handedOver.length > 0 ? handedOverDay(span, day, quarters) : sums;
  return withTogether(whole, partsOfDay(span, day, quarters));
}

/** The same day with what follows of its quarter hours, where its sums would say something wrong. */
function withTogether(day: HousePeriod, steps: readonly HousePeriod[]): HousePeriod {
  const { balanceKwh, ...pairs } = sumTogether(steps.map((step) => step.together));
  return { ...day, together: { ...pairs, balanceKwh: balanceKwh === null ? null : Math.max(0, balanceKwh) } };
}

/**
 * A day with quantities that change hands: those are counted from the quarter hours, of which there are as many as have
 * begun; the others from the parts of the whole day.
 */
function handedOverDay(span: PeriodSpan, day: DayOfParts, quarters: readonly SourcePeriods[]): HousePeriod {
  const { parts, handedOver: quantities } = day;
  const steps = partsOfDay(span, { ...day, quantities }, quarters);
  const measured = { from: span.from, to: steps[steps.length - 1]?.to ?? span.to };
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
    together: handed.together,
    shares: { ...rest.shares, ...handed.shares },
  };
}

/** What may follow of the parts of a day. */
export function followsFrom(parts: readonly SourceEnergy[]): TogetherRules {
  const says = (quantity: EnergyQuantity) => parts.some(({ totals }) => totals[fieldOf(quantity)] !== null);
  return { isLoadOpen: says('solar') && !says('load'), hasBattery: says('charge') || says('discharge') };
}

/** Who counts for each quantity, by the parts of a day. */
export const countedIn = (parts: readonly SourceEnergy[]): DayOfParts['counted'] =>
  new Map(energyQuantities.map((quantity) => [quantity, idsOf(countedFor(parts, quantity))]));

/** What is known of the day in which a quarter hour lies. */
export interface DayOfParts {
  parts: readonly SourceEnergy[];
  /** Ids of those that count for each quantity all day. */
  counted: ReadonlyMap<EnergyQuantity, ReadonlySet<string>>;
  /** Quantities that change hands within it. */
  handedOver: readonly EnergyQuantity[];
  /** Those that are asked for; all when left out. */
  quantities?: readonly EnergyQuantity[];
  follows: TogetherRules;
  /** Those of which a source that should have counted said nothing all day. */
  doubtful: readonly EnergyQuantity[];
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
  const sum = sumCounted(counted);
  const together = togetherIn(sum, day.follows);
  return inDoubt({ period: span.key, from: span.from, to: span.to, origins: {}, ...sum, together }, [...doubtful]);
}

/**
 * Who is to count in a quarter hour. Where a quantity changes hands that day: those whose role it is where all of them speak,
 * before and after too, else who sees the whole house.
 */
function wantedIn(
  quarters: readonly SourcePeriods[],
  index: number,
  quantity: EnergyQuantity,
  { parts, counted, handedOver }: DayOfParts,
): ReadonlySet<string> {
  if (!handedOver.includes(quantity)) return counted.get(quantity) ?? new Set();
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
