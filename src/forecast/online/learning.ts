import { type IntervalGrid, utcDayOf } from '../interval-grid.ts';
import { type BandState, type Odds, oddsOf, startBands } from './bands.ts';
import { type Blend, blended, startBlend } from './blend.ts';
import { type ErrorSpread, errorSpreadOf } from './error-scale.ts';
import { createVolatility } from './error-volatility.ts';
import { type ForecastLedger, isKnown } from './forecast-ledger.ts';
import { type Nowcast, noNowcast, withNowcast } from './nowcast.ts';
import { blendedW, type OnlineSubject } from './subject.ts';

const HOUR_MS = 3_600_000;

/** All that moves from day to day. */
export interface Learning {
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

export function startLearning(subject: OnlineSubject, ledger: ForecastLedger): Learning {
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

export function counts({ subject, ledger }: Learning, index: number): boolean {
  return isKnown(subject.actualW, index) && isKnown(ledger.forecastW, index) && !subject.excluded?.[index];
}

export const errorW = ({ subject, ledger }: Learning, index: number): number =>
  (subject.actualW[index] ?? 0) - (ledger.forecastW[index] ?? 0);

/** Expected size of an interval's error as it was when its day began. */
export const sizeW = ({ subject, ledger, volatility }: Learning, index: number): number =>
  volatility.on(utcDayOf(subject.grid, index)) * (ledger.sizeW[index] ?? Number.NaN);

/** What was expected of its error, shares of strong power. */
export const spreadAt = (state: Learning, index: number): ErrorSpread => ({
  size: sizeW(state, index) / state.subject.scaleW,
  above: state.ledger.aboveShare[index] ?? Number.NaN,
});

export function oddsAt(state: Learning, index: number): Odds | null {
  const { subject, ledger, bands } = state;
  if (!isKnown(ledger.sizeW, index)) return null;
  const shares = oddsOf(bands, subject.signs(index), spreadAt(state, index));
  return (quantile) => shares(quantile) * subject.scaleW;
}

/** Blends, and corrects by what the hours before it was made say. */
export function issue(state: Learning, index: number): void {
  const { subject, ledger, blend, fitted } = state;
  if (!isKnown(ledger.experts[0] ?? [], index)) return;
  const part = subject.partOf(index);
  ledger.fittedW[index] = blended(fitted, ledger.experts, index, part);
  ledger.blendW[index] = blendedW(subject, blend, ledger, index);
  correct(state, index);
}

export function correct({ subject, ledger, nowcast }: Learning, index: number): void {
  const blendW = ledger.blendW[index] ?? Number.NaN;
  const leadH = ledger.leadH[index] ?? Number.NaN;
  const known = madeAt(subject.grid, index, leadH);
  ledger.forecastW[index] = withNowcast(nowcast, subject, { index, known, leadH, blendW });
}

/** How many intervals were over when the forecast of one was made. */
export const madeAt = ({ stepMs }: IntervalGrid, index: number, leadH: number): number =>
  index - Math.round((leadH * HOUR_MS) / stepMs);

export function measure({ subject, ledger, bands }: Learning, index: number): void {
  if (!isKnown(ledger.forecastW, index)) return;
  const signs = subject.signs(index);
  const { size, above } = errorSpreadOf(bands.scale, signs);
  ledger.sizeW[index] = size * subject.scaleW;
  ledger.aboveShare[index] = above;
  ledger.regime[index] = signs.regime;
}

export function addError(state: Learning, index: number): void {
  if (!counts(state, index)) return;
  state.volatility.add(
    utcDayOf(state.subject.grid, index),
    Math.abs(errorW(state, index)),
    state.ledger.sizeW[index] ?? 0,
  );
}
