import { type LocalStep, stepsIn } from '../../core/local-steps.ts';
import { localDayOf, type PeriodSpan } from '../../core/zone.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import { type DaySums, energySums, localDayOfBucket } from '../books/day-sums.duckdb.ts';
import type { EnergyBridge, EnergySheet } from '../books/energy-sheet.ts';
import type { EnergyPeriod, TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import type { EnergyQuantity } from './energy.ts';
import { PeriodSum } from './period-sum.ts';

const DAY = 86_400_000;

export interface EnergyRequest {
  period: LocalStep;
  range: TimeRange;
  timeZone: string;
  now: number;
  /** Time of the newest reading, where that is not stored yet. */
  newestMs?: number;
  /** What is booked by local day, in memory. */
  days: DaySums;
  /** What is booked and not stored. */
  sheets: readonly EnergySheet[];
  /** Chunks that do not count as they are stored: the sheets hold them. */
  without?: readonly number[];
}

/** Every local period that shares time with the range, whole. */
export async function readEnergy(
  connection: DuckdbConnection,
  record: SourceRecord,
  request: EnergyRequest,
): Promise<EnergyPeriod[]> {
  const spans = stepsIn(request.period, request.range, request.timeZone);
  const sums = await periodSums(connection, record, request);
  const asked = { now: request.now, newestMs: request.newestMs ?? record.newestMs };
  return spans.map((span, i) => ({ period: span.key, ...(sums[i] as PeriodSum).totals(span, asked) }));
}

/** What is booked of each local period that shares time with the range. */
export async function periodSums(
  connection: DuckdbConnection,
  record: SourceRecord,
  request: EnergyRequest,
): Promise<PeriodSum[]> {
  const spans = stepsIn(request.period, request.range, request.timeZone);
  const first = spans[0];
  const last = spans[spans.length - 1];
  if (!first || !last) return [];
  const sums = spans.map(() => new PeriodSum());
  const finder = new PeriodFinder(spans);
  const whole = { from: first.from, to: last.to };
  await addStored(connection, record, request, whole, (time, numbers) => sums[finder.at(time)]?.add(numbers));
  // Energy that was removed stays so, though a counter may know of it; that of readings that were removed stays, too.
  const since = record.energyFromMs ?? Number.NEGATIVE_INFINITY;
  for (const { buckets } of request.sheets)
    for (const [start, numbers] of buckets) if (start >= since) sums[finder.at(start)]?.add(numbers);
  const stored = await storedBridges(connection, record, request, whole);
  const open = request.sheets.flatMap((sheet) => sheet.bridges);
  for (const bridge of [...stored, ...open]) addBridge(bridge, since, spans, sums);
  return sums;
}

class PeriodFinder {
  private hint = 0;
  constructor(private readonly spans: readonly PeriodSpan[]) {}
  /** Index of the period of a moment, or -1. */
  at(time: number): number {
    const { spans } = this;
    if ((spans[this.hint]?.from ?? Number.POSITIVE_INFINITY) > time) this.hint = 0;
    while (this.hint < spans.length && (spans[this.hint]?.to ?? 0) <= time) this.hint++;
    const span = spans[this.hint];
    if (span && span.from <= time) return this.hint;
    if (this.hint >= spans.length) this.hint = 0;
    return -1;
  }
}

/** Stored energy by local day, each of which lies in one period; for parts of days by quarter hour. */
async function addStored(
  connection: DuckdbConnection,
  record: SourceRecord,
  request: EnergyRequest,
  range: TimeRange,
  add: (time: number, numbers: Float64Array) => void,
): Promise<void> {
  const from = Math.max(range.from, Math.floor(record.firstMs / DAY) * DAY - DAY);
  const to = Math.min(range.to, record.bookedUntilMs ?? 0);
  if (from >= to) return;
  const { period, timeZone, without } = request;
  const isByDay = period !== 'quarterHour' && period !== 'hour';
  if (isByDay && !without) return await request.days.visit(connection, record, { timeZone, range: { from, to } }, add);
  const [starts = new Float64Array(), ...columns] = await connection.numbers(
    `SELECT min(bucket_ms)::DOUBLE, ${energySums.join(', ')} FROM energy_15m
     WHERE source = ${record.key} AND bucket_ms >= ${from} AND bucket_ms < ${to}${butNot(without)}
     GROUP BY ${isByDay ? localDayOfBucket(timeZone, { from, to }) : 'bucket_ms'}`,
  );
  const order = Array.from(starts.keys()).sort((a, b) => (starts[a] as number) - (starts[b] as number));
  for (const i of order)
    add(
      starts[i] as number,
      Float64Array.from(columns, (column) => column[i] ?? Number.NaN),
    );
}

function butNot(chunks: readonly number[] | undefined): string {
  return chunks && chunks.length > 0 ? ` AND chunk_ms NOT IN (${chunks.join(', ')})` : '';
}

async function storedBridges(
  connection: DuckdbConnection,
  record: SourceRecord,
  request: EnergyRequest,
  range: TimeRange,
): Promise<EnergyBridge[]> {
  const rows = await connection.rows(
    `SELECT quantity, from_ms, to_ms, kwh FROM energy_bridges
     WHERE source = ${record.key} AND from_ms < ${range.to} AND to_ms > ${range.from}${butNot(request.without)}`,
  );
  return rows.map((r) => ({
    quantity: String(r.quantity) as EnergyQuantity,
    from: Number(r.from_ms),
    to: Number(r.to_ms),
    kwh: Number(r.kwh),
  }));
}

/** Gaps of more than a day that a counter bridged: each period gets its share of the time. */
function addBridge(
  bridge: EnergyBridge,
  since: number,
  spans: readonly PeriodSpan[],
  sums: readonly PeriodSum[],
): void {
  for (const [i, span] of spans.entries()) {
    const shared = Math.min(span.to, bridge.to) - Math.max(span.from, bridge.from, since);
    if (shared > 0) sums[i]?.addBridge(bridge.quantity, (bridge.kwh * shared) / (bridge.to - bridge.from));
  }
}

/** Start of the source's local day of a moment, for daily counters; remembers the last two days asked for. */
export function dayStarter(timeZone: string, startOf: (day: number, zone: string) => number): (time: number) => number {
  let known = { from: 0, to: 0 };
  let before = known;
  return (time) => {
    if (time >= known.from && time < known.to) return known.from;
    if (time >= before.from && time < before.to) return before.from;
    const day = localDayOf(time, timeZone);
    before = known;
    known = { from: startOf(day, timeZone), to: startOf(day + 1, timeZone) };
    return known.from;
  };
}
