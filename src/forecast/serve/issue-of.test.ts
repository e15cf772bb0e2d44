import { expect, test } from 'bun:test';
import { issueLevels, stepCount } from '../issue.ts';
import type { ServedInterval } from '../recipe/recipe.ts';
import { usualWidths } from './band-widths.ts';
import { issueOf } from './issue-of.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const from = Date.UTC(2026, 10, 26);

/** 1 kW from eight to sixteen, half of it to half as much again from p02 to p98. */
function interval(start: number): ServedInterval {
  const hour = (start % DAY) / HOUR;
  const powerW = hour >= 8 && hour < 16 ? 1000 : 0;
  return {
    ...{ from: start, to: start + HOUR, powerW, sizeW: powerW / 4, referenceW: powerW },
    ...{ hasWeather: true, isJudged: powerW > 0, reasons: () => [] },
    odds: (level) => powerW * (1 + (level - 0.5) / 0.96),
  };
}

test('days that were missed often are wider, but never beyond what their hours at their worst and best would give', () => {
  const intervals = Array.from({ length: 8 * 24 }, (_, i) => interval(from + i * HOUR));
  const grid = { from: from - DAY, stepMs: HOUR, count: 9 * 24 };
  const issue = issueOf(
    { intervals, limitW: 5000, energy: (rest) => (level) => 8 * (rest.length / 24) * (1 + (level - 0.5) / 2) },
    {
      data: {
        ...{ grid, powerW: new Float64Array(grid.count), excluded: new Uint8Array(grid.count), weather: null },
        site: { latitude: 48, longitude: 11, utcOffsetH: 1, installedW: 5000, arrays: [] },
        timeZone: 'UTC',
      },
      ...{ now: from, weather: null, model: null },
      widths: { ...usualWidths(), days: Array.from({ length: 8 }, () => 5) },
    },
  );
  expect(stepCount(issue.steps)).toBeGreaterThan(48);
  const kwh = issue.days[3]?.kwh ?? [];
  expect(kwh[issueLevels.indexOf(0.5)]).toBeCloseTo(8, 9);
  expect(kwh[0]).toBeCloseTo(4, 6);
  expect(kwh.at(-1)).toBeCloseTo(12, 6);
  expect(kwh[issueLevels.indexOf(0.75)]).toBeGreaterThan(10);
});
