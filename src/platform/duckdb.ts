import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  BIGINT,
  DOUBLE as DUCK_DOUBLE,
  FLOAT as DUCK_FLOAT,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBListValue,
  type DuckDBMaterializedResult,
  type DuckDBType,
  INTEGER,
  LIST,
  VARCHAR,
} from '@duckdb/node-api';
import { ROW_GROUP_ROWS } from '../telemetry/row-group.ts';
import { saveBlocks } from './duckdb-guard.ts';
import { failPoint } from './fail-points.ts';
import { syncPath } from './whole-file.ts';

/**
 * The one file that knows `@duckdb/node-api`: opens the telemetry database within its memory budget, and moves columns
 * in and out as typed arrays (the package's per-value setters are five times slower on sparse columns).
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

/** A column of numbers; NaN stands for "no value". */
export type NumberColumn = { type: 'float' | 'double' | 'integer' | 'bigint'; values: Float64Array };
/** A column of words or of lists of words. */
export type TextColumn = { type: 'text'; values: (string | null)[] };
export type ListColumn = { type: 'list'; values: (readonly string[] | null)[] };
export type Column = NumberColumn | TextColumn | ListColumn;

const VECTOR_ROWS = 2048;
/** Lets other work of this thread have its turn: a vector of 40 columns takes about 10 ms. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const CATALOG = 'ampra';
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
        connection.close();
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

type Parameter = number | string | bigint | null;

/** One connection: its statements run one after the other. */
export class DuckdbConnection {
  constructor(readonly raw: DuckDBConnection) {}

  /** Runs statements; numbers among the parameters are DOUBLE. */
  async run(sql: string, parameters?: Parameter[]): Promise<DuckDBMaterializedResult> {
    return parameters ? await this.raw.run(sql, parameters) : await this.raw.run(sql);
  }

  async runAndReadAll(sql: string): Promise<{ getRowObjects(): Record<string, unknown>[] }> {
    return await this.raw.runAndReadAll(sql);
  }

  /** Rows as objects; for small answers. */
  async rows(sql: string, parameters?: Parameter[]): Promise<Record<string, unknown>[]> {
    const reader = parameters ? await this.raw.runAndReadAll(sql, parameters) : await this.raw.runAndReadAll(sql);
    return reader.getRowObjects();
  }

  /** An answer whose columns are all DOUBLE or FLOAT, as typed arrays; NaN for NULL. */
  async numbers(sql: string, parameters?: Parameter[]): Promise<Float64Array[]> {
    const result = await this.run(sql, parameters);
    const columns = Array.from({ length: result.columnCount }, () => new Float64Array(result.rowCount));
    let offset = 0;
    for (let i = 0; i < result.chunkCount; i++) {
      const chunk = result.getChunk(i);
      for (const [c, column] of columns.entries()) copyOut(chunk, c, column, offset);
      offset += chunk.rowCount;
    }
    return columns;
  }

  /** An answer by column: numbers (DOUBLE, FLOAT) as typed arrays with NaN for NULL, words and lists as values. */
  async columns(sql: string, parameters?: Parameter[]): Promise<{ rowCount: number; columns: AnswerColumn[] }> {
    const result = await this.run(sql, parameters);
    const columns: AnswerColumn[] = Array.from({ length: result.columnCount }, (_, c) =>
      isNumber(result.columnType(c)) ? { numbers: new Float64Array(result.rowCount) } : { texts: [] },
    );
    let offset = 0;
    for (let i = 0; i < result.chunkCount; i++) {
      const chunk = result.getChunk(i);
      for (const [c, column] of columns.entries()) {
        if ('numbers' in column) copyOut(chunk, c, column.numbers, offset);
        else for (const value of chunk.getColumnValues(c)) column.texts.push(textOf(value));
      }
      offset += chunk.rowCount;
    }
    return { rowCount: result.rowCount, columns };
  }

  /** Appends columns of equal length to a table, in its column order, as part of the open transaction if there is one. */
  async append(table: string, columns: readonly Column[], rowCount: number): Promise<void> {
    if (rowCount === 0) return;
    const [name = table, schema, catalog] = table.split('.').reverse();
    const appender = await this.raw.createAppender(name, schema ?? 'main', catalog ?? CATALOG);
    try {
      const types = columns.map(duckType);
      for (let from = 0; from < rowCount; from += VECTOR_ROWS) {
        const count = Math.min(VECTOR_ROWS, rowCount - from);
        const chunk = DuckDBDataChunk.create(types, count);
        for (const [c, column] of columns.entries()) copyIn(chunk, c, column, from, count);
        appender.appendDataChunk(chunk);
        if (from + count < rowCount) await nextTurn();
      }
      appender.flushSync();
    } catch (error) {
      // Closing tries to append what is left, and would hide why that failed.
      try {
        appender.closeSync();
      } catch {}
      throw error;
    }
    appender.closeSync();
  }

