import { describe, expect, test } from 'bun:test';
import { learnNowcast, type NowcastRow, noNowcast, nowcastCorrection } from './nowcast.ts';

/** Even numbers between -1 and 1, the same each time (Park and Miller, CACM 31, 1988). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
}

/** Errors around 1 kW of which a share by lead is that of the last hour. */
function errors(shareAt: (leadH: number) => number, seed = 11, count = 3000): NowcastRow[] {
  const draw = draws(seed);
  return Array.from({ length: count }, (_, row) => {
    const leadH = row % 7;
    const last = 300 * draw();
    const share = shareAt(leadH);
    const actualW = 1000 + share * last + (1 - share) * 300 * draw();
    return { leadH, forecastW: 1000, actualW, guides: [1000 + last], ageDays: (count - row) / 20 };
  });
}

const seeds = [2, 3, 4, 5, 6, 7, 8, 11, 99, 5551, 1_234_567];

const followed = (nowcast: ReturnType<typeof learnNowcast>, leadH: number): number =>
  nowcastCorrection(nowcast, leadH, 1000, [1100]) / 100;

describe('what the last hour says of the next ones', () => {
  // Whatever is drawn: what is weak at three hours is followed less than it came true, never more.
  test.each(seeds)(
    'is followed as far as it came true, less with every hour, and not at all after six (%p)',
    (seed) => {
      const nowcast = learnNowcast(
        errors((leadH) => (leadH === 0 ? 0.8 : leadH === 1 ? 0.6 : leadH < 4 ? 0.3 : 0.1), seed),
        1,
      );
      expect(followed(nowcast, 0)).toBeWithin(0.65, 0.9);
      expect(followed(nowcast, 1)).toBeWithin(0.35, 0.7);
      expect(followed(nowcast, 3)).toBeWithin(0.02, 0.35);
      expect(followed(nowcast, 5)).toBeLessThan(followed(nowcast, 3));
      expect(followed(nowcast, 6)).toBe(0);
    },
  );

  test.each(seeds)('is hardly followed where errors do not last (%p)', (seed) => {
    const nowcast = learnNowcast(
      errors(() => 0, seed),
      1,
    );
    for (const leadH of [0, 1, 2, 3, 5]) expect(Math.abs(followed(nowcast, leadH))).toBeLessThan(0.08);
  });

  test('is not followed any more where it was right once and has been wrong of late', () => {
    const rows = errors(() => 0.7);
    const turned = rows.map((row) => (row.ageDays < 40 ? { ...row, actualW: 2000 - row.actualW } : row));
    expect(followed(learnNowcast(rows, 1), 0)).toBeGreaterThan(0.5);
    expect(followed(learnNowcast(turned, 1), 0)).toBeLessThan(0.1);
  });

  test('changes nothing before anything was learned, where nothing is known, and where a guide is silent', () => {
    expect(nowcastCorrection(noNowcast, 0, 1000, [1100])).toBe(0);
    const nowcast = learnNowcast([], 1);
    expect(nowcastCorrection(nowcast, 0, 1000, [1100])).toBe(0);
    expect(nowcastCorrection({ weights: [[1], [1], [1]] }, 0, 1000, [Number.NaN])).toBe(0);
  });
});
