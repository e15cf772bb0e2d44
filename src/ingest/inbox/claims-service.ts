import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { minutes } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import { filterProblem, filterWeight, matchesFilter } from '../discovery/device-topic.ts';
import { inTrueTime } from '../payload/held-time.ts';
import {
  type Claim,
  type ClaimStore,
  IngestRefusal,
  type IngestService,
  type Journal,
  type JournalRecord,
} from '../ports.ts';

export interface ClaimsDeps {
  /** Where the inbox keeps what nobody claimed yet. */
  journal: Pick<Journal, 'commit' | 'replay'>;
  store: ClaimStore;
  sources: Pick<SourceDirectory, 'byId' | 'findFor'>;
  ingest: IngestService;
  clock: Clock;
  log: Log;
  /** Called when other topics are claimed than before. */
  onChange: () => void;
}

const MOST_IN_FLIGHT = 500;
const MOST_CLAIMS = 500;
const MOST_TOPICS = 10_000;
const RETRY_MS = minutes(1);

interface ActiveClaim extends Claim {
  levels: readonly string[];
}

/**
 * Whose the topics of clients without a login are. When an Overseer claims some of them, what the inbox kept of them reaches
 * the source at its own time of arrival, and later messages flow there.
 */
export class TopicClaims {
  private claims: ActiveClaim[] = [];
  /** Answers for the topics that were used last. */
  private readonly owners = new Map<string, ActiveClaim | null>();
  private work: Promise<unknown> = Promise.resolve();
  private retry: ReturnType<typeof setTimeout> | null = null;
  private isStopped = false;

  constructor(private readonly deps: ClaimsDeps) {}

