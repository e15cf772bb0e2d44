import { expect, test } from 'bun:test';
import { judge } from './judge.ts';
import { soak } from './soaked-house.ts';

/** An hour (`SOAK_MINUTES`) of an ordinary house; prints what it measured. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 60);

test('an ordinary house runs on for an hour without growing, leaking or stalling', async () => {
  const report = await soak(MINUTES * 60);
  console.log(JSON.stringify(report, null, 2));
  expect(judge(report)).toEqual([]);
});
