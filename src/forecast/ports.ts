import type { Viewer } from '../accounts/viewer.ts';
import type { Result } from '../core/result.ts';
import type { TimeSpan } from '../core/time-range.ts';
import type { Source } from '../sources/source.ts';
import type { AccuracyView, ForecastView, ModelsView, SubjectChoice } from './forecast-view.ts';
import type { ForecastIssue, ForecastQuantity } from './issue.ts';
import type { ModelCard } from './model-card.ts';
import type { KeptDayScore } from './score/day-energy.ts';
import type { KeptLeadScore, LeadScore } from './score/lead-score.ts';
import type { BandWidths } from './serve/band-widths.ts';
import type { ForecastSubject } from './serve/subject-data.ts';
import type { ServeAnswer, ServeTask, TrainAnswer, TrainTask, WorkOptions } from './tasks.ts';

export type {
  ForecastIssue,
  ForecastQuantity,
  ForecastSubject,
  KeptDayScore,
  KeptLeadScore,
  ModelCard,
  ServeAnswer,
  ServeTask,
  TrainAnswer,
  TrainTask,
  WorkOptions,
};

// ---- For other features ------------------------------------------------------------------------------------------

/** What is forecast. Callers have checked that the source may be seen. Answers come from disk in milliseconds. */
export interface ForecastReader {
  /** What is forecast of a source: solar where it measures sun, load where it measures what the house takes. */
  quantitiesOf(sourceId: string): readonly ForecastQuantity[];
  /** The newest forecast that was issued at or before a moment, as it was issued; null when there was none. */
  issueAt(subject: ForecastSubject, time: number): ForecastIssue | null;
  /** Moments of the range at which one was issued, ascending; older ones are thinned out. */
  issuedTimes(subject: ForecastSubject, range: TimeSpan): number[];
  /** Called after a forecast was issued; returns the way to stop. */
  onIssue(listener: (subject: ForecastSubject, issue: ForecastIssue) => void): () => void;
}

/** Where a change came from, for the audit log. */
export interface AskedFrom {
  address: string;
}

/**
 * What pages and the API ask. Ownership is checked here: what is not the viewer's is `not_found`; of what is not forecast of
 * a source there is nothing (no forecast, no scores, no models). Answers come from disk and memory in milliseconds.
 */
export interface ForecastDesk {
  /** What the viewer may see forecasts of, their own first. A source that has sent nothing yet has no quantities. */
  choices(viewer: Viewer): readonly SubjectChoice[];
  /** The newest forecast, or as it was issued at or before a moment; null when there is none (yet). */
  forecast(viewer: Viewer, subject: ForecastSubject, at?: number): Promise<Result<ForecastView | null>>;
  /** Why there is none yet, or what is being done about it; for pages that have nothing to show. */
  waiting(viewer: Viewer, subject: ForecastSubject): Result<WaitingView>;
  /** Forecasts of a range of time that can be called back, ascending. */
  issues(viewer: Viewer, subject: ForecastSubject, range: TimeSpan): Result<readonly { issuedAt: number }[]>;
  /** How forecasts of the last so many days did. */
  accuracy(viewer: Viewer, subject: ForecastSubject, days: number): Result<AccuracyView>;
  models(viewer: Viewer, subject: ForecastSubject): Promise<Result<ModelsView>>;
  /** Queues a training of what is forecast of a source, or of one quantity; gives the job's id. */
  trainNow(
    viewer: Viewer,
    sourceId: string,
    quantity: ForecastQuantity | undefined,
    asked: AskedFrom,
  ): Result<{ jobId: string; source: Source }>;
  /** Lets a model serve again that served before. */
  putBack(viewer: Viewer, subject: ForecastSubject, version: string, asked: AskedFrom): Promise<Result<ModelRow>>;
  /** Makes new forecasts of sources now, unless they were made a moment ago; they are there when the promise resolves. */
  refreshNow(viewer: Viewer, sourceIds: readonly string[]): Promise<Result<null>>;
  /** Called when a source's forecast, scores, models or training changed; returns the way to stop. */
  onChange(listener: (sourceId: string) => void): () => void;
}

/** Tells open pages that something of a source's forecasts changed. */
export interface ForecastNews {
  tell(sourceId: string): void;
  on(listener: (sourceId: string) => void): () => void;
}

/** Of a subject without a forecast. */
export interface WaitingView {
  isLearning: boolean;
  problem: string | null;
}

// ---- What forecasting itself needs of the world ------------------------------------------------------------------

/** Forecasts as issued, on disk. */
export interface IssueStore {
  newestAt(subject: ForecastSubject, time: number): ForecastIssue | null;
  /** Moments of the half-open range, ascending. */
  times(subject: ForecastSubject, range: TimeSpan): number[];
  read(subject: ForecastSubject, issuedAt: number): ForecastIssue | null;
  /** When those were issued that speak of the range, ascending. */
  speakingOf(subject: ForecastSubject, range: TimeSpan): number[];
  /** Replaces one of the same moment. */
  put(subject: ForecastSubject, issues: readonly ForecastIssue[]): void;
  remove(subject: ForecastSubject, issuedAt: readonly number[]): void;
}

/** What moves from day to day: weights of the blend by part of the day, and widths of the bands. */
export interface DayState {
  date: string;
  /** By part of the day, in the order of the recipe's experts; null before any training. */
  weights: readonly (readonly number[])[] | null;
  widths: BandWidths;
}

/** How forecasts did, on disk. Dates are those of the source's calendar, both ends included. */
export interface ScoreStore {
  leads(subject: ForecastSubject, first: string, last: string): KeptLeadScore[];
  days(subject: ForecastSubject, first: string, last: string): KeptDayScore[];
  /** The last day that was judged; null when none was. */
  lastDate(subject: ForecastSubject): string | null;
  /** Replaces what was said of the day. */
  put(subject: ForecastSubject, date: string, leads: readonly LeadScore[], days: readonly KeptDayScore[]): void;
  state(subject: ForecastSubject): DayState | null;
  states(subject: ForecastSubject, first: string, last: string): DayState[];
  putState(subject: ForecastSubject, state: DayState): void;
}

export type ModelState = 'serving' | 'challenger' | 'retired';

export interface ModelRow {
  version: string;
  madeAt: number;
  knownUntil: number;
  state: ModelState;
  card: ModelCard;
}

/** Which models there are, in the database. */
export interface ModelIndex {
  /** Newest first. */
  list(subject: ForecastSubject): ModelRow[];
  put(subject: ForecastSubject, row: ModelRow): void;
  setState(subject: ForecastSubject, version: string, state: ModelState): void;
  remove(subject: ForecastSubject, version: string): void;
}

/** What models learned, as files of the data directory. */
export interface ModelFiles {
  /** The text of a model; null when its file is gone or cannot be read. */
  read(sourceId: string, version: string): Promise<string | null>;
  /** Whole on the disk when it returns; `card` is put beside it for people. */
  write(sourceId: string, version: string, text: string, card?: ModelCard): Promise<void>;
  remove(sourceId: string, version: string): Promise<void>;
  removeAllOf(sourceId: string): Promise<void>;
  /** Versions that have a file. */
  versions(sourceId: string): Promise<string[]>;
}

/** Does the heavy work where it blocks nobody. */
export interface ForecastWorkshop {
  serve(tasks: readonly ServeTask[], options?: WorkOptions): Promise<ServeAnswer[]>;
  train(task: TrainTask, options?: WorkOptions): Promise<TrainAnswer>;
}
