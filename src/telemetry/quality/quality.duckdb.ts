import { dayKey, localDayOf, periodsIn } from '../../core/zone.ts';
import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { DaySums } from '../books/day-sums.duckdb.ts';
import type { CounterEvent, EnergySheet } from '../books/energy-sheet.ts';
import { periodSums } from '../energy/energy.duckdb.ts';
import type { TimeRange } from '../ports.ts';
import type { SourceRecord } from '../source-record.ts';
import { type ArrivalCounts, addArrivals, type DayTally, doneAbout, noArrivals, type QualityDay } from './quality.ts';

/** The tables of quality, and what they and the books say of each day. */

export const qualityTables = ['quality_days', 'quality_refused'] as const;

/** Adds counts to those stored, in one transaction. */
export async function addQuality(
  writer: DuckdbConnection,
  tallies: readonly { record: SourceRecord; days: ReadonlyMap<number, DayTally> }[],
): Promise<void> {
  await writer.transaction(async () => {
    for (const { record, days } of tallies)
      for (const [day, tally] of days) {
        await addDay(writer, record, day, tally.arrivals);
        for (const [reason, count] of tally.refused) await addRefused(writer, record, day, reason, count);
      }
  });
}

async function addDay(writer: DuckdbConnection, record: SourceRecord, day: number, more: ArrivalCounts): Promise<void> {
  if (more.again + more.late + more.timed === 0) return;
  const known = await arrivalsOf(writer, record, { from: day, to: day + 1 });
  const sum = addArrivals(known.get(day) ?? noArrivals, more);
  const optional = (value: number) => (Number.isFinite(value) ? value : null);
  await writer.run(`DELETE FROM quality_days WHERE source = ${record.key} AND day = ${day}`);
  await writer.run('INSERT INTO quality_days VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    ...[record.key, day, sum.again, sum.late, sum.lateMs, sum.latestMs, sum.timed, sum.delayMs],
    ...[optional(sum.leastDelayMs), optional(sum.mostDelayMs)],
  ]);
}

async function addRefused(
  writer: DuckdbConnection,
  record: SourceRecord,
  day: number,
  reason: string,
  count: number,
): Promise<void> {
  const where = `source = ${record.key} AND day = ${day} AND reason = ?`;
  const [known] = await writer.rows(`SELECT sum(refused)::DOUBLE AS n FROM quality_refused WHERE ${where}`, [reason]);
  await writer.run(`DELETE FROM quality_refused WHERE ${where}`, [reason]);
  await writer.run('INSERT INTO quality_refused VALUES (?, ?, ?, ?)', [
    ...[record.key, day, reason, Number(known?.n ?? 0) + count],
  ]);
}

/** Removes what was counted of days before `time`, as part of the open transaction. */
export async function forgetQualityBefore(writer: DuckdbConnection, record: SourceRecord, day: number): Promise<void> {
  for (const table of qualityTables)
    await writer.run(`DELETE FROM ${table} WHERE source = ${record.key} AND day < ${day}`);
}

async function arrivalsOf(
  connection: DuckdbConnection,
  record: SourceRecord,
  days: TimeRange,
): Promise<Map<number, ArrivalCounts>> {
  const rows = await connection.rows(
    `SELECT * FROM quality_days WHERE source = ${record.key} AND day >= ${days.from} AND day < ${days.to}`,
  );
  const optional = (value: unknown, without: number) => (value === null ? without : Number(value));
  return new Map(
    rows.map((row) => [
      Number(row.day),
      {
        ...{ again: Number(row.again), late: Number(row.late), lateMs: Number(row.late_ms) },
        ...{ latestMs: Number(row.latest_ms), timed: Number(row.timed), delayMs: Number(row.delay_ms) },
        leastDelayMs: optional(row.least_delay_ms, noArrivals.leastDelayMs),
        mostDelayMs: optional(row.most_delay_ms, noArrivals.mostDelayMs),
      },
    ]),
  );
}

export interface QualityRequest {
  range: TimeRange;
  timeZone: string;
  now: number;
  days: DaySums;
  /** What is booked and not stored. */
  sheets: readonly EnergySheet[];
}

/** Every local day that shares time with the range. */
export async function readQuality(
  connection: DuckdbConnection,
  record: SourceRecord,
  request: QualityRequest,
): Promise<QualityDay[]> {
  const { timeZone, range, now } = request;
  const spans = periodsIn('day', range, timeZone);
  const whole = { from: spans[0]?.from ?? range.from, to: spans.at(-1)?.to ?? range.to };
  const days = { from: localDayOf(whole.from, timeZone), to: localDayOf(whole.to - 1, timeZone) + 1 };
  const sums = await periodSums(connection, record, { ...request, period: 'day' });
  const arrivals = await arrivalsOf(connection, record, days);
  const refused = await refusedOf(connection, record, days);
  const events = await eventsOf(connection, record, request.sheets, whole);
  return spans.map((span, i) => {
    const day = localDayOf(span.from, timeZone);
    const sum = sums[i];
    const asked = { now, newestMs: record.newestMs };
    const origins = Object.entries(sum?.totals(span, asked).origins ?? {});
    return {
      day: dayKey(day),
      readings: sum?.readings() ?? 0,
      coverage: sum?.heardShare(span, asked) ?? 0,
      intervalMs: sum?.intervalMs() ?? null,
      arrivals: arrivals.get(day) ?? noArrivals,
      refused: refused.get(day) ?? [],
      events: events
        .filter((e) => e.time >= span.from && e.time < span.to)
        .map((e) => ({ ...e, done: doneAbout(e.kind) })),
      known: Object.fromEntries(origins.map(([quantity, { coverage }]) => [quantity, coverage])),
    };
  });
}

async function refusedOf(
  connection: DuckdbConnection,
  record: SourceRecord,
  days: TimeRange,
): Promise<Map<number, QualityDay['refused']>> {
  const rows = await connection.rows(
    `SELECT day, reason, refused FROM quality_refused
     WHERE source = ${record.key} AND day >= ${days.from} AND day < ${days.to} ORDER BY day, refused DESC, reason`,
  );
  const byDay = Map.groupBy(rows, (row) => Number(row.day));
  const reasonOf = (row: Record<string, unknown>) => ({ reason: String(row.reason), values: Number(row.refused) });
  return new Map([...byDay].map(([day, of]) => [day, of.map(reasonOf)]));
}

async function eventsOf(
  connection: DuckdbConnection,
  record: SourceRecord,
  sheets: readonly EnergySheet[],
  range: TimeRange,
): Promise<CounterEvent[]> {
  const rows = await connection.rows(
    `SELECT * FROM counter_events WHERE source = ${record.key} AND time_ms >= ${range.from} AND time_ms < ${range.to}`,
  );
  const stored = rows.map((row) => ({
    ...{ time: Number(row.time_ms), metric: String(row.metric), kind: String(row.kind) as CounterEvent['kind'] },
    ...{ times: Number(row.times), before: Number(row.before_kwh), after: Number(row.after_kwh), kwh: Number(row.kwh) },
  }));
  return [...stored, ...sheets.flatMap((sheet) => sheet.events)].sort((a, b) => a.time - b.time);
}
