import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { book, type TestRow } from '../../testing/books.ts';
import { DAYS, type DeviceCase, deviceCases } from '../../testing/device-cases.ts';
import { TrueDevice } from '../../testing/true-device.ts';
import { energyQuantities } from '../energy/energy.ts';

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

/** Counters that stand still at night over a silence, for more than a day, told too little once. */
const found: [DeviceCase, Missing[]][] = [
  [
    {
      seed: 486807,
      place: ['Australia/Lord_Howe', 1775174400000],
      minutes: 5,
      resolution: 0.01,
      shows: { total: true, daily: true, power: true },
      dailyReset: 'wake',
      gaps: [
        { from: 4373, minutes: 393 },
        { from: 2753, minutes: 417 },
      ],
      resets: [],
      mishaps: [],
      unit: 'kWh',
      capacityW: null,
    },
    [
      { from: 3916, minutes: 875 },
      { from: 1676, minutes: 1234 },
      { from: 451, minutes: 165 },
    ],
  ],
  [
    {
      seed: 5,
      place: ['Asia/Kolkata', 1794268800000],
      minutes: 3,
      resolution: 0.001,
      shows: { total: true, daily: true, power: true },
      dailyReset: 'utc',
      gaps: [
        { from: 36, minutes: 48 },
        { from: 4381, minutes: 417 },
        { from: 3241, minutes: 144 },
      ],
      resets: [],
      mishaps: [],
      unit: 'kWh',
      capacityW: null,
    },
    [
      { from: 2094, minutes: 1034 },
      { from: 3319, minutes: 1373 },
    ],
  ],
];

test('an energy whose counters are missing is known for as long as its power goes on', () => {
  fc.assert(
    fc.property(cases, missing, (of, times) => {
      const device = new TrueDevice(of);
      const dayStart = (time: number) => startOfLocalDay(localDayOf(time, device.zone), device.zone);
      const booked = book(withoutCounters(device, times), { dayStart });
      const covered = booked.coveredMinutes();
      for (const quantity of energyQuantities) expect(booked.knownMinutes(quantity)).toBeCloseTo(covered, 6);
    }),
    { numRuns: RUNS, examples: found, ...SEED },
  );
}, 300_000);
