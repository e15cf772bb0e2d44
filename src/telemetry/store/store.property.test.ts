import { describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { newId } from '../../core/ids.ts';
import type { MetricValues, Reading } from '../../core/reading.ts';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { Archive } from '../archive/archive.sqlite.ts';
import { finestFirst } from '../archive/levels.ts';
import { type Correction, Corrections } from '../corrections/correction.ts';

/** A failure prints its seed; TEST_SEED and TEST_RUNS play it again, or many more. */
const RUNS = Number(process.env.TEST_RUNS ?? 8);
const SEED = process.env.TEST_SEED ? { seed: Number(process.env.TEST_SEED) } : {};

const START = Date.UTC(2026, 9, 24, 20);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const SOURCES = ['aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002'];
const everything = { from: 0, to: Date.UTC(2030, 0, 1) };

const facts = { timeZone: 'Europe/Berlin' };

type Step =
  | { kind: 'add' | 'import'; readings: Reading[] }
  | { kind: 'flush' }
  | { kind: 'look' }
  | { kind: 'wait'; hours: number }
  | { kind: 'crash' }
  | { kind: 'correct'; sourceId: string; correction: Correction }
  | { kind: 'undo' };

const values: fc.Arbitrary<MetricValues> = fc.record(
  {
    solarPower: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 5000 }) },
      { weight: 1, arbitrary: fc.constantFrom(100_000, 32_767) },
    ),
    batteryVoltage: fc.integer({ min: 400, max: 600 }).map((v) => v / 10),
    batteryCurrent: fc.integer({ min: -50, max: 50 }),
    gridPower: fc.integer({ min: -3000, max: 3000 }),
    totalEnergyProduced: fc.constant(0),
    dailyEnergyConsumed: fc.constant(0),
    operatingMode: fc.constantFrom('grid', 'battery'),
    faultCodes: fc.array(fc.constantFrom('F1', 'F2'), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
/** What happens to counters: nothing most of the time. */
type Mishap = 'none' | 'zero' | 'sentinel' | 'step' | 'wh' | 'wild';
const mishaps: fc.Arbitrary<Mishap> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Mishap>('none') },
  { weight: 5, arbitrary: fc.constantFrom<Mishap>('zero', 'sentinel', 'step', 'wh', 'wild') },
);
/**
 * Counters as devices have them: the total was replaced after a day and a half and stood still for half a day, the daily
 * one begins anew at local midnight.
 */
function counted(time: number, v: MetricValues, mishap: Mishap): MetricValues {
  const hours = (time - START) / HOUR;
  const result = { ...v };
  const shown = 100 + (hours > 18 && hours < 30 ? 18 : hours) / 2 + (hours > 36 ? 900 : 0);
  const odd = { none: shown, zero: 0, sentinel: 6553.5, step: shown - 0.1, wh: shown * 1000, wild: shown * 3 };
  if (v.totalEnergyProduced !== undefined) result.totalEnergyProduced = odd[mishap];
  const midnight = startOfLocalDay(localDayOf(time, facts.timeZone), facts.timeZone);
  if (v.dailyEnergyConsumed !== undefined)
    result.dailyEnergyConsumed = mishap === 'zero' ? 0 : (time - midnight) / HOUR / 4;
  return result;
}
const reading: fc.Arbitrary<Reading> = fc
  .record({
    sourceId: fc.constantFrom(...SOURCES),
    // Few times, so that many are the same; across a DST change and several days.
    time: fc.integer({ min: 0, max: 400 }).map((n) => START + n * 11 * MIN),
    values,
    mishap: mishaps,
  })
  .map(({ mishap, ...r }) => ({ ...r, values: counted(r.time, r.values, mishap) }));
