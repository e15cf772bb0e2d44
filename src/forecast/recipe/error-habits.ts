import { type IntervalGrid, slotsPerDay } from '../interval-grid.ts';
import { type ForecastLedger, isKnown } from '../online/forecast-ledger.ts';
import { type DayErrors, learnDayErrors, type PastPart } from './day-total.ts';

/** Forecasts of the past, made by models that had not seen it, and what came. */
export interface PastForecasts {
  grid: IntervalGrid;
  actualW: Float64Array;
  excluded?: Uint8Array;
  ledger: ForecastLedger;
  /** Expected size of an interval's error as it was known when its day began, W: coming days are told theirs the same way. */
  sizeW(index: number): number;
  limitW: number;
  /** Intervals with a smaller number are over. */
  known: number;
  /** Day and time of day of an interval, as errors go together. */
  slotOf(index: number): { day: number; slot: number };
}

const PAST_DAYS = 120;
/** A day of which less was measured than of the fullest one around it says nothing about its total. */
const WHOLE_DAY = 0.8;
/** So far around: in autumn days of summer are no measure, or every day would look as if it had gaps. */
const AROUND_DAYS = 10;

/** The shape of whole days of errors. */
export function dayErrorsOf({
  grid,
  excluded,
  ledger,
  sizeW,
  known,
  limitW,
  slotOf,
  ...past
}: PastForecasts): DayErrors {
  const slots = slotsPerDay(grid);
  const first = Math.max(0, known - PAST_DAYS * slots);
  const actualW = past.actualW.map((value, index) => (excluded?.[index] ? Number.NaN : value));
  const byDay = new Map<number, PastPart[]>();
  for (let index = first; index < known; index++) {
    if (!isKnown(actualW, index) || !isKnown(ledger.forecastW, index)) continue;
    const { day, slot } = slotOf(index);
    const parts = byDay.get(day) ?? [];
    parts.push({
      slot,
      forecastW: ledger.forecastW[index] ?? 0,
      sizeW: sizeW(index),
      aboveShare: ledger.aboveShare[index] ?? 0.5,
      hours: 24 / slots,
      actualW: actualW[index] ?? 0,
    });
    byDay.set(day, parts);
  }
  const days = [...byDay].map(([day, parts]) => ({ day, parts })).sort((a, b) => a.day - b.day);
  return learnDayErrors(
    days.filter((one) => slots < 4 || isWhole(one, days)).map(({ parts }) => parts),
    limitW,
  );
}

interface MeasuredDay {
  day: number;
  parts: readonly PastPart[];
}

function isWhole({ day, parts }: MeasuredDay, days: readonly MeasuredDay[]): boolean {
  const around = days.filter((one) => Math.abs(one.day - day) <= AROUND_DAYS);
  return parts.length > WHOLE_DAY * Math.max(0, ...around.map((one) => one.parts.length));
}
