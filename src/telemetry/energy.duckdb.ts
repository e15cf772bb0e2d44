import { type CalendarPeriod, localDayOf, offsetsIn, type PeriodSpan, periodsIn } from '../core/zone.ts';
import type { DuckdbConnection } from '../platform/duckdb.ts';
import { BUCKET_MS, type EnergyBooks, type EnergyQuantity, quantityRules } from './energy.ts';
import type { EnergyPeriod, EnergyTotals, TimeRange } from './ports.ts';
import type { SourceRecord } from './source-record.ts';

const DAY = 86_400_000;

/** Energy of a period while it is being added up. */
class PeriodSum {
  private readonly kwh = new Map<EnergyQuantity, number>();
  coveredMs = 0;

  add(quantity: EnergyQuantity, kwh: number): void {
    if (!Number.isNaN(kwh)) this.kwh.set(quantity, (this.kwh.get(quantity) ?? 0) + kwh);
  }

  /** The totals; a period that is not over is measured up to `now`. */
  totals(span: PeriodSpan, now: number): EnergyTotals {
    const length = Math.min(span.to, Math.max(now, span.from)) - span.from;
    const of = (quantity: EnergyQuantity) => {
      const kwh = this.kwh.get(quantity);
      return kwh === undefined ? null : Math.round(kwh * 1e6) / 1e6;
    };
    return {
      solarKwh: of('solar'),
      loadKwh: of('load'),
      importKwh: of('import'),
      exportKwh: of('export'),
      chargeKwh: of('charge'),
      dischargeKwh: of('discharge'),
      coverage: length > 0 ? Math.min(1, Math.round((this.coveredMs / length) * 1e4) / 1e4) : 0,
    };
  }
}

export interface EnergyRequest {
  period: CalendarPeriod;
  range: TimeRange;
  timeZone: string;
  now: number;
  /** Energy after the booked time. */
  open: EnergyBooks | null;
}

/** Every local period that shares time with the range, whole. */
export async function readEnergy(
  connection: DuckdbConnection,
  record: SourceRecord,
  request: EnergyRequest,
): Promise<EnergyPeriod[]> {
  const spans = periodsIn(request.period, request.range, request.timeZone);
  const first = spans[0];
  const last = spans[spans.length - 1];
  if (!first || !last) return [];
  const sums = spans.map(() => new PeriodSum());
  const finder = new PeriodFinder(spans);
  const whole = { from: first.from, to: last.to };
  await addDays(
    connection,
    record,
    request,
    whole,
    (time, quantity, kwh) => sums[finder.at(time)]?.add(quantity, kwh),
    (time, ms) => {
      const sum = sums[finder.at(time)];
      if (sum) sum.coveredMs += ms;
    },
  );
  if (request.open) addOpen(request.open, finder, sums);
  await addBridges(connection, record, whole, spans, sums, request.open);
  return spans.map((span, i) => ({ period: span.key, ...(sums[i] as PeriodSum).totals(span, request.now) }));
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

/** Booked energy by local day, which the database adds up; a local day lies in one period. */
async function addDays(
  connection: DuckdbConnection,
  record: SourceRecord,
  request: EnergyRequest,
  range: TimeRange,
  add: (time: number, quantity: EnergyQuantity, kwh: number) => void,
  cover: (time: number, ms: number) => void,
): Promise<void> {
  const from = Math.max(range.from, Math.floor(record.firstMs / DAY) * DAY - DAY);
  const to = Math.min(range.to, record.bookedUntilMs ?? 0);
  if (from >= to) return;
  const sums = quantityRules.map((r) => `sum(${r.quantity}_kwh)`).join(', ');
  const columns = await connection.numbers(
    `SELECT min(bucket_ms)::DOUBLE, ${sums}, sum(covered_ms)::DOUBLE FROM energy_15m
     WHERE source = ${record.key} AND bucket_ms >= ${from} AND bucket_ms < ${to}
     GROUP BY (bucket_ms + ${offsetCase(request.timeZone, { from, to })}) // ${DAY}`,
  );
  const starts = columns[0] ?? new Float64Array();
  const order = Array.from(starts.keys()).sort((a, b) => (starts[a] as number) - (starts[b] as number));
  for (const i of order) {
    const time = starts[i] as number;
    for (const [q, rule] of quantityRules.entries()) add(time, rule.quantity, columns[q + 1]?.[i] ?? Number.NaN);
    cover(time, columns[7]?.[i] ?? 0);
  }
}

/** SQL for the zone's offset at `bucket_ms`. */
function offsetCase(timeZone: string, range: TimeRange): string {
  const steps = offsetsIn(range, timeZone);
  const first = steps[0]?.offset ?? 0;
  if (steps.length === 1) return String(first);
  const whens = steps
    .slice(1)
    .reverse()
    .map((s) => `WHEN bucket_ms >= ${s.from} THEN ${s.offset}`);
  return `CASE ${whens.join(' ')} ELSE ${first} END`;
}

function addOpen(open: EnergyBooks, finder: PeriodFinder, sums: readonly PeriodSum[]): void {
  for (let i = 0; i < open.covered.length; i++) {
    const sum = sums[finder.at(open.firstBucket + i * BUCKET_MS)];
    if (!sum) continue;
    sum.coveredMs += open.covered[i] as number;
    for (const { quantity } of quantityRules) sum.add(quantity, open.kwh[quantity][i] as number);
  }
}

/** Gaps of more than a day that a counter bridged: each period gets its share of the time. */
async function addBridges(
  connection: DuckdbConnection,
  record: SourceRecord,
  range: TimeRange,
  spans: readonly PeriodSpan[],
  sums: readonly PeriodSum[],
  open: EnergyBooks | null,
): Promise<void> {
  const rows = await connection.rows(
    `SELECT quantity, from_ms, to_ms, kwh FROM energy_bridges
     WHERE source = ${record.key} AND from_ms < ${range.to} AND to_ms > ${range.from}`,
  );
  const stored = rows.map((r) => ({
    quantity: String(r.quantity) as EnergyQuantity,
    from: Number(r.from_ms),
    to: Number(r.to_ms),
    kwh: Number(r.kwh),
  }));
  const bridges = [...stored, ...(open?.bridges.filter((b) => b.to > open.firstBucket) ?? [])];
  for (const bridge of bridges) {
    for (const [i, span] of spans.entries()) {
      const shared = Math.min(span.to, bridge.to) - Math.max(span.from, bridge.from);
      if (shared > 0) sums[i]?.add(bridge.quantity, (bridge.kwh * shared) / (bridge.to - bridge.from));
    }
  }
}

/** Start of the source's local day of a moment, for daily counters; remembers the last day asked for. */
export function dayStarter(timeZone: string, startOf: (day: number, zone: string) => number): (time: number) => number {
  let known = { from: 0, to: 0 };
  return (time) => {
    if (time >= known.from && time < known.to) return known.from;
    const day = localDayOf(time, timeZone);
    known = { from: startOf(day, timeZone), to: startOf(day + 1, timeZone) };
    return known.from;
  };
}
