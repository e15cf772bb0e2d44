import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import { type Source, type SourceRole, sourceRoles } from '../sources/source.ts';
import { filterProblem } from './device-topic.ts';
import type { Dialect, DialectContext } from './dialect.ts';
import { HEARD_MS, Heard, type HeardDevice } from './heard.ts';
import { type Inbox, understand } from './inbox-service.ts';
import { MessageView } from './message-view.ts';
import type { Claim, Journal, Quarantine, SourceMaker } from './ports.ts';

export interface DiscoveryDeps {
  inbox: Inbox;
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

const NEWEST = 60;
const MOST_SOURCES = 12;
const MOST_PROBLEMS = 10;
const KEPT_MS = 3000;

/**
 * What is being heard now. Devices without a login are shown to Overseers only: until they are claimed they are nobody's,
 * and what a house uses when tells much about those who live in it. Everybody sees what their own sources send.
 */
export class Discovery {
  private readonly lately = new Map<string, { at: number; heard: Promise<HeardSource> }>();

  constructor(private readonly deps: DiscoveryDeps) {}

  async heardNow(viewer: Viewer): Promise<Heardness> {
    const { inbox, sources, clock, isOpen } = this.deps;
    const now = clock.now();
    const visible = sources.listFor(viewer);
    const isOverseer = viewer.role === 'overseer';
    const own = await Promise.all(this.active(visible, now).map((source) => this.heardOf(source, now)));
    return {
      isOpen,
      unclaimed: isOverseer ? inbox.devices(now - HEARD_MS) : null,
      claims: isOverseer ? this.claims() : [],
      own: own.filter((one) => one.devices.length > 0 || one.problems.length > 0),
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
    const { inbox, maker } = this.deps;
    const problem = filterProblem(wish.filter);
    if (problem) return refuse('invalid', `Topics ${problem}.`, { field: 'filter' });
    let { sourceId } = wish;
    if (sourceId === '') {
      if (viewer.role !== 'overseer')
        return refuse('forbidden', 'Only an Overseer may claim devices that have no login.');
      const role = sourceRoles.find((one) => one === wish.role) ?? ('system' satisfies SourceRole);
      const made = await maker.create(viewer, { name: wish.name, role });
      if (!made.ok) return made;
      sourceId = made.value.id;
    }
    return inbox.claim(viewer, wish.filter, sourceId);
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
    return this.deps.inbox.replay(viewer, filter);
  }

  release(viewer: Viewer, filter: string): Result<Claim> {
    return this.deps.inbox.release(viewer, filter);
  }

  private claims(): { claim: Claim; source: Source }[] {
    return this.deps.inbox.allClaims().flatMap((claim) => {
      const source = this.deps.sources.byId(claim.sourceId);
      return source ? [{ claim, source }] : [];
    });
  }

  /** Looking for the messages of a source that is silent would mean to read far back. */
  private active(sources: readonly Source[], now: number): Source[] {
    const since = now - HEARD_MS;
    const lastAt = (source: Source) =>
      Math.max(
        this.deps.lastReadingAt(source.id) ?? 0,
        this.deps.quarantine.newestOf(source.id, 1)[0]?.receivedAt ?? 0,
      );
    return sources.filter((source) => source.isActive && lastAt(source) >= since).slice(0, MOST_SOURCES);
  }

  /** Several people who look at once cost one look. */
  private heardOf(source: Source, now: number): Promise<HeardSource> {
    const before = this.lately.get(source.id);
    if (before && now - before.at < KEPT_MS) return before.heard;
    const heard = this.listen(source, now - HEARD_MS);
    if (this.lately.size > 1000) this.lately.clear();
    this.lately.set(source.id, { at: now, heard });
    heard.catch(() => this.lately.delete(source.id));
    return heard;
  }

  private async listen(source: Source, since: number): Promise<HeardSource> {
    const { journal, quarantine, contextOf, dialectsOf } = this.deps;
    const records = (await journal.newestOf(source.id, NEWEST)).filter((r) => r.receivedAt >= since);
    const heard = new Heard();
    const context = contextOf(source);
    for (const record of records.reverse())
      heard.note(record, understand(new MessageView(record), context, dialectsOf(source)));
    const problems = quarantine
      .newestOf(source.id, MOST_PROBLEMS)
      .map(({ topic, reason, count, receivedAt }) => ({ topic, reason, count, receivedAt }));
    return { source, devices: heard.since(0), problems };
  }
}
