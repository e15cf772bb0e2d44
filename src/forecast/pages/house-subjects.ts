import type { Source } from '../../sources/source.ts';
import { sourcesFor } from '../../telemetry/house/house.ts';
import type { ForecastQuantity } from '../issue.ts';
import type { ForecastSubject } from '../serve/subject-data.ts';

/**
 * What adds up to a house's forecast of a quantity: that of the sources whose role it is, else of those that see the whole
 * system, so that nothing counts twice. Where a balance stands for the load, it is at whatever source carries it.
 */
export function houseSubjects(
  house: readonly Source[],
  quantity: ForecastQuantity,
  has: (source: Source) => boolean,
): ForecastSubject[] {
  const found = sourcesFor(house, quantity, has);
  const counted = found.length > 0 ? found : house.filter(has).slice(0, 1);
  return counted.map(({ id }) => ({ sourceId: id, quantity }));
}
