import { describe, expect, test } from 'bun:test';
import { createRandom } from '../../testing/synthetic-roof.ts';
import { normalQuantile } from '../online/error-table.ts';
import { createLedger } from '../online/forecast-ledger.ts';
import { type DayErrors, dayTotalOdds } from './day-total.ts';
import { dayErrorsOf } from './error-habits.ts';

const SLOTS = 24;
const LIMIT_W = 1e6;
const FORECAST_W = 5000;
const SIZE_W = 300;

interface MadeUp {
  days: number;
  /** Share of an error's variance that all hours of a day have in common. */
  common: number;
  /** How restless a day is: its errors are so many times as large, and that is known beforehand. */
  restless(day: number): number;
  litHours?(day: number): number;
}

/** Days of normally distributed errors around a level forecast, all that was told of them, and what was learned of the first. */
function madeUp({ days, common, restless, litHours = () => 12 }: MadeUp, learned: number) {
  const draw = createRandom(7);
  const normal = (): number => normalQuantile(draw());
  const count = days * SLOTS;
  const ledger = createLedger(count, 1);
  const actualW = new Float64Array(count);
  const dayOf = (index: number): number => Math.floor(index / SLOTS);
  for (let day = 0; day < days; day++) {
    const shared = normal();
    for (let hour = 0; hour < litHours(day); hour++) {
      const index = day * SLOTS + hour;
      const error = Math.sqrt(common) * shared + Math.sqrt(1 - common) * normal();
      ledger.forecastW[index] = ledger.blendW[index] = FORECAST_W;
      ledger.sizeW[index] = SIZE_W;
      actualW[index] = FORECAST_W + restless(day) * SIZE_W * error;
    }
  }
  const dayErrors = dayErrorsOf({
    grid: { from: 0, stepMs: 3_600_000, count },
    ...{ actualW, ledger, limitW: LIMIT_W, known: learned * SLOTS },
    sizeW: (index) => restless(dayOf(index)) * (ledger.sizeW[index] ?? Number.NaN),
    slotOf: (index) => ({ day: dayOf(index), slot: index % SLOTS }),
  });
  return { dayErrors, actualW, litHours };
}

function totalOdds(dayErrors: DayErrors, restless: number, lit = 12) {
  const part = (slot: number) => ({ slot, forecastW: FORECAST_W, sizeW: restless * SIZE_W, hours: 1 });
  return dayTotalOdds(
    dayErrors,
    Array.from({ length: lit }, (_, slot) => part(slot)),
    LIMIT_W,
  );
}

describe("the odds of a day's total", () => {
  test('hold eight of ten days, in quiet and in restless weeks alike', () => {
    const restless = (day: number): number => (day % 60 < 30 ? 0.4 : 1.8);
    const { dayErrors, actualW } = madeUp({ days: 1120, common: 0.6, restless }, 120);
    let [quiet, wild] = [0, 0];
    for (let day = 120; day < 1120; day++) {
      const odds = totalOdds(dayErrors, restless(day));
      const came = actualW.subarray(day * SLOTS, (day + 1) * SLOTS).reduce((sum, watts) => sum + watts, 0);
      const isInside = came >= odds(0.1) && came <= odds(0.9);
      if (isInside && restless(day) < 1) quiet++;
      if (isInside && restless(day) > 1) wild++;
    }
    const wildDays = Array.from({ length: 1000 }, (_, at) => restless(120 + at)).filter((size) => size > 1).length;
    expect(quiet / (1000 - wildDays)).toBeWithin(0.7, 0.9);
    expect(wild / wildDays).toBeWithin(0.7, 0.9);
  });

  test('are as wide as its hours go wrong together', () => {
    const widthOf = (common: number): number => {
      const odds = totalOdds(madeUp({ days: 120, common, restless: () => 1 }, 120).dayErrors, 1);
      return (odds(0.9) - odds(0.1)) / (2 * normalQuantile(0.9) * SIZE_W);
    };
    // The standard deviation of a sum of 12: of independent ones, of half common ones, and of one and the same.
    expect(widthOf(0) / Math.sqrt(12)).toBeWithin(0.7, 1.4);
    expect(widthOf(0.5) / Math.sqrt(12 + 0.5 * 12 * 11)).toBeWithin(0.7, 1.4);
    expect(widthOf(1) / 12).toBeWithin(0.7, 1.4);
  });

  test('are learned from the short days of autumn too, though summer had more hours of light', () => {
    const litHours = (day: number): number => Math.round(16 - day / 15);
    const { dayErrors } = madeUp({ days: 120, common: 0.5, restless: () => 1, litHours }, 120);
    expect(dayErrors.days.length).toBe(120);
    expect(litHours(119)).toBe(8);
  });
});
