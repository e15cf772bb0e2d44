import { expect, test } from 'bun:test';
import { judge } from './soak/judge.ts';
import { soak } from './soak/soaked-house.ts';

/** Two minutes of an ordinary house; `npm run test:faults -- soak` takes an hour. */
const SECONDS = 120;

test('an ordinary house runs on without growing, leaking or stalling', async () => {
  expect(judge(await soak(SECONDS))).toEqual([]);
}, 300_000);
