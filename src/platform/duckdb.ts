import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ROW_GROUP_ROWS } from '../telemetry/store/row-group.ts';
import { CATALOG, DuckdbConnection } from './duckdb-connection.ts';
import { saveBlocks } from './duckdb-guard.ts';
import { failPoint } from './fail-points.ts';
import { syncPath } from './whole-file.ts';

/**
 * Opens the telemetry database within its memory budget, and makes its checkpoints. The package is known here and in
 * `duckdb-connection.ts` and `duckdb-columns.ts` alone.
 */

export interface DuckdbOptions {
  path: string;
  /** Memory that DuckDB may use [MB]; what does not fit goes to `tempDir`. */
  memoryLimitMb: number;
  tempDir: string;
}

/** The telemetry file cannot be read. It is left exactly as it is. */
export class DamagedDatabaseError extends Error {
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    super(
      `The telemetry database ${path} cannot be read: ${why}. It was left untouched. Restore a backup, or move the file away to begin a new one.`,
      { cause },
    );
    this.name = 'DamagedDatabaseError';
  }
}

/**
 * True if the database must be closed and opened again: it refuses everything after an error in a checkpoint (no space
 * left, out of memory) or inside DuckDB, and a commit that failed can leave the tables in memory out of step ("misaligned
 * count" at the next checkpoint; seen with too little memory). What was committed is in its log and comes back.
 */
export function isInvalidated(error: unknown): error is Error {
  return (
    error instanceof Error &&
    /has been invalidated|Failed to commit|transaction is aborted|Corrupted in-memory|^(FATAL|INTERNAL) Error/.test(
      error.message,
    )
  );
}

/**
 * DuckDB holds at least one block for each column that is being written to; its usual 256 kB would make that 45 MB for
 * the two wide tables, which then spill. Below 64 kB it no longer packs integers (tried: times took 8 bytes each).
 */
const BLOCK_BYTES = 65_536;
/**
 * Written to the log before it moves into the file. Larger means fewer checkpoints, each of which writes the table's
 * last, half-full row group anew; 16 MB is about two hours of ten devices at one reading a second.
 */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
/** How often a checkpoint is asked for while others write, and the wait between. */
const CHECKPOINT_TRIES = 50;
const CHECKPOINT_WAIT_MS = 100;

/** An open telemetry database. Ampra's process is its only writer. */
export class DuckdbDatabase {
  private turn: Promise<unknown> = Promise.resolve();
  private isHeld = false;

  private constructor(
    readonly path: string,
    private readonly instance: DuckDBInstance,
  ) {}

  /** Opens or creates. Throws `DamagedDatabaseError` when a file is there that DuckDB cannot read. */
  static async open(options: DuckdbOptions): Promise<DuckdbDatabase> {
    mkdirSync(options.tempDir, { recursive: true });
    const existed = existsSync(options.path) && statSync(options.path).size > 0;
    try {
      const instance = await DuckDBInstance.create(':memory:', {
        memory_limit: `${options.memoryLimitMb}MB`,
        threads: '2',
        temp_directory: options.tempDir,
        // Checkpoints are made here alone, after what they may tear was saved.
        checkpoint_threshold: '1TB',
        preserve_insertion_order: 'false',
        // Else what was freed stays with the allocator until something else is asked for.
        allocator_background_threads: 'true',
        // Nothing is fetched from the network, ever.
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
      const connection = await instance.connect();
      if (!existed) await createWhole(connection, options.path);
      await connection.run('PRAGMA disable_checkpoint_on_shutdown');
      await connection.run(attach(options.path, CATALOG));
      connection.closeSync();
      return new DuckdbDatabase(options.path, instance);
    } catch (error) {
      if (existed) throw new DamagedDatabaseError(options.path, error);
      throw error;
    }
  }

  async connect(): Promise<DuckdbConnection> {
    const connection = await this.instance.connect();
    await connection.run(`USE ${CATALOG}`);
    return new DuckdbConnection(connection);
  }

  /** Moves what is in the log into the file; waits for others who do, or who copy the file. */
  checkpoint(): Promise<void> {
    return this.afterCheckpoint(async () => undefined);
  }

  /** The same once the log has grown so long that it is worth it, unless the file is being copied. */
  async checkpointIfDue(): Promise<void> {
    if (!this.isHeld && this.size().walBytes >= CHECKPOINT_BYTES) await this.checkpoint();
  }

  /**
   * Makes a checkpoint, and none after it until what this gives back is called: until then nothing changes in the file that
   * counts, and it can be copied. What is written meanwhile goes to the log beside it.
   */
  async hold(): Promise<() => void> {
    const held = Promise.withResolvers<void>();
    const isReady = Promise.withResolvers<void>();
    this.afterCheckpoint(async () => {
      this.isHeld = true;
      isReady.resolve();
      await held.promise;
      this.isHeld = false;
    }).catch(isReady.reject);
    await isReady.promise;
    return held.resolve;
  }

  private afterCheckpoint<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(async () => {
      const connection = await this.connect();
      try {
        await this.makeCheckpoint(connection);
        return await work();
      } finally {
        await connection.close();
      }
    });
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async makeCheckpoint(connection: DuckdbConnection): Promise<void> {
    for (let tries = 1; ; tries++) {
      const info = await connection.rows(
        `SELECT block_id FROM pragma_metadata_info('${CATALOG}') WHERE free_blocks > 0`,
      );
      const ids = info.map((row) => Number(row.block_id));
      saveBlocks(this.path, BLOCK_BYTES, ids);
      try {
        failPoint('checkpoint');
        await connection.run('CHECKPOINT');
        return;
      } catch (error) {
        const isBusy = error instanceof Error && /Cannot CHECKPOINT/.test(error.message);
        if (!isBusy || tries >= CHECKPOINT_TRIES) throw error;
        await Bun.sleep(CHECKPOINT_WAIT_MS);
      }
    }
  }

  /** Closes; what is in the log stays there. */
  close(): void {
    this.instance.closeSync();
  }

  /** Bytes of the file and of its write-ahead log. */
  size(): { databaseBytes: number; walBytes: number } {
    return { databaseBytes: sizeOf(this.path), walBytes: sizeOf(`${this.path}.wal`) };
  }
}

function attach(path: string, name: string): string {
  const layout = `ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, BLOCK_SIZE ${BLOCK_BYTES}, STORAGE_VERSION 'v1.5.0'`;
  return `ATTACH '${path.replaceAll("'", "''")}' AS ${name} (${layout})`;
}

/** A file gets its name when it is whole: one whose first blocks a power cut left out could not be opened again. */
async function createWhole(connection: DuckDBConnection, path: string): Promise<void> {
  const part = `${path}.new`;
  rmSync(part, { force: true });
  rmSync(`${part}.wal`, { force: true });
  await connection.run(attach(part, 'fresh'));
  await connection.run('CHECKPOINT fresh');
  await connection.run('DETACH fresh');
  syncPath(part);
  renameSync(part, path);
  syncPath(dirname(path));
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Removes what a crash left in the folder for spilled data. */
export function clearTempDir(tempDir: string): void {
  if (!existsSync(tempDir)) return;
  for (const name of readdirSync(tempDir)) rmSync(join(tempDir, name), { recursive: true, force: true });
}
