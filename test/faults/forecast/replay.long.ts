import { describe, expect, test } from 'bun:test';
import { coursePart, replay } from '../../forecast/recorded-home.ts';

const root = process.env.AMPRA_TEST_DATA ?? '';

/** Every day forecast before it begins and at eleven, every night learned from. */
describe.skipIf(root === '')('sixty recorded days and nights in the appliance', () => {
  test('forecasts become better from fortnight to fortnight, until little is left to learn', async () => {
    await using house = await replay(root, { dayCount: 60, learnsAfter: () => true, alsoAtH: [11] });
    const parts = [0, 15, 30, 45].map((day) => coursePart(house, day, day + 15));
    for (const [at, { errorW, referenceErrorW, dayCount, coverage }] of parts.entries())
      console.log(
        `days ${15 * at + 1} to ${15 * at + 15}: ${dayCount} judged, error ${errorW.toFixed(0)} W, physics ${referenceErrorW.toFixed(0)} W, p10 to p90 held ${(100 * coverage).toFixed(0)} %`,
      );
    const [first, , , last] = parts;
    expect(last?.errorW).toBeLessThan(0.6 * (first?.errorW ?? 0));
    expect(last?.errorW).toBeLessThan(0.6 * (last?.referenceErrorW ?? 0));
    expect(house.accuracy(400).coverage.share).toBeWithin(0.7, 0.92);
  }, 7_200_000);
});