  /** Knows again what was claimed before. */
  load(): void {
    this.isStopped = false;
    this.take(this.deps.store.all());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.retry) clearTimeout(this.retry);
    await this.work;
  }

  all(): readonly Claim[] {
    return this.claims;
  }

  isClaimed(topic: string): boolean {
    return this.claimOf(topic) !== undefined;
  }

  /** Whose the topic is; undefined while nobody claimed it, or older messages are still on their way. */
  sourceOf(topic: string): Source | undefined {
    const claim = this.claimOf(topic);
    return claim?.isReplayed ? this.deps.sources.byId(claim.sourceId) : undefined;
  }

  /** From now on the topics are this source's, and what was kept of them follows in its own place in time. */
  claim(viewer: Viewer, filter: string, sourceId: string): Result<Claim> {
    if (viewer.role !== 'overseer')
      return refuse('forbidden', 'Only an Overseer may claim devices that have no login.');
    const problem = filterProblem(filter);
    if (problem) return refuse('invalid', `Topics ${problem}.`, { field: 'filter' });
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const other = this.claims.find((claim) => claim.filter === filter);
    if (other && other.sourceId !== sourceId)
      return refuse('conflict', 'These topics belong to another source already.', { field: 'filter' });
    if (!other && this.claims.length >= MOST_CLAIMS)
      return refuse('conflict', `There are ${MOST_CLAIMS} claims, as many as there may be.`);
    const claim = { filter, sourceId, createdAt: this.deps.clock.now(), isReplayed: false };
    this.deps.store.save(claim);
    this.take(this.deps.store.all());
    this.handOverAll();
    return ok(claim);
  }

  /** Ends a claim: what comes later waits in the inbox again. */
  release(viewer: Viewer, filter: string): Result<Claim> {
    const claim = this.claims.find((one) => one.filter === filter);
    if (!claim || viewer.role !== 'overseer') return refuse('not_found', 'There is no such claim.');
    this.deps.store.remove(filter);
    this.take(this.deps.store.all());
    return ok(claim);
  }

  /** Hands what is kept of a claim's topics to its source once more; what was there already is the same reading. */
  replay(viewer: Viewer, filter: string): Result<Claim> {
    const claim = this.claims.find((one) => one.filter === filter);
    if (!claim || viewer.role !== 'overseer') return refuse('not_found', 'There is no such claim.');
    const again = { filter, sourceId: claim.sourceId, createdAt: claim.createdAt, isReplayed: false };
    this.deps.store.save(again);
    this.take(this.deps.store.all());
    this.handOverAll();
    return ok(again);
  }

  /** The source is gone: its topics are nobody's again. */
  forget(sourceId: string): void {
    this.deps.store.forget(sourceId);
    this.take(this.deps.store.all());
  }

  /** Resolves once no claim is on its way; for tests. */
  async settled(): Promise<void> {
    await this.work;
  }

  private take(claims: readonly Claim[]): void {
    this.claims = claims
      .filter((claim) => this.deps.sources.byId(claim.sourceId) !== undefined)
      .map((claim) => ({ ...claim, levels: claim.filter.split('/') }))
      .sort((a, b) => filterWeight(b.filter) - filterWeight(a.filter));
    this.owners.clear();
    this.deps.onChange();
  }

  private claimOf(topic: string): ActiveClaim | undefined {
    let claim = this.owners.get(topic);
    if (claim === undefined) {
      const levels = topic.split('/');
      claim = this.claims.find((one) => matchesFilter(one.levels, levels)) ?? null;
      if (this.owners.size >= MOST_TOPICS) this.owners.clear();
      this.owners.set(topic, claim);
    }
    return claim ?? undefined;
  }

  /** Claims whose older messages did not all arrive yet go on. */
  handOverAll(): void {
    this.work = this.work.then(async () => {
      for (const claim of this.claims.filter((one) => !one.isReplayed)) {
        if (this.isStopped) return;
        await this.finish(claim).catch((cause: unknown) => {
          this.deps.log.error('Kept messages could not be brought to their source; they follow', { cause });
          if (!this.isStopped) this.retry = setTimeout(() => this.handOverAll(), RETRY_MS);
        });
      }
    });
  }

  /**
   * Until the end of the inbox is reached, new messages go on waiting behind the old ones, so that they arrive in order;
   * a last look takes those that were on their way to the disk when the claim began to count.
   */
  private async finish(claim: ActiveClaim): Promise<void> {
    const { journal } = this.deps;
    let at = 0;
    for (let next = -1; next !== at; ) {
      await journal.commit();
      at = Math.max(next, 0);
      next = await this.handOver(claim, at);
    }
    const isStill = this.claims.some((one) => one.filter === claim.filter && one.sourceId === claim.sourceId);
    if (!isStill) return;
    this.deps.store.save({ ...claim, isReplayed: true });
    this.take(this.deps.store.all());
    await journal.commit();
    await this.handOver(claim, at);
  }

  private async handOver(claim: ActiveClaim, after: number): Promise<number> {
    const source = this.deps.sources.byId(claim.sourceId);
    let flying: Promise<void>[] = [];
    const end = await this.deps.journal.replay(after, (record) => {
      const isMeant = this.claimOf(record.topic)?.filter === claim.filter || announces(record, claim.filter);
      if (!source || !isMeant) return undefined;
      flying.push(this.hand(source, record));
      if (flying.length < MOST_IN_FLIGHT) return undefined;
      const landed = Promise.all(flying);
      flying = [];
      return landed;
    });
    await Promise.all(flying);
    return end;
  }

  private hand(source: Source, record: JournalRecord): Promise<void> {
    // Who knows no time yet leaves the stamp as it is: the source's journal moves it later.
    const { topic, receivedAt, isRetained } = inTrueTime(record, this.deps.clock) ?? record;
    const message = { topic, payload: record.payload.slice(), receivedAt, isRetained };
    return new Promise((resolve, reject) => {
      this.deps.ingest.receive(source, 'mqtt', message, (error) => {
        // A source that was switched off meanwhile takes nothing, and wants nothing later.
        if (error && !(error instanceof IngestRefusal && error.reason === 'inactive')) reject(error);
        else resolve();
      });
    });
  }
}

/** A device's announcement (Home Assistant discovery) stands elsewhere, and names the topics that it is about. */
function announces({ topic, payload }: JournalRecord, filter: string): boolean {
  const base = filter.replace(/\/#$/, '');
  if (!topic.endsWith('/config') || base.includes('+')) return false;
  return new TextDecoder().decode(payload).includes(base);
}
