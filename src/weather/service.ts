import type { AccountChange, AccountChanges } from '../accounts/ports.ts';
import type { Clock } from '../core/clock.ts';
import type { SourceChange, SourceDeletionHooks, SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { WeatherPermission } from './access-service.ts';
import type { WeatherArchive } from './archive-service.ts';
import type { WeatherAsking } from './asking-service.ts';
import type { WeatherKnowledge } from './knowledge-service.ts';
import { isSamePoint, pointDegrees, pointOf } from './place.ts';
import type { WeatherPlaces } from './places-service.ts';
import type { DayStore, WeatherPlace, WeatherState } from './ports.ts';
import { dueAt } from './refresh-rules.ts';
import type { WeatherRefresh } from './refresh-service.ts';
import { ageOf } from './weather-state.ts';

export interface WeatherServiceDeps {
  places: WeatherPlaces;
  knowledge: WeatherKnowledge;
  asking: WeatherAsking;
  permission: WeatherPermission;
  refresh: WeatherRefresh;
  archive: WeatherArchive;
  days: Pick<DayStore, 'removeAllOf'>;
  sources: Pick<SourceDirectory, 'byId' | 'all' | 'onChange'>;
  deletion: SourceDeletionHooks;
  accounts: AccountChanges;
  clock: Clock;
}

/** Keeps the weather in step with the sources, and says how it is doing. */
export class WeatherService {
  private readonly known = new Map<string, Source>();
  private readonly endings: (() => void)[] = [];

  constructor(private readonly deps: WeatherServiceDeps) {
    deps.deletion.onDelete(async (sourceId) => this.forget(sourceId));
    deps.permission.onDecision(() => deps.refresh.lookSoon('decision'));
  }

  start(): void {
    const { places, sources, accounts, refresh, knowledge, archive } = this.deps;
    places.load();
    for (const source of sources.all()) {
      places.ensure(source);
      this.known.set(source.id, source);
    }
    this.endings.push(
      sources.onChange((change) => this.follow(change)),
      accounts.onChange((change) => this.heed(change)),
      // Years before now are worth asking for once the service has shown that it answers.
      knowledge.onWeather(({ kind, range }) => {
        if (kind === 'forecast' && range.to - range.from > FIRST_ANSWER_MS) archive.lookSoon('first answer');
      }),
    );
    refresh.lookSoon('start');
  }

  stop(): void {
    for (const end of this.endings.splice(0)) end();
  }

  state(sourceId: string): WeatherState | undefined {
    const source = this.deps.sources.byId(sourceId);
    const place = source && this.deps.places.of(source);
    return source && this.stateOf(source, place);
  }

  private stateOf(source: Source, place: WeatherPlace | undefined): WeatherState {
    const { permission, refresh, asking, clock } = this.deps;
    const access = permission.access();
    const isAutomatic = place !== undefined && refresh.isAutomatic(place);
    const now = clock.now();
    return {
      access,
      isAutomatic,
      isAsking: place !== undefined && asking.isAsking(place.id),
      fetchedAt: place?.fetchedAt ?? null,
      triedAt: place?.triedAt ?? null,
      age: ageOf(place?.fetchedAt ?? null, now),
      trouble: place?.trouble ?? null,
      nextTryAt: place && isAutomatic && access === 'allowed' ? Math.max(now, dueAt(place, now)) : null,
      place: pointDegrees(pointOf(source)),
      elevationM: place?.elevationM ?? null,
    };
  }

  private follow({ kind, source }: SourceChange): void {
    const { places, knowledge, refresh, days } = this.deps;
    const before = this.known.get(source.id);
    if (kind === 'deleted') {
      this.forget(source.id);
      return;
    }
    this.known.set(source.id, source);
    const hasMoved = !before || !isSamePoint(pointOf(before), pointOf(source));
    if (hasMoved) {
      const place = places.ensure(source);
      if (before) this.leave(before);
      days.removeAllOf(source.id);
      knowledge.workOutAllDays(source);
      if (place.fetchedAt === null) refresh.lookSoon(source.id);
    } else if (isOtherCalendar(before, source)) knowledge.workOutAllDays(source);
    if (!hasMoved && source.isActive && !before.isActive) refresh.lookSoon(source.id);
  }

  /** A person who wants it fetched from now on does not wait for the hour. */
  private heed(change: AccountChange): void {
    if (change.kind === 'userChanged') this.deps.refresh.lookSoon(change.userId);
  }

  private forget(sourceId: string): void {
    const source = this.known.get(sourceId);
    this.known.delete(sourceId);
    this.deps.days.removeAllOf(sourceId);
    if (source) this.leave(source);
  }

  private leave(source: Source): void {
    const place = this.deps.places.of(source);
    if (place) this.deps.places.dropIfEmpty(place);
  }
}

/** The first answer of a place brings months before it; later ones days. */
const FIRST_ANSWER_MS = 60 * 86_400_000;

/** Days begin elsewhere, or the sun rises at another second. */
function isOtherCalendar(before: Source, source: Source): boolean {
  return (
    before.timeZone !== source.timeZone || before.latitude !== source.latitude || before.longitude !== source.longitude
  );
}
