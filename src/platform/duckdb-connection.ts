import { type DuckDBConnection, DuckDBDataChunk, type DuckDBMaterializedResult } from '@duckdb/node-api';
import { nextTurn } from '../core/next-turn.ts';
import { type AnswerColumn, type Column, copyIn, copyOut, duckType, isNumber, textOf } from './duckdb-columns.ts';
import { failPoint } from './fail-points.ts';

/** Name of the telemetry database on its connections. */
export const CATALOG = 'ampra';
const VECTOR_ROWS = 2048;
type Parameter = number | string | bigint | null;

/** One connection: its statements run one after the other. */
export class DuckdbConnection {
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
    const result = work(this.raw);
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
    const types = columns.map(duckType);
    for (let from = 0; from < rowCount; from += VECTOR_ROWS) {
      const count = Math.min(VECTOR_ROWS, rowCount - from);
      const chunk = DuckDBDataChunk.create(types, count);
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
