import { describe, expect, test } from 'bun:test';
import { type ForecastIssue, issueLevels, stepCount } from '../issue.ts';
import type { CameDay } from './came-day.ts';
import { judgeDay } from './day-score.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const from = Date.UTC(2026, 5, 21);

/** Sun from 6 to 18 h: 1000 W on the day, 600 W on the days before it. */
function day(change: Partial<CameDay> = {}): CameDay {
  const seriesFrom = from - 8 * DAY;
  const isSun = (time: number): boolean => time % DAY >= 6 * HOUR && time % DAY < 18 * HOUR;
  const powerW = Float64Array.from({ length: 9 * 24 }, (_, i) => {
    const time = seriesFrom + i * HOUR;
    return isSun(time) ? (time >= from ? 1000 : 600) : 0;
  });
  const excluded = new Uint8Array(powerW.length);
  return {
    date: '2026-06-21',
    from,
    to: from + DAY,
    seriesFrom,
    stepMs: HOUR,
    powerW,
    excluded,
    isJudged: isSun,
    clearAt: (time) => (isSun(time) ? 1 : 0),
    ...change,
  };
}

/** Says so many watts by day, half of it to twice it at p10 and p90. */
function issue(issuedAt: number, watts: number, weatherAt: number | null = issuedAt): ForecastIssue {
  const start = Math.floor(issuedAt / HOUR) * HOUR;
  const steps = { from: start, fineMs: HOUR, fineCount: 48, coarseMs: HOUR, coarseCount: 120 };
  const factors = [0.3, 0.4, 0.5, 0.8, 1, 1.3, 2, 2.2, 2.5];
  const at = (step: number): number => {
    const hour = (start / HOUR + step) % 24;
    return hour >= 6 && hour < 18 ? watts : 0;
  };
  return {
    issuedAt,
    steps,
    quantilesW: issueLevels.map((_, k) =>
      Float32Array.from({ length: stepCount(steps) }, (_, step) => at(step) * (factors[k] ?? 1)),
    ),
    referenceW: Float32Array.from({ length: stepCount(steps) }, (_, step) => at(step) * 1.5),
    weatherUntil: start + 8 * DAY,
    weatherAt,
    model: 'm',
    isReplayed: false,
    reasons: [],
    days: [{ date: '2026-06-21', from, to: from + DAY, soFarKwh: 0, kwh: factors.map((f) => (watts * 12 * f) / 1000) }],
  };
}

describe('judging a day', () => {
  test('tells errors by lead time, against physics and against the same time on the last day that was over', () => {
    const { leads } = judgeDay(day(), [issue(from, 800)]);
    const noon = leads.find(({ lead }) => lead === 3);
    expect(noon).toMatchObject({ intervals: 6, judged: 6, inside: 6 });
    expect(noon?.errorW).toBeCloseTo(200, 6);
    expect(noon?.referenceErrorW).toBeCloseTo(200, 6);
    expect(noon?.persistenceErrorW).toBeCloseTo(400, 6);
    expect(noon?.clearPersistenceErrorW).toBeCloseTo(400, 6);
    expect(noon?.biasW).toBeCloseTo(-200, 6);
    expect(leads.reduce((sum, { intervals }) => sum + intervals, 0)).toBe(24);
  });

  test('never counts what a forecast says of time before it was issued', () => {
    const { leads } = judgeDay(day(), [issue(from + 16 * HOUR, 0)]);
    expect(leads.reduce((sum, { intervals }) => sum + intervals, 0)).toBe(8);
  });

  test('counts how often bands were missed, by the age of their weather', () => {
    const { missed } = judgeDay(day(), [issue(from, 400, from - 30 * HOUR), issue(from - 2 * DAY, 900)]);
    expect(missed).toEqual([
      { age: 1, judged: 12, outside: 12 },
      { age: 2, judged: 12, outside: 0 },
    ]);
  });

  test('takes for each number of days ahead the forecast that stood then', () => {
    const issues = [
      issue(from + 7 * HOUR, 1),
      issue(from + 5 * HOUR, 2),
      issue(from - HOUR, 3),
      issue(from - 9 * HOUR, 4),
      issue(from - 25 * HOUR, 5),
    ];
    const { days } = judgeDay(day(), issues);
    expect(days.map(({ daysAhead, issuedAt }) => [daysAhead, (issuedAt - from) / HOUR])).toEqual([
      [0, 5],
      [1, -1],
      [2, -25],
    ]);
    expect(days[1]).toMatchObject({ actualKwh: 12, knownShare: 1 });
    expect(days[1]?.persistenceKwh).toBeCloseTo(7.2, 9);
    expect(days[1]?.p50Kwh).toBeCloseTo(0.036, 6);
  });

  test('leaves out what was curtailed or not measured, and does not judge a day with holes as a whole', () => {
    const holes = day();
    const noon = (from + 12 * HOUR - holes.seriesFrom) / HOUR;
    holes.powerW[noon] = Number.NaN;
    holes.excluded[noon + 1] = 1;
    const { leads, days } = judgeDay(holes, [issue(from, 800)]);
    expect(leads.reduce((sum, { intervals }) => sum + intervals, 0)).toBe(22);
    expect(days).toEqual([]);
  });

  test('does not miss the nights of an inverter that sleeps', () => {
    const asleep = day();
    asleep.powerW.forEach((value, i) => {
      if (value === 0) asleep.powerW[i] = Number.NaN;
    });
    expect(judgeDay(asleep, [issue(from, 800)]).days[0]).toMatchObject({ actualKwh: 12, knownShare: 1 });
  });
});