/** What owners mend: any of it, undone or not. */
const correction: fc.Arbitrary<Correction> = fc
  .record({
    kind: fc.constantFrom('remove' as const, 'set' as const, 'scale' as const, 'offset' as const, 'jump' as const),
    metric: fc.constantFrom('solarPower' as const, 'totalEnergyProduced' as const, 'batteryVoltage' as const),
    start: fc.integer({ min: 0, max: 400 }),
    length: fc.integer({ min: 1, max: 120 }),
    amount: fc.constantFrom(0.5, 2, 10, 120),
    above: fc.constantFrom(null, null, 60),
    isWhole: fc.boolean(),
  })
  .map(({ kind, metric, start, length, amount, above, isWhole }) => {
    const from = START + start * 11 * MIN;
    const made = { id: newId(), note: '', madeBy: 'Ada', undoneAt: null, undoneBy: null, below: null };
    if (kind === 'jump')
      return { ...made, kind, metric: 'totalEnergyProduced', from, to: from + 1, amount, above: null, madeAt: start };
    const isRemoval = kind === 'remove' && isWhole;
    return {
      ...made,
      ...{ kind, from, to: from + length * 11 * MIN, amount, madeAt: start },
      ...{ metric: isRemoval ? null : metric, above: isRemoval ? null : above },
    };
  });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.array(reading, { maxLength: 25 }).map((readings) => ({ kind: 'add', readings }) as Step),
    },
    { weight: 3, arbitrary: fc.constant<Step>({ kind: 'flush' }) },
    // What a chart read is kept in memory, and must go along with what comes after.
    { weight: 2, arbitrary: fc.constant<Step>({ kind: 'look' }) },
    {
      weight: 1,
      arbitrary: fc.array(reading, { maxLength: 25 }).map((readings): Step => ({ kind: 'import', readings })),
    },
    { weight: 2, arbitrary: fc.constantFrom(1, 1, 5, 26).map((hours): Step => ({ kind: 'wait', hours })) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'crash' }) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...SOURCES), correction)
        .map(([sourceId, c]): Step => ({ kind: 'correct', sourceId, correction: c })),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'undo' }) },
  ),
  { maxLength: 14 },
);

/** What the store must hold: one reading a source and time, the last word on each metric. */
class Model {
  readonly corrections = new Map<string, Corrections>();
  private readonly rows = new Map<string, Map<number, MetricValues>>();
  add({ sourceId, time, values }: Reading): void {
    const rows = this.rows.get(sourceId) ?? new Map<number, MetricValues>();
    this.rows.set(sourceId, rows);
    rows.set(time, { ...rows.get(time), ...values });
  }
  correct(sourceId: string, c: Correction): void {
    if (!this.rows.has(sourceId)) return;
    this.corrections.set(sourceId, (this.corrections.get(sourceId) ?? Corrections.none).with(c));
  }
  /** As they are to be read. */
  shown(sourceId: string): { time: number; values: MetricValues }[] {
    const corrections = this.corrections.get(sourceId) ?? Corrections.none;
    return this.of(sourceId).flatMap(({ time, values: v }) => {
      const shown = corrections.applyToValues(time, v);
      return shown ? [{ time, values: shown }] : [];
    });
  }
  /** As they were received. */
  of(sourceId: string): { time: number; values: MetricValues }[] {
    return [...(this.rows.get(sourceId) ?? [])]
      .map(([time, v]) => ({ time, values: v }))
      .sort((a, b) => a.time - b.time);
  }
}

