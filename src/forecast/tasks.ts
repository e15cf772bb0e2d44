import type { ForecastIssue } from './issue.ts';
import type { ModelCard } from './model-card.ts';
import type { BandWidths } from './serve/band-widths.ts';
import type { ForecastSubject, SubjectData } from './serve/subject-data.ts';
import type { SeenPanels } from './train/seen-panels.ts';
import type { ToldWeather } from './train/told-weather.ts';

/** One forecast to be made. `model` is the text of an artefact; null for physics and usual values alone. */
export interface ServeTask {
  subject: ForecastSubject;
  data: SubjectData;
  model: { version: string; text: string } | null;
  now: number;
  weather: { at: number; until: number } | null;
  widths: BandWidths;
}

/** A subject's forecast, or why there is none. */
export type ServeAnswer =
  | { subject: ForecastSubject; issue: ForecastIssue }
  | { subject: ForecastSubject; problem: string };

export interface TrainTask {
  subject: ForecastSubject;
  /** Everything that is known up to the moment of training, at which the grid ends. */
  data: SubjectData;
  /** What serves now; null when nothing does. */
  champion: { version: string; text: string } | null;
  version: string;
  madeAt: number;
  weather: ModelCard['weather'];
  /** Forecasts of the weather as they were told in the days of the trial, ascending; for `wantsReplays`. */
  told: ToldWeather[];
  /** Whether what would have been issued in the days of the trial is worked out too. */
  wantsReplays: boolean;
  widths: BandWidths;
  /** How the panels were seen to lie lately, so that it need not be looked at again. */
  panels?: SeenPanels;
  /** How many days a new model is tried on, where there are enough; two weeks when left out. */
  mostTrialDays?: number;
}

export interface TrainAnswer {
  /** What serves from now on: version, its text, and until when it knows what was measured; null for nothing learned. */
  serving: { version: string; text: string; knownUntil: number } | null;
  /** Of the new model; null when there was too little to learn from. */
  card: ModelCard | null;
  replays: ForecastIssue[];
  /** How wide bands are to be after what the replays missed; null without any. */
  widths: BandWidths | null;
  /** Weights of the blend by part of the day, as the new model has them; null without one. */
  weights: readonly (readonly number[])[] | null;
}

export interface WorkOptions {
  onProgress?: (share: number, text: string) => void;
  signal?: AbortSignal;
}
