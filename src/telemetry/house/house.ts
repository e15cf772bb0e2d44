/**
 * What a house of several sources gives and takes: each quantity comes from the sources whose role it is, from the
 * whole-house sources where there is none, and nothing counts twice.
 */
import type { NumericMetric } from '../../core/metrics.ts';
import type { SourceRole } from '../../sources/source.ts';
import { selfConsumption, selfSufficiency } from '../energy/energy-figures.ts';
import { togetherOf } from '../energy/energy-together.ts';
import type { EnergyTotals, LatestReading } from '../figures.ts';

export type HouseQuantity = 'solar' | 'load' | 'grid' | 'battery' | 'generator';
export const houseQuantityNames: readonly HouseQuantity[] = ['solar', 'load', 'grid', 'battery', 'generator'];

/** The power that stands for a quantity. */
export const quantityPower = {
  solar: 'solarPower',
  load: 'loadPower',
  grid: 'gridPower',
  battery: 'batteryPower',
  generator: 'generatorPower',
} as const satisfies Record<HouseQuantity, NumericMetric>;

export interface HouseSource {
  id: string;
  role: SourceRole;
  /** True if it is expected to go on: what it does not say any more is missing. */
  isActive?: boolean;
}

/**
 * The sources that a metric of a quantity is taken from. `has` says whether a source gives the metric at all: a battery
 * monitor that knows the charge but not the power leaves the power to the inverter.
 */
export function sourcesFor<S extends HouseSource>(
  sources: readonly S[],
  quantity: HouseQuantity,
  has: (source: S) => boolean,
): S[] {
  const giving = sources.filter(has);
  const dedicated = giving.filter((source) => source.role === quantity);
  return dedicated.length > 0 ? dedicated : giving.filter((source) => source.role === 'system');
}

/** Sources that are looked at together, and the zone whose days are theirs. */
export interface HouseScope {
  sources: readonly HouseSource[];
  timeZone: string;
}

/** A source as the pages show it alone: all that it measures, whatever its role in the house. */
export const aloneOf = ({ id, isActive, timeZone }: Omit<HouseSource, 'role'> & { timeZone: string }): HouseScope => ({
  sources: [{ id, role: 'system', ...(isActive !== undefined && { isActive }) }],
  timeZone,
});

export interface HouseValue {
  /** Null when no source gives it. */
  value: number | null;
  /** When it was measured, ms UTC; of several sources the oldest that still reports. */
  time: number | null;
  /** True if Ampra worked it out. */
  isDerived: boolean;
  /** True if all that it is made of is too old, each by its own measure. */
  isSilent: boolean;
  sourceIds: string[];
}

const nothing: HouseValue = { value: null, time: null, isDerived: false, isSilent: false, sourceIds: [] };

export interface CombineOptions<S extends HouseSource> {
  sources: readonly S[];
  latest: (sourceId: string) => LatestReading | undefined;
  /** True if what a source said at that time is too old to count into a sum. */
  isSilent: (source: S, time: number) => boolean;
}

/**
 * One metric of the house now: powers are added, everything else is averaged. Sources that have gone silent are left out
 * of a sum while another still reports. Once all are whose role it is, those that see the whole system stand in while they
 * report, as they do on days without a meter; else the last that was said stands, with its age.
 */
export function combineMetric<S extends HouseSource>(
  options: CombineOptions<S>,
  quantity: HouseQuantity,
  metric: NumericMetric,
): HouseValue {
  const giving = options.sources.flatMap((source) => partOf(options, source, metric));
  const parts = sourcesFor(giving, quantity, () => true);
  const ofRole = parts.filter((part) => !part.isSilent);
  const speaking = ofRole.length > 0 ? ofRole : giving.filter(({ role, isSilent }) => role === 'system' && !isSilent);
  const counted = speaking.length > 0 ? speaking : parts;
  if (counted.length === 0) return nothing;
  const sum = counted.reduce((total, part) => total + part.value, 0);
  const times = counted.map((part) => part.time);
  return {
    value: isAdded(metric) ? sum : sum / counted.length,
    time: speaking.length > 0 ? Math.min(...times) : Math.max(...times),
    isDerived: counted.some((part) => part.isDerived),
    isSilent: speaking.length === 0,
    sourceIds: counted.map((part) => part.id),
  };
}

/** What a source says of a metric: nothing, or one part of the house. */
function partOf<S extends HouseSource>({ latest, isSilent }: CombineOptions<S>, source: S, metric: NumericMetric) {
  const said = latest(source.id);
  const value = said?.values[metric];
  if (!said || value === undefined) return [];
  const { id, role } = source;
  const time = said.times[metric] ?? said.time;
  return [{ id, role, value, time, isDerived: said.derived.includes(metric), isSilent: isSilent(source, time) }];
}

/** Powers and energy counters of several sources add up; voltages, temperatures and percentages do not. */
export function isAdded(metric: NumericMetric): boolean {
  return /Power$|Energy|^totalGrid|^dailyGrid|^totalBattery|Capacity$/.test(metric);
}

/**
 * The zone whose days are those of several sources: the one that they share, else that of the place where the appliance
 * stands, else that of most of them.
 */
export function houseZone(zones: readonly string[], siteZone: string | null): string {
  const [first = siteZone ?? 'UTC'] = zones;
  if (zones.every((zone) => zone === first)) return first;
  if (siteZone !== null) return siteZone;
  const countOf = (zone: string): number => zones.filter((one) => one === zone).length;
  return zones.reduce((most, zone) => (countOf(zone) > countOf(most) ? zone : most), first);
}

/** A house's energy with what follows from it. */
export interface EnergySummary extends EnergyTotals {
  /** True if the load is what the balance of the others leaves, be it of some days only. */
  isLoadDerived: boolean;
  /** Share of the load that was not bought, 0..1; null when it cannot be told. */
  selfSufficiency: number | null;
  /** Share of the production that was not sold, 0..1; null when it cannot be told. */
  selfConsumption: number | null;
}

/**
 * Completes totals: a load that nothing measures follows from the balance when production and both directions of the
 * grid are known. Shares are those of the times in which both of what they compare is known. Without a grid at all (no
 * meter, nothing bought) an off-grid house is told apart by `hasGrid`.
 */
export function summariseEnergy(totals: EnergyTotals, hasGrid: boolean): EnergySummary {
  const { together = togetherOf(totals), ...rest } = totals;
  const { balanceKwh, made, used } = together;
  const loadKwh = balanceKwh === null ? totals.loadKwh : Math.max(0, (totals.loadKwh ?? 0) + balanceKwh);
  return {
    ...rest,
    loadKwh,
    isLoadDerived: balanceKwh !== null,
    selfSufficiency: hasGrid && used ? selfSufficiency(used.loadKwh, used.importKwh) : null,
    selfConsumption: hasGrid && made ? selfConsumption(made.solarKwh, made.exportKwh) : null,
  };
}
