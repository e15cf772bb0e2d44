import type { Reading } from '../core/reading.ts';
import { LatestValues } from './live/latest.ts';
import { PastWatch } from './past-watch.ts';
import { mergeSorted, type PendingRow, PendingRows } from './writing/pending.ts';
import { Unmeasured } from './writing/unmeasured.ts';

/** What is in memory of a source. */
export interface SourceState {
  pending: PendingRows;
  /** Rows that are being written right now. */
  writing: readonly PendingRow[];
  latest: LatestValues;
  unmeasured: Unmeasured;
  past: PastWatch;
}

/** Rows that go to the database together, ascending, by source. */
export type Batch = ReadonlyMap<string, readonly PendingRow[]>;

/** What is in memory of all sources: above all the rows that wait for the database, or are on their way to it. */
export class SourceStates {
  private readonly states = new Map<string, SourceState>();
  private waiting = 0;
  private underWay = 0;

  constructor(private readonly newestStored: (sourceId: string) => number | undefined) {}

  /** The state of a source, made when there is none. */
  of(sourceId: string): SourceState {
    const known = this.states.get(sourceId);
    if (known) return known;
    const state: SourceState = {
      pending: new PendingRows(),
      writing: [],
      latest: new LatestValues(),
      unmeasured: new Unmeasured(),
      past: new PastWatch(this.newestStored(sourceId) ?? 0),
    };
    this.states.set(sourceId, state);
    return state;
  }

  find(sourceId: string): SourceState | undefined {
    return this.states.get(sourceId);
  }

  /** Lets a reading wait for the database. */
  wait(state: SourceState, reading: Reading): void {
    this.waiting += state.pending.add(reading);
  }

  /** Rows that wait and are not on their way yet. */
  waitingCount(): number {
    return this.waiting;
  }

  /** Rows that are not in the database yet. */
  unwrittenCount(): number {
    return this.waiting + this.underWay;
  }

  /** Rows of a source that are not in the database yet, ascending. */
  unwrittenOf(sourceId: string): PendingRow[] {
    const state = this.states.get(sourceId);
    return state ? mergeSorted(state.writing, state.pending.rows) : [];
  }

  /** Sends all that waits on its way: call `written` or `putBack` when that is over. */
  takeBatch(): Batch {
    const batch = new Map<string, readonly PendingRow[]>();
    for (const [sourceId, state] of this.states) {
      if (state.pending.rows.length === 0) continue;
      state.pending.takeUnseen((rows, from) => state.latest.takeAll(rows, from));
      state.writing = state.pending.rows;
      state.pending = new PendingRows();
      batch.set(sourceId, state.writing);
    }
    this.underWay = this.waiting;
    this.waiting = 0;
    return batch;
  }

  written(batch: Batch): void {
    this.underWay = 0;
    for (const sourceId of batch.keys()) {
      const state = this.states.get(sourceId);
      if (state) state.writing = [];
    }
  }

  /** They could not be written: they wait again, before what came since. */
  putBack(batch: Batch): void {
    this.underWay = 0;
    for (const [sourceId, rows] of batch) {
      const state = this.states.get(sourceId);
      if (!state) continue;
      const before = state.pending.rows.length;
      state.pending.restore(rows);
      state.writing = [];
      this.waiting += state.pending.rows.length - before;
    }
  }

  forget(sourceId: string): void {
    this.waiting -= this.states.get(sourceId)?.pending.rows.length ?? 0;
    this.states.delete(sourceId);
  }
}
