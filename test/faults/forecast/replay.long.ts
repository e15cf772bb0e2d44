import { describe, expect, test } from 'bun:test';
import { coursePart, type Replay, replay } from '../../forecast/recorded-home.ts';

const root = process.env.AMPRA_TEST_DATA ?? '';
const DAYS = 60;
/** Nights after which one of the houses stops learning. */
const STOPS_AFTER = 10;
/** Days, counted from 0: those in which hardly anything is known, the rest of the first fortnight, and the fortnights after it. */
const stretches = [0, 6, 15, 30, 45, DAYS];

/** Every day forecast before it begins and at eleven; errors by stretch. */
async function live(name: string, learnsAfter: Replay['learnsAfter']) {
  await using house = await replay(root, { dayCount: DAYS, learnsAfter, alsoAtH: [11] });
  const parts = stretches.slice(1).map((end, at) => coursePart(house, stretches[at] ?? 0, end));
  for (const [at, { errorW, dayCount, coverage }] of parts.entries()) {
    const days = `days ${(stretches[at] ?? 0) + 1} to ${stretches[at + 1]}`;
    const held = (100 * coverage).toFixed(0);
    console.log(`${name}, ${days}: ${dayCount} judged, error ${errorW.toFixed(1)} W, p10 to p90 held ${held} %`);
  }
  return { errorsW: parts.map(({ errorW }) => errorW), coverage: house.accuracy(400).coverage.share };
}

/**
 * Weather differs from fortnight to fortnight, and with it what can be forecast at all. So three equal houses live through the
 * same days: one that only has physics with what is stated of its panels, one that stops learning, and one that goes on.
 */
describe.skipIf(root === '')('sixty recorded days and nights in the appliance', () => {
  test('of the same days ever less is missed as the roof is learned, and learning on is worth it', async () => {
    const never = await live('physics alone', () => false);
    const stopped = await live(`learning for ${STOPS_AFTER} nights`, (night) => night <= STOPS_AFTER);
    const learning = await live('learning each night', () => true);
    const sharesOf = (others: readonly number[]): number[] =>
      learning.errorsW.map((errorW, at) => errorW / (others[at] ?? 0));
    const [atFirst = 0, begun = 0, ...later] = sharesOf(never.errorsW);
    const [, , ...sinceStopped] = sharesOf(stopped.errorsW);
    const told = (shares: readonly number[]): string => shares.map((share) => share.toFixed(2)).join(', ');
    console.log(`errors, shares of those of physics alone on the same days: ${told(sharesOf(never.errorsW))}`);
    console.log(`and of those of the house that stopped learning: ${told(sharesOf(stopped.errorsW))}`);
    console.log(`p10 to p90 held ${(100 * (learning.coverage ?? 0)).toFixed(1)} % of all that was forecast`);
    // There is a first model after five nights.
    expect(atFirst).toBeLessThan(1);
    expect(begun).toBeLessThan(0.8 * atFirst);
    // Physics alone finds out by itself how weather is stamped, so it is no fixed yardstick: it gets better as well.
    expect(Math.max(...later)).toBeLessThan(0.9);
    expect(mean(sinceStopped)).toBeLessThan(0.93);
    expect(learning.coverage).toBeWithin(0.7, 0.92);
  }, 7_200_000);
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
