import { expect, test } from 'bun:test';
import { KilledHouse, planFor } from './kills.ts';
import { Chance } from './random.ts';

/** A thousand deaths (`KILL_ROUNDS`), or as many as fit into `KILL_MINUTES`; prints what it saw. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 1000);
const MINUTES = Number(process.env.KILL_MINUTES ?? 120);
/** A round takes two or three seconds. */
const ROUND_LIMIT_MS = 180_000;

test('every acknowledged reading is there, once, however often the process is killed', async () => {
  const house = await KilledHouse.build(new Chance());
  const end = performance.now() + MINUTES * 60_000;
  try {
    for (let round = 0; round < ROUNDS && performance.now() < end && house.problems.length === 0; round++) {
      await within(ROUND_LIMIT_MS, house.round(planFor(round, house.chance)), `round ${round + 1} came to no end`);
      if (round % 50 === 49) console.log(JSON.stringify(house.summary()));
    }
    await house.finish();
    console.log(JSON.stringify({ ...house.summary(), seed: house.chance.seed }, null, 2));
    expect(house.problems).toEqual([]);
  } finally {
    await house.dispose();
  }
});

async function within<T>(ms: number, work: Promise<T>, complaint: string): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error(complaint)), ms);
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
