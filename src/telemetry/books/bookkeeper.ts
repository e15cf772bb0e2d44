import { nextTurn } from '../../core/next-turn.ts';
import { CHUNK_MS, type EnergyReadings } from '../energy/energy.ts';
import { ChunkedFold, type ClosedChunk, chunkOf } from './chunks.ts';
import type { CounterJump, EnergyRules } from './energy-fold.ts';
import { type Refolded, refoldChunks } from './refold.ts';

/**
 * Keeps the books of one source: chunks that are over are stored with the state after them, the chunk that is being filled
 * is kept in memory. Chunks whose readings have changed are booked anew from the state at their start, and those after them
 * until the state is the stored one: so the books are always those of a booking from the beginning.
 */

export interface Range {
  from: number;
  to: number;
}

/** Where the readings of a source and its chunks are. */
export interface BookStore {
  readings(range: Range): Promise<EnergyReadings>;
  /** Time of the first reading at or after a moment. */
  firstReadingFrom(time: number): Promise<number | null>;
  /** The first stored chunk at or after a moment. */
  firstChunkFrom(time: number): Promise<number | null>;
  /** States after stored chunks, ascending. */
  states(range: Range): Promise<Map<number, string>>;
  /** The last stored chunk before `chunk`; null when there is none. */
  lastBefore(chunk: number): Promise<StoredState | null>;
}

/** A stored chunk and the state after it; null when that says nothing to the arithmetic of today. */
export interface StoredState {
  chunk: number;
  state: string | null;
}

/** What is to be stored of chunks that were booked anew, and what is still to be done. */
export interface Rebooked {
  gone: number[];
  chunks: ClosedChunk[];
  dirty: Range[];
}

/** What is to be stored instead of chunks by earlier rules, and where the next of them begin; null when there are none. */
export interface Remade {
  gone: number[];
  chunks: ClosedChunk[];
  earlierFromMs: number | null;
  /** True if what follows the last stored chunk begins otherwise now: whoever keeps it in memory begins anew. */
  isOtherEnd: boolean;
}

/** What the books must know of a source. */
export interface BookedSource {
  firstMs: number;
  newestMs: number;
  /** Readings before this moment are in stored chunks. */
  bookedUntilMs: number | null;
  /** Readings before this moment are gone, and books before it stay as they are. */
  booksFromMs: number | null;
  /** Stored chunks from this moment on are by earlier rules; null when none are. */
  earlierFromMs: number | null;
  /** Time that one pass goes on, in whole chunks. */
  passMs: number;
}

/** Readings that are booked before others have their turn: some 2 ms of work. */
const ROWS_A_TURN = 2000;

export class Bookkeeper {
  /** The fold that goes on with the next reading. */
  private live: ChunkedFold | null = null;
  /** Readings before this moment are in the fold, or were read to go there. */
  private readUntil = Number.NEGATIVE_INFINITY;
  /** Chunks that the next pass looks at, where states differ from the stored ones. */
  private reach = 1;

  constructor(
    private readonly rules: EnergyRules,
    readonly jumps: readonly CounterJump[] = [],
  ) {}

  /**
   * Forgets what is in memory if it holds readings at or after `time`, which have changed; also where they were read just
   * before and are being booked.
   */
  changed(time: number): void {
    if (this.live && (time <= this.live.newest() || time < this.readUntil)) this.live = null;
  }

  /** Takes the next readings. True when there are no more, and none of them changed meanwhile. */
  async advance(store: BookStore, source: BookedSource): Promise<boolean> {
    const live = await this.liveOf(store, source);
    const since = Math.max(live.newest() + 1, source.bookedUntilMs ?? source.firstMs, source.booksFromMs ?? 0);
    const from = since > source.newestMs ? null : await store.firstReadingFrom(since);
    if (from === null) return true;
    const to = from + source.passMs;
    this.readUntil = to;
    await this.book(live, await store.readings({ from, to }));
    this.readUntil = Number.NEGATIVE_INFINITY;
    return to > source.newestMs && this.live === live;
  }

  /** A little at a time, unless what is booked changed meanwhile. */
  private async book(live: ChunkedFold, { times, columns }: EnergyReadings): Promise<void> {
    for (let from = 0; from < times.length && this.live === live; from += ROWS_A_TURN) {
      if (from > 0) await nextTurn();
      const to = from + ROWS_A_TURN;
      const some = Object.entries(columns).map(([name, column]) => [name, column.subarray(from, to)]);
      live.take({ times: times.subarray(from, to), columns: Object.fromEntries(some) });
    }
  }

