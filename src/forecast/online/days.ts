import { evidenceHours, slotsPerDay } from '../interval-grid.ts';
import { adapt, pooled } from './adaptive-levels.ts';
import type { BandState } from './bands.ts';
import { blendBySkill } from './blend.ts';
import { ratioOf } from './error-scale.ts';
import { errorTable } from './error-table.ts';
import { isKnown } from './forecast-ledger.ts';
import { addError, counts, errorW, issue, type Learning, measure, oddsAt, spreadAt } from './learning.ts';
import { isSettled } from './subject.ts';
import { trustBySkill } from './trust.ts';

/** Errors older than this say nothing about today's odds. */
const TABLE_DAYS = 150;
const MOST_SAMPLES = 6000;

/** Takes in intervals below `known`, and issues forecasts for those from there up to `until`. */
export function advance(state: Learning, known: number, until: number): void {
  const { ledger } = state;
  for (let index = state.takenIn; index < known; index++) addError(state, index);
  raiseLimit(state, known);
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

export function moveWeights(state: Learning, known: number): void {
  const { subject, ledger } = state;
  const input = { ...subject, experts: ledger.experts, actual: subject.actualW };
  state.fitted = blendBySkill(input, known);
  state.blend = trustBySkill({ ...input, fitted: ledger.fittedW }, state.fitted, known);
}

/** What came since the last training and was more than the most there could be shows that there can be as much. */
function raiseLimit(state: Learning, known: number): void {
  const { subject } = state;
  let most = subject.limitW;
  for (let index = state.takenIn; index < known; index++)
    if (!subject.excluded?.[index]) most = Math.max(most, subject.actualW[index] || 0);
  if (most === subject.limitW) return;
  state.subject = { ...subject, limitW: most };
  state.bands = { ...state.bands, limit: most / subject.scaleW };
}

/** Moves the levels by how the odds did that were issued for intervals from `takenIn` up to `known`. */
export function judge(state: Learning, known: number): void {
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
    if (counts(state, index) && !isSettled(subject, index)) indices.push(index);
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
  return errorTable(sample, evidenceHours(subject.grid) * every);
}
