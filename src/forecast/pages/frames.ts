import type { TimeSpan } from '../../core/time-range.ts';
import type { Source } from '../../sources/source.ts';
import type { AccuracyView, ForecastView, ModelsView } from '../forecast-view.ts';
import type { ForecastQuantity } from '../issue.ts';
import type { ForecastSubject } from '../serve/subject-data.ts';
import type { FanModel } from './fan-model.ts';
import type { ForecastPlace, ForecastRequest } from './page-query.ts';

/** What one may look at: the house, a group, or one source. */
export interface ForecastChoice {
  /** `house`, `group:<id>` or `source:<id>`. */
  key: string;
  label: string;
  sources: readonly Source[];
  /** What is forecast of it; several where sources add up. Nothing counts twice. */
  subjects: Readonly<Record<ForecastQuantity, readonly ForecastSubject[]>>;
}

/** What all pages of forecasts share. */
export interface ForecastScope {
  choices: readonly ForecastChoice[];
  choice: ForecastChoice;
  /** What is forecast of the choice. */
  quantities: readonly ForecastQuantity[];
  place: ForecastPlace;
  /** The house or group that was asked for, where one source answers for it: the other pages go on with that. */
  standsFor?: string;
  now: number;
}

/** A moment at which a forecast was issued, to be called back. */
export interface IssueChoice {
  issuedAt: number;
  label: string;
}

export interface ForecastFrame extends ForecastScope {
  request: ForecastRequest;
  timeZone: string;
  /** Null while there is none. */
  shown: { view: ForecastView; model: FanModel } | null;
  waiting: { isLearning: boolean; problem: string | null };
  issues: readonly IssueChoice[];
  /** Nobody said what is installed there. */
  lacksCapacity: readonly Source[];
}

export interface AccuracyFrame extends ForecastScope {
  days: number;
  view: AccuracyView;
  /** For the weights of the blend. */
  models: ModelsView;
}

export interface ModelFrame extends ForecastScope {
  source: Source;
  view: ModelsView;
}

/** How many days the Accuracy page looks back on. */
export const accuracySpans = [7, 30, 90, 365] as const;

/** The last month, in which forecasts are offered to be called back. */
export const calledBack = (now: number): TimeSpan => ({ from: now - 31 * 86_400_000, to: now + 1 });
