import { QUARTER_HOUR_MS } from '../core/zone.ts';
import type { DuckdbConnection } from '../platform/duckdb.ts';
import { columnOf } from './columns.ts';
import { readingsOf } from './corrections.duckdb.ts';
import type { TimeRange } from './ports.ts';
import { emptyQuarterHours, type QuarterHours, quarterHourGauges } from './quarter-hours.ts';
import type { SourceRecord } from './source-record.ts';

/** Time that one question asks for, so that copying its answer blocks nobody. */
const PART_MS = 120 * 86_400_000;
/** Faults are only in the readings themselves, which are many: they are looked for in so much of the past. */
const FAULTS_FOR_MS = 60 * 86_400_000;

/** The quarter hours that share time with the range. */
export async function readQuarterHours(
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
    await addMeans(connection, record, part, out);
    await addEnergy(connection, record, part, out);
  }
  if (record.metrics.has('faultCodes')) await addFaults(connection, record, { from, to: end }, out);
  return out;
}

const floor = (time: number): number => Math.floor(time / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
const bucketOf = (column: string): string => `(${column} - ${column} % ${QUARTER_HOUR_MS})::DOUBLE`;

/** From the rollups as far as they go, then from the readings. */
async function addMeans(
  connection: DuckdbConnection,
  record: SourceRecord,
  part: TimeRange,
  out: QuarterHours,
): Promise<void> {
  const gauges = quarterHourGauges.filter((metric) => record.metrics.has(metric));
  const split = Math.min(part.to, Math.max(part.from, record.rolledUntilMs ?? part.from));
  const where = (column: string, from: number, to: number): string =>
    `WHERE source = ${record.key} AND ${column} >= ${from} AND ${column} < ${to}`;
  const put = ([buckets, readings, ...means]: Float64Array[]): void => {
    buckets?.forEach((bucket, row) => {
      const slot = (bucket - out.from) / QUARTER_HOUR_MS;
      gauges.forEach((metric, k) => {
        out.means[metric][slot] = means[k]?.[row] ?? Number.NaN;
      });
      // As long as the books do not know better: by how many readings there are.
      const heardMs = (readings?.[row] ?? 0) * (record.intervalMs ?? QUARTER_HOUR_MS);
      out.coverage[slot] = Math.min(1, heardMs / QUARTER_HOUR_MS);
    });
  };
  if (split > part.from) {
    const columns = gauges.map((metric) => `${columnOf(metric).name}_mean::DOUBLE`);
    const select = ['bucket_ms::DOUBLE', 'readings::DOUBLE', ...columns].join(', ');
    put(await connection.numbers(`SELECT ${select} FROM rollup_15m ${where('bucket_ms', part.from, split)}`));
  }
  if (split < part.to) {
    const columns = gauges.map((metric) => `avg(${columnOf(metric).name})::DOUBLE`);
    const select = [`${bucketOf('time_ms')} AS b`, 'count(*)::DOUBLE', ...columns].join(', ');
    const rows = `${readingsOf(record)} ${where('time_ms', split, part.to)}`;
    put(await connection.numbers(`SELECT ${select} FROM ${rows} GROUP BY b`));
  }
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
  connection: DuckdbConnection,
  record: SourceRecord,
  range: TimeRange,
  out: QuarterHours,
): Promise<void> {
  const from = Math.max(range.from, range.to - FAULTS_FOR_MS);
  const [buckets] = await connection.numbers(
    `SELECT ${bucketOf('time_ms')} AS b FROM ${readingsOf(record)}
     WHERE source = ${record.key} AND time_ms >= ${from} AND time_ms < ${range.to} AND len(fault_codes) > 0 GROUP BY b`,
  );
  for (const bucket of buckets ?? []) out.hasFault[(bucket - out.from) / QUARTER_HOUR_MS] = 1;
}
