import type { Viewer } from '../accounts/viewer.ts';
import type { Result } from '../core/result.ts';
import type { TimeSpan } from '../core/time-range.ts';
import type { Source } from '../sources/source.ts';
import type { DailyWeather } from './days.ts';
import type { HourBlock, HourlyWeather, HourOrigin, HoursOfDay, PastOrigin, WeatherIssue } from './hours.ts';
import type { PanelLight } from './panel-light.ts';
import type { WeatherPoint } from './place.ts';
import type { Trouble } from './trouble.ts';
import type { WeatherState } from './weather-state.ts';

export type {
  DailyWeather,
  HourBlock,
  HourlyWeather,
  HourOrigin,
  PanelLight,
  PastOrigin,
  WeatherIssue,
  WeatherPoint,
  WeatherState,
};

// ---- For other features ------------------------------------------------------------------------------------------

/**
 * What is known of the weather at a source. Every figure has its origin and the moment at which Ampra learned it, and
 * stamps are those of Open-Meteo (`hour-fields.ts`: radiation stamped 13:00 is the mean from 12:00 to 13:00). Answers come
 * from disk in milliseconds, never from the network. Callers have checked that the source may be seen; a source that is
 * gone has no weather.
 */
export interface WeatherReader {
  /**
   * The best that is known now, one entry for each whole hour of the half-open range: hours that have passed as the models
   * saw them just after or as the archive knows them, others as the newest forecast that speaks of them said.
   */
  hourly(sourceId: string, range: TimeSpan): HourlyWeather;
  /**
   * Each hour of the range as a forecast that was known at `knownAt(stamp)` told it, null where there was none. With
   * `(stamp) => midnight of its day` these are the honest features of a day-ahead model; the origin is always `forecast`.
   */
  hourlyAsTold(sourceId: string, range: TimeSpan, knownAt: (stamp: number) => number): HourlyWeather;
  /** The newest forecast that was known at a moment, as it was told; null when there was none. */
  issueAt(sourceId: string, time: number): WeatherIssue | null;
  /** Moments of the range at which a forecast was learned, ascending. Older ones are thinned out (`issue-thinning.ts`). */
  issuedTimes(sourceId: string, range: TimeSpan): number[];
  /** The days of the source's calendar that share time with the range; days of which nothing is known have their sun. */
  daily(sourceId: string, range: TimeSpan): DailyWeather[];
  /** How fresh it is, where from, and why it is not fresher; undefined when there is no such source. */
  state(sourceId: string): WeatherState | undefined;
  /** Called after new weather is on disk; returns the way to stop. */
  onWeather(listener: (news: WeatherNews) => void): () => void;
}

/** Light on the panels of sources as they are stated, by day. Callers have checked that the source may be seen. */
export interface PanelLightReader {
  /**
   * By date of the source's calendar, both ends included; of days that are over only. Nothing for a source whose panels
   * nobody stated. Ten years come from disk in milliseconds.
   */
  panelLight(sourceId: string, first: string, last: string): ReadonlyMap<string, PanelLight>;
  /** Another number than before once that may have changed. */
  lightRevision(sourceId: string): number;
}

/** Weather that has just been stored. */
export interface WeatherNews {
  sourceIds: ReadonlySet<string>;
  /** `forecast`: a new forecast and the hours just past. `archive`: years before now. */
  kind: 'forecast' | 'archive';
  /** The stamps that changed; half-open. */
  range: TimeSpan;
}

/** Puts weather in that did not come from the service; for imports and the demo. */
export interface WeatherWriter {
  /** Hours that have passed, at the source's place. */
  putPast(sourceId: string, block: HourBlock, of: PastOrigin): void;
  /** Forecasts as they were told then. */
  putIssues(sourceId: string, issues: readonly WeatherIssue[]): void;
}

/** Asking for weather now. */
export interface WeatherRefresher {
  /** Queues the question; gives the job's id. Refused when it may not be asked, or was a moment ago. */
  refreshNow(viewer: Viewer, sourceId: string): Result<{ jobId: string; source: Source }>;
}

// ---- What weather itself needs of the world ----------------------------------------------------------------------