  /** Chunks that are over and not stored yet; call `stored` when they are. */
  over(): readonly ClosedChunk[] {
    return this.live?.closed ?? [];
  }

  /** Ends the chunk that is being filled where all its readings lie before a moment: they are about to go. */
  closeBefore(time: number): void {
    if (this.live && this.live.newest() < time) this.live.close();
  }

  stored(count: number): void {
    this.live?.closed.splice(0, count);
  }

  /** The fold after all readings. */
  async upToDate(store: BookStore, source: BookedSource): Promise<ChunkedFold> {
    while (!(await this.advance(store, source)));
    return await this.liveOf(store, source);
  }

  private async liveOf(store: BookStore, source: BookedSource): Promise<ChunkedFold> {
    if (this.live) return this.live;
    const last = await store.lastBefore(source.bookedUntilMs ?? Number.MAX_SAFE_INTEGER);
    this.live = this.foldFrom(last?.state ?? null);
    return this.live;
  }

  private foldFrom(state: string | null): ChunkedFold {
    return new ChunkedFold(this.rules, state, this.jumps);
  }

  /** One pass over stored chunks whose readings have changed. */
  async rebook(store: BookStore, source: BookedSource, dirty: readonly Range[]): Promise<Rebooked> {
    const until = source.bookedUntilMs ?? 0;
    const { refolded, range } = await this.refold(store, source, dirty);
    const rest = dirty.flatMap(({ from, to }) => (to > range.to ? [{ from: Math.max(from, range.to), to }] : []));
    const isEarlier = range.to > (source.earlierFromMs ?? until);
    if (refolded.isSame || isEarlier) this.reach = 1;
    if (!refolded.isSame) {
      // Wherever the next chunk is, it begins otherwise than it did; one by earlier rules is made anew anyway.
      const next = await store.firstChunkFrom(range.to);
      if (next === null || next >= until) this.live = null;
      else if (next < (source.earlierFromMs ?? until)) rest.unshift({ from: range.to, to: next + 1 });
    }
    return { gone: refolded.gone, chunks: refolded.chunks, dirty: rest.filter((r) => r.from < until) };
  }

  /** One pass over chunks by earlier rules, in order from the first of them: those before are by today's. */
  async remake(store: BookStore, source: BookedSource): Promise<Remade> {
    const until = source.bookedUntilMs ?? 0;
    const from = await this.startOf(store, source, source.earlierFromMs ?? until);
    const range = { from, to: Math.min(until, from + source.passMs) };
    const { gone, chunks, isSame } = await this.refoldRange(store, range, () => true);
    const isEnd = range.to >= until;
    return { gone, chunks, earlierFromMs: isEnd ? null : range.to, isOtherEnd: isEnd && !isSame };
  }

  private async refold(
    store: BookStore,
    source: BookedSource,
    dirty: readonly Range[],
  ): Promise<{ refolded: Refolded; range: Range }> {
    const range = await this.nextRange(store, source, dirty);
    const isDirty = (chunk: number) => dirty.some((d) => d.from < chunk + CHUNK_MS && d.to > chunk);
    return { refolded: await this.refoldRange(store, range, isDirty), range };
  }

  private async refoldRange(store: BookStore, range: Range, isDirty: (chunk: number) => boolean): Promise<Refolded> {
    return await refoldChunks({
      readings: await store.readings(range),
      stored: await store.states(range),
      before: (await store.lastBefore(range.from))?.state ?? null,
      isDirty,
      foldFrom: (state) => this.foldFrom(state),
    });
  }

  /** Whole chunks: what has changed first, and the farther on the longer the state has not been the stored one. */
  private async nextRange(store: BookStore, source: BookedSource, dirty: readonly Range[]): Promise<Range> {
    const until = source.bookedUntilMs ?? 0;
    const from = await this.startOf(store, source, dirty[0]?.from ?? until);
    const wanted = Math.max(from + this.reach * CHUNK_MS, chunkOf((dirty[0]?.to ?? 0) - 1) + CHUNK_MS);
    this.reach *= 2;
    return { from, to: Math.min(until, wanted, from + source.passMs) };
  }
  /** Start of the first chunk from `time` on that has readings, or had. */
  private async startOf(store: BookStore, source: BookedSource, time: number): Promise<number> {
    const until = source.bookedUntilMs ?? 0;
    const since = Math.max(source.booksFromMs ?? Number.NEGATIVE_INFINITY, chunkOf(time));
    const first = (await store.firstReadingFrom(since)) ?? until;
    const kept = (await store.firstChunkFrom(since)) ?? until;
    return Math.min(until, chunkOf(Math.min(first, kept)));
  }
}
