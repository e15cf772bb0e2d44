import { describe, expect, test } from 'bun:test';
import { coursePart, replay } from './recorded-home.ts';

const root = process.env.AMPRA_TEST_DATA ?? '';

/** The long version forecasts and learns every day: `npm run test:faults -- forecast`. */
describe.skipIf(root === '')('sixty recorded days in the appliance', () => {
  test('forecasts become better as the roof is learned, and leave physics behind', async () => {
    await using house = await replay(root, {
      dayCount: 60,
      learnsAfter: (night) => [16, 28, 44].includes(night),
      isForecast: (day) => day % 2 === 0,
    });
    const [unlearned, learned] = [coursePart(house, 0, 16), coursePart(house, 30, 60)];
    expect(unlearned.dayCount).toBeGreaterThan(6);
    expect(learned.dayCount).toBeGreaterThan(12);
    // Before anything is learned physics speaks alone.
    expect(unlearned.errorW / unlearned.referenceErrorW).toBeWithin(0.9, 1.1);
    expect(learned.errorW).toBeLessThan(0.7 * unlearned.errorW);
    expect(learned.errorW).toBeLessThan(0.7 * learned.referenceErrorW);
    const { coverage, dayCoverage } = house.accuracy(400);
    expect(coverage.share).toBeWithin(0.6, 0.95);
    expect(dayCoverage.share).toBeWithin(0.6, 1.01);
    const { serving, others } = await house.models();
    expect(serving?.card.trial.verdict).toMatch(/better|onlyOne/);
    expect(others.length).toBe(2);
  }, 300_000);
});
