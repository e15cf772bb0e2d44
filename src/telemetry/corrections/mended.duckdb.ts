import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import { dayOf } from '../archive/levels.ts';
import type { TimeRange } from '../figures.ts';
import type { SourceRecord } from '../source-record.ts';

/** Packed days whose readings are read otherwise since an owner mended them: what was rolled up of them is not theirs. */
export class MendedDays {
  private readonly ranges = new Map<number, TimeRange[]>();

  constructor(private readonly writer: DuckdbConnection) {}

  async load(): Promise<void> {
    const [sources, from, to] = await this.writer.numbers(
      'SELECT source::DOUBLE, from_ms::DOUBLE, to_ms::DOUBLE FROM packed_dirty',
    );
    for (let i = 0; i < (sources?.length ?? 0); i++)
      this.know(sources?.[i] as number, { from: from?.[i] as number, to: to?.[i] as number });
  }

  /** Part of the open transaction; call `know` once that is committed. */
  async add(source: number, { from, to }: TimeRange): Promise<void> {
    await this.writer.run(`INSERT INTO packed_dirty VALUES (${source}, ${from}, ${to})`);
  }

  know(source: number, range: TimeRange): void {
    this.ranges.set(source, [...this.of(source), range]);
  }

  of(source: number): readonly TimeRange[] {
    return this.ranges.get(source) ?? [];
  }

  has(source: number, day: number): boolean {
    return this.of(source).some(({ from, to }) => day >= dayOf(from) && day <= dayOf(to - 1));
  }

  /** The first range is rolled up as it is read now, but for what is left of it. */
  async done(record: SourceRecord, left: TimeRange | null): Promise<void> {
    const ranges = [...(left ? [left] : []), ...this.of(record.key).slice(1)];
    await this.writer.transaction(async () => {
      await this.writer.run(`DELETE FROM packed_dirty WHERE source = ${record.key}`);
      for (const range of ranges) await this.add(record.key, range);
    });
    this.ranges.set(record.key, ranges);
  }

  forget(record: SourceRecord): void {
    this.ranges.delete(record.key);
  }
}
