import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { book, type TestRow } from '../../testing/books.ts';
import { DAYS, type DeviceCase, deviceCases } from '../../testing/device-cases.ts';
import { TrueDevice } from '../../testing/true-device.ts';
import { energyQuantities } from '../energy.ts';

/**
 * While its power goes on an energy is known, whatever its counters say or keep to themselves: for hours, over midnights and
 * for more than a day, beside times in which nothing is heard. TEST_SEED and TEST_RUNS play a failure again, or many more.
 */
const RUNS = Number(process.env.TEST_RUNS ?? 15);
const SEED = process.env.TEST_SEED ? { seed: Number(process.env.TEST_SEED) } : {};
const MIN = 60_000;

/** Minutes from the start on in which the counters are missing. */
interface Missing {
  from: number;
  minutes: number;
}

const missing = fc.array(
  fc.record({
    from: fc.integer({ min: 30, max: DAYS * 1440 - 200 }),
    minutes: fc.integer({ min: 20, max: 1800 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** With a power and counters beside it. A step to a value that does not follow is not known: none begins anew by accident. */
const cases = deviceCases
  .filter(({ shows }) => shows.power && (shows.total || shows.daily))
  .map((of): DeviceCase => ({ ...of, resets: [], mishaps: [] }));

function withoutCounters(device: TrueDevice, times: readonly Missing[]): TestRow[] {
  const isMissing = (time: number) => {
    const minute = (time - device.start) / MIN;
    return times.some(({ from, minutes }) => minute >= from && minute < from + minutes);
  };
  return device.rows().map(([time, values]) => {
    if (!isMissing(time)) return [time, values];
    return [time, Object.fromEntries(Object.entries(values).filter(([metric]) => metric.endsWith('Power')))];
  });
}

test('an energy whose counters are missing is known for as long as its power goes on', () => {
  fc.assert(
    fc.property(cases, missing, (of, times) => {
      const device = new TrueDevice(of);
      const dayStart = (time: number) => startOfLocalDay(localDayOf(time, device.zone), device.zone);
      const booked = book(withoutCounters(device, times), { dayStart });
      const covered = booked.coveredMinutes();
      for (const quantity of energyQuantities) expect(booked.knownMinutes(quantity)).toBeCloseTo(covered, 6);
    }),
    { numRuns: RUNS, ...SEED },
  );
}, 300_000);
