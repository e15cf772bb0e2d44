import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { columnsOf, type TestRow, utcDays } from '../../testing/books.ts';
import { CHUNK_MS } from '../energy/energy.ts';
import { type BookedSource, Bookkeeper, type BookStore, type Range } from './bookkeeper.ts';
import { ChunkedFold, type ClosedChunk, chunkOf } from './chunks.ts';
import { EnergySheet, SHEET_WIDTH } from './energy-sheet.ts';
import { previewBooks } from './preview.ts';

/** TEST_SEED and TEST_RUNS play a failure again, or many more. */
const RUNS = Number(process.env.TEST_RUNS ?? 200);
const SEED = process.env.TEST_SEED ? { seed: Number(process.env.TEST_SEED) } : {};

const START = Date.UTC(2026, 9, 24, 20);
const MIN = 60_000;
/** After every other reading. */
const END = START + 3 * 365 * 24 * 60 * MIN;

/** Readings and chunks in memory, as the database keeps them. */
class MemoryBooks implements BookStore {
  rows = new Map<number, TestRow[1]>();
  chunks = new Map<number, ClosedChunk>();
  dirty: Range[] = [];
  bookedUntilMs: number | null = null;
  booksFromMs: number | null = null;
  earlierFromMs: number | null = null;
  keeper = new Bookkeeper(utcDays);

  private sorted(): TestRow[] {
    return [...this.rows].sort(([a], [b]) => a - b);
  }
  readings({ from, to }: Range) {
    return Promise.resolve(columnsOf(this.sorted().filter(([t]) => t >= from && t < to)));
  }
  firstReadingFrom(time: number) {
    return Promise.resolve(this.sorted().find(([t]) => t >= time)?.[0] ?? null);
  }
  private starts(): number[] {
    return [...this.chunks.keys()].sort((a, b) => a - b);
  }
  firstChunkFrom(time: number) {
    return Promise.resolve(this.starts().find((c) => c >= time) ?? null);
  }
  states({ from, to }: Range) {
    const inRange = this.starts().filter((c) => c >= from && c < to);
    return Promise.resolve(new Map(inRange.map((c) => [c, this.chunks.get(c)?.state ?? ''])));
  }
  lastBefore(chunk: number) {
    const last = this.starts().findLast((c) => c < chunk);
    if (last === undefined) return Promise.resolve(null);
    const isReadable = last < (this.earlierFromMs ?? Number.POSITIVE_INFINITY);
    return Promise.resolve({ chunk: last, state: isReadable ? (this.chunks.get(last)?.state ?? null) : null });
  }

  source(): BookedSource {
    const times = this.sorted().map(([t]) => t);
    const { bookedUntilMs } = this;
    const { booksFromMs, earlierFromMs } = this;
    const [firstMs, newestMs] = [times[0] ?? 0, times.at(-1) ?? 0];
    return { firstMs, newestMs, bookedUntilMs, booksFromMs, earlierFromMs, passMs: 3 * CHUNK_MS };
  }

  newest(): number {
    return this.source().newestMs;
  }

  /** Stores or removes readings, and remembers which booked ones changed. */
  change(rows: readonly TestRow[], isRemoval: boolean): void {
    for (const [time, values] of rows) {
      if (isRemoval) this.rows.delete(time);
      else this.rows.set(time, values);
      if (time < (this.bookedUntilMs ?? Number.NEGATIVE_INFINITY)) this.dirty.push({ from: time, to: time + 1 });
      this.keeper.changed(time);
    }
    this.dirty.sort((a, b) => a.from - b.from);
  }

  /** Removes everything before a moment, as a retention does: the state at the cut stays. */
  cut(time: number): void {
    const at = chunkOf(time);
    for (const t of [...this.rows.keys()]) if (t < at) this.rows.delete(t);
    const before = this.starts().filter((c) => c < at);
    for (const c of before.slice(0, -1)) this.chunks.delete(c);
    this.booksFromMs = Math.max(this.booksFromMs ?? at, at);
    this.keeper = new Bookkeeper(utcDays);
  }

  /** All books are those of an earlier version, which nobody can go on from; nothing else is in memory. */
  otherRules(): void {
    if (this.bookedUntilMs === null) return;
    const since = this.booksFromMs ?? Number.NEGATIVE_INFINITY;
    for (const chunk of this.starts())
      if (chunk >= since) this.chunks.set(chunk, { chunk, state: 'of other rules', sheet: new EnergySheet() });
    this.earlierFromMs = this.booksFromMs ?? 0;
    this.keeper = new Bookkeeper(utcDays);
  }

