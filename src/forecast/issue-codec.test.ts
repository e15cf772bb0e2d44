import { describe, expect, test } from 'bun:test';
import {
  dayQuantile,
  type ForecastIssue,
  issueLevels,
  quantileAt,
  stepAt,
  stepCount,
  stepLength,
  stepStart,
  stepsEnd,
} from './issue.ts';
import { decodeIssue, encodeIssue } from './issue-codec.ts';

const HOUR = 3_600_000;
const from = Date.UTC(2026, 5, 21, 10);
const steps = { from, fineMs: HOUR / 4, fineCount: 8, coarseMs: HOUR, coarseCount: 4 };

function issue(peakW: number): ForecastIssue {
  const median = Float32Array.from({ length: stepCount(steps) }, (_, i) => (i % 5 === 0 ? 0 : (peakW * (i % 7)) / 7));
  return {
    issuedAt: from - 1,
    steps,
    quantilesW: issueLevels.map((level) => median.map((watts) => watts * (0.5 + level))),
    referenceW: median.map((watts, i) => (i % 2 === 0 ? watts * 1.3 : watts * 0.2)),
    weatherUntil: from + 3 * HOUR,
    weatherAt: from - HOUR,
    model: '20260621-1',
    isReplayed: true,
    reasons: [[{ topic: 'clouds', effectW: -0.4 * peakW }], []],
    days: [
      { date: '2026-06-21', from: from - HOUR, to: from + HOUR, kwh: issueLevels.map((l) => 20 * l), soFarKwh: 3.25 },
    ],
  };
}

describe('a forecast as bytes', () => {
  test.each([0.4, 900, 4600, 20_000_000])(
    'comes back as it was, to a two-thousandth of its largest power (%p W)',
    (peakW) => {
      const made = issue(peakW);
      const back = decodeIssue(encodeIssue(made), { issuedAt: made.issuedAt, isReplayed: true });
      const { quantilesW, referenceW, reasons, ...rest } = made;
      expect(back).toMatchObject(rest);
      const finest = Math.max(1.5 * peakW, 1) / 2000;
      expect(back.reasons.map((hour) => hour.map(({ topic }) => topic))).toEqual([['clouds'], []]);
      expect(back.reasons[0]?.[0]?.effectW).toBeCloseTo(-0.4 * peakW, -Math.log10(finest));
      const pairs = [...quantilesW, referenceW].map((column, k) => [column, [...back.quantilesW, back.referenceW][k]]);
      for (const [made = [], read = []] of pairs)
        for (let step = 0; step < stepCount(steps); step++)
          expect(Math.abs((read[step] ?? -1) - (made[step] ?? 0))).toBeLessThan(finest);
    },
  );

  test('of another form is refused instead of misread', () => {
    const bytes = encodeIssue(issue(900));
    bytes[0] = 9;
    expect(() => decodeIssue(bytes, { issuedAt: 0, isReplayed: false })).toThrow('form 9');
  });
});

describe('steps of a forecast', () => {
  test('are fine first and coarse later, and every moment lies in one or in none', () => {
    expect(stepsEnd(steps)).toBe(from + 6 * HOUR);
    for (let step = 0; step < stepCount(steps); step++) {
      const start = stepStart(steps, step);
      expect(stepAt(steps, start)).toBe(step);
      expect(stepAt(steps, start + stepLength(steps, step) - 1)).toBe(step);
    }
    expect(stepAt(steps, from - 1)).toBe(-1);
    expect(stepAt(steps, from + 6 * HOUR)).toBe(-1);
  });
});

describe('any quantile', () => {
  const day = { date: '', from: 0, to: 1, soFarKwh: 0, kwh: [2, 3, 4, 7, 10, 12, 14, 15, 16] };

  test('is one that is kept, or lies between its neighbours', () => {
    for (const [place, level] of issueLevels.entries())
      expect(dayQuantile(day, level)).toBeCloseTo(day.kwh[place] as number, 9);
    expect(dayQuantile(day, 0.3)).toBeCloseTo(7.6, 9);
  });

  test('never falls with the level and never below zero, also beyond those that are kept', () => {
    let before = 0;
    for (let level = 0.001; level < 1; level += 0.001) {
      const value = dayQuantile(day, level);
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
    expect(before).toBeGreaterThan(16);
    expect(quantileAt(0.001, () => 0)).toBe(0);
  });
});
