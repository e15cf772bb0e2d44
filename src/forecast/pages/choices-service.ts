import type { Viewer } from '../../accounts/viewer.ts';
import type { GroupDirectory, SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import { type ForecastQuantity, forecastQuantities } from '../issue.ts';
import type { ForecastDesk, ForecastSubject } from '../ports.ts';
import type { ForecastChoice } from './frames.ts';
import { houseSubjects } from './house-subjects.ts';

export interface ForecastChoicesDeps {
  desk: Pick<ForecastDesk, 'choices'>;
  sources: Pick<SourceDirectory, 'listFor'>;
  groups: Pick<GroupDirectory, 'listGroupsFor'>;
  /** How a person is called, for whoever sees what is not their own. */
  ownerName(userId: string): string | undefined;
}

/**
 * What a viewer may look at forecasts of: the house first where several sources add up to it, then groups of which something
 * is forecast, then each source.
 */
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
      label: this.labelFor(viewer, source),
      sources: [source],
      subjects: byQuantity((quantity) => (has(source, quantity) ? [{ sourceId: source.id, quantity }] : [])),
    }));
    const together = (key: string, label: string, sources: readonly Source[], least: number): ForecastChoice[] => {
      const subjects = byQuantity((quantity) => houseSubjects(sources, quantity, (source) => has(source, quantity)));
      const summed = new Set(forecastQuantities.flatMap((one) => subjects[one].map(({ sourceId }) => sourceId)));
      return summed.size < least ? [] : [{ key, label, sources, subjects }];
    };
    const own = ordered.filter(isOwn);
    const groups = this.deps.groups.listGroupsFor(viewer).flatMap((group) =>
      together(
        `group:${group.id}`,
        this.labelFor(viewer, group),
        ordered.filter(({ groupId }) => groupId === group.id),
        1,
      ),
    );
    return [...together('house', 'House', own.length > 0 ? own : ordered, 2), ...groups, ...single];
  }

  /** Two people may both have a "Roof": what is not the viewer's own says whose it is. */
  private labelFor(viewer: Viewer, { name, ownerId }: { name: string; ownerId: string }): string {
    if (ownerId === viewer.userId) return name;
    return `${name} (${this.deps.ownerName(ownerId) ?? 'somebody'})`;
  }
}

const byQuantity = (
  of: (quantity: ForecastQuantity) => ForecastSubject[],
): Record<ForecastQuantity, ForecastSubject[]> => ({ solar: of('solar'), load: of('load') });
