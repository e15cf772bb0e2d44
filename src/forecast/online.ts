import type { TreeLearner } from '../core/boosted-trees.ts';
import { pause, pauseAt } from '../core/pause.ts';
import { adapt, afterReplay, pooled } from './adaptive-levels.ts';
import { type BandState, type Odds, oddsOf, startBands } from './bands.ts';
import { type Blend, blendBySkill, blended, startBlend } from './blend.ts';
import { type ErrorSigns, type ErrorSpread, errorSpreadOf, fitErrorScale, ratioOf } from './error-scale.ts';
import { errorTable } from './error-table.ts';
import { createVolatility } from './error-volatility.ts';
import { type ForecastLedger, isKnown } from './forecast-ledger.ts';
import { endedBy, type IntervalGrid, slotsPerDay, startOf, utcDayOf } from './interval-grid.ts';
import { type Guides, learnNowcast, type Nowcast, noNowcast, REACH_H, withNowcast } from './nowcast.ts';
import { trustBySkill } from './trust.ts';

/** What is forecast, as day-to-day learning sees it. */
export interface OnlineSubject {
  grid: IntervalGrid;
  /** What came, W; NaN where unknown. */
  actualW: Float64Array;
  /** 1 where an interval must not count. */
  excluded?: Uint8Array;
  startWeights: readonly number[];
  /** The measure of all shares, W. */
  scaleW: number;
  /** The most there can be, W. */
  limitW: number;
  /** What the last hours say of the next ones. */
  guides: Guides;
  partOf(index: number): number;
  /** Whether the odds of an interval are judged: by day, for production. */
  isJudged(index: number): boolean;
  signs(index: number): ErrorSigns;
}

/** What is learned from day to day: the blend's weights and the odds. */
export interface Online {
  /** After a training on intervals below `known`: measures past errors anew and goes through the last weeks again. */
  retrain(subject: OnlineSubject, learner: TreeLearner, known: number): void;
  /** Takes in intervals below `known`, and issues forecasts for those from there up to `until`. */
  advance(known: number, until: number): void;
  /** Odds of an interval that was issued last, in W; null where nothing is forecast. */
  odds(index: number): Odds | null;
  /** Expected size of an interval's error as it was when its day began, W; NaN where nothing is forecast. */
  sizeW(index: number): number;
  /** Weights and odds as they are for a day that begins when intervals below `known` are over. */
  snapshot(known: number): { blend: Blend; bands: BandState; nowcast: Nowcast };
}

const DAY_MS = 86_400_000;
/** Errors older than this say nothing about today's odds. */
const TABLE_DAYS = 150;
const REPLAY_DAYS = 60;
/** In the distant past the weights are moved every so many days only. */
const COARSE_DAYS = 4;
const MOST_MOVES = 80;
const MOST_SAMPLES = 6000;
const MOST_NEAR = 4000;
const HOUR_MS = 3_600_000;

export function createOnline(ledger: ForecastLedger): Online {
  let state: Learning | null = null;
  const learning = (): Learning => {
    if (!state) throw new Error('nothing has been learned yet');
    return state;
  };
  return {
    retrain: (subject, learner, known) => {
      const isFirst = state === null;
      if (state) judge(state, known);
      state = state ? { ...state, subject } : startLearning(subject, ledger);
      learnAnew(state, learner, known, isFirst);
    },
    advance: (known, until) => advance(learning(), known, until),
    odds: (index) => oddsAt(learning(), index),
    sizeW: (index) => sizeW(learning(), index),
    snapshot: (known) => {
      const { blend, bands, nowcast, volatility, subject } = learning();
      return { blend, nowcast, bands: { ...bands, volatility: volatility.on(utcDayOf(subject.grid, known)) } };
    },
  };
}

/** All that moves from day to day. */
interface Learning {
  subject: OnlineSubject;
  ledger: ForecastLedger;
  volatility: ReturnType<typeof createVolatility>;
  bands: BandState;
  blend: Blend;
  /** The weights that were fitted, one forecast among those of which the blend is made. */
  fitted: Blend;
  nowcast: Nowcast;
  /** Intervals below this have been judged. */
  takenIn: number;
}

function startLearning(subject: OnlineSubject, ledger: ForecastLedger): Learning {
  return {
    subject,
    ledger,
    volatility: createVolatility(),
    bands: startBands(subject.limitW / subject.scaleW),
    blend: startBlend(subject.startWeights),
    fitted: startBlend(subject.startWeights),
    nowcast: noNowcast,
    takenIn: 0,
  };
}

