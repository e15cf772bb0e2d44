import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { hasPassed, hours, minutes } from '../../core/durations.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { Dialect, DialectContext } from '../dialect.ts';
import type { TopicClaims } from '../inbox/claims-service.ts';
import { type Inbox, inboxLimits } from '../inbox/inbox-service.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { MessageView } from '../payload/message-view.ts';
import type { Claim, Journal, Quarantine, SourceMaker } from '../ports.ts';
import { understand } from '../understand.ts';
import { DeviceGroups } from './device-groups.ts';
import { filterProblem } from './device-topic.ts';
import { Heard, type HeardDevice } from './heard.ts';
import type { TopicRoutes } from './topic-routes-service.ts';

export interface DiscoveryDeps {
  inbox: Inbox;
  claims: TopicClaims;
  routes: TopicRoutes;
  journal: Pick<Journal, 'newestOf'>;
  quarantine: Quarantine;
  sources: SourceDirectory;
  /** The dialects of a source, the surest first, and what is known of its devices. */
  contextOf(source: Source): DialectContext;
  dialectsOf(source: Source): readonly Dialect[];
  /** When a source last sent a reading, ms UTC. */
  lastReadingAt(sourceId: string): number | null;
  maker: SourceMaker;
  isOpen: boolean;
  clock: Clock;
}

/** Why a message of a source was not wholly understood. */
export interface NotUnderstood {
  topic: string;
  reason: string;
  count: number;
  receivedAt: number;
}

export interface HeardSource {
  source: Source;
  devices: HeardDevice[];
  problems: NotUnderstood[];
  /** Topics that are heard here and are other sources'. */
  routes: { filter: string; target: Source }[];
}

export interface Heardness {
  /** True while clients of the private network need no login. */
  isOpen: boolean;
  /** Devices that nobody claimed; null for whoever may not see them. */
  unclaimed: HeardDevice[] | null;
  claims: { claim: Claim; source: Source }[];
  own: HeardSource[];
  /** Sources that a device may be added to. */
  sources: readonly Source[];
  now: number;
}

/** Behind a house's broker many devices speak. */
const NEWEST = 400;
const MOST_SOURCES = 12;
const MOST_PROBLEMS = 10;
/** A source that sent within so long is shown with what it sent: many devices speak once an hour. */
const OWN_MS = hours(24);
/** So long one look serves all who look; a source that sent nothing since is looked at no oftener than the second. */
const KEPT_MS = 3000;
const KEPT_SILENT_MS = minutes(1);

type Listened = Omit<HeardSource, 'routes'>;

/** What a look at a source found. */
interface Look {
  at: number;
  /** The newest that was known of it then, ms UTC. */
  newestAt: number;
  heard: Promise<Listened>;
}

/**
 * What is heard: all that waits, however seldom it speaks, and what one's own sources sent of late. Devices without a login are shown to Overseers only: until they are claimed they are nobody's,
 * and what a house uses when tells much about those who live in it. Everybody sees what their own sources send.
 */
export class Discovery {
  private readonly lately = new Map<string, Look>();

  constructor(private readonly deps: DiscoveryDeps) {}

  async heardNow(viewer: Viewer): Promise<Heardness> {
    const { inbox, sources, clock, isOpen } = this.deps;
    const now = clock.now();
    const visible = sources.listFor(viewer);
    const isOverseer = viewer.role === 'overseer';
    const own = await Promise.all(this.active(visible, now).map((source) => this.heardOf(source, now)));
    const withRoutes = own.map((one) => ({ ...one, routes: this.routesOf(one.source) }));
    return {
      isOpen,
      unclaimed: isOverseer ? inbox.devices(now - inboxLimits.ageMs) : null,
      claims: isOverseer ? this.claims() : [],
      own: withRoutes.filter((one) => one.devices.length > 0 || one.problems.length > 0 || one.routes.length > 0),
      sources: visible,
      now,
    };
  }

  /** A device that waits, by its topics; an Overseer may also choose older ones than those of the list. */
  device(viewer: Viewer, filter: string): Result<HeardDevice> {
    const found = this.waiting(viewer).find((device) => device.filter === filter);
    return found ? ok(found) : refuse('not_found', 'Nothing is heard there any more, or it was added already.');
  }

  /** Makes the device a new source, or a part of one that is there. */
  async add(
    viewer: Viewer,
    wish: { filter: string; sourceId: string; name: string; role: string },
  ): Promise<Result<Claim>> {
    const { claims, maker } = this.deps;
    const problem = filterProblem(wish.filter);
    if (problem) return refuse('invalid', `Topics ${problem}.`, { field: 'filter' });
    let { sourceId } = wish;
    if (sourceId === '') {
      if (viewer.role !== 'overseer')
        return refuse('forbidden', 'Only an Overseer may claim devices that have no login.');
      const made = await maker.create(viewer, { name: wish.name, role: wish.role });
      if (!made.ok) return made;
      sourceId = made.value.id;
    }
    return claims.claim(viewer, wish.filter, sourceId);
  }

