import type { Viewer } from '../../accounts/viewer.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import { type ForecastQuantity, forecastQuantities } from '../issue.ts';
import type { ForecastDesk, ForecastSubject } from '../ports.ts';
import type { ForecastChoice } from './frames.ts';
import { houseSubjects } from './house-subjects.ts';

export interface ForecastChoicesDeps {
  desk: Pick<ForecastDesk, 'choices'>;
  sources: Pick<SourceDirectory, 'listFor'>;
  /** How a person is called, for whoever sees what is not their own. */
  ownerName(userId: string): string | undefined;
}

/** What a viewer may look at forecasts of: the house first where several sources add up to it, then each source. */
export class ForecastChoices {
  constructor(private readonly deps: ForecastChoicesDeps) {}

  of(viewer: Viewer): ForecastChoice[] {
    const known = new Map(this.deps.desk.choices(viewer).map(({ sourceId, quantities }) => [sourceId, quantities]));
    const all = this.deps.sources.listFor(viewer).filter(({ id }) => known.has(id));
    const isOwn = ({ ownerId }: Source): boolean => ownerId === viewer.userId;
    const ordered = [...all.filter(isOwn), ...all.filter((source) => !isOwn(source))];
    const has = (source: Source, quantity: ForecastQuantity): boolean =>
      known.get(source.id)?.includes(quantity) ?? false;
    const single = ordered.map((source) => ({
      key: `source:${source.id}`,
      label: isOwn(source) ? source.name : `${source.name} (${this.deps.ownerName(source.ownerId) ?? 'somebody'})`,
      sources: [source],
      subjects: byQuantity((quantity) => (has(source, quantity) ? [{ sourceId: source.id, quantity }] : [])),
    }));
    const own = ordered.filter(isOwn);
    const house = own.length > 0 ? own : ordered;
    const inHouse = byQuantity((quantity) => houseSubjects(house, quantity, (source) => has(source, quantity)));
    const together = new Set(forecastQuantities.flatMap((one) => inHouse[one].map(({ sourceId }) => sourceId)));
    if (together.size < 2) return single;
    return [{ key: 'house', label: 'House', sources: house, subjects: inHouse }, ...single];
  }
}

const byQuantity = (
  of: (quantity: ForecastQuantity) => ForecastSubject[],
): Record<ForecastQuantity, ForecastSubject[]> => ({ solar: of('solar'), load: of('load') });
