import type { TreeLearner } from '../../core/boosted-trees.ts';
import { pause, pauseAt } from '../../core/pause.ts';
import { endedBy, slotsPerDay, startOf, utcDayOf } from '../interval-grid.ts';
import { afterReplay } from './adaptive-levels.ts';
import { advance, judge, moveWeights } from './days.ts';
import { fitErrorScale } from './error-scale.ts';
import { isKnown } from './forecast-ledger.ts';
import { addError, correct, counts, errorW, issue, type Learning, madeAt, measure } from './learning.ts';
import { learnNowcast, type Nowcast, REACH_H } from './nowcast.ts';
import { isSettled } from './subject.ts';

const DAY_MS = 86_400_000;
const REPLAY_DAYS = 60;
/** In the distant past the weights are moved every so many days only. */
const COARSE_DAYS = 4;
const MOST_MOVES = 80;
const MOST_NEAR = 4000;

/** Measures the errors of intervals below `known` anew, and goes through the last weeks again as they would have been. */
export function learnAnew(state: Learning, learner: TreeLearner, known: number, isFirst: boolean): void {
  const { subject, ledger } = state;
  const days = pastDays(state, known);
  if (isFirst) issuePast(state, days, known);
  const indices: number[] = [];
  for (let index = 0; index < known; index++) if (counts(state, index)) indices.push(index);
  state.nowcast = nowcastOf(state, indices, known);
  if (isFirst) for (let index = 0; index < known; index++) if (isKnown(ledger.blendW, index)) correct(state, index);
  const telling = indices.filter((index) => !isSettled(subject, index));
  const scale = fitErrorScale(
    (row) => subject.signs(telling[row] ?? 0),
    telling.map((index) => errorW(state, index) / subject.scaleW),
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
