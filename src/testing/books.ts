import type { NumericMetric } from '../core/metrics.ts';
import { type CounterJump, EnergyFold, type EnergyRules } from '../telemetry/books/energy-fold.ts';
import { EnergySheet, places } from '../telemetry/books/energy-sheet.ts';
import { BUCKET_MS, type EnergyQuantity, type EnergyReadings, energyQuantities } from '../telemetry/energy/energy.ts';

/** One reading of a test: its time [ms] and what it says. */
export type TestRow = [time: number, values: Partial<Record<NumericMetric, number>>];

const DAY = 86_400_000;
export const utcDays: EnergyRules = {
  installedCapacityW: null,
  dayStart: (time) => Math.floor(time / DAY) * DAY,
};

/** Rows as the columns that the books are made of. */
export function columnsOf(rows: readonly TestRow[]): EnergyReadings {
  const columns: EnergyReadings['columns'] = {};
  for (const [i, [, values]] of rows.entries())
    for (const [name, value] of Object.entries(values)) {
      const metric = name as NumericMetric;
      columns[metric] ??= new Float64Array(rows.length).fill(Number.NaN);
      (columns[metric] as Float64Array)[i] = value;
    }
  return { times: Float64Array.from(rows, ([time]) => time), columns };
}

/** What the books say of some readings. */
export class BookedTest {
  constructor(readonly sheet: EnergySheet) {}

  /** kWh of a quantity between two moments on edges of quarter hours, bridges by their share; null where nothing is known. */
  kwh(quantity: EnergyQuantity, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): number | null {
    return this.sum(quantity, places.kwh, from, to);
  }

  /** The part that was integrated from power. */
  power(quantity: EnergyQuantity): number | null {
    return this.sum(quantity, places.power, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  }

  /** The part that a counter knew of gaps. */
  bridged(quantity: EnergyQuantity): number | null {
    return this.sum(quantity, places.bridged, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  }

  coveredMinutes(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): number {
    let ms = 0;
    for (const [start, row] of this.sheet.buckets) if (start >= from && start < to) ms += row[places.covered] as number;
    return ms / 60_000;
  }

  /** Minutes of which a quantity is known without bridging a gap. */
  knownMinutes(quantity: EnergyQuantity, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): number {
    return (this.sum(quantity, places.known, from, to) ?? 0) / 60_000;
  }

  kinds(): string[] {
    return this.sheet.events.map((e) => e.kind);
  }

  private sum(quantity: EnergyQuantity, place: number, from: number, to: number): number | null {
    let sum: number | null = null;
    const add = (kwh: number) => {
      sum = (sum ?? 0) + kwh;
    };
    const column = place + energyQuantities.indexOf(quantity);
    for (const [start, row] of this.sheet.buckets)
      if (start >= from && start < to && !Number.isNaN(row[column])) add(row[column] as number);
    if (place === places.kwh || place === places.bridged)
      for (const b of this.sheet.bridges) {
        const shared = Math.min(b.to, to) - Math.max(b.from, from);
        if (b.quantity === quantity && shared > 0) add((b.kwh * shared) / (b.to - b.from));
      }
    return sum === null ? null : Math.round(sum * 1e6) / 1e6;
  }
}

/** Books rows as the appliance does, all at once. */
export function book(
  rows: readonly TestRow[],
  options: Partial<EnergyRules> & { jumps?: readonly CounterJump[] } = {},
): BookedTest {
  const sheet = new EnergySheet();
  const { jumps, ...rules } = options;
  const fold = new EnergyFold({ ...utcDays, ...rules }, sheet);
  fold.take(columnsOf(rows), 0, rows.length, jumps);
  fold.finish();
  return new BookedTest(sheet);
}

/** Rows of one metric, a value every `stepMinutes`. */
export function every(
  stepMinutes: number,
  start: number,
  metric: NumericMetric,
  values: readonly (number | null)[],
): TestRow[] {
  return values.map((value, i) => [start + i * stepMinutes * 60_000, value === null ? {} : { [metric]: value }]);
}

export { BUCKET_MS };
