import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { type AnswerColumn, copyOut, isNumber, textOf } from './duckdb-columns.ts';

export type Parameter = number | string | bigint | null;

/**
 * Answers are read a vector (2,048 rows) after the other: held as a whole, a day of a device that reports each second is 30 MB
 * outside the engine's sight, which stay until it next collects garbage.
 */

/** All columns are DOUBLE or FLOAT; NaN for NULL. */
export async function readNumbers(raw: DuckDBConnection, sql: string, values?: Parameter[]): Promise<Float64Array[]> {
  const result = await (values ? raw.stream(sql, values) : raw.stream(sql));
  const parts = Array.from({ length: result.columnCount }, (): Float64Array[] => []);
  for await (const chunk of chunksOf(result))
    for (const [c, column] of parts.entries()) column.push(numbersIn(chunk, c));
  return parts.map(joined);
}

/** Numbers (DOUBLE, FLOAT) as typed arrays with NaN for NULL, words and lists as values. */
export async function readColumns(
  raw: DuckDBConnection,
  sql: string,
): Promise<{ rowCount: number; columns: AnswerColumn[] }> {
  const result = await raw.stream(sql);
  const parts = Array.from({ length: result.columnCount }, (_, c) =>
    isNumber(result.columnType(c)) ? { numbers: [] as Float64Array[] } : { texts: [] as (string | string[] | null)[] },
  );
  let rowCount = 0;
  for await (const chunk of chunksOf(result)) {
    rowCount += chunk.rowCount;
    for (const [c, column] of parts.entries()) {
      if ('numbers' in column) column.numbers.push(numbersIn(chunk, c));
      else for (const value of chunk.getColumnValues(c)) column.texts.push(textOf(value));
    }
  }
  return { rowCount, columns: parts.map((part) => ('numbers' in part ? { numbers: joined(part.numbers) } : part)) };
}

async function* chunksOf(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk;
  }
}

function numbersIn(chunk: DuckDBDataChunk, index: number): Float64Array {
  const values = new Float64Array(chunk.rowCount);
  copyOut(chunk, index, values, 0);
  return values;
}

/** The parts as one; they are let go. */
function joined(parts: Float64Array[]): Float64Array {
  const [only = new Float64Array()] = parts;
  if (parts.length <= 1) return only;
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts.splice(0)) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