/** A forecast with the days before it, or a stretch of the archive. */
export interface WeatherAnswer {
  block: HourBlock;
  /** Height of the weather model's ground, m above the sea. */
  elevationM: number | null;
}

export type WeatherOutcome = { ok: true; answer: WeatherAnswer } | { ok: false; trouble: Trouble };

/** The weather service. Every question carries rounded coordinates and nothing else that tells whose it is. */
export interface WeatherProvider {
  /** From `pastDays` UTC days before today to the end of the forecast. */
  forecast(point: WeatherPoint, options: { pastDays: number; signal: AbortSignal }): Promise<WeatherOutcome>;
  /** Whole UTC days that are long past; both ends included, `YYYY-MM-DD`. */
  archive(point: WeatherPoint, days: { first: string; last: string; signal: AbortSignal }): Promise<WeatherOutcome>;
  /** ms UTC before which nothing is asked, because the service said so; null when it may be asked. */
  pausedUntil(): number | null;
  /** Questions so far by outcome. */
  counts(): Readonly<Record<'ok' | Trouble['kind'], number>>;
}

/** A place of an owner, and how asking for it went. */
export interface WeatherPlace extends WeatherPoint {
  id: number;
  ownerId: string;
  elevationM: number | null;
  fetchedAt: number | null;
  triedAt: number | null;
  failures: number;
  nextTryAt: number | null;
  trouble: Trouble | null;
}

/** Places on disk. */
export interface PlaceStore {
  loadAll(): WeatherPlace[];
  insert(ownerId: string, point: WeatherPoint): WeatherPlace;
  update(place: WeatherPlace): void;
  /** With all its weather. */
  remove(id: number): void;
}

/** Hours that have passed, on disk. */
export interface PastStore {
  /** Ascending; only days of which there is a row. `from` is in, `to` is not; days since 1970-01-01 UTC. */
  days(placeId: number, from: number, to: number): HoursOfDay[];
  /** What rows there are, without reading their hours. */
  known(placeId: number, from: number, to: number): { day: number; fetchedAt: number; isWhole: boolean }[];
  put(placeId: number, days: readonly HoursOfDay[]): void;
}

/** Forecasts as told, on disk. */
export interface IssueStore {
  /** Moments of the half-open range, ascending. */
  times(placeId: number, range: TimeSpan): number[];
  read(placeId: number, issuedAt: number): WeatherIssue | null;
  /** When the newest at or before `time` was learned; null when there is none. */
  newestTime(placeId: number, time: number): number | null;
  /** That one. */
  newestAt(placeId: number, time: number): WeatherIssue | null;
  /** Those that speak of a stamp in the range, the newest first; read one by one. */
  speakingOf(placeId: number, range: TimeSpan): Iterable<WeatherIssue>;
  put(placeId: number, issues: readonly WeatherIssue[]): void;
  remove(placeId: number, issuedAt: readonly number[]): void;
}

/** Days of sources, on disk. */
export interface DayStore {
  /** Ascending by date; both ends included, `YYYY-MM-DD`. */
  read(sourceId: string, first: string, last: string): DailyWeather[];
  put(sourceId: string, days: readonly DailyWeather[]): void;
  removeAllOf(sourceId: string): void;
}

/** Light on the panels of sources by day, on disk. `panels` says which panels it is meant for (`panelsKey`). */
export interface PanelLightStore {
  /** Dates before `before` whose weather is kept and whose light is not that of these panels; the newest first. */
  pending(sourceId: string, before: string, panels: number, limit: number): string[];
  put(sourceId: string, panels: number, days: ReadonlyMap<string, PanelLight>): void;
  /** Both ends included. */
  read(sourceId: string, panels: number, first: string, last: string): ReadonlyMap<string, PanelLight>;
}

export interface WeatherStores {
  places: PlaceStore;
  past: PastStore;
  issues: IssueStore;
  days: DayStore;
  panelLight: PanelLightStore;
  /** All or nothing on disk. */
  atomically<T>(work: () => T): T;
}

/** Where the decision about the internet is kept. */
export interface WeatherDecision {
  /** Null while nobody decided. */
  read(): boolean | null;
  write(isAllowed: boolean): void;
}
