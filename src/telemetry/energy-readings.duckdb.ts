import type { DuckdbConnection } from '../platform/duckdb.ts';
import { columnOf } from './columns.ts';
import { readingsOf } from './corrections.duckdb.ts';
import { withDerivedPowers } from './derive.ts';
import { type EnergyReadings, energyMetrics } from './energy.ts';
import type { PendingRow } from './pending.ts';
import type { TimeRange } from './ports.ts';
import type { SourceRecord } from './source-record.ts';

/** Readings as the energy books take them. */

/** The source's readings in the range, ascending, with the metrics that energy is made of. */
export async function readEnergyColumns(
  connection: DuckdbConnection,
  record: SourceRecord,
  range: TimeRange,
): Promise<EnergyReadings> {
  const metrics = energyMetrics.filter((m) => record.metrics.has(m));
  const names = metrics.map((m) => columnOf(m).name);
  const [times = new Float64Array(), ...columns] = await connection.numbers(
    `SELECT ${['time_ms::DOUBLE', ...names].join(', ')} FROM ${readingsOf(record)}
     WHERE source = ${record.key} AND time_ms >= ${range.from} AND time_ms < ${range.to} ORDER BY time_ms`,
  );
  const readings: EnergyReadings = { times, columns: {} };
  for (const [i, metric] of metrics.entries()) readings.columns[metric] = columns[i] ?? new Float64Array();
  return readings;
}

/** Time of the source's first reading at or after `time`; null when there is none. */
export async function firstReadingFrom(
  connection: DuckdbConnection,
  record: SourceRecord,
  time: number,
): Promise<number | null> {
  const [first] = await connection.numbers(
    `SELECT min(time_ms)::DOUBLE FROM ${readingsOf(record)} WHERE source = ${record.key} AND time_ms >= ${time}`,
  );
  const value = first?.[0] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}

/** Rows that are not in the database yet, as they will come out of it. */
export function energyColumnsOf(rows: readonly PendingRow[]): EnergyReadings {
  const values = rows.map((row) => withDerivedPowers(row.values).values);
  const columns: EnergyReadings['columns'] = {};
  for (const metric of energyMetrics) {
    if (!values.some((v) => v[metric] !== undefined)) continue;
    const isGauge = columnOf(metric).kind === 'gauge';
    columns[metric] = Float64Array.from(values, (v) => {
      const value = v[metric] ?? Number.NaN;
      return isGauge ? Math.fround(value) : value;
    });
  }
  return { times: Float64Array.from(rows, (r) => r.time), columns };
}
