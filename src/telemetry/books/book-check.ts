import { CHUNK_MS } from '../energy/energy.ts';
import type { TimeRange } from '../figures.ts';
import type { BookStore } from './bookkeeper.ts';
import { ChunkedFold, type ClosedChunk, chunkOf } from './chunks.ts';
import type { CounterJump, EnergyRules } from './energy-fold.ts';
import { SHEET_WIDTH } from './energy-sheet.ts';

/** Books some time anew from its readings and compares with what is stored: what `ampra doctor` asks. */

/** What came of looking at some booked days again. */
export interface BookCheck {
  days: number;
  problems: string[];
  /** True if much is to be booked anew, so that there was nothing to compare. */
  isWaiting: boolean;
  /** While books by earlier rules are made anew: the share of those that are, 0..1. */
  remadeShare?: number;
}

/** The numbers of stored quarter hours of a chunk, by their start, as in a sheet of the books. */
export type StoredBuckets = ReadonlyMap<number, Float64Array>;

export interface BookCheckDeps {
  store: BookStore;
  rules: EnergyRules;
  jumps: readonly CounterJump[];
  bucketsOf: (chunk: number) => Promise<StoredBuckets>;
  /** Of energy before this moment nothing is kept. */
  since: number | null;
}

/** What is stored is rounded to hundredths of a watt-hour. */
const ROUNDING = 2.1e-5;

/** What does not agree in the range, which begins and ends with chunks; empty when all does. */
export async function checkBooks(deps: BookCheckDeps, range: TimeRange): Promise<string[]> {
  const { store, rules, jumps } = deps;
  const stored = await store.states(range);
  const readings = await store.readings(range);
  const before = (await store.lastBefore(range.from))?.state ?? null;
  const fold = new ChunkedFold(rules, before, jumps);
  fold.take(readings);
  fold.close();
  const problems: string[] = [];
  for (const closed of fold.closed) {
    const state = stored.get(closed.chunk);
    stored.delete(closed.chunk);
    if (state === undefined) problems.push(`${nameOf(closed.chunk)} is not booked`);
    else if (state !== closed.state) problems.push(`${nameOf(closed.chunk)} ends otherwise than its readings say`);
    else if (!isEqual(closed, await deps.bucketsOf(closed.chunk), deps.since ?? Number.NEGATIVE_INFINITY))
      problems.push(`${nameOf(closed.chunk)} holds other energy than its readings say`);
  }
  for (const chunk of stored.keys()) problems.push(`${nameOf(chunk)} is booked, but has no readings`);
  return problems;
}

function isEqual({ sheet }: ClosedChunk, stored: StoredBuckets, since: number): boolean {
  const buckets = [...sheet.buckets].filter(([start]) => start >= since);
  if (buckets.length !== stored.size) return false;
  for (const [start, numbers] of buckets) {
    const there = stored.get(start);
    if (!there) return false;
    for (let place = 0; place < SHEET_WIDTH; place++) {
      const [a, b] = [numbers[place] as number, there[place] as number];
      const isNear = Number.isNaN(a) ? Number.isNaN(b) : Math.abs(a - b) <= Math.max(ROUNDING, place === 0 ? 0.5 : 0);
      if (!isNear) return false;
    }
  }
  return true;
}

const nameOf = (chunk: number): string =>
  `${new Date(chunk).toISOString().slice(0, 16)}Z to ${new Date(chunk + CHUNK_MS).toISOString().slice(11, 16)}Z`;

const DAY = 86_400_000;

/**
 * Days of UTC, whole chunks each: the first and the last that are booked, and others by chance, `count` in all or as many as
 * there are. Drawn by Floyd's method (Bentley and Floyd, Communications of the ACM 30 (9), 1987): each draw gives a new one.
 */
export function sampleDays(booked: TimeRange, count: number, random: () => number): TimeRange[] {
  const first = Math.floor(chunkOf(booked.from) / DAY);
  const last = Math.floor((booked.to - 1) / DAY);
  const days = new Set<number>();
  if (last >= first) days.add(first).add(last);
  const between = last - first - 1;
  for (let at = Math.max(0, between - Math.max(0, count - 2)); at < between; at++) {
    const drawn = first + 1 + Math.floor(random() * (at + 1));
    days.add(days.has(drawn) ? first + 1 + at : drawn);
  }
  return [...days]
    .sort((a, b) => a - b)
    .map((day) => ({ from: Math.max(day * DAY, chunkOf(booked.from)), to: Math.min((day + 1) * DAY, booked.to) }));
}
