import type { ToldJob } from '../core/jobs.ts';
import type { ForecastQuantity } from './issue.ts';
import type { ModelCard } from './model-card.ts';
import type { ForecastReason } from './reasons.ts';
import type { DayFacts } from './score/day-facts.ts';
import type { ForecastSubject } from './serve/subject-data.ts';

/** What pages and programs are told of forecasts: numbers in W, kWh and ms UTC, nothing formatted. */

/** A source of which something is forecast. */
export interface SubjectChoice {
  sourceId: string;
  name: string;
  timeZone: string;
  quantities: readonly ForecastQuantity[];
}

/** One step of a forecast. */
export interface StepView {
  /** ms UTC, half-open. */
  from: number;
  to: number;
  /** Mean power, W, by `issueLevels`. */
  quantilesW: readonly number[];
  p10W: number;
  p50W: number;
  p90W: number;
  /** Physics alone; for consumption what is usual then, W. */
  referenceW: number;
  /** False where no weather was known: the clear sky and the last weeks' clearness carry it, less surely. */
  hasWeather: boolean;
  /** What moved it away from the usual, the largest first, three at most; empty at night and far ahead. */
  reasons: readonly ForecastReason[];
}

/** Mean power that was measured, W. */
export interface CameStep {
  from: number;
  to: number;
  powerW: number;
}

/** A day of the source's calendar. */
export interface DayView {
  /** `2026-03-29`. */
  date: string;
  from: number;
  to: number;
  daysAhead: number;
  /** Energy of the whole day by `issueLevels`, kWh; what had come when it was issued is in it. */
  quantilesKwh: readonly number[];
  p10Kwh: number;
  p50Kwh: number;
  p90Kwh: number;
  /** Had come when it was issued, kWh. */
  soFarKwh: number;
  /** Has come by now, kWh; null for days that lie ahead. */
  cameKwh: number | null;
}

/**
 * What a forecast rests on. `learned`: a model of this site. `physics`: panels and sun (consumption: usual values) alone,
 * because too little has been measured to learn from, or learning was not better.
 */
export type ForecastBasis = 'learned' | 'physics';

export interface ForecastState {
  basis: ForecastBasis;
  /** True when no weather is known, or it ends before tomorrow does: bands are wider. */
  isWithoutWeather: boolean;
  /** When the weather was learned, ms UTC; null without any. */
  weatherAt: number | null;
  /** Weather reaches so far, ms UTC. */
  weatherUntil: number | null;
  /** True while a training is queued or runs. */
  isLearning: boolean;
  /** Why the last try gave no forecast, for the owner; null when it did. */
  problem: string | null;
}

/** A forecast as it was issued, and what came. */
export interface ForecastView {
  subject: ForecastSubject;
  timeZone: string;
  issuedAt: number;
  /** The one before and after it that can be called back; null at the ends. */
  previousIssueAt: number | null;
  nextIssueAt: number | null;
  isNewest: boolean;
  /** It was worked out later, from what was known then. */
  isReplayed: boolean;
  state: ForecastState;
  steps: readonly StepView[];
  /** How the part of its first day that was over had been forecast when that day began; empty when nobody knew. */
  earlier: readonly StepView[];
  /** What was measured from the first midnight to the end of the forecast, or now. */
  came: readonly CameStep[];
  days: readonly DayView[];
  /** The most that there can be, W; null where nothing says. */
  installedW: number | null;
}

/** Errors at one lead time, over the days that were judged; W, shares 0..1. */
export interface LeadView {
  /** `6 to 12 h`. */
  label: string;
  fromH: number;
  toH: number;
  intervals: number;
  errorW: number;
  biasW: number;
  /** Physics alone; for consumption what is usual. */
  referenceErrorW: number;
  /** The same time on the last known day; null where none was. */
  persistenceErrorW: number | null;
  /** The same, carried over by the sun's course; null for consumption. */
  clearPersistenceErrorW: number | null;
  /** Share of what came that lay between p10 and p90; null when nothing was judged. */
  coverage: number | null;
  judged: number;
}

/** A day that was forecast the evening before. */
export interface JudgedDayView {
  date: string;
  actualKwh: number;
  p10Kwh: number;
  p50Kwh: number;
  p90Kwh: number;
  persistenceKwh: number | null;
  isInside: boolean;
  /** p50 minus what came, kWh. */
  errorKwh: number;
  /** In sentences: what explains the error; empty for days that went well. */
  because: readonly string[];
  facts: DayFacts;
}

/** Errors of one day's day-ahead forecasts, for the course over time. */
export interface DayCourseView {
  date: string;
  errorW: number;
  referenceErrorW: number;
  persistenceErrorW: number | null;
  coverage: number | null;
}

export interface AccuracyView {
  subject: ForecastSubject;
  timeZone: string;
  /** First and last day asked for. */
  first: string;
  last: string;
  /** Days that were judged. */
  dayCount: number;
  leads: readonly LeadView[];
  /** Over all lead times up to two days. */
  coverage: { share: number | null; judged: number; wanted: number };
  /** Days inside p10 to p90, as totals. */
  dayCoverage: { share: number | null; judged: number; wanted: number };
  course: readonly DayCourseView[];
  /** All judged days, newest first. */
  days: readonly JudgedDayView[];
  /** The largest errors of day totals, worst first. */
  worst: readonly JudgedDayView[];
}

/** One forecaster in the blend, by part of the day. */
export interface BlendPart {
  name: string;
  /** For people: `what was learned`. */
  label: string;
  /** Where it starts before skill was measured, 0..1. */
  start: number;
  /** Now, 0..1, by `ModelsView.parts`. */
  weights: readonly number[];
}

export interface ModelView {
  version: string;
  madeAt: number;
  /** What was measured later it has not seen, ms UTC. */
  knownUntil: number;
  state: 'serving' | 'challenger' | 'retired';
  /** It served before and its file is there. */
  canBePutBack: boolean;
  card: ModelCard;
}

export interface ModelsView {
  subject: ForecastSubject;
  timeZone: string;
  /** Null while physics (or usual values) alone serve. */
  serving: ModelView | null;
  /** All others, newest first. */
  others: readonly ModelView[];
  /** Parts of the day that have weights of their own: `morning`, `midday`, `afternoon`. */
  parts: readonly string[];
  blend: readonly BlendPart[];
  /** The newest training of this source; null when none is remembered. */
  job: ToldJob | null;
  /** Whether it is trained each night by itself (a setting of the owner). */
  isAutomatic: boolean;
}
