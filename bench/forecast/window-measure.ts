import { quantile } from '../../src/core/stats.ts';
import { type IntervalGrid, slotsPerDay, utcDayOf } from '../../src/forecast/interval-grid.ts';
import type { ForecastLedger } from '../../src/forecast/online/forecast-ledger.ts';
import type { Online } from '../../src/forecast/online/online.ts';
import { type DayPart, dayTotalOdds } from '../../src/forecast/recipe/day-total.ts';
import { dayErrorsOf } from '../../src/forecast/recipe/error-habits.ts';

/** How the odds did in a window; shares of judged intervals and of whole days. */
export interface WindowOdds {
  /** Share of intervals between p10 and p90 over the first month, the first two, ... */
  held: number[];
  /** Mean width of p10 to p90 over that of the one band that would have held the middle 80 % of the errors. */
  ofUnconditional: number;
  /** Days whose energy lay between p10 and p90 of their total. */
  days: { judged: number; inside: number };
}

interface Watched {
  grid: IntervalGrid;
  powerW: Float64Array;
  isJudged(index: number): boolean;
}

export interface WatchedRun {
  online: Online;
  ledger: ForecastLedger;
}

/** Watches a walk: `onInterval` for every interval that is scored, in order, as soon as it is forecast. */
export function watchOdds({ grid, powerW, isJudged }: Watched) {
  const months = new Map<number, { judged: number; inside: number }>();
  const errors: number[] = [];
  const days = { judged: 0, inside: 0 };
  let [width, lastDay] = [0, -1];
  const judgeDay = (first: number, run: WatchedRun, sizes: { limitW: number }): void => {
    const isInside = isTotalInside({ grid, powerW, first, run, ...sizes });
    if (isInside === null) return;
    days.judged++;
    if (isInside) days.inside++;
  };
  return {
    onInterval: (index: number, run: WatchedRun, sizes: { limitW: number }): void => {
      const day = utcDayOf(grid, index);
      if (day !== lastDay) judgeDay(index, run, sizes);
      lastDay = day;
      const odds = run.online.odds(index) ?? (() => 0);
      if (!isJudged(index)) return;
      const [low, high, actual] = [odds(0.1), odds(0.9), powerW[index] ?? 0];
      const time = new Date(grid.from + index * grid.stepMs);
      const key = time.getUTCFullYear() * 12 + time.getUTCMonth();
      const month = months.get(key) ?? { judged: 0, inside: 0 };
      months.set(key, { judged: month.judged + 1, inside: month.inside + (actual >= low && actual <= high ? 1 : 0) });
      errors.push(actual - odds(0.5));
      width += high - low;
    },
    odds: (): WindowOdds => {
      const sum = { judged: 0, inside: 0 };
      const held = [...months.values()].map(({ judged, inside }) => {
        sum.judged += judged;
        sum.inside += inside;
        return sum.inside / sum.judged;
      });
      const unconditional = quantile(errors, 0.9) - quantile(errors, 0.1);
      return { held, ofUnconditional: width / errors.length / unconditional, days };
    },
  };
}

interface DayInput {
  grid: IntervalGrid;
  powerW: Float64Array;
  /** The first interval of the day. */
  first: number;
  run: WatchedRun;
  limitW: number;
}

/** Whether a UTC day's energy was between p10 and p90 of the odds that were learned from the days before; null for days with gaps. */
function isTotalInside({ grid, powerW, first, run, limitW }: DayInput): boolean | null {
  const slots = slotsPerDay(grid);
  const { ledger, online } = run;
  const day = utcDayOf(grid, first);
  const parts: DayPart[] = [];
  let wh = 0;
  for (let index = first; index < grid.count && utcDayOf(grid, index) === day; index++) {
    const sizeW = online.sizeW(index);
    if (Number.isNaN(sizeW)) continue;
    const aboveShare = ledger.aboveShare[index] ?? 0.5;
    const forecastW = ledger.forecastW[index] ?? 0;
    parts.push({ slot: index % slots, forecastW, sizeW, aboveShare, hours: 24 / slots });
    wh += ((powerW[index] ?? Number.NaN) * 24) / slots;
  }
  if (Number.isNaN(wh) || parts.length === 0) return null;
  const dayErrors = dayErrorsOf({
    ...{ grid, actualW: powerW, ledger, sizeW: online.sizeW, limitW, known: first },
    slotOf: (index) => ({ day: utcDayOf(grid, index), slot: index % slots }),
  });
  const odds = dayTotalOdds(dayErrors, parts, limitW);
  return wh >= odds(0.1) && wh <= odds(0.9);
}
