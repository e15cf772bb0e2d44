import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { IngestService, SourceMaker, TopicRoute, TopicRouteStore } from '../ports.ts';
import { filterProblem, filterWeight, matchesFilter } from './device-topic.ts';

export interface TopicRoutesDeps {
  store: TopicRouteStore;
  sources: Pick<SourceDirectory, 'byId' | 'findFor'>;
  maker: SourceMaker;
  clock: Clock;
  /** Called when other topics of a source are another one's than before. */
  onChange?: (sourceId: string) => void;
}

/** Which topics are to go where: to a source that is there (`toSourceId`), or to a new one (`''`) with this name and role. */
export interface RouteWish {
  filter: string;
  toSourceId: string;
  name: string;
  role: string;
}

const MOST_ROUTES = 200;
const MOST_TOPICS = 10_000;

interface ActiveRoute extends TopicRoute {
  levels: readonly string[];
}

/**
 * A house's broker, or a login that several devices share, is heard as one source; by routes each of its devices becomes a source of
 * its own. What came before stays where it is. A route is one step: what it leads to is not led on.
 */
export class TopicRoutes {
  /** By the source as which topics are heard, those first that say most. */
  private bySource = new Map<string, ActiveRoute[]>();
  /** Answers for the topics that were used last, by source and topic. */
  private readonly targets = new Map<string, string | null>();

  constructor(private readonly deps: TopicRoutesDeps) {}

  /** Knows again what was stored. */
  load(): void {
    const routes = this.deps.store.all().map((route) => ({ ...route, levels: route.filter.split('/') }));
    routes.sort((a, b) => filterWeight(b.filter) - filterWeight(a.filter));
    this.bySource = Map.groupBy(routes, ({ sourceId }) => sourceId);
    this.targets.clear();
  }

  /** Whose a message is that was heard as `source`'s: another source's, or its own. */
  targetOf(source: Source, topic: string): Source {
    const routes = this.bySource.get(source.id);
    if (routes === undefined) return source;
    const key = `${source.id}\n${topic}`;
    let id = this.targets.get(key);
    if (id === undefined) {
      const levels = topic.split('/');
      id = routes.find((route) => matchesFilter(route.levels, levels))?.toSourceId ?? null;
      if (this.targets.size >= MOST_TOPICS) this.targets.clear();
      this.targets.set(key, id);
    }
    return (id === null ? undefined : this.deps.sources.byId(id)) ?? source;
  }

  /** Routes of the topics that are heard as this source's, in the order in which they were made. */
  of(sourceId: string): TopicRoute[] {
    const routes = (this.bySource.get(sourceId) ?? []).map(({ levels: _, ...route }) => route);
    return routes.toSorted((a, b) => a.createdAt - b.createdAt);
  }

  /** The same for whoever may see the source. */
  view(viewer: Viewer, sourceId: string): Result<TopicRoute[]> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    return found.ok ? ok(this.of(sourceId)) : found;
  }

  /** From now on these topics are another source's. */
  async add(viewer: Viewer, sourceId: string, wish: RouteWish): Promise<Result<TopicRoute>> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const problem = filterProblem(wish.filter);
    if (problem) return refuse('invalid', `Topics ${problem}.`, { field: 'filter' });
    const isNew = this.of(sourceId).every(({ filter }) => filter !== wish.filter);
    if (isNew && this.of(sourceId).length >= MOST_ROUTES)
      return refuse('conflict', `${MOST_ROUTES} devices have a source of their own here, as many as there may be.`);
    const target = await this.targetFor(viewer, found.value, wish);
    if (!target.ok) return target;
    const route = { sourceId, filter: wish.filter, toSourceId: target.value, createdAt: this.deps.clock.now() };
    this.deps.store.save(route);
    this.changed(sourceId);
    return ok(route);
  }

  /** What comes on these topics stays where it is heard again. */
  end(viewer: Viewer, sourceId: string, filter: string): Result<TopicRoute> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const route = this.of(sourceId).find((one) => one.filter === filter);
    if (!route) return refuse('not_found', 'These topics have no source of their own.');
    this.deps.store.remove(sourceId, filter);
    this.changed(sourceId);
    return ok(route);
  }

  /** A source is gone: nothing is led from or to it. */
  forget(sourceId: string): void {
    this.deps.store.forget(sourceId);
    this.load();
  }

  private changed(sourceId: string): void {
    this.load();
    this.deps.onChange?.(sourceId);
  }

  /** Only sources of one owner share what is heard. */
  private async targetFor(viewer: Viewer, source: Source, wish: RouteWish): Promise<Result<string>> {
    if (wish.toSourceId !== '') {
      const found = this.deps.sources.findFor(viewer, wish.toSourceId);
      if (!found.ok) return found;
      return found.value.ownerId === source.ownerId && found.value.id !== source.id
        ? ok(found.value.id)
        : refuse('invalid', 'Choose another source of the same owner.', { field: 'sourceId' });
    }
    if (viewer.userId !== source.ownerId)
      return refuse('forbidden', 'Only its owner can make a new source of a part of it.');
    const made = await this.deps.maker.create(viewer, { name: wish.name, role: wish.role });
    return made.ok ? ok(made.value.id) : made;
  }
}

/** Takes messages for whoever they are by the routes, which its senders know nothing of. */
export function routed(ingest: IngestService, routes: Pick<TopicRoutes, 'targetOf'>): IngestService {
  return {
    receive(heardAs, channel, message, done) {
      const source = heardAs.isActive ? routes.targetOf(heardAs, message.topic) : heardAs;
      // Others behind the same bridge must not be cut off because one of its devices is switched off.
      if (source !== heardAs && !source.isActive) done(null, { accepted: 0, rejected: [] });
      else ingest.receive(source, channel, message, done);
    },
  };
}
