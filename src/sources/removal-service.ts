import type { JobDefinition, JobQueue } from '../core/jobs.ts';
import type { ImageStore, SourceDeletionHooks, SourceStore } from './ports.ts';
import type { Source } from './source.ts';

/** Kind of the job that removes what belonged to a deleted source. */
export const REMOVAL_JOB = 'sources.remove';

export interface RemovalDeps {
  store: SourceStore;
  images: ImageStore;
  jobs: JobQueue;
}

/**
 * Takes away everything that a deleted source left: each feature's part first (telemetry, journal, quarantine), then its
 * icon, the row and its prices last, so that a crash half-way is taken up again. Runs as a job: years of readings take time.
 */
export class SourceRemoval implements SourceDeletionHooks {
  private readonly hooks: ((sourceId: string) => Promise<void>)[] = [];
  private readonly pending = new Map<string, Source>();
  private readonly running = new Map<string, Promise<void>>();

  constructor(private readonly deps: RemovalDeps) {}

  onDelete(remove: (sourceId: string) => Promise<void>): void {
    this.hooks.push(remove);
  }

  /** The job's definition, for the job table. */
  job(): JobDefinition {
    return {
      kind: REMOVAL_JOB,
      title: 'Remove the data of a deleted source',
      maxAttempts: 10,
      run: ({ job, progress }) => this.purge(sourceIdOf(job.payload), progress),
    };
  }

  /** Notes a source that is marked as deleted, and queues its removal. */
  condemn(source: Source): void {
    this.note(source);
    this.deps.jobs.enqueue(REMOVAL_JOB, {
      payload: { sourceId: source.id },
      dedupeKey: `${REMOVAL_JOB}:${source.id}`,
      ownerId: source.ownerId,
    });
  }

  /** Notes it without a job, for a caller that removes at once. */
  note(source: Source): void {
    this.pending.set(source.id, source);
  }

  /** Sources of this owner that still wait for their removal. */
  waitingOf(ownerId: string): readonly Source[] {
    return [...this.pending.values()].filter((source) => source.ownerId === ownerId);
  }

  /** Icons that must stay until their source is removed. */
  iconsInUse(): readonly string[] {
    return [...this.pending.values()].flatMap((source) => source.iconFile ?? []);
  }

  /** Removes everything; a second call for the same source waits for the first. */
  purge(sourceId: string, progress: (share: number, text?: string) => void = () => undefined): Promise<void> {
    const already = this.running.get(sourceId);
    if (already !== undefined) return already;
    const work = this.purgeNow(sourceId, progress).finally(() => this.running.delete(sourceId));
    this.running.set(sourceId, work);
    return work;
  }

  private async purgeNow(sourceId: string, progress: (share: number, text?: string) => void): Promise<void> {
    const source = this.pending.get(sourceId);
    if (!source) return;
    for (const [i, remove] of this.hooks.entries()) {
      progress(i / (this.hooks.length + 1), 'Removing its readings');
      await remove(sourceId);
    }
    if (source.iconFile) await this.deps.images.remove(source.iconFile);
    this.deps.store.remove(sourceId);
    this.pending.delete(sourceId);
    progress(1, 'Removed');
  }
}

function sourceIdOf(payload: unknown): string {
  const id = (payload as { sourceId?: unknown } | null)?.sourceId;
  if (typeof id !== 'string') throw new Error('the job names no source');
  return id;
}
