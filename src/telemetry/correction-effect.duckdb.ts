import type { DuckdbConnection } from '../platform/duckdb-connection.ts';
import type { BookPreview } from './books/preview.ts';
import type { Books } from './books.duckdb.ts';
import { type Correction, Corrections } from './correction.ts';
import { type CorrectionEffect, changedPeriods, changedValues } from './correction-effect.ts';
import type { DaySums } from './day-sums.duckdb.ts';
import { readEnergy } from './energy.duckdb.ts';
import type { Past } from './past.duckdb.ts';
import type { TimeRange } from './ports.ts';
import type { SourceRecord } from './source-record.ts';

/** Readings that are looked at for samples of what changes. */
const MOST_ROWS = 5000;
/** More days than these are shown by month. */
const MOST_DAYS = 120;

export interface EffectDeps {
  past: Past;
  books: Books;
  days: DaySums;
  connection: DuckdbConnection;
  timeZone: string;
  now: number;
}

/** What is read otherwise when a correction comes into force or is undone. */
export async function changedRange(
  past: Past,
  connection: DuckdbConnection,
  record: SourceRecord,
  { kind, from, to }: Correction,
): Promise<TimeRange> {
  if (kind !== 'jump') return { from, to };
  // A jump is booked with the next reading.
  const next = await past.firstFrom(connection, record, from);
  return { from, to: (next ?? from) + 1 };
}

/** What becomes of readings and energy if the correction is as given (new, or undone). Nothing is stored. */
export async function effectOf(deps: EffectDeps, record: SourceRecord, c: Correction): Promise<CorrectionEffect> {
  const { connection, timeZone, now } = deps;
  const altered = { ...record, corrections: record.corrections.with(c) };
  const changed = await changedRange(deps.past, connection, record, c);
  return await deps.books.withPreview(record, altered, changed, connection, async (sheets, preview) => {
    const range = { from: await firstAffected(connection, record, changed.from, preview), to: record.newestMs + 1 };
    const itemsBy = async (period: 'day' | 'month') => {
      const request = { period, range, timeZone, now, days: deps.days };
      const before = await readEnergy(connection, record, { ...request, sheets });
      const after = { ...request, sheets: preview.sheets, without: preview.replaced };
      return changedPeriods(before, await readEnergy(connection, record, after));
    };
    const days = await itemsBy('day');
    const period = days.length > MOST_DAYS ? 'month' : 'day';
    const items = period === 'month' ? await itemsBy('month') : days;
    return { ...(await valuesOf(deps, record, c, altered.corrections)), period, items, isWhole: preview.isWhole };
  });
}

async function valuesOf(
  deps: EffectDeps,
  record: SourceRecord,
  c: Correction,
  after: Corrections,
): Promise<Pick<CorrectionEffect, 'values' | 'samples' | 'isMore'>> {
  if (c.kind === 'jump') return { values: 0, samples: [], isMore: false };
  const asReceived = { ...record, corrections: Corrections.none };
  const rows = await deps.past.page(deps.connection, asReceived, c, MOST_ROWS);
  return { ...changedValues(rows, record.corrections, after), isMore: rows.length === MOST_ROWS };
}

/** Start of the time of which something is or would be booked in the chunks that change. */
async function firstAffected(
  connection: DuckdbConnection,
  record: SourceRecord,
  changedFrom: number,
  { replaced, sheets }: BookPreview,
): Promise<number> {
  let first = Math.min(changedFrom, record.newestMs);
  for (const { buckets, bridges } of sheets) {
    for (const start of buckets.keys()) first = Math.min(first, start);
    for (const { from } of bridges) first = Math.min(first, from);
  }
  if (replaced.length === 0) return first;
  const of = `source = ${record.key} AND chunk_ms IN (${replaced.join(', ')})`;
  const [bucket, bridge] = await connection.numbers(
    `SELECT (SELECT min(bucket_ms) FROM energy_15m WHERE ${of})::DOUBLE,
       (SELECT min(from_ms) FROM energy_bridges WHERE ${of})::DOUBLE`,
  );
  for (const stored of [bucket?.[0], bridge?.[0]])
    if (stored !== undefined && !Number.isNaN(stored)) first = Math.min(first, stored);
  return first;
}
