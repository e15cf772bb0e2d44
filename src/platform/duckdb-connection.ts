import { type DuckDBConnection, DuckDBDataChunk, type DuckDBMaterializedResult } from '@duckdb/node-api';
import { Lanes } from '../core/lanes.ts';
import { nextTurn } from '../core/next-turn.ts';
import { type Parameter, readColumns, readNumbers } from './duckdb-answers.ts';
import { type AnswerColumn, type Column, copyIn, duckType } from './duckdb-columns.ts';
import { failPoint } from './fail-points.ts';

/** Name of the telemetry database on its connections. */
export const CATALOG = 'ampra';
const VECTOR_ROWS = 2048;

/** One connection: its statements run one after the other, since a second one would end the first one's answer halfway. */
export class DuckdbConnection {
  private readonly turns = new Lanes<'statement'>();
  private readonly running = new Set<Promise<unknown>>();
  private isClosed = false;

  constructor(private readonly raw: DuckDBConnection) {}

  /** Runs statements; numbers among the parameters are DOUBLE. */
  async run(sql: string, parameters?: Parameter[]): Promise<DuckDBMaterializedResult> {
    return await this.use((raw) => (parameters ? raw.run(sql, parameters) : raw.run(sql)));
  }

  async runAndReadAll(sql: string): Promise<{ getRowObjects(): Record<string, unknown>[] }> {
    return await this.use((raw) => raw.runAndReadAll(sql));
  }

  /** Rows as objects; for small answers. */
  async rows(sql: string, parameters?: Parameter[]): Promise<Record<string, unknown>[]> {
    const reader = await this.use((raw) => (parameters ? raw.runAndReadAll(sql, parameters) : raw.runAndReadAll(sql)));
    return reader.getRowObjects();
  }

  /** An answer whose columns are all DOUBLE or FLOAT, as typed arrays; NaN for NULL. */
  async numbers(sql: string, parameters?: Parameter[]): Promise<Float64Array[]> {
    return await this.use((raw) => readNumbers(raw, sql, parameters));
  }

  /** An answer by column: numbers (DOUBLE, FLOAT) as typed arrays with NaN for NULL, words and lists as values. */
  async columns(sql: string): Promise<{ rowCount: number; columns: AnswerColumn[] }> {
    return await this.use((raw) => readColumns(raw, sql));
  }

  /** Appends columns of equal length to a table, in its column order, as part of the open transaction if there is one. */
  async append(table: string, columns: readonly Column[], rowCount: number): Promise<void> {
    if (rowCount > 0) await this.use((raw) => appendTo(raw, table, columns, rowCount));
  }

  /** Runs `work` in one transaction; rolled back when it throws. `what` is written, for the fault tests. */
  async transaction<T>(work: () => Promise<T>, what: 'readings' | 'rollup' | 'packing' = 'readings'): Promise<T> {
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

  /**
   * Takes no more statements, and closes once those that run are through: they run on threads of their own, and the
   * package would take the connection away under them, which ends the process.
   */
  close(): Promise<void> {
    this.isClosed = true;
    if (this.running.size > 0) return Promise.allSettled(this.running).then(() => this.raw.closeSync());
    this.raw.closeSync();
    return Promise.resolve();
  }

  private async use<T>(work: (raw: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.isClosed) throw new Error('the connection to the telemetry database is closed');
    const result = this.turns.run('statement', () => work(this.raw));
    this.running.add(result);
    try {
      return await result;
    } finally {
      this.running.delete(result);
    }
  }
}

async function appendTo(
  raw: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  rowCount: number,
): Promise<void> {
  const [name = table, schema, catalog] = table.split('.').reverse();
  const appender = await raw.createAppender(name, schema ?? 'main', catalog ?? CATALOG);
  try {
    // One for all of them: each is some megabytes outside the engine's sight, freed whenever it collects garbage.
    const chunk = DuckDBDataChunk.create(columns.map(duckType));
    for (let from = 0; from < rowCount; from += VECTOR_ROWS) {
      const count = Math.min(VECTOR_ROWS, rowCount - from);
      chunk.reset();
      chunk.rowCount = count;
      for (const [c, column] of columns.entries()) copyIn(chunk, c, column, from, count);
      appender.appendDataChunk(chunk);
      // A vector of 40 columns takes about 10 ms.
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