function counts({ subject, ledger }: Learning, index: number): boolean {
  return isKnown(subject.actualW, index) && isKnown(ledger.forecastW, index) && !subject.excluded?.[index];
}

const errorW = ({ subject, ledger }: Learning, index: number): number =>
  (subject.actualW[index] ?? 0) - (ledger.forecastW[index] ?? 0);

/** Expected size of an interval's error as it was when its day began. */
const sizeW = ({ subject, ledger, volatility }: Learning, index: number): number =>
  volatility.on(utcDayOf(subject.grid, index)) * (ledger.sizeW[index] ?? Number.NaN);

/** What was expected of its error, shares of strong power. */
const spreadAt = (state: Learning, index: number): ErrorSpread => ({
  size: sizeW(state, index) / state.subject.scaleW,
  above: state.ledger.aboveShare[index] ?? Number.NaN,
});

function oddsAt(state: Learning, index: number): Odds | null {
  const { subject, ledger, bands } = state;
  if (!isKnown(ledger.sizeW, index)) return null;
  const shares = oddsOf(bands, subject.signs(index), spreadAt(state, index));
  return (quantile) => shares(quantile) * subject.scaleW;
}

function advance(state: Learning, known: number, until: number): void {
  const { ledger } = state;
  for (let index = state.takenIn; index < known; index++) addError(state, index);
  judge(state, known);
  moveWeights(state, known);
  state.bands = { ...state.bands, table: tableOf(state, known) };
  for (let index = known; index < until; index++) {
    issue(state, index);
    measure(state, index);
    const odds = oddsAt(state, index);
    ledger.lowW[index] = odds ? odds(0.1) : Number.NaN;
    ledger.highW[index] = odds ? odds(0.9) : Number.NaN;
  }
}

function moveWeights(state: Learning, known: number): void {
  const { subject, ledger } = state;
  const input = { ...subject, experts: ledger.experts, actual: subject.actualW };
  state.fitted = blendBySkill(input, known);
  state.blend = trustBySkill({ ...input, fitted: ledger.fittedW }, state.fitted, known);
}

/** Blends, and corrects by what the hours before it was made say. */
function issue(state: Learning, index: number): void {
  const { subject, ledger, blend, fitted } = state;
  if (!isKnown(ledger.experts[0] ?? [], index)) return;
  const part = subject.partOf(index);
  ledger.fittedW[index] = blended(fitted, ledger.experts, index, part);
  ledger.blendW[index] = blended(blend, ledger.experts, index, part);
  correct(state, index);
}

function correct({ subject, ledger, nowcast }: Learning, index: number): void {
  const blendW = ledger.blendW[index] ?? Number.NaN;
  const leadH = ledger.leadH[index] ?? Number.NaN;
  const known = madeAt(subject.grid, index, leadH);
  ledger.forecastW[index] = withNowcast(nowcast, subject, { index, known, leadH, blendW });
}

/** How many intervals were over when the forecast of one was made. */
const madeAt = ({ stepMs }: IntervalGrid, index: number, leadH: number): number =>
  index - Math.round((leadH * HOUR_MS) / stepMs);

/** How far to follow the last hours, from forecasts of the past. */
function nowcastOf({ subject, ledger }: Learning, indices: readonly number[], known: number): Nowcast {
  const slots = slotsPerDay(subject.grid);
  const near = indices.filter((index) => (ledger.leadH[index] ?? Number.NaN) < REACH_H);
  const every = Math.max(1, near.length / MOST_NEAR);
  const rows = Array.from({ length: Math.floor(near.length / every) }, (_, at) => {
    const index = near[Math.floor(at * every)] ?? 0;
    const leadH = ledger.leadH[index] ?? 0;
    return {
      leadH,
      forecastW: ledger.blendW[index] ?? 0,
      actualW: subject.actualW[index] ?? 0,
      guides: subject.guides.at(index, madeAt(subject.grid, index, leadH)),
      ageDays: (known - index) / slots,
    };
  });
  return learnNowcast(rows, subject.guides.names.length);
}

function measure({ subject, ledger, bands }: Learning, index: number): void {
  if (!isKnown(ledger.forecastW, index)) return;
  const signs = subject.signs(index);
  const { size, above } = errorSpreadOf(bands.scale, signs);
  ledger.sizeW[index] = size * subject.scaleW;
  ledger.aboveShare[index] = above;
  ledger.regime[index] = signs.regime;
}

