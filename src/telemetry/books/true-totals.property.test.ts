import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { deviceCases } from '../../testing/device-cases.ts';
import { compare, wrongIn } from '../../testing/true-books.ts';

/**
 * What is booked of devices as they are (gaps, resets, zeros, sentinels, Wh among kWh) against what truly flowed: nothing
 * invented, and nothing lost but what nobody can know. TEST_SEED and TEST_RUNS play a failure again, or many more.
 */
const RUNS = Number(process.env.TEST_RUNS ?? 60);
const SEED = process.env.TEST_SEED ? { seed: Number(process.env.TEST_SEED) } : {};

test('nothing is booked that did not flow, and nothing is lost that could be known', () => {
  fc.assert(
    fc.property(deviceCases, (of) => {
      expect(wrongIn(compare(of))).toBeNull();
    }),
    { numRuns: RUNS, ...SEED },
  );
}, 300_000);
