import type { Source } from '../sources/source.ts';
import { isSamePoint, pointOf } from './place.ts';
import type { PlaceStore, WeatherPlace, WeatherPoint } from './ports.ts';

export interface PlacesDeps {
  store: PlaceStore;
  sources: { byId(id: string): Source | undefined; ownedBy(userId: string): readonly Source[] };
}

/** The places whose weather is wanted: those of the sources, each owner's on its own. In memory, equal to the store. */
export class WeatherPlaces {
  private readonly places = new Map<number, WeatherPlace>();

  constructor(private readonly deps: PlacesDeps) {}

  /** Fills the memory; places where no source stands any more go, with their weather. */
  load(): void {
    for (const place of this.deps.store.loadAll()) this.places.set(place.id, place);
    for (const place of this.all()) this.dropIfEmpty(place);
  }

  all(): readonly WeatherPlace[] {
    return [...this.places.values()];
  }

  byId(id: number): WeatherPlace | undefined {
    return this.places.get(id);
  }

  /** Where the source stands; undefined until `ensure` was called for it. */
  of(source: Source): WeatherPlace | undefined {
    return this.at(source.ownerId, pointOf(source));
  }

  /** Where the source stands, as a place that is kept from now on. */
  ensure(source: Source): WeatherPlace {
    const point = pointOf(source);
    const known = this.at(source.ownerId, point);
    if (known) return known;
    const place = this.deps.store.insert(source.ownerId, point);
    this.places.set(place.id, place);
    return place;
  }

  /** The owner's sources there. */
  sourcesAt(place: WeatherPlace): readonly Source[] {
    return this.deps.sources.ownedBy(place.ownerId).filter((source) => isSamePoint(pointOf(source), place));
  }

  /** Keeps how asking went. */
  update(place: WeatherPlace): void {
    if (!this.places.has(place.id)) return;
    this.places.set(place.id, place);
    this.deps.store.update(place);
  }

  /** Forgets a place that no source needs any more. */
  dropIfEmpty(place: WeatherPlace): void {
    if (this.sourcesAt(place).length > 0) return;
    this.places.delete(place.id);
    this.deps.store.remove(place.id);
  }

  private at(ownerId: string, point: WeatherPoint): WeatherPlace | undefined {
    return this.all().find((place) => place.ownerId === ownerId && isSamePoint(place, point));
  }
}
