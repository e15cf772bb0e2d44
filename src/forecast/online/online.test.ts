import { expect, test } from 'bun:test';
import type { TreeLearner } from '../../core/boosted-trees.ts';
import { hours } from '../../core/durations.ts';
import { createRandom } from '../../testing/synthetic-roof.ts';
import { createLedger } from './forecast-ledger.ts';
import { createOnline } from './online.ts';
import type { OnlineSubject } from './subject.ts';

const DAYS = 60;
const grid = { from: Date.UTC(2025, 0, 1), stepMs: hours(1), count: 24 * DAYS };
/** Learns the mean. */
const learner: TreeLearner = ({ target }) => ({
  baseScore: target.reduce((sum, value) => sum + value, 0) / target.length,
  trees: [],
});

/** What is learned of a source of which one forecast says 100 W, and nothing on days on which nothing came. */
function learned(own: Pick<OnlineSubject, 'settled' | 'excluded'>, isIdle: (index: number) => boolean) {
  const random = createRandom(4);
  const actualW = Float64Array.from({ length: grid.count }, (_, index) => {
    const came = 100 + 40 * (random() - 0.5);
    return isIdle(index) ? 0 : came;
  });
  const ledger = createLedger(grid.count, 1);
  ledger.experts[0]?.set(actualW.map((_, index) => (isIdle(index) ? 0 : 100)));
  ledger.leadH.fill(12);
  const subject: OnlineSubject = {
    ...{ grid, actualW, startWeights: [1], scaleW: 100, limitW: 150, ...own },
    guides: { names: [], at: () => [] },
    partOf: () => 0,
    isJudged: () => true,
    signs: () => ({ forecast: 1, values: [1], regime: 0, usual: 0.2 }),
  };
  const online = createOnline(ledger);
  online.retrain(subject, learner, grid.count);
  return online.snapshot(grid.count).bands;
}

test('forecasts that the last days settled are not taken for sure ones, nor others for surer', () => {
  const isIdle = (index: number): boolean => index >= 24 * 25 && index < 24 * 50;
  const excluded = Uint8Array.from({ length: grid.count }, (_, index) => (isIdle(index) ? 1 : 0));
  const without = learned({ excluded }, isIdle);
  const settled = learned({ settled: (index, blendW) => (isIdle(index) ? 0 : blendW) }, isIdle);
  expect(settled.scale.mean).toBeWithin(0.95 * without.scale.mean, 1.05 * without.scale.mean);
  const width = ({ table }: typeof settled): number => (table.regimes[0]?.[46] ?? 0) - (table.regimes[0]?.[7] ?? 0);
  expect(width(settled)).toBeWithin(0.8 * width(without), 1.25 * width(without));
});
