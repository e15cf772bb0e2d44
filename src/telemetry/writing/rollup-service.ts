import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { firstLineOf } from '../first-line.ts';
import type { TelemetryStore } from '../ports.ts';
import { RollupQueue } from './rollup-queue.ts';

export interface RollupDeps {
  store: Pick<TelemetryStore, 'rollUp'>;
  clock: Clock;
  log: Log;
  /** Called when a source has more to do than one pass: whatever waits has its turn first. */
  onRest: () => void;
}

/** Brings books and rollups of sources up to date after their readings were written. Called in the writers' turn. */
export class RollupService {
  /** Sources with rows in the database that rollups were not asked about yet. */
  private readonly queue = new RollupQueue();
  /** Those of them in which readings came behind others, or whose books may be behind. */
  private readonly unsettled = new Set<string>();

  constructor(private readonly deps: RollupDeps) {}

  /** Readings followed those that are there. */
  follow(sourceId: string): void {
    this.queue.add(sourceId);
  }

  /** What is booked already may be otherwise: whoever asks for energy waits for it. */
  unsettle(sourceId: string): void {
    this.queue.add(sourceId);
    this.unsettled.add(sourceId);
  }

  /** True while energy of the source may be otherwise than its readings say, and it is worth waiting for. */
  isUnsettled(sourceId: string): boolean {
    return this.unsettled.has(sourceId) && this.queue.isDue(sourceId, this.deps.clock.now());
  }

  /** One pass of everything that is due. */
  async passAll(): Promise<void> {
    for (const sourceId of this.queue.due(this.deps.clock.now())) await this.pass(sourceId);
  }

  /** One pass of a source. What fails is tried again later. */
  async pass(sourceId: string): Promise<void> {
    const { store, clock, log, onRest } = this.deps;
    try {
      if (await store.rollUp(sourceId)) this.forget(sourceId);
      else onRest();
    } catch (error) {
      const retryInMs = this.queue.failed(sourceId, firstLineOf(error), clock.now());
      log.error('rollups could not be written; they are tried again', { error, sourceId, retryInMs });
    }
  }

  /** Why rollups of a source keep failing, or null; the readings themselves are stored. */
  problem(): string | null {
    return this.queue.problem();
  }

  /** Nothing is left to do for a source, or it is gone. */
  forget(sourceId: string): void {
    this.queue.done(sourceId);
    this.unsettled.delete(sourceId);
  }
}
