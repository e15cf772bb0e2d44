import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { book } from '../../testing/books.ts';
import { type DeviceCase, deviceCases, TrueDevice } from '../../testing/true-device.ts';
import { quantityRules } from '../energy.ts';

/**
 * What is booked of devices as they are (gaps, resets, zeros, sentinels, Wh among kWh) against what truly flowed: nothing
 * invented, and nothing lost but what nobody can know. TEST_SEED and TEST_RUNS play a failure again, or many more.
 */
const RUNS = Number(process.env.TEST_RUNS ?? 60);
const SEED = process.env.TEST_SEED ? { seed: Number(process.env.TEST_SEED) } : {};

/** Null where all is well. */
function wrong(of: DeviceCase): string | null {
  const device = new TrueDevice(of);
  const dayStart = (time: number) => startOfLocalDay(localDayOf(time, device.zone), device.zone);
  const booked = book(device.rows(), { dayStart });
  for (const { quantity, ...rule } of quantityRules) {
    if (!of.shows.power && !of.shows.total && !(of.shows.daily && rule.daily)) continue;
    const all = { from: device.start, to: device.end };
    for (const span of [...device.days(), all]) {
      const kwh = booked.kwh(quantity, span.from, span.to) ?? 0;
      const truth = device.house.kwh(quantity, span.from, span.to);
      const { lost, misplaced } = device.unknown(quantity, span);
      const slack = device.slack(quantity, span);
      const isRight = kwh <= truth + misplaced + slack && kwh >= truth - lost - misplaced - slack;
      const when = `${new Date(span.from).toISOString()} to ${new Date(span.to).toISOString()}`;
      if (!isRight)
        return `${quantity} of ${when}: ${kwh.toFixed(3)} booked, ${truth.toFixed(3)} flowed (lost ${lost.toFixed(3)}, misplaced ${misplaced.toFixed(3)}, slack ${slack.toFixed(3)})`;
    }
  }
  return null;
}

test('nothing is booked that did not flow, and nothing is lost that could be known', () => {
  fc.assert(
    fc.property(deviceCases, (of) => {
      expect(wrong(of)).toBeNull();
    }),
    { numRuns: RUNS, ...SEED },
  );
}, 300_000);
