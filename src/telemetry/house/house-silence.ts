/** Days on which a source of a house that should have counted was not heard at all: what the others say is not all. */
import type { MetricName } from '../../core/metrics.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { type EnergyQuantity, energyQuantities, quantityRules } from '../energy/energy.ts';
import type { EnergyPeriod } from '../figures.ts';
import { fieldOf, houseQuantity, type SourcePeriods } from './house-energy.ts';

/** What a source said of each of several days, with what else is known of it. */
export interface SourceDays extends SourcePeriods {
  /** From its first to its last reading; null without any. */
  life: TimeSpan | null;
  /** What it ever reported. */
  metrics: readonly MetricName[];
}

/**
 * Quantities of which on the `index`th day, which is `span`, a source that should have counted said nothing from midnight to
 * midnight, though it did before and did after or is not switched off, and nobody else stands in for it: others of its role only add to it, and those
 * that see the whole house do not count while one of them speaks.
 */
export function unheardOf(given: readonly SourceDays[], index: number, span: TimeSpan, now: number): EnergyQuantity[] {
  const there = given.filter((one) => isThere(one, span, now));
  return energyQuantities.filter((quantity) => {
    const own = houseQuantity[quantity];
    const speakers = given.filter((one) => says(one, index, quantity));
    const missed = there.filter((one) =>
      isSilent(one.periods[index]) ? gives(one, quantity) : speakers.length > 0 && fellSilent(one, index, quantity),
    );
    if (missed.length === 0) return false;
    const hasOwn = speakers.some(({ source }) => source.role === own);
    const isStoodIn = !hasOwn && speakers.some(({ source }) => source.role === 'system');
    if (hasOwn) return missed.some(({ source }) => source.role === own);
    return missed.some(({ source }) => source.role === 'system' || (source.role === own && !isStoodIn));
  });
}

const says = ({ periods }: SourceDays, index: number, quantity: EnergyQuantity): boolean =>
  (periods[index]?.[fieldOf(quantity)] ?? null) !== null;

/** True for a source that speaks, but no longer of this quantity. */
const fellSilent = (one: SourceDays, index: number, quantity: EnergyQuantity): boolean =>
  !says(one, index, quantity) && firstDayOf(one, quantity) < index;

/** Looking through all days for each day of a year would be felt. */
const firstDays = new WeakMap<readonly EnergyPeriod[], Partial<Record<EnergyQuantity, number>>>();

/** The first day on which a source spoke of a quantity. */
function firstDayOf(one: SourceDays, quantity: EnergyQuantity): number {
  const known = firstDays.get(one.periods) ?? {};
  firstDays.set(one.periods, known);
  const first = known[quantity] ?? one.periods.findIndex((_, day) => says(one, day, quantity));
  known[quantity] = first;
  return first < 0 ? Number.POSITIVE_INFINITY : first;
}

/** True between its first and last reading, and after that as long as it is not switched off, of days that are over. */
const isThere = ({ life, source }: SourceDays, { from, to }: TimeSpan, now: number): boolean =>
  life !== null && life.from <= from && (life.to >= to || (source.isActive === true && to <= now));

const isSilent = (period: EnergyPeriod | undefined): boolean =>
  period === undefined ||
  (period.coverage === 0 && energyQuantities.every((quantity) => period[fieldOf(quantity)] === null));

/** Whether a source measures a quantity: as its other days show, else by what it ever reported. */
function gives({ periods, metrics }: SourceDays, quantity: EnergyQuantity): boolean {
  if (!periods.every(isSilent)) return periods.some((period) => period[fieldOf(quantity)] !== null);
  const rule = quantityRules.find((one) => one.quantity === quantity);
  return [rule?.total, rule?.daily, rule?.power].some((metric) => metric != null && metrics.includes(metric));
}
