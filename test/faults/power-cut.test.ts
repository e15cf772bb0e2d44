import { describe, expect, test } from 'bun:test';
import { cutPower } from './power-cut/cuts.ts';
import { canTrace } from './power-cut/trace.ts';

/**
 * The first promise, below the file system: the appliance's writes and syncs are recorded, the power is cut at moments
 * of that record with what was not synced dropped, reordered or torn, and the appliance starts on what is left. It must
 * open, hold what was acknowledged, and know its devices. `npm run test:faults` cuts hundreds of times.
 */
describe.skipIf(!canTrace)('after a power cut (needs strace)', () => {
  test('the appliance opens what is left and holds what was acknowledged', async () => {
    const summary = await cutPower({ cuts: 8, readingsEach: 60 });
    expect(summary.problems).toEqual([]);
    expect(summary.acknowledged).toBeGreaterThan(0);
  }, 300_000);
});