function addError(state: Learning, index: number): void {
  if (!counts(state, index)) return;
  state.volatility.add(
    utcDayOf(state.subject.grid, index),
    Math.abs(errorW(state, index)),
    state.ledger.sizeW[index] ?? 0,
  );
}

/** Moves the levels by how the odds did that were issued for intervals from `takenIn` up to `known`. */
function judge(state: Learning, known: number): void {
  const { subject, ledger } = state;
  let [judged, below, above] = [0, 0, 0];
  for (let index = state.takenIn; index < known; index++) {
    if (!counts(state, index) || !isKnown(ledger.lowW, index) || !subject.isJudged(index)) continue;
    const actual = subject.actualW[index] ?? 0;
    judged++;
    if (actual < (ledger.lowW[index] ?? 0)) below++;
    if (actual > (ledger.highW[index] ?? 0)) above++;
  }
  state.takenIn = Math.max(state.takenIn, known);
  if (judged === 0) return;
  const levels = adapt(state.bands.levels, pooled({ below: below / judged, above: above / judged }));
  state.bands = { ...state.bands, levels };
}

/** Errors of intervals below `known` over their expected size, by regime. */
function tableOf(state: Learning, known: number): BandState['table'] {
  const { subject, ledger } = state;
  const slots = slotsPerDay(subject.grid);
  const indices: number[] = [];
  for (let index = Math.max(0, known - TABLE_DAYS * slots); index < known; index++) {
    if (counts(state, index)) indices.push(index);
  }
  const every = Math.max(1, indices.length / MOST_SAMPLES);
  const kept = Array.from(
    { length: Math.floor(indices.length / every) },
    (_, at) => indices[Math.floor(at * every)] ?? 0,
  );
  const sample = {
    ratio: Float64Array.from(kept, (index) => ratioOf(errorW(state, index) / subject.scaleW, spreadAt(state, index))),
    regime: kept.map((index) => ledger.regime[index] ?? 0),
    ageDays: kept.map((index) => (known - index) / slots),
  };
  return errorTable(sample, (24 / slots) * every);
}

function learnAnew(state: Learning, learner: TreeLearner, known: number, isFirst: boolean): void {
  const { subject, ledger } = state;
  const days = pastDays(state, known);
  if (isFirst) issuePast(state, days, known);
  const indices: number[] = [];
  for (let index = 0; index < known; index++) if (counts(state, index)) indices.push(index);
  state.nowcast = nowcastOf(state, indices, known);
  if (isFirst) for (let index = 0; index < known; index++) if (isKnown(ledger.blendW, index)) correct(state, index);
  const scale = fitErrorScale(
    (row) => subject.signs(indices[row] ?? 0),
    indices.map((index) => errorW(state, index) / subject.scaleW),
    learner,
  );
  state.bands = { ...state.bands, scale, limit: subject.limitW / subject.scaleW };
  state.volatility.clear();
  for (let index = 0; index < known; index++) {
    pauseAt(index);
    measure(state, index);
  }
  const replayed = isFirst ? days.slice(-REPLAY_DAYS) : [];
  const firstReplayed = replayed[0] ?? known;
  for (let index = 0; index < firstReplayed; index++) addError(state, index);
  state.takenIn = firstReplayed;
  replayed.forEach((start, at) => {
    pause();
    advance(state, start, Math.min(known, replayed[at + 1] ?? known));
  });
  for (let index = state.takenIn; index < known; index++) addError(state, index);
  if (replayed.length > 0) {
    judge(state, known);
    state.bands = { ...state.bands, levels: afterReplay(state.bands.levels) };
  }
  state.takenIn = known;
}

/** What the blend would have said in the past. */
function issuePast(state: Learning, days: readonly number[], known: number): void {
  const endOf = (at: number): number => Math.min(known, days[at + 1] ?? known);
  const every = Math.max(COARSE_DAYS, Math.ceil(days.length / MOST_MOVES));
  days.forEach((start, at) => {
    pause();
    if (at % every === 0) moveWeights(state, start);
    for (let index = start; index < endOf(at); index++) issue(state, index);
  });
}

/** Starts of the UTC days with forecasts below `known`, each as the number of intervals that were over by then. */
function pastDays({ subject, ledger }: Learning, known: number): number[] {
  const { grid } = subject;
  const first = ledger.experts[0]?.findIndex((value) => !Number.isNaN(value)) ?? -1;
  if (first < 0 || first >= known) return [];
  const days: number[] = [];
  for (let day = utcDayOf(grid, first); day * DAY_MS < startOf(grid, known); day++)
    days.push(endedBy(grid, day * DAY_MS));
  return days;
}
