import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { KilledHouse, killInMigration, planFor } from './kills.ts';
import { Chance } from './random.ts';

/**
 * The first promise: what was acknowledged is never lost. The real process is killed with SIGKILL, at a random moment or
 * at a chosen place inside a commit, a rollup, a checkpoint, while devices publish at QoS 1 and 2 and a webhook posts;
 * after the restart every acknowledged reading is there once. `npm run test:faults` does it a thousand times.
 */
const ROUNDS = 25;
let house: KilledHouse;

beforeAll(async () => {
  house = await KilledHouse.build(new Chance());
}, 60_000);

afterAll(() => house?.dispose());

describe('after kill -9', () => {
  test(`every acknowledged reading is there, once (${ROUNDS} rounds)`, async () => {
    for (let round = 0; round < ROUNDS; round++) await house.round(planFor(round, house.chance));
    await house.finish();
    const summary = house.summary();
    expect(house.problems).toEqual([]);
    expect(summary.acknowledged).toBeGreaterThan(ROUNDS);
  }, 600_000);

  for (const point of ['migration.before-commit', 'migration.committed'] as const)
    test(`inside a migration (${point}) the next start takes up where it ended`, async () => {
      expect(await killInMigration(point, new Chance().between(1, 10))).toBe(true);
    }, 60_000);
});
