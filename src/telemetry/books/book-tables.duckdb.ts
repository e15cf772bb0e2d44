import type { Column } from '../../platform/duckdb-columns.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import { energyQuantities } from '../energy/energy.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import type { StoredState } from './bookkeeper.ts';
import type { ClosedChunk } from './chunks.ts';
import { energyColumns } from './day-sums.duckdb.ts';
import { places } from './energy-sheet.ts';

/** The tables of the energy books: chunks with what was booked in them. All statements are part of the open transaction. */

export const chunkTables = ['energy_15m', 'energy_bridges', 'energy_chunks', 'counter_events'] as const;

/** Removes what was booked in these chunks. */
export async function removeChunks(
  writer: DuckdbConnection,
  record: SourceRecord,
  chunks: readonly number[],
): Promise<void> {
  if (chunks.length === 0) return;
  const least = chunks.reduce((a, b) => Math.min(a, b));
  const most = chunks.reduce((a, b) => Math.max(a, b));
  // The bounds let the database skip what it need not look at.
  const where = `source = ${record.key} AND chunk_ms BETWEEN ${least} AND ${most} AND chunk_ms IN (${chunks.join(', ')})`;
  for (const table of chunkTables) await writer.run(`DELETE FROM ${table} WHERE ${where}`);
}

/**
 * Removes energy before `time`, the start of a chunk. The last state before it stays: books from `time` on go on from
 * there, though the readings that led to it are gone.
 */
export async function forgetBooksBefore(writer: DuckdbConnection, record: SourceRecord, time: number): Promise<void> {
  const of = `WHERE source = ${record.key}`;
  await writer.run(`DELETE FROM energy_15m ${of} AND bucket_ms < ${time}`);
  await writer.run(`DELETE FROM energy_bridges ${of} AND to_ms <= ${time}`);
  await writer.run(`DELETE FROM counter_events ${of} AND time_ms < ${time}`);
  await writer.run(
    `DELETE FROM energy_chunks ${of} AND chunk_ms < (
       SELECT max(chunk_ms) FROM energy_chunks ${of} AND chunk_ms < ${time})`,
  );
}

/** Stores chunks that are not there. Of energy before `since` nothing is kept. */
export async function storeChunks(
  writer: DuckdbConnection,
  record: SourceRecord,
  chunks: readonly ClosedChunk[],
  since: number | null,
): Promise<void> {
  await appendEnergy(writer, record, chunks, since ?? Number.NEGATIVE_INFINITY);
  await appendBridges(writer, record, chunks);
  await appendEvents(writer, record, chunks);
  const of = (pick: (c: ClosedChunk) => number) => Float64Array.from(chunks, pick);
  await writer.append(
    'energy_chunks',
    [
      source(record, chunks.length),
      { type: 'bigint', values: of((c) => c.chunk) },
      { type: 'integer', values: of((c) => c.sheet.readings) },
      { type: 'integer', values: of((c) => c.sheet.steps) },
      { type: 'bigint', values: of((c) => c.sheet.stepsMs) },
      { type: 'text', values: chunks.map((c) => c.state) },
    ],
    chunks.length,
  );
}

async function appendEnergy(
  writer: DuckdbConnection,
  record: SourceRecord,
  chunks: readonly ClosedChunk[],
  since: number,
): Promise<void> {
  const rows: { chunk: number; bucket: number; numbers: Float64Array }[] = [];
  for (const { chunk, sheet } of chunks) {
    const buckets = [...sheet.buckets].filter(([bucket]) => bucket >= since).sort(([a], [b]) => a - b);
    for (const [bucket, numbers] of buckets) rows.push({ chunk, bucket, numbers });
  }
  const kwhs = Array.from({ length: 3 * energyQuantities.length }, (_, i) => places.kwh + i);
  await writer.append(
    'energy_15m',
    [
      source(record, rows.length),
      { type: 'bigint', values: Float64Array.from(rows, (r) => r.chunk) },
      { type: 'bigint', values: Float64Array.from(rows, (r) => r.bucket) },
      { type: 'integer', values: Float64Array.from(rows, (r) => Math.round(r.numbers[places.covered] ?? 0)) },
      ...kwhs.map((place) => ({
        type: 'double' as const,
        values: roundedKwh(rows, place),
      })),
      { type: 'integer', values: Float64Array.from(rows, (r) => r.numbers[places.readings] ?? 0) },
      ...energyQuantities.map((_, i) => ({
        type: 'integer' as const,
        values: Float64Array.from(rows, (r) => Math.round(r.numbers[places.known + i] ?? Number.NaN)),
      })),
    ],
    rows.length,
  );
}

/** What rounding takes from a quarter hour the next one of its chunk gets, so that sums stay true. */
function roundedKwh(rows: readonly { chunk: number; numbers: Float64Array }[], place: number): Float64Array {
  let rest = 0;
  let chunk = Number.NaN;
  return Float64Array.from(rows, (row) => {
    if (row.chunk !== chunk) rest = 0;
    chunk = row.chunk;
    const exact = row.numbers[place] as number;
    if (!(exact > 0)) return exact;
    const rounded = roundKwh(exact + rest);
    rest += exact - rounded;
    return rounded;
  });
}

async function appendBridges(
  writer: DuckdbConnection,
  record: SourceRecord,
  chunks: readonly ClosedChunk[],
): Promise<void> {
  const rows = chunks.flatMap(({ chunk, sheet }) => sheet.bridges.map((bridge) => ({ chunk, ...bridge })));
  const columns: Column[] = [
    source(record, rows.length),
    { type: 'bigint', values: Float64Array.from(rows, (r) => r.chunk) },
    { type: 'text', values: rows.map((r) => r.quantity) },
    { type: 'bigint', values: Float64Array.from(rows, (r) => r.from) },
    { type: 'bigint', values: Float64Array.from(rows, (r) => r.to) },
    { type: 'double', values: Float64Array.from(rows, (r) => roundKwh(r.kwh)) },
  ];
  await writer.append('energy_bridges', columns, rows.length);
}

