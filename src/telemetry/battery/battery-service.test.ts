import { expect, test } from 'bun:test';
import { BatteryWatch } from './battery-service.ts';

const HOUR = 3_600_000;
const scope = { sources: [{ id: 'roof', role: 'system' }], timeZone: 'UTC' } as const;

test('what a battery did is looked up behind the page, once for all who ask, and again after some hours', async () => {
  let now = Date.UTC(2026, 10, 27, 6);
  let asked = 0;
  let isBroken = true;
  const history = async () => {
    asked++;
    if (isBroken) throw new Error('the disk is gone');
    const power = Array.from({ length: 336 }, (_, i) => (i % 24 < 12 ? 0 : 500));
    return {
      ...{ times: [], lows: {}, highs: {} },
      madeOf: {},
      series: { stateOfCharge: power.map(() => 20), batteryPower: power },
      bucketMs: HOUR,
    };
  };
  const watch = new BatteryWatch({ house: { history }, clock: { now: () => now } as never, isReadable: () => true });
  watch.prepare([{ id: 'roof', role: 'system', ownerId: 'ada', isActive: true, timeZone: 'UTC' }]);
  await Bun.sleep(1);
  expect([watch.of(scope), asked]).toEqual([null, 1]);
  isBroken = false;
  now += HOUR / 10;
  expect(watch.of(scope)).toBeNull();
  await Bun.sleep(1);
  expect(watch.of(scope)).toMatchObject({ floor: 20, mostChargeW: 500 });
  expect([watch.of(scope)?.floor, asked]).toEqual([20, 2]);
  now += 7 * HOUR;
  // The old answer serves while the new one is worked out.
  expect([watch.of(scope)?.floor, asked]).toEqual([20, 3]);
});