/** Runs the steps; after a crash everything after the stored position comes again, as the journal replays it. */
async function play(run: Step[], dir?: string): Promise<{ t: TestTelemetry; model: Model }> {
  // Days one and two are over and packed, the third is not.
  const clock = new FakeClock(START + 2 * DAY);
  let t = await startTelemetry({ clock, facts, ...(dir ? { dir } : {}) });
  const model = new Model();
  const journal: Reading[][] = [];
  for (const step of run) {
    if (step.kind === 'add') {
      for (const r of step.readings) model.add(r);
      journal.push(step.readings);
      t.service.add(step.readings, journal.length);
    } else if (step.kind === 'flush') await t.service.flush();
    else if (step.kind === 'look') await charts(t);
    else if (step.kind === 'wait') clock.advance(step.hours * HOUR);
    else if (step.kind === 'import') {
      for (const id of SOURCES) {
        const own = step.readings.filter((r) => r.sourceId === id);
        for (const r of own) model.add(r);
        await t.service.importReadings(id, own);
      }
    } else if (step.kind === 'correct') {
      await t.service.correct(step.sourceId, step.correction);
      model.correct(step.sourceId, step.correction);
    } else if (step.kind === 'undo') {
      const [sourceId, made] = [...model.corrections].at(-1) ?? [];
      const last = made?.all.findLast((c) => c.undoneAt === null);
      if (!sourceId || !last) continue;
      const undone = { ...last, undoneAt: 1, undoneBy: 'Ada' };
      await t.service.correct(sourceId, undone);
      model.correct(sourceId, undone);
    } else {
      await t.drop();
      t = await startTelemetry({ clock, facts, dir: t.dir });
      for (let p = t.service.flushedPosition(); p < journal.length; p++) t.service.add(journal[p] ?? [], p + 1);
    }
  }
  await t.service.flush();
  return { t, model };
}

/** The books with the state of each chunk, of chunks before `until` of their source. */
async function books(t: TestTelemetry, until: ReadonlyMap<string, number>): Promise<unknown[]> {
  const connection = await t.database.connect();
  const keys = SOURCES.map((id) => t.store.find(id)?.key ?? -1);
  const all = async (table: string, order: string) => {
    const rows = await connection.rows(`SELECT * FROM ${table} ORDER BY ALL`);
    const named = rows
      .map((row) => ({ ...plain(row), source: SOURCES[keys.indexOf(Number(row.source))] ?? '' }))
      .filter((row) => Number(row['chunk_ms' as keyof typeof row]) < (until.get(row.source) ?? 0));
    return named.sort((x, y) =>
      `${x.source}${x[order as keyof typeof x]}` < `${y.source}${y[order as keyof typeof y]}` ? -1 : 1,
    );
  };
  const rows = [
    ...(await all('energy_15m', 'bucket_ms')),
    ...(await all('energy_bridges', 'from_ms')),
    ...(await all('energy_chunks', 'chunk_ms')),
    ...(await all('counter_events', 'time_ms')),
  ];
  await connection.close();
  return rows;
}

function bookedByBoth(a: TestTelemetry, b: TestTelemetry): Map<string, number> {
  const bookedUntil = (t: TestTelemetry, id: string) => t.store.find(id)?.bookedUntilMs ?? 0;
  return new Map(SOURCES.map((id) => [id, Math.min(bookedUntil(a, id), bookedUntil(b, id))]));
}

/** Charts of every level: quarter hours, hours and days, from the first day on. */
async function charts(t: TestTelemetry): Promise<unknown[]> {
  const from = Math.floor(START / DAY) * DAY;
  const range = { from, to: from + 5 * DAY };
  const metrics = ['solarPower', 'batteryVoltage', 'batteryPower', 'totalEnergyProduced'] as const;
  const widths = [15 * MIN, HOUR, DAY];
  const asked = SOURCES.flatMap((id) => widths.map((width) => ({ id, points: (5 * DAY) / width })));
  return await Promise.all(asked.map(({ id, points }) => t.service.history(id, metrics, range, points)));
}

/** All rows of the archive. */
function archived(t: TestTelemetry): unknown[] {
  const archive = Archive.open(join(t.dir, 'archive.db'), () => 0);
  const rows = SOURCES.flatMap((id) =>
    finestFirst.map((level) => {
      const { times, numbers, texts } = archive.rows(level, t.store.find(id)?.key ?? -1, everything);
      const columns = [...numbers, ...texts].sort(([a], [b]) => (a < b ? -1 : 1));
      return { id, level, times: [...times], columns: columns.map(([name, values]) => [name, [...values]]) };
    }),
  );
  archive.close();
  return rows;
}

