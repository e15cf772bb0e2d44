import type { Log } from '../../core/log.ts';
import { type DuckdbDatabase, type DuckdbOptions, isInvalidated } from '../../platform/duckdb.ts';
import { Archive } from '../archive/archive.sqlite.ts';
import type { JournalPosition, SourceFacts } from '../ports.ts';
import { openStore } from './opening.duckdb.ts';
import type { DuckdbTelemetryStore } from './store.duckdb.ts';

/** Most memory that the database is given when its budget was too little to go on [MB]. */
const MOST_MEMORY_MB = 256;
const MOST_DOUBLINGS = 4;

export interface RecoveryOptions {
  database: DuckdbOptions;
  /** File of the days that are over. */
  archivePath: string;
  factsOf: (sourceId: string) => SourceFacts;
  now: () => number;
  log: Log;
  /** Called when the database came back with less than it had said it held: the journal must be replayed from `position`. */
  onLost?: (position: JournalPosition) => void;
}

/**
 * Opens the telemetry database anew by itself. After an error in a checkpoint (disk full, out of memory) DuckDB refuses
 * everything until its file is closed and opened again; what was committed is in its log and comes back. Operations
 * are tried again then: all of them may be repeated.
 */
export class ReopeningDatabase {
  /** Why the database must be opened anew; null while it is well. */
  private invalid: Error | null = null;
  private opening: Promise<void> | null = null;
  private readonly running = new Set<Promise<unknown>>();
  private openings = 0;
  private isOpen = true;
  /** Doubled when it was too little: slower neighbours are better than a database that gives up. */
  private memoryLimitMb: number;
  private isClosed = false;

  private constructor(
    private readonly options: RecoveryOptions,
    /** The packed days. */
    readonly archive: Archive,
    private databaseNow: DuckdbDatabase,
    private storeNow: DuckdbTelemetryStore,
  ) {
    this.memoryLimitMb = options.database.memoryLimitMb;
  }

  /** Opens or creates the database and brings its schema up to date. Throws `DamagedDatabaseError` as the database does. */
  static async open(options: RecoveryOptions): Promise<ReopeningDatabase> {
    const archive = Archive.open(options.archivePath, options.now);
    try {
      const { database, store } = await openStore({ ...options, archive });
      return new ReopeningDatabase(options, archive, database, store);
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  /** The store as it is open now; another one after the database was opened anew. */
  store(): DuckdbTelemetryStore {
    return this.storeNow;
  }

  /** The database as it is open now; another one after it was opened anew. */
  database(): DuckdbDatabase {
    return this.databaseNow;
  }

  /** How often the database had to be opened anew. */
  recoveries(): number {
    return this.openings;
  }

  /** Closes as it is, when what is being asked and written is through. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.running);
    await this.shut();
    this.archive.close();
  }

  /** Does something to the store, again once it was opened anew where that is what it takes. Whatever is given may run twice. */
  async use<T>(work: (store: DuckdbTelemetryStore) => Promise<T>, what: 'ask' | 'change' = 'change'): Promise<T> {
    for (let tries = 1; ; tries++) {
      if (this.invalid !== null || this.opening !== null) await this.reopen();
      try {
        const result = await this.tracked(work);
        if (what === 'change') await this.databaseNow.checkpointIfDue();
        return result;
      } catch (error) {
        if (!isReasonToOpenAnew(error, what) || this.isClosed) throw error;
        this.invalid ??= error;
        // Without room on the disk the next change is for later, when there may be some.
        if ((what === 'change' && isForDisk(error)) || tries > (isForMemory(error) ? MOST_DOUBLINGS : 1)) throw error;
      }
    }
  }

  private async tracked<T>(work: (store: DuckdbTelemetryStore) => Promise<T>): Promise<T> {
    const result = work(this.storeNow);
    const ended = result.catch(() => undefined);
    this.running.add(ended);
    try {
      return await result;
    } finally {
      this.running.delete(ended);
    }
  }

  /** Closes and opens the database; those who come meanwhile wait for the same attempt. */
  private reopen(): Promise<void> {
    this.opening ??= this.openAnew().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async openAnew(): Promise<void> {
    const cause = this.invalid;
    if (!cause) return;
    // Closing under a running statement would take its connection away.
    await Promise.all(this.running);
    if (this.isClosed) throw cause;
    this.options.log.warn('the telemetry database must be opened anew', { cause });
    const position = this.storeNow.flushedPosition();
    await this.shut();
    if (isForMemory(cause))
      this.memoryLimitMb = Math.max(this.memoryLimitMb, Math.min(MOST_MEMORY_MB, 2 * this.memoryLimitMb));
    const { database, store } = await openStore({
      ...{ ...this.options, archive: this.archive },
      database: { ...this.options.database, memoryLimitMb: this.memoryLimitMb },
    });
    this.databaseNow = database;
    this.storeNow = store;
    this.isOpen = true;
    this.invalid = null;
    this.openings++;
    this.options.log.info('The telemetry database was opened anew', {
      position: store.flushedPosition(),
      memoryLimitMb: this.memoryLimitMb,
    });
    if (store.flushedPosition() < position) this.options.onLost?.(store.flushedPosition());
  }

  private async shut(): Promise<void> {
    const wasOpen = this.isOpen;
    this.isOpen = false;
    if (wasOpen) await this.storeNow.close();
  }
}

/** A change that found no memory can leave as much behind as one that failed to commit. */
function isReasonToOpenAnew(error: unknown, what: 'ask' | 'change'): error is Error {
  return isInvalidated(error) || (what === 'change' && error instanceof Error && isForMemory(error));
}

function isForDisk(error: Error): boolean {
  return /no space left|disk quota|input\/output error|read-only file system/i.test(error.message);
}

function isForMemory(error: Error): boolean {
  return /out of memory|pin block|allocate|memory limit/i.test(error.message);
}
