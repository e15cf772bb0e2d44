import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import { withDerivedPowers } from '../derive.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import type { Past } from '../store/past.duckdb.ts';
import type { PendingRow } from '../writing/pending.ts';
import { type EnergyReadings, energyMetrics } from './energy.ts';

/** Readings as the energy books take them. */

/** The source's readings in the range, ascending, with the metrics that energy is made of. */
export async function readEnergyColumns(
  past: Past,
  connection: DuckdbConnection,
  record: SourceRecord,
  range: TimeRange,
): Promise<EnergyReadings> {
  const metrics = energyMetrics.filter((m) => record.metrics.has(m));
  const { times, numbers } = await past.columns(connection, record, metrics, range);
  return { times, columns: Object.fromEntries(numbers) };
}

/** Rows that are not in the database yet, as they will come out of it. */
export function energyColumnsOf(rows: readonly PendingRow[]): EnergyReadings {
  const values = rows.map((row) => withDerivedPowers(row.values).values);
  const columns: EnergyReadings['columns'] = {};
  for (const metric of energyMetrics)
    if (values.some((v) => v[metric] !== undefined))
      columns[metric] = Float64Array.from(values, (v) => v[metric] ?? Number.NaN);
  return { times: Float64Array.from(rows, (r) => r.time), columns };
}