  /** One pass. True when nothing is left to do. */
  async pass(): Promise<boolean> {
    if (this.dirty.length > 0) {
      const { gone, chunks, dirty } = await this.keeper.rebook(this, this.source(), this.dirty);
      for (const chunk of gone) this.chunks.delete(chunk);
      for (const closed of chunks) this.chunks.set(closed.chunk, closed);
      this.dirty = dirty;
      return false;
    }
    const isDone = await this.keeper.advance(this, this.source());
    const over = [...this.keeper.over()];
    for (const closed of over) this.chunks.set(closed.chunk, closed);
    const last = over.at(-1);
    if (last) this.bookedUntilMs = last.chunk + CHUNK_MS;
    this.keeper.stored(over.length);
    if (!isDone || this.earlierFromMs === null) return isDone;
    const { gone, chunks, earlierFromMs, isOtherEnd } = await this.keeper.remake(this, this.source());
    if (isOtherEnd) this.keeper = new Bookkeeper(utcDays);
    for (const chunk of gone) this.chunks.delete(chunk);
    for (const closed of chunks) this.chunks.set(closed.chunk, closed);
    this.earlierFromMs = earlierFromMs;
    return false;
  }

  async texts(): Promise<string[]> {
    while (!(await this.pass()));
    const live = await this.keeper.upToDate(this, this.source());
    const since = this.booksFromMs ?? Number.NEGATIVE_INFINITY;
    const stored = this.starts().flatMap((c) => (c < since ? [] : (this.chunks.get(c) ?? [])));
    return [...stored.map(textOf), ...live.sheets().map((sheet) => sheetText(sheet)), live.state() ?? ''];
  }

  /** What one fold over all readings gives; after a cut over those since then, from the state at the cut. */
  atOnce(): string[] {
    const since = this.booksFromMs ?? Number.NEGATIVE_INFINITY;
    const origin = this.starts().findLast((c) => c < since);
    const fold = new ChunkedFold(utcDays, origin === undefined ? null : (this.chunks.get(origin)?.state ?? null));
    fold.take(columnsOf(this.sorted().filter(([t]) => t >= since)));
    const open = fold.sheets().slice(fold.closed.length).map(sheetText);
    return [...fold.closed.map(textOf), ...open, fold.state() ?? ''];
  }
}

const sheetText = ({ buckets, bridges, events, readings, steps, stepsMs }: EnergySheet): string =>
  JSON.stringify([[...buckets].map(([start, row]) => [start, ...row]), bridges, events, readings, steps, stepsMs]);
const textOf = ({ chunk, state, sheet }: ClosedChunk): string => `${chunk} ${state} ${sheetText(sheet)}`;

const values = fc.record(
  {
    solarPower: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 5000 }) },
      { weight: 1, arbitrary: fc.constantFrom(100_000, 40_000, 32_767, 6553.5, 6500) },
    ),
    gridPower: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: -3000, max: 3000 }) },
      { weight: 1, arbitrary: fc.constantFrom(-90_000, 90_000, -32_768) },
    ),
    totalEnergyProduced: fc.oneof(
      fc.constantFrom(0, 100, 100.5, 103, 1, 100_600, 6553.5),
      fc.integer({ min: 90, max: 200 }),
    ),
    dailyEnergyProduced: fc.integer({ min: 0, max: 20 }),
    totalGridImport: fc.constantFrom(0, 5, 5.5, 6),
  },
  { requiredKeys: [] },
);
// Few times, over days with long gaps, so that readings are replaced and chunks are empty.
const time = fc
  .oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 60 }).map((n) => n * 60),
  )
  .map((n) => START + n * 13 * MIN);
const rows: fc.Arbitrary<TestRow[]> = fc.array(fc.tuple(time, values), { maxLength: 30 });
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), rows }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('remove' as const),
        rows: fc.array(fc.tuple(time, fc.constant({})), { maxLength: 40 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), rows: fc.constant([]) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'rules' as const, rows: [] }) },
    { weight: 1, arbitrary: time.map((t) => ({ kind: 'cut' as const, rows: [[t, {}] as TestRow] })) },
  ),
  { maxLength: 14 },
);