function plain(row: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === 'number' ? v : String(v)]));
}

/** The same but for the last bits, which depend on the order in which numbers were added up, or but for `most`. */
function expectNear(actual: unknown, expected: unknown, most = 1e-5, path = ''): void {
  if (typeof actual === 'number' && typeof expected === 'number') {
    const isNear = Math.abs(actual - expected) <= most + 1e-4 * Math.abs(expected);
    expect(isNear ? path : `${path}: ${actual}`).toBe(isNear ? path : `${path}: ${expected}`);
  } else if (actual !== null && expected !== null && typeof actual === 'object' && typeof expected === 'object') {
    expect(`${path} ${Object.keys(actual).sort()}`).toBe(`${path} ${Object.keys(expected).sort()}`);
    for (const [key, value] of Object.entries(actual))
      expectNear(value, (expected as Record<string, unknown>)[key], most, `${path}.${key}`);
  } else expect(actual).toBe(expected);
}

describe('any order of readings, flushes and crashes', () => {
  test('leaves the readings of a simple model', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        const { t, model } = await play(run);
        try {
          for (const id of SOURCES) {
            const { items } = await t.service.readings(id, everything, { limit: 10_000 });
            expectNear(items, model.shown(id));
          }
        } finally {
          await t.dispose();
        }
      }),
      { numRuns: RUNS, ...SEED },
    );
  }, 300_000);

  test('leaves the charts and books that all readings at once give', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        const { t, model } = await play(run);
        const fresh = await startTelemetry({ clock: t.clock, facts });
        try {
          for (const id of SOURCES) {
            await fresh.service.importReadings(
              id,
              model.of(id).map((r) => ({ sourceId: id, ...r })),
            );
            for (const c of model.corrections.get(id)?.all ?? []) await fresh.service.correct(id, c);
          }
          const range = { from: START - DAY, to: START + 4 * DAY };
          const energy = (of: TestTelemetry) => Promise.all(SOURCES.map((id) => of.service.energy(id, 'day', range)));
          const [incremental, atOnce] = [await energy(t), await energy(fresh)];
          expectNear(incremental, atOnce);
          // A chunk that is over stays so when a correction takes what came after it, which only one of them may have had.
          const until = bookedByBoth(t, fresh);
          expect(await books(t, until)).toEqual(await books(fresh, until));
          const before = await charts(t);
          // Once everything is packed, charts are the same, and the archive is that of all readings at once.
          (t.clock as FakeClock).advance(6 * DAY);
          for (const id of SOURCES) while (!(await t.service.bookPass(id)));
          for (const id of SOURCES) while (!(await fresh.service.bookPass(id)));
          // Means are kept to a tenth of a watt, and those of hours and days are made of means: two roundings of 0.05.
          expectNear(await charts(t), before, 0.1);
          expect(archived(t)).toEqual(archived(fresh));
          expect(await t.service.readings(SOURCES[0] as string, everything, { limit: 10_000 })).toEqual(
            await fresh.service.readings(SOURCES[0] as string, everything, { limit: 10_000 }),
          );
        } finally {
          await t.dispose();
          await fresh.dispose();
        }
      }),
      { numRuns: RUNS, endOnFailure: true, ...SEED },
    );
  }, 300_000);
});

test('a damaged database is named and left as it is', async () => {
  const t = await startTelemetry();
  await t.service.stop();
  await t.drop();
  const path = `${t.dir}/telemetry.duckdb`;
  await Bun.write(path, 'this is no database, but it must not be overwritten'.repeat(300));
  const error = await startTelemetry({ dir: t.dir }).catch((e: Error) => e);
  expect((error as Error).name).toBe('DamagedDatabaseError');
  expect(await Bun.file(path).text()).toStartWith('this is no database');
  rmSync(t.dir, { recursive: true });
});
