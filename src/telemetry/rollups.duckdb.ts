import type { NumericMetric } from '../core/metrics.ts';
import { QUARTER_HOUR_MS } from '../core/zone.ts';
import type { DuckdbConnection } from '../platform/duckdb.ts';
import { columnOf, counterColumns, gaugeColumns } from './columns.ts';
import { readingsOf } from './corrections.duckdb.ts';
import type { TimeRange } from './ports.ts';
import { saveRecords } from './readings.duckdb.ts';
import type { SourceRecord } from './source-record.ts';

/** Time that one transaction rolls up. */
const PASS_MS = 31 * 86_400_000;

/**
 * Quarter-hour rollups of gauges and counters: a bucket is written once, when a reading after it has come; late readings
 * write theirs anew. Where the table ends, queries go on with the readings themselves. Energy is in the books.
 */
export class Rollups {
  constructor(private readonly writer: DuckdbConnection) {}

  /** Writes what is over since the last time and what late readings changed. Returns the new record. */
  async bring(start: SourceRecord): Promise<SourceRecord> {
    let record = start;
    await this.mendDirty(record);
    const until = floor(record.newestMs);
    for (;;) {
      const from = record.rolledUntilMs ?? floor(record.firstMs);
      if (until <= from) return record;
      const to = Math.min(until, from + PASS_MS);
      const after = { ...record, rolledUntilMs: to };
      await this.writer.transaction(async () => {
        await this.writer.run(rollupSql(record, { from, to }));
        await saveRecords(this.writer, [after]);
      }, 'rollup');
      record = after;
    }
  }

  /** Everything of the source is rolled up anew at the next pass. */
  async reset(record: SourceRecord): Promise<SourceRecord> {
    const fresh = { ...record, rolledUntilMs: null };
    await this.writer.transaction(async () => {
      for (const table of ['rollup_15m', 'rollup_dirty'])
        await this.writer.run(`DELETE FROM ${table} WHERE source = ${record.key}`);
      await saveRecords(this.writer, [fresh]);
    });
    return fresh;
  }

  private async mendDirty(record: SourceRecord): Promise<void> {
    const limit = record.rolledUntilMs;
    if (limit === null) return;
    const [from, to] = await this.writer.numbers(
      `SELECT from_ms::DOUBLE, to_ms::DOUBLE FROM rollup_dirty WHERE source = ${record.key} ORDER BY from_ms`,
    );
    if (!from || !to || from.length === 0) return;
    await this.writer.transaction(async () => {
      let done = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < from.length; i++) {
        const region = {
          from: Math.max(floor(from[i] as number), done),
          to: Math.min(floor((to[i] as number) - 1) + QUARTER_HOUR_MS, limit),
        };
        if (region.from >= region.to) continue;
        await this.writer.run(
          `DELETE FROM rollup_15m WHERE source = ${record.key} AND bucket_ms >= ${region.from} AND bucket_ms < ${region.to}`,
        );
        await this.writer.run(rollupSql(record, region));
        done = region.to;
      }
      await this.writer.run(`DELETE FROM rollup_dirty WHERE source = ${record.key}`);
    });
  }
}

const floor = (time: number): number => Math.floor(time / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;

/** Digits that a mean of gauges is kept with: fewer than noise, and in a form that packs well. */
function roundedMean(metric: NumericMetric, name: string): string {
  const digits = /_w$|_va$/.test(columnOf(metric).name) ? 2 : 3;
  return `round(avg(${name}), ${digits})`;
}

function rollupSql(record: SourceRecord, range: TimeRange): string {
  const gauges = gaugeColumns.map(({ metric, name }) =>
    record.metrics.has(metric.name)
      ? `${roundedMean(metric.name as NumericMetric, name)}, min(${name}), max(${name}), nullif(count(${name}), 0)`
      : 'NULL, NULL, NULL, NULL',
  );
  const counters = counterColumns.map(({ metric, name }) =>
    record.metrics.has(metric.name) ? `arg_max(${name}, time_ms)` : 'NULL',
  );
  return `INSERT INTO rollup_15m
    SELECT ${record.key}, time_ms - time_ms % ${QUARTER_HOUR_MS} AS bucket, ${[...gauges, ...counters].join(', ')}, count(*)
    FROM ${readingsOf(record)} WHERE source = ${record.key} AND time_ms >= ${range.from} AND time_ms < ${range.to}
    GROUP BY bucket ORDER BY bucket`;
}