  /** Devices of which messages are kept and that nobody claimed; none for whoever may not see them. */
  waiting(viewer: Viewer): HeardDevice[] {
    return viewer.role === 'overseer' ? this.deps.inbox.devices(0) : [];
  }

  claimsFor(viewer: Viewer): Claim[] {
    return viewer.role === 'overseer' ? this.claims().map(({ claim }) => claim) : [];
  }

  dismiss(viewer: Viewer, filter: string): Promise<Result<null>> {
    return this.deps.inbox.dismiss(viewer, filter);
  }

  replay(viewer: Viewer, filter: string): Result<Claim> {
    return this.deps.claims.replay(viewer, filter);
  }

  release(viewer: Viewer, filter: string): Result<Claim> {
    return this.deps.claims.release(viewer, filter);
  }

  /** A device that is heard as a part of a source (null while it is not), and the sources that it may be a part of instead. */
  async part(
    viewer: Viewer,
    sourceId: string,
    filter: string,
  ): Promise<Result<{ source: Source; device: HeardDevice | null; others: Source[] }>> {
    const { sources, clock } = this.deps;
    const found = sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const source = found.value;
    const { devices } = await this.heardOf(source, clock.now());
    const others = sources.ownedBy(source.ownerId).filter(({ id }) => id !== source.id);
    return ok({ source, device: devices.find((one) => one.filter === filter) ?? null, others });
  }

  /** Other topics of a source count as its own than before. */
  lookAnew(sourceId: string): void {
    this.lately.delete(sourceId);
  }

  private routesOf(source: Source): HeardSource['routes'] {
    return this.deps.routes.of(source.id).flatMap(({ filter, toSourceId }) => {
      const target = this.deps.sources.byId(toSourceId);
      return target ? [{ filter, target }] : [];
    });
  }

  private claims(): { claim: Claim; source: Source }[] {
    return this.deps.claims.all().flatMap((claim) => {
      const source = this.deps.sources.byId(claim.sourceId);
      return source ? [{ claim, source }] : [];
    });
  }

  /** Of many sources those that were heard last, in the order in which they are listed. */
  private active(sources: readonly Source[], now: number): Source[] {
    const times = new Map(sources.filter((one) => one.isActive).map((one) => [one.id, this.newestAt(one)]));
    const newest = [...times.values()].sort((a, b) => b - a)[MOST_SOURCES - 1] ?? 0;
    const since = Math.max(now - OWN_MS, newest);
    return sources.filter(({ id }) => (times.get(id) ?? 0) >= since).slice(0, MOST_SOURCES);
  }

  /** When a source was heard last, as far as that is known without reading what it sent. */
  private newestAt({ id }: Source): number {
    const { lastReadingAt, quarantine } = this.deps;
    return Math.max(lastReadingAt(id) ?? 0, quarantine.newestOf(id, 1)[0]?.receivedAt ?? 0);
  }

  /** Several people who look at once cost one look; to find what a silent source sent means to read far back. */
  private heardOf(source: Source, now: number): Promise<Listened> {
    const before = this.lately.get(source.id);
    const newestAt = this.newestAt(source);
    const keptMs = before?.newestAt === newestAt ? KEPT_SILENT_MS : KEPT_MS;
    if (before && !hasPassed(before.at, keptMs, now)) return before.heard;
    const heard = this.listen(source, now - OWN_MS);
    if (this.lately.size > 1000) this.lately.clear();
    this.lately.set(source.id, { at: now, newestAt, heard });
    heard.catch(() => this.lately.delete(source.id));
    return heard;
  }

  private async listen(source: Source, since: number): Promise<Listened> {
    const { journal, quarantine, contextOf, dialectsOf, routes } = this.deps;
    const records = (await journal.newestOf(source.id, NEWEST)).filter(
      ({ receivedAt, topic }) => receivedAt >= since && routes.targetOf(source, topic) === source,
    );
    const views = records.reverse().map((record) => new MessageView(record));
    const groups = new DeviceGroups();
    // What is one device shows in what each message says alone: a source lets parts be silent where it knows the whole.
    for (const view of views)
      groups.hear(
        view,
        understand(view, { timeZone: source.timeZone, memory: new DialectMemory() }, dialectsOf(source)),
      );
    const heard = new Heard(groups);
    const context = contextOf(source);
    for (const view of views) heard.note(view, understand(view, context, dialectsOf(source)));
    const problems = quarantine
      .newestOf(source.id, MOST_PROBLEMS)
      .map(({ topic, reason, count, receivedAt }) => ({ topic, reason, count, receivedAt }));
    return { source, devices: heard.since(0), problems };
  }
}