async function appendEvents(
  writer: DuckdbConnection,
  record: SourceRecord,
  chunks: readonly ClosedChunk[],
): Promise<void> {
  const rows = chunks.flatMap(({ chunk, sheet }) => sheet.events.map((event) => ({ chunk, ...event })));
  const columns: Column[] = [
    source(record, rows.length),
    { type: 'bigint', values: Float64Array.from(rows, (r) => r.chunk) },
    { type: 'bigint', values: Float64Array.from(rows, (r) => r.time) },
    { type: 'text', values: rows.map((r) => r.metric) },
    { type: 'text', values: rows.map((r) => r.kind) },
    { type: 'integer', values: Float64Array.from(rows, (r) => r.times) },
    { type: 'double', values: Float64Array.from(rows, (r) => r.before) },
    { type: 'double', values: Float64Array.from(rows, (r) => r.after) },
    { type: 'double', values: Float64Array.from(rows, (r) => roundKwh(r.kwh)) },
  ];
  await writer.append('counter_events', columns, rows.length);
}

/** The states after the chunks in the range, by chunk. */
export async function readStates(
  connection: DuckdbConnection,
  record: SourceRecord,
  range: TimeRange,
): Promise<Map<number, string>> {
  const rows = await connection.rows(
    `SELECT chunk_ms, state FROM energy_chunks
     WHERE source = ${record.key} AND chunk_ms >= ${range.from} AND chunk_ms < ${range.to} ORDER BY chunk_ms`,
  );
  return new Map(rows.map((row) => [Number(row.chunk_ms), String(row.state)]));
}

/** The last stored chunk before `chunk`; null when there is none. */
export async function lastChunkBefore(
  connection: DuckdbConnection,
  record: SourceRecord,
  chunk: number,
): Promise<StoredState | null> {
  const [row] = await connection.rows(
    `SELECT chunk_ms, state FROM energy_chunks
     WHERE source = ${record.key} AND chunk_ms < ${chunk} ORDER BY chunk_ms DESC LIMIT 1`,
  );
  return row ? { chunk: Number(row.chunk_ms), state: String(row.state) } : null;
}

/** The source's first stored chunk at or after a moment; null when there is none. */
export async function firstChunkFrom(
  connection: DuckdbConnection,
  record: SourceRecord,
  time: number,
): Promise<number | null> {
  const [first] = await connection.numbers(
    `SELECT min(chunk_ms)::DOUBLE FROM energy_chunks WHERE source = ${record.key} AND chunk_ms >= ${time}`,
  );
  const value = first?.[0] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}

/** What is stored of a chunk, by quarter hour, as in a sheet of the books. */
export async function readBuckets(
  connection: DuckdbConnection,
  record: SourceRecord,
  chunk: number,
): Promise<Map<number, Float64Array>> {
  const [starts = new Float64Array(), ...columns] = await connection.numbers(
    `SELECT bucket_ms::DOUBLE, ${energyColumns.map((name) => `${name}::DOUBLE`).join(', ')} FROM energy_15m
     WHERE source = ${record.key} AND chunk_ms = ${chunk}`,
  );
  return new Map(Array.from(starts, (start, i) => [start, Float64Array.from(columns, (c) => c[i] ?? Number.NaN)]));
}

/** All time of which something is booked in these chunks. */
export async function timeOfStored(
  connection: DuckdbConnection,
  record: SourceRecord,
  chunks: readonly number[],
): Promise<TimeRange> {
  if (chunks.length === 0) return { from: 0, to: -1 };
  const [from, to] = await connection.numbers(
    `SELECT min(bucket_ms)::DOUBLE, max(bucket_ms)::DOUBLE FROM energy_15m
     WHERE source = ${record.key} AND chunk_ms IN (${chunks.join(', ')})`,
  );
  const isAny = from !== undefined && !Number.isNaN(from[0] ?? Number.NaN);
  return isAny ? { from: from[0] ?? 0, to: to?.[0] ?? 0 } : { from: 0, to: -1 };
}

/** Booked stretches of time whose readings have changed, ascending. */
export async function readDirty(connection: DuckdbConnection, record: SourceRecord): Promise<TimeRange[]> {
  const [from, to] = await connection.numbers(
    `SELECT from_ms::DOUBLE, to_ms::DOUBLE FROM books_dirty WHERE source = ${record.key} ORDER BY from_ms`,
  );
  return Array.from(from ?? [], (start, i) => ({ from: start, to: to?.[i] ?? start + 1 }));
}

/** Replaces the list of stretches that are to be booked anew. */
export async function replaceDirty(
  writer: DuckdbConnection,
  record: SourceRecord,
  ranges: readonly TimeRange[],
): Promise<void> {
  await writer.run(`DELETE FROM books_dirty WHERE source = ${record.key}`);
  for (const { from, to } of ranges) await writer.run(`INSERT INTO books_dirty VALUES (${record.key}, ${from}, ${to})`);
}

function source(record: SourceRecord, count: number): Column {
  return { type: 'integer', values: new Float64Array(count).fill(record.key) };
}

/** Hundredths of a watt-hour: what lies below is noise, and round numbers are stored in less. */
const roundKwh = (kwh: number): number => Math.round(kwh * 1e5) / 1e5;
