import type { NumericMetric } from '../../core/metrics.ts';
import { nextTurn } from '../../core/next-turn.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { Books } from '../books/books.duckdb.ts';
import type { DaySums } from '../books/day-sums.duckdb.ts';
import type { BookPreview } from '../books/preview.ts';
import { readEnergy } from '../energy/energy.duckdb.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import type { Past } from '../store/past.duckdb.ts';
import { type Correction, Corrections } from './correction.ts';
import {
  ChangedNumbers,
  type CorrectionEffect,
  changedPeriods,
  changedValues,
  type ValueChanges,
} from './correction-effect.ts';

/** Readings that are looked at for what changes: whole ones, and those of which only one value is. */
const MOST_ROWS = 5000;
const MOST_NUMBERS = 1_000_000;
const WINDOW_MS = 28 * 86_400_000;
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
): Promise<ValueChanges & { isMore: boolean }> {
  if (c.kind === 'jump') return { ...changedValues([], after, after), isMore: false };
  const asReceived = { ...record, corrections: Corrections.none };
  if (c.metric !== null)
    return await numbersOf(deps, asReceived, c.metric, { range: c, before: record.corrections, after });
  const rows = await deps.past.page(deps.connection, asReceived, c, MOST_ROWS);
  return { ...changedValues(rows, record.corrections, after), isMore: rows.length === MOST_ROWS };
}

/** All that changes of one metric, some weeks at a time, of the first `MOST_NUMBERS` readings of the range. */
async function numbersOf(
  { past, connection }: EffectDeps,
  record: SourceRecord,
  metric: NumericMetric,
  { range, before, after }: { range: TimeRange; before: Corrections; after: Corrections },
): Promise<ValueChanges & { isMore: boolean }> {
  const changed = new ChangedNumbers(metric);
  const end = Math.min(range.to, record.newestMs + 1);
  let seen = 0;
  let from = Math.max(range.from, record.firstMs);
  for (; from < end && seen < MOST_NUMBERS; from += WINDOW_MS) {
    const block = await past.columns(connection, record, [metric], { from, to: Math.min(end, from + WINDOW_MS) });
    seen += block.times.length;
    const was = before.applyTo(block);
    const is = after.applyTo(block);
    const nothing = new Float64Array(was.times.length).fill(Number.NaN);
    changed.add(was.times, was.numbers.get(metric) ?? nothing, is.numbers.get(metric) ?? nothing);
    await nextTurn();
  }
  return { ...changed.changes(), isMore: from < end };
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