  /** Runs `work` in one transaction; rolled back when it throws. `what` is written, for the fault tests. */
  async transaction<T>(work: () => Promise<T>, what: 'readings' | 'rollup' = 'readings'): Promise<T> {
    await this.run('BEGIN TRANSACTION');
    try {
      const value = await work();
      failPoint(`${what}.before-commit`);
      await this.run('COMMIT');
      failPoint(`${what}.committed`);
      return value;
    } catch (error) {
      await this.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  close(): void {
    this.raw.closeSync();
  }
}

/** A column of an answer: numbers, or words and lists of words. */
export type AnswerColumn = { numbers: Float64Array } | { texts: (string | string[] | null)[] };

function isNumber(type: DuckDBType): boolean {
  return type === DUCK_FLOAT || type === DUCK_DOUBLE || type.toString() === 'FLOAT' || type.toString() === 'DOUBLE';
}

function textOf(value: unknown): string | string[] | null {
  if (value === null || value === undefined) return null;
  return value instanceof DuckDBListValue ? value.items.map(String) : String(value);
}

function duckType(column: Column): DuckDBType {
  switch (column.type) {
    case 'float':
      return DUCK_FLOAT;
    case 'double':
      return DUCK_DOUBLE;
    case 'integer':
      return INTEGER;
    case 'bigint':
      return BIGINT;
    case 'text':
      return VARCHAR;
    case 'list':
      return LIST(VARCHAR);
  }
}

/** The parts of the package's vectors that hold the values: private by its types, the same in the pinned version. */
interface OpenVector {
  items: Float32Array | Float64Array | Int32Array | BigInt64Array;
  validity: { data: BigUint64Array | null };
  flush(): void;
}
interface OpenTextVector {
  itemCache: string[];
  itemCacheDirty: boolean[];
  validity: { data: BigUint64Array | null };
  flush(): void;
}
interface OpenListVector {
  itemCache: (DuckDBListValue | null)[];
  validity: { data: BigUint64Array | null };
  flush(): void;
}

function copyIn(chunk: DuckDBDataChunk, index: number, column: Column, from: number, count: number): void {
  if (column.type === 'text') copyTexts(chunk, index, column.values.slice(from, from + count));
  else if (column.type === 'list') copyLists(chunk, index, column.values.slice(from, from + count));
  else copyNumbers(chunk, index, column.values.subarray(from, from + count));
}

function copyNumbers(chunk: DuckDBDataChunk, index: number, values: Float64Array): void {
  const vector = chunk.getColumnVector(index) as unknown as OpenVector;
  vector.validity.data = validityOf(values);
  if (vector.items instanceof BigInt64Array) {
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as number;
      vector.items[i] = Number.isNaN(v) ? 0n : BigInt(v);
    }
  } else vector.items.set(values);
  vector.flush();
}

/** Most columns of words are empty most of the time: those cost nothing but their bits. */
function copyTexts(chunk: DuckDBDataChunk, index: number, values: readonly (string | null)[]): void {
  const vector = chunk.getColumnVector(index) as unknown as OpenTextVector;
  vector.validity.data = validityOfItems(values);
  for (let i = 0; i < values.length; i++) {
    const text = values[i];
    if (text === null || text === undefined) continue;
    vector.itemCache[i] = text;
    vector.itemCacheDirty[i] = true;
  }
  vector.flush();
}

const NO_CODES = new DuckDBListValue([]);

function copyLists(chunk: DuckDBDataChunk, index: number, lists: readonly (readonly string[] | null)[]): void {
  const vector = chunk.getColumnVector(index) as unknown as OpenListVector;
  vector.validity.data = validityOfItems(lists);
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i];
    vector.itemCache[i] = list ? (list.length === 0 ? NO_CODES : new DuckDBListValue(list)) : null;
  }
  vector.flush();
}

/** A bit for each value, set where there is one; null when all are there. */
function validityOf(values: Float64Array): BigUint64Array | null {
  let words: Uint32Array | null = null;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isNaN(v)) continue;
    words ??= allValid(values.length);
    words[i >>> 5] = (words[i >>> 5] as number) & ~(1 << (i & 31));
  }
  return words && new BigUint64Array(words.buffer);
}

function validityOfItems(items: readonly unknown[]): BigUint64Array | null {
  let words: Uint32Array | null = null;
  for (let i = 0; i < items.length; i++) {
    if (items[i] !== null) continue;
    words ??= allValid(items.length);
    words[i >>> 5] = (words[i >>> 5] as number) & ~(1 << (i & 31));
  }
  return words && new BigUint64Array(words.buffer);
}

function allValid(count: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(Math.ceil(count / 64) * 2).fill(0xffffffff);
}

function copyOut(chunk: DuckDBDataChunk, index: number, into: Float64Array, offset: number): void {
  const vector = chunk.getColumnVector(index) as unknown as OpenVector;
  const { items } = vector;
  if (items instanceof BigInt64Array) throw new TypeError('numbers() reads DOUBLE and FLOAT columns: cast the others');
  into.set(items, offset);
  const bits = vector.validity.data;
  if (!bits) return;
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);
  for (let i = 0; i < items.length; i++) {
    if (((bytes[i >>> 3] as number) & (1 << (i & 7))) === 0) into[offset + i] = Number.NaN;
  }
}
