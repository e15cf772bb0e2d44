import { type MetricName, metrics } from '../../core/metrics.ts';
import type { MetricValues } from '../../core/reading.ts';
import { derivedPowers, withDerivedPowers } from '../derive.ts';
import type { LatestReading } from '../figures.ts';
import type { PendingRow } from '../writing/pending.ts';

/** Voltage and current further apart than this do not make a power together. */
const SAME_MOMENT_MS = 60_000;

/** The newest value of each metric of one source, with its own age. */
export class LatestValues {
  private time = Number.NEGATIVE_INFINITY;
  private readonly values: MetricValues = {};
  private readonly times: Partial<Record<MetricName, number>> = {};

  /** Takes over what is newer, or as new, metric by metric. */
  take(row: Pick<PendingRow, 'time' | 'values'>): void {
    this.takeAll([row]);
  }

  /**
   * Takes over from rows that ascend in time, from index `from` on. Of each metric only the newest value counts, so each
   * is looked for from the end: in a flood that is a look at one row instead of at thousands.
   */
  takeAll(rows: readonly Pick<PendingRow, 'time' | 'values'>[], from = 0): void {
    const last = rows[rows.length - 1];
    if (last === undefined || from >= rows.length) return;
    for (const { name } of metrics) {
      const at = newestWith(rows, from, name);
      if (at >= 0) this.takeValue(rows[at] as PendingRow, name);
    }
    if (last.time > this.time) this.time = last.time;
  }

  private takeValue({ time, values }: Pick<PendingRow, 'time' | 'values'>, metric: MetricName): void {
    if (time < (this.times[metric] ?? Number.NEGATIVE_INFINITY)) return;
    (this.values as Record<string, unknown>)[metric] = values[metric];
    this.times[metric] = time;
  }

  /** The newest reading with derived powers, or undefined before the first one. */
  read(): LatestReading | undefined {
    if (this.time === Number.NEGATIVE_INFINITY) return undefined;
    const reading: LatestReading = {
      time: this.time,
      values: { ...this.values },
      times: { ...this.times },
      derived: [],
    };
    for (const rule of derivedPowers) this.derive(rule, reading);
    return reading;
  }

  private derive(rule: (typeof derivedPowers)[number], reading: LatestReading): void {
    const voltageAt = this.times[rule.voltage];
    const currentAt = this.times[rule.current];
    if (voltageAt === undefined || currentAt === undefined) return;
    if (Math.abs(voltageAt - currentAt) > SAME_MOMENT_MS) return;
    const at = Math.min(voltageAt, currentAt);
    const saidAt = this.times[rule.power];
    // A power that the device itself said counts until voltage and current have gone on without it for a minute.
    if (saidAt !== undefined && saidAt >= at - SAME_MOMENT_MS) return;
    const voltage = this.values[rule.voltage];
    const current = this.values[rule.current];
    if (voltage === undefined || current === undefined) return;
    const { values } = withDerivedPowers({ [rule.voltage]: voltage, [rule.current]: current });
    const power = values[rule.power];
    if (power === undefined) return;
    reading.values[rule.power] = power;
    reading.times[rule.power] = at;
    reading.derived.push(rule.power);
  }
}

function newestWith(rows: readonly Pick<PendingRow, 'values'>[], from: number, metric: MetricName): number {
  for (let i = rows.length - 1; i >= from; i--) if (rows[i]?.values[metric] !== undefined) return i;
  return -1;
}
