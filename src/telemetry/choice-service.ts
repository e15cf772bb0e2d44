import type { Viewer } from '../accounts/viewer.ts';
import type { GroupDirectory, SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { type HouseScope, houseZone } from './house/house.ts';

/** What a page shows: the house, one group, or one source. */
export interface Choice {
  /** `house`, `group:<id>` or `source:<id>`. */
  key: string;
  label: string;
  sources: readonly Source[];
}

/** The same for what was, with how it is added up. */
export interface PastChoice extends Choice {
  scope: HouseScope;
}

/** The same for what is now. */
export interface NowChoice extends PastChoice {
  /** How the energy of today is added up: a source that was switched off meanwhile did its part before. */
  today: HouseScope;
}

export interface ChoicesDeps {
  sources: Pick<SourceDirectory, 'listFor'>;
  groups: Pick<GroupDirectory, 'listGroupsFor'>;
  /** How a person is called, for whoever sees what is not their own. */
  ownerName?(userId: string): string | undefined;
  /** The zone of the place where the appliance stands; null while nobody said. */
  siteZone?(): string | null;
}

/** What a viewer may look at: the house first, then groups that hold something, then single sources. */
export class Choices {
  constructor(private readonly deps: ChoicesDeps) {}

  /** Of what reports now: sources that are switched off are left out. */
  now(viewer: Viewer): NowChoice[] {
    const all = this.deps.sources.listFor(viewer);
    const past = new Map(this.among(viewer, all).map((choice) => [choice.key, this.scopeOf(choice)]));
    const active = all.filter((source) => source.isActive);
    return this.among(viewer, active).map((choice) => {
      const scope = this.scopeOf(choice);
      return { ...choice, scope, today: past.get(choice.key) ?? scope };
    });
  }

  /** Of what was measured: a source that is switched off did its part before. */
  past(viewer: Viewer): PastChoice[] {
    return this.among(viewer, this.deps.sources.listFor(viewer)).map((choice) => ({
      ...choice,
      scope: this.scopeOf(choice),
    }));
  }

  /** How the sources of a choice are added up. One that is looked at alone shows all that it measures, whatever its role. */
  private scopeOf({ key, sources }: Choice): HouseScope {
    const isAlone = key.startsWith('source:');
    return {
      sources: sources.map(({ id, role, isActive }) => ({ id, role: isAlone ? 'system' : role, isActive })),
      timeZone: houseZone(
        sources.map((source) => source.timeZone),
        isAlone ? null : (this.deps.siteZone?.() ?? null),
      ),
    };
  }

  private among(viewer: Viewer, all: readonly Source[]): Choice[] {
    const own = all.filter((source) => source.ownerId === viewer.userId);
    const house = own.length > 0 ? own : all;
    const groups = this.deps.groups.listGroupsFor(viewer).flatMap((group) => {
      const members = all.filter((source) => source.groupId === group.id);
      return members.length > 0
        ? [{ key: `group:${group.id}`, label: this.labelFor(viewer, group), sources: members }]
        : [];
    });
    const single = all.map((source) => {
      const label = this.labelFor(viewer, source);
      return {
        key: `source:${source.id}`,
        label: source.isActive ? label : `${label}, switched off`,
        sources: [source],
      };
    });
    return [{ key: 'house', label: 'House', sources: house }, ...groups, ...single];
  }

  /** Two people may both have a "Roof": what is not the viewer's own says whose it is. */
  private labelFor(viewer: Viewer, { name, ownerId }: { name: string; ownerId: string }): string {
    if (ownerId === viewer.userId) return name;
    return `${name} (${this.deps.ownerName?.(ownerId) ?? 'somebody else’s'})`;
  }
}
