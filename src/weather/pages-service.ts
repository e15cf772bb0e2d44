import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { WeatherPermission } from './access-service.ts';
import { HOUR_MS } from './hours.ts';
import { pointKey, pointOf } from './place.ts';
import type { WeatherReader, WeatherState } from './ports.ts';
import type { Supplier } from './supplier.ts';
import type { WeatherChoice, WeatherFrame } from './weather-frame.ts';
import { buildWeatherView, daysShown, hoursShown, type WeatherView } from './weather-view.ts';

export interface WeatherPagesDeps {
  reader: WeatherReader;
  permission: WeatherPermission;
  supplier: Supplier;
  sources: Pick<SourceDirectory, 'listFor'>;
  clock: Clock;
  /** How a person is called, for whoever sees what is not their own. */
  ownerName(userId: string): string | undefined;
}

/** Gathers what the Weather page shows. */
export class WeatherPages {
  constructor(private readonly deps: WeatherPagesDeps) {}

  /** One choice for each weather that the viewer may see; the viewer's own first. */
  choices(viewer: Viewer): WeatherChoice[] {
    const all = this.deps.sources.listFor(viewer);
    const isOwn = (source: Source) => source.ownerId === viewer.userId;
    const groups = Map.groupBy([...all.filter(isOwn), ...all.filter((source) => !isOwn(source))], (source) =>
      [source.ownerId, pointKey(pointOf(source)), source.timeZone].join(' '),
    );
    return [...groups.values()].map((sources) => ({
      key: `source:${sources[0]?.id}`,
      label: this.label(viewer, sources),
      sources,
    }));
  }

  /** The page for `show` (`source:<id>`; the first when left out); undefined when there is no such choice. */
  frame(viewer: Viewer, show: string | undefined): WeatherFrame | undefined {
    const choices = this.choices(viewer);
    const choice = choices.find((one) => isChosen(one, show));
    const source = choice?.sources[0];
    const state = source && this.deps.reader.state(source.id);
    if (!choice || !source || !state) return undefined;
    const { permission, supplier, clock } = this.deps;
    const now = clock.now();
    const mayDecide = viewer.role === 'overseer' && permission.isForPeople();
    const unit = viewer.temperatureUnit;
    const view = this.view(source, state, unit, now);
    return { choices, choice, source, state, view, supplier, mayDecide, unit, now };
  }

  private view(source: Source, state: WeatherState, unit: Viewer['temperatureUnit'], now: number): WeatherView {
    const { reader } = this.deps;
    const { from, to } = hoursShown(now, source.timeZone);
    return buildWeatherView({
      ...{ now, state, unit },
      place: { ...source, elevationM: state.elevationM },
      daily: reader.daily(source.id, daysShown(now, source.timeZone)),
      hourly: reader.hourly(source.id, { from, to: to + HOUR_MS }),
    });
  }

  private label(viewer: Viewer, sources: readonly Source[]): string {
    const [first, second, ...rest] = sources.map((source) => source.name);
    const names = rest.length > 0 ? `${first} and ${rest.length + 1} more` : [first, second].filter(Boolean).join(', ');
    const owner = sources[0]?.ownerId ?? '';
    return owner === viewer.userId ? names : `${names} (${this.deps.ownerName(owner) ?? 'somebody'})`;
  }
}

function isChosen({ sources }: WeatherChoice, show: string | undefined): boolean {
  return show === undefined || show === '' || sources.some((source) => `source:${source.id}` === show);
}
