import type { Clock } from '../../core/clock.ts';
import { nextTurn } from '../../core/next-turn.ts';
import type { Reading } from '../../core/reading.ts';
import { dayOf } from '../archive/levels.ts';
import type { BookCheck } from '../books/book-check.ts';
import type { Booking } from '../books/booking-service.ts';
import type { Correction } from '../corrections/correction.ts';
import type { CorrectionEffect } from '../corrections/correction-effect.ts';
import { LatestValues } from '../live/latest.ts';
import type { News } from '../news.ts';
import type { Forgotten, TelemetryAdmin, TelemetryCorrections, TelemetryStore } from '../ports.ts';
import type { QualityWatch } from '../quality/quality-service.ts';
import type { SourceStates } from '../source-states.ts';
import type { StoredLevel } from '../storage/storage.ts';
import { ROW_GROUP_ROWS } from '../store/row-group.ts';
import { PendingRows } from './pending.ts';
import { measures } from './unmeasured.ts';
import type { WritingService } from './writing-service.ts';

export interface UpkeepDeps {
  store: TelemetryStore;
  states: SourceStates;
  writing: WritingService;
  watch: QualityWatch;
  news: News;
  clock: Clock;
}

/** Rows of an import after which other work has its turn. */
const ROWS_A_TURN = 500;
/** Readings that are imported at once, and a day that has begun to its end: half a day would be packed twice. */
const IMPORT_ROWS = ROW_GROUP_ROWS / 2;
const MOST_IMPORT_ROWS = 2 * IMPORT_ROWS;
/** Of what is imported at once, the newest rows tell how the source stands. */
const NEWEST_ROWS = 500;
/** Days to pack that are work for a job. */
const MANY_DAYS = 3;

/** What becomes of the past: imports, corrections, retention, deletion, and that books and rollups keep up with it. */
export class UpkeepService implements TelemetryAdmin, TelemetryCorrections, Booking {
  constructor(private readonly deps: UpkeepDeps) {}

  // Booking

  farBehind(): string[] {
    const { store } = this.deps;
    const isBehind = (sourceId: string) => store.isFarBehind(sourceId) || store.packProgress(sourceId).left > MANY_DAYS;
    return [...store.all()].flatMap(({ sourceId }) => (isBehind(sourceId) ? [sourceId] : []));
  }

  async bookPass(sourceId: string): Promise<boolean> {
    const { store, states, writing } = this.deps;
    const left = await writing.inTurn(async () => {
      if (!(await store.rollUp(sourceId))) return 'more';
      return (await store.remake(sourceId)) ? 'nothing' : 'earlier books';
    });
    // Books that are made anew count as one when they are done: sums of the past are not made anew with each pass.
    if (left !== 'earlier books') states.find(sourceId)?.past.changed();
    return left === 'nothing';
  }

  bookProgress(sourceId: string): number {
    const { store } = this.deps;
    return (store.bookProgress(sourceId) + store.packProgress(sourceId).share) / 2;
  }

  /** Books some days anew and compares with what is stored; null for a source without readings. Nothing is changed. */
  checkBooks(sourceId: string, days: number): Promise<BookCheck | null> {
    return this.deps.store.checkBooks(sourceId, days);
  }

  /** Books everything of a source anew from its readings. */
  async bookAnew(sourceId: string): Promise<void> {
    const { store, writing } = this.deps;
    await writing.inTurn(() => store.bookAnew(sourceId));
    while (!(await this.bookPass(sourceId)));
  }

  /** What the books must know of a source has changed: its zone, what is installed. */
  factsChanged(sourceId: string): void {
    if (this.deps.store.find(sourceId)) this.pastChanged(sourceId);
  }

  // TelemetryCorrections

  corrections(sourceId: string): readonly Correction[] {
    return this.deps.store.corrections(sourceId);
  }

  async correctionEffect(sourceId: string, correction: Correction): Promise<CorrectionEffect | null> {
    const { store, writing, clock } = this.deps;
    const now = clock.now();
    await writing.settleAll(sourceId);
    return await store.correctionEffect(sourceId, correction, now);
  }

  async correct(sourceId: string, correction: Correction): Promise<void> {
    const { store, states, writing, news } = this.deps;
    await writing.inTurnAfterRows(() => store.correct(sourceId, correction));
    this.pastChanged(sourceId);
    // The newest values may be among what is read otherwise now.
    const state = states.of(sourceId);
    state.latest = new LatestValues();
    state.latest.takeAll(await store.newestRows(sourceId));
    news.add(sourceId);
    news.tell();
  }

  // TelemetryAdmin

  async importReadings(
    sourceId: string,
    readings: Iterable<Reading> | AsyncIterable<Reading>,
    onProgress?: (count: number) => void,
  ): Promise<number> {
    const { news } = this.deps;
    let count = 0;
    let batch = new PendingRows();
    const write = async () => {
      const { rows } = batch;
      batch = new PendingRows();
      if (rows.length === 0) return;
      await this.takeIn(sourceId, rows);
      onProgress?.(count);
    };
    for await (const reading of readings) {
      if (!measures(reading)) continue;
      if (isFull(batch, reading)) await write();
      batch.add(reading);
      count++;
      if (count % ROWS_A_TURN === 0) await nextTurn();
    }
    await write();
    while (!(await this.rollUpPass(sourceId)));
    news.add(sourceId);
    news.tell();
    return count;
  }

  deleteSource(sourceId: string): Promise<void> {
    const { store, states, writing, watch } = this.deps;
    return writing.inTurn(async () => {
      states.forget(sourceId);
      writing.rollups.forget(sourceId);
      watch.forget(sourceId);
      await store.deleteSource(sourceId);
    });
  }

  async forget(sourceId: string, what: Forgotten): Promise<void> {
    const { store, states, writing } = this.deps;
    await writing.inTurnAfterRows(() => store.forget(sourceId, what));
    states.find(sourceId)?.past.changed();
  }

  statistics(): Promise<{ readings: number; pendingReadings: number; databaseBytes: number; walBytes: number }> {
    const { store, states } = this.deps;
    return Promise.resolve({
      readings: store.readingCount(),
      pendingReadings: states.unwrittenCount(),
      ...store.size(),
    });
  }

  storage(): Promise<Omit<StoredLevel, 'keepDays'>[]> {
    return Promise.resolve(this.deps.store.storage(this.deps.clock.now()));
  }

  // Inside

  private async rollUpPass(sourceId: string): Promise<boolean> {
    const { store, states, writing } = this.deps;
    const isDone = await writing.inTurn(() => store.rollUp(sourceId));
    states.find(sourceId)?.past.changed();
    return isDone;
  }

  private async takeIn(sourceId: string, rows: PendingRows['rows']): Promise<void> {
    const { store, states, writing, watch } = this.deps;
    // What waits was said before.
    await writing.inTurnAfterRows(async () => watch.cameAgain(await store.take(sourceId, rows)));
    states.of(sourceId).latest.takeAll(rows, Math.max(0, rows.length - NEWEST_ROWS));
  }

  /** Books and rollups are made anew, and whoever keeps sums of the past hears of it. */
  private pastChanged(sourceId: string): void {
    const { states, writing } = this.deps;
    const state = states.of(sourceId);
    state.past.changed();
    writing.rollups.unsettle(sourceId);
    writing.flushSoon();
  }
}

function isFull({ rows }: PendingRows, next: Reading): boolean {
  const isDayOver = dayOf(rows.at(-1)?.time ?? next.time) !== dayOf(next.time);
  return rows.length >= (isDayOver ? IMPORT_ROWS : MOST_IMPORT_ROWS);
}
