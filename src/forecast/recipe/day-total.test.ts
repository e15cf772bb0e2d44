import { expect, test } from 'bun:test';
import { createRandom } from '../../testing/synthetic-roof.ts';
import { normalQuantile } from '../online/error-table.ts';
import { dayTotalOdds } from './day-total.ts';

test.each([10, 15, 60])(
  'of %i known days the odds hold eight tenths of the days to come: few days have not seen the rare ones',
  (known) => {
    const draw = createRandom(5);
    const normal = (): number => normalQuantile(draw());
    const part = { slot: 0, forecastW: 10_000, sizeW: 100, hours: 1 };
    const trials = 3000;
    let inside = 0;
    for (let trial = 0; trial < trials; trial++) {
      const days = Array.from({ length: known }, () => [normal()]);
      const odds = dayTotalOdds({ days, levels: { low: 0.1, high: 0.1 } }, [part], 1e6);
      const came = 10_000 + 100 * normal();
      if (came >= odds(0.1) && came <= odds(0.9)) inside++;
    }
    expect(inside / trials).toBeWithin(0.78, 0.825);
  },
);
