import { type BookedSource, Bookkeeper, type BookStore, type Range, type StoredState } from './bookkeeper.ts';
import type { ClosedChunk } from './chunks.ts';
import type { CounterJump, EnergyRules } from './energy-fold.ts';
import type { EnergySheet } from './energy-sheet.ts';

/** What the books would be if readings were others, without storing any of it. */

export interface BookPreview {
  /** Stored chunks that would not be as they are. */
  replaced: number[];
  /** What would be booked instead, and what is open. */
  sheets: EnergySheet[];
  /** False if so much would be booked anew that it was not looked at to the end. */
  isWhole: boolean;
}

/** Three years of chunks. */
const MOST_CHUNKS = 4400;

export async function previewBooks(
  store: BookStore,
  source: BookedSource,
  changed: readonly Range[],
  facts: { rules: EnergyRules; jumps: readonly CounterJump[] },
): Promise<BookPreview> {
  const overlay = new Overlay(store);
  const keeper = new Bookkeeper(facts.rules, facts.jumps);
  const until = source.bookedUntilMs ?? Number.NEGATIVE_INFINITY;
  let dirty: readonly Range[] = changed.filter((range) => range.from < until);
  while (dirty.length > 0 && overlay.chunks.size < MOST_CHUNKS) {
    const { gone, chunks, dirty: rest } = await keeper.rebook(overlay, source, dirty);
    for (const chunk of gone) overlay.chunks.set(chunk, null);
    for (const closed of chunks) overlay.chunks.set(closed.chunk, closed);
    dirty = rest;
  }
  const live = await keeper.upToDate(overlay, source);
  const booked = [...overlay.chunks.values()].flatMap((closed) => closed?.sheet ?? []);
  return {
    replaced: [...overlay.chunks.keys()],
    sheets: [...booked, ...live.sheets()],
    isWhole: dirty.length === 0,
  };
}

/** The stored chunks with others over them; null stands for one that is gone. */
class Overlay implements BookStore {
  readonly chunks = new Map<number, ClosedChunk | null>();

  constructor(private readonly below: BookStore) {}

  readings(range: Range) {
    return this.below.readings(range);
  }

  firstReadingFrom(time: number) {
    return this.below.firstReadingFrom(time);
  }

  async firstChunkFrom(time: number): Promise<number | null> {
    const own = [...this.chunks].filter(([chunk, closed]) => chunk >= time && closed).map(([chunk]) => chunk);
    let stored = await this.below.firstChunkFrom(time);
    while (stored !== null && this.chunks.get(stored) === null) stored = await this.below.firstChunkFrom(stored + 1);
    const least = Math.min(stored ?? Number.POSITIVE_INFINITY, ...own);
    return Number.isFinite(least) ? least : null;
  }

  async states(range: Range): Promise<Map<number, string>> {
    const states = await this.below.states(range);
    for (const [chunk, closed] of this.chunks) {
      if (chunk < range.from || chunk >= range.to) continue;
      if (closed) states.set(chunk, closed.state);
      else states.delete(chunk);
    }
    return new Map([...states].sort(([a], [b]) => a - b));
  }

  async lastBefore(chunk: number): Promise<StoredState | null> {
    let stored = await this.below.lastBefore(chunk);
    while (stored && this.chunks.has(stored.chunk)) stored = await this.below.lastBefore(stored.chunk);
    let last: StoredState | null = stored;
    for (const closed of this.chunks.values())
      if (closed && closed.chunk < chunk && closed.chunk > (last?.chunk ?? Number.NEGATIVE_INFINITY)) last = closed;
    return last;
  }
}
