import { expect, test } from 'bun:test';
import { type CutSummary, cutPower } from './cuts.ts';

/** Cuts for `CUT_MINUTES` (20), each recording at 60 of its moments; prints what was found. */
const MINUTES = Number(process.env.CUT_MINUTES ?? 20);
const CUTS_EACH = 60;

test('the appliance opens what is left and holds what was acknowledged, wherever the power was cut', async () => {
  const end = performance.now() + MINUTES * 60_000;
  const all: CutSummary = { cuts: 0, acknowledged: 0, lost: 0, invented: 0, said: {}, problems: [] };
  while (performance.now() < end && all.problems.length === 0) {
    add(all, await cutPower({ cuts: CUTS_EACH, readingsEach: 120 }));
    console.log(JSON.stringify(all));
  }
  expect(all.problems).toEqual([]);
  expect(all.acknowledged).toBeGreaterThan(0);
});

function add(all: CutSummary, more: CutSummary): void {
  for (const key of ['cuts', 'acknowledged', 'lost', 'invented'] as const) all[key] += more[key];
  all.problems.push(...more.problems);
  for (const [words, count] of Object.entries(more.said)) all.said[words] = (all.said[words] ?? 0) + count;
}