test('books kept up with late, replaced and removed readings, cuts and other rules are those of one booking of them all', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const books = new MemoryBooks();
      for (const { kind, rows: changed } of run) {
        if (kind === 'pass') await books.pass();
        else if (kind === 'rules') books.otherRules();
        // Readings are kept until all books are by today's rules.
        else if (kind === 'cut' && books.earlierFromMs === null) books.cut(changed[0]?.[0] ?? START);
        else if (kind !== 'cut') books.change(changed, kind === 'remove');
      }
      // A chunk that was over stays so when what came after it is removed; in one booking it is over again when more comes.
      if (books.newest() < (books.bookedUntilMs ?? 0)) books.change([[END, {}]], false);
      expect(await books.texts()).toEqual(books.atOnce());
    }),
    { numRuns: RUNS, ...SEED },
  );
}, 120_000);

test('a preview says what will be booked, and changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(steps, rows, fc.boolean(), async (run, changed, isRemoval) => {
      const books = new MemoryBooks();
      for (const { kind, rows: some } of run)
        if (kind === 'add' || kind === 'remove') books.change(some, kind === 'remove');
      while (!(await books.pass()));
      const before = JSON.stringify([...books.chunks].map(([chunk, closed]) => [chunk, closed.state]));
      const after = new MemoryBooks();
      after.rows = new Map(books.rows);
      const ranges = changed.map(([t]) => ({ from: t, to: t + 1 })).sort((a, b) => a.from - b.from);
      after.change(changed, isRemoval);
      // As the database has it: the readings as they would be, the chunks as they are.
      const store: BookStore = {
        readings: (range) => after.readings(range),
        firstReadingFrom: (t) => after.firstReadingFrom(t),
        firstChunkFrom: (t) => books.firstChunkFrom(t),
        states: (range) => books.states(range),
        lastBefore: (chunk) => books.lastBefore(chunk),
      };
      const source = { ...after.source(), bookedUntilMs: books.bookedUntilMs };
      const { replaced, sheets } = await previewBooks(store, source, ranges, { rules: utcDays, jumps: [] });
      expect(JSON.stringify([...books.chunks].map(([chunk, closed]) => [chunk, closed.state]))).toBe(before);
      const kept = [...books.chunks.values()].filter((c) => !replaced.includes(c.chunk)).map((c) => c.sheet);
      const all = new ChunkedFold(utcDays, null);
      all.take(await after.readings({ from: 0, to: Number.MAX_SAFE_INTEGER }));
      expectSums(sumOf([...kept, ...sheets]), sumOf(all.sheets()));
    }),
    { numRuns: RUNS / 2, ...SEED },
  );
}, 120_000);

/** All numbers of all quarter hours. */
function sumOf(sheets: readonly EnergySheet[]): number[] {
  const sums = new Array<number>(SHEET_WIDTH).fill(0);
  for (const { buckets } of sheets)
    for (const row of buckets.values())
      for (const [i, value] of row.entries()) if (!Number.isNaN(value)) sums[i] = (sums[i] ?? 0) + value;
  return sums;
}
function expectSums(actual: number[], expected: number[]): void {
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 6);
}

test('late readings book no more anew than what they change', async () => {
  const books = new MemoryBooks();
  const day = (from: number, count: number): TestRow[] =>
    Array.from({ length: count }, (_, i) => [
      START + (from + i) * 5 * MIN,
      { solarPower: 500, totalEnergyProduced: 10 + (from + i) / 24 },
    ]);
  books.change(day(0, 5000), false);
  await books.texts();
  const before = new Map(books.chunks);
  books.change([[START + 1001 * 5 * MIN + 1000, { solarPower: 700 }]], false);
  await books.texts();
  const changed = [...books.chunks].filter(([chunk, closed]) => before.get(chunk) !== closed);
  expect(changed.map(([chunk]) => chunk)).toEqual([chunkOf(START + 1001 * 5 * MIN)]);
});

test('readings that change while they are being booked are booked as they are', async () => {
  const books = new MemoryBooks();
  const minutes = (count: number): TestRow[] =>
    Array.from({ length: count }, (_, i) => [START + i * MIN, { solarPower: 500, totalEnergyProduced: 10 + i / 600 }]);
  // More than is booked in one turn, in what one pass takes.
  books.change(minutes(1050), false);
  for (let i = 0; i < 9; i++)
    books.change(
      minutes(300).map(([time, values]) => [time + (i + 1) * 6000, values]),
      false,
    );
  const asked = books.keeper.upToDate(books, books.source());
  // It has read them, and books them now.
  await new Promise((wake) => setImmediate(wake));
  books.change([[START + 900 * MIN + 1000, { solarPower: 4000, totalEnergyProduced: 11.5 }]], false);
  await asked;
  expect(await books.texts()).toEqual(books.atOnce());
});
