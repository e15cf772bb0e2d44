import type { NumericMetric } from '../../core/metrics.ts';
import type { Source } from '../../sources/source.ts';
import { type HouseQuantity, quantityPower, sourcesFor } from '../../telemetry/house/house.ts';
import { type BalanceMetric, type BalancePart, balanceMetrics } from './balance.ts';

/** What must add up: one source by itself, or the sources of one house together. */
export interface BalanceSubject {
  /** Under which its result is kept. */
  key: string;
  sources: readonly Source[];
}

/** Sources further apart than this are not of one house, km. */
const ONE_HOUSE_KM = 2;
const KM_OF_A_DEGREE = 111.2;

export const aloneOf = (source: Source): BalanceSubject => ({ key: source.id, sources: [source] });

/** The houses of one owner's sources: those that are active and stand at one place, where there are at least two. */
export function housesOf(sources: readonly Source[]): BalanceSubject[] {
  const places: Source[][] = [];
  for (const source of sources.filter(({ isActive }) => isActive)) {
    const place = places.find(([first]) => first !== undefined && distanceKm(first, source) <= ONE_HOUSE_KM);
    if (place) place.push(source);
    else places.push([source]);
  }
  return places
    .filter((place) => place.length > 1)
    .map((place) => ({
      key: `house:${place
        .map(({ id }) => id)
        .sort()
        .join('+')}`,
      sources: place,
    }));
}

type Place = Pick<Source, 'latitude' | 'longitude'>;

/** On a plane, which is right to a few parts in a thousand where it matters. */
function distanceKm(a: Place, b: Place): number {
  const east = (((b.longitude - a.longitude + 540) % 360) - 180) * Math.cos((a.latitude * Math.PI) / 180);
  return Math.hypot(b.latitude - a.latitude, east) * KM_OF_A_DEGREE;
}

/** The four powers of one source over the same moments. */
export type PowerSeries = { [metric in BalanceMetric]?: readonly (number | null)[] };

const quantities: readonly HouseQuantity[] = ['solar', 'load', 'grid', 'battery'];

/**
 * What takes part. A source by itself says all that it measures; in a house each power comes from the sources whose role it
 * is, as on the Live page, so that nothing counts twice. A house that is one source only is not checked twice.
 */
export function partsOf({ sources }: BalanceSubject, seriesOf: ReadonlyMap<string, PowerSeries>): BalancePart[] {
  const valuesOf = (id: string, metric: BalanceMetric) => seriesOf.get(id)?.[metric] ?? [];
  const [only] = sources;
  if (only && sources.length === 1)
    return balanceMetrics.map((metric) => ({ sourceId: only.id, metric, values: valuesOf(only.id, metric) }));
  const parts = quantities.flatMap((quantity) => {
    const metric = quantityPower[quantity] satisfies NumericMetric as BalanceMetric;
    const has = ({ id }: Source) => valuesOf(id, metric).some((value) => value !== null);
    return sourcesFor(sources, quantity, has).map(({ id }) => ({ sourceId: id, metric, values: valuesOf(id, metric) }));
  });
  return new Set(parts.map(({ sourceId }) => sourceId)).size > 1 ? parts : [];
}
