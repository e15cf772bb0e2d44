import { quantile } from '../../core/stats.ts';
import { QUARTER_HOUR_MS } from '../../core/zone.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import type { Past } from '../store/past.duckdb.ts';
import { emptyQuarterHours, type QuarterHours, quarterHourGauges } from './quarter-hours.ts';

/** Time that one question asks for, so that copying its answer blocks nobody. */
const PART_MS = 120 * 86_400_000;
/** Faults are only in the readings themselves, which are many: they are looked for in so much of the past. */
const FAULTS_FOR_MS = 60 * 86_400_000;

/** The quarter hours that share time with the range. */
export async function readQuarterHours(
  past: Past,
  connection: DuckdbConnection,
  record: SourceRecord,
  range: TimeRange,
): Promise<QuarterHours> {
  const from = Math.floor(range.from / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  const count = Math.max(0, Math.ceil((range.to - from) / QUARTER_HOUR_MS));
  const out = emptyQuarterHours(from, count);
  const end = Math.min(from + count * QUARTER_HOUR_MS, record.newestMs + 1);
  for (let at = Math.max(from, floor(record.firstMs)); at < end; at += PART_MS) {
    const part = { from: at, to: Math.min(end, at + PART_MS) };
    await addMeans(past, connection, record, part, out);
    await addEnergy(connection, record, part, out);
  }
  if (record.metrics.has('faultCodes')) await addFaults(past, connection, record, { from, to: end }, out);
  return out;
}

const floor = (time: number): number => Math.floor(time / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;

/** Means, and as long as the books do not know better, how much was heard by how many readings there are. */
async function addMeans(
  past: Past,
  connection: DuckdbConnection,
  record: SourceRecord,
  part: TimeRange,
  out: QuarterHours,
): Promise<void> {
  const gauges = quarterHourGauges.filter((metric) => record.metrics.has(metric));
  const first = (floor(part.from) - out.from) / QUARTER_HOUR_MS;
  const { means, readings } = await past.quarterHours(connection, record, gauges, part);
  for (const metric of gauges) out.means[metric].set(means.get(metric) ?? [], first);
  const unbooked = Math.max(0, Math.floor(((record.bookedUntilMs ?? 0) - part.from) / QUARTER_HOUR_MS));
  const enough = readingsToCover(record.intervalMs, readings.subarray(unbooked));
  for (const [i, count] of readings.entries()) out.coverage[first + i] = Math.min(1, count / enough);
}

/** How many readings cover a quarter hour: fewer than the source sends now where it sent fewer in most of those that are not booked yet. */
function readingsToCover(intervalMs: number | null, unbooked: Float64Array): number {
  const now = QUARTER_HOUR_MS / (intervalMs ?? QUARTER_HOUR_MS);
  const usual = quantile(
    unbooked.filter((count) => count > 0),
    0.5,
  );
  return usual >= 1 ? Math.min(now, usual) : now;
}

async function addEnergy(
  connection: DuckdbConnection,
  record: SourceRecord,
  part: TimeRange,
  out: QuarterHours,
): Promise<void> {
  const to = Math.min(part.to, record.bookedUntilMs ?? 0);
  if (part.from >= to) return;
  const [buckets, covered, solar, load] = await connection.numbers(
    `SELECT bucket_ms::DOUBLE AS b, sum(covered_ms)::DOUBLE, sum(solar_kwh), sum(load_kwh) FROM energy_15m
     WHERE source = ${record.key} AND bucket_ms >= ${part.from} AND bucket_ms < ${to} GROUP BY b`,
  );
  buckets?.forEach((bucket, row) => {
    const slot = (bucket - out.from) / QUARTER_HOUR_MS;
    out.coverage[slot] = Math.min(1, (covered?.[row] ?? 0) / QUARTER_HOUR_MS);
    out.solarKwh[slot] = solar?.[row] ?? Number.NaN;
    out.loadKwh[slot] = load?.[row] ?? Number.NaN;
  });
}

async function addFaults(
  past: Past,
  connection: DuckdbConnection,
  record: SourceRecord,
  range: TimeRange,
  out: QuarterHours,
): Promise<void> {
  const last = { from: Math.max(range.from, range.to - FAULTS_FOR_MS), to: range.to };
  const { times, texts } = await past.columns(connection, record, ['faultCodes'], last);
  for (const [i, codes] of texts.get('faultCodes')?.entries() ?? [])
    if (codes !== null && codes !== '[]') out.hasFault[(floor(times[i] as number) - out.from) / QUARTER_HOUR_MS] = 1;
}
