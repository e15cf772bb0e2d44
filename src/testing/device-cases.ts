import fc from 'fast-check';
import { PEAK_W } from './true-house.ts';

/** What devices may be and do that the energy books are tried with. */

/** Clock changes in some of them within the days, also of half an hour. */
const places = [
  ['UTC', Date.UTC(2026, 5, 20)],
  ['Europe/Berlin', Date.UTC(2026, 2, 27)],
  ['Europe/Berlin', Date.UTC(2026, 9, 23)],
  ['America/Los_Angeles', Date.UTC(2026, 9, 30)],
  ['Asia/Kathmandu', Date.UTC(2026, 3, 10)],
  ['Asia/Kolkata', Date.UTC(2026, 10, 10)],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 3)],
  ['Pacific/Chatham', Date.UTC(2026, 8, 25)],
] as const;
export const DAYS = 5;

export type Mishap = 'zero' | 'sentinel' | 'dip' | 'wh' | 'stale';
/** Some show Wh from the first value on, some Wh below 1 kWh. */
export type CountedIn = 'kWh' | 'Wh' | 'Wh below 1 kWh';

export interface DeviceCase {
  seed: number;
  place: (typeof places)[number];
  minutes: number;
  resolution: number;
  shows: { total: boolean; daily: boolean; power: boolean };
  dailyReset: 'midnight' | 'wake' | 'utc';
  gaps: { from: number; minutes: number }[];
  resets: number[];
  mishaps: { at: number; count: number; kind: Mishap }[];
  unit: CountedIn;
  /** What its owner stated of the panels [W]; null for nothing. */
  capacityW: number | null;
}

const facts = {
  seed: fc.integer({ min: 1, max: 1e6 }),
  place: fc.constantFrom(...places),
  minutes: fc.constantFrom(1, 3, 5),
  resolution: fc.constantFrom(0.001, 0.01, 0.1),
  shows: fc.constantFrom(
    { total: true, daily: false, power: false },
    { total: false, daily: true, power: false },
    { total: false, daily: false, power: true },
    { total: true, daily: false, power: true },
    { total: false, daily: true, power: true },
    { total: true, daily: true, power: true },
    { total: true, daily: true, power: false },
  ),
  dailyReset: fc.constantFrom('midnight' as const, 'wake' as const, 'utc' as const),
  gaps: fc.array(
    fc.record({ from: fc.integer({ min: 30, max: DAYS * 1440 - 600 }), minutes: fc.integer({ min: 20, max: 420 }) }),
    { maxLength: 3 },
  ),
  resets: fc.array(fc.integer({ min: 60, max: DAYS * 1440 - 60 }), { maxLength: 2 }),
  mishaps: fc.array(
    fc.record({
      at: fc.integer({ min: 30, max: DAYS * 1440 - 60 }),
      count: fc.integer({ min: 1, max: 5 }),
      kind: fc.constantFrom<Mishap>('zero', 'sentinel', 'dip', 'wh', 'stale'),
    }),
    { maxLength: 3 },
  ),
};

/** Devices that count in kWh, but for moments, of which nothing is stated. */
export const deviceCases: fc.Arbitrary<DeviceCase> = fc.record({
  ...facts,
  unit: fc.constant('kWh' as const),
  capacityW: fc.constant(null),
});

/** Devices whose unit nobody told, with and without a power beside and what the panels can give. */
export const unitCases: fc.Arbitrary<DeviceCase> = fc.record({
  ...facts,
  unit: fc.constantFrom<CountedIn>('kWh', 'Wh', 'Wh below 1 kWh'),
  capacityW: fc.constantFrom(null, PEAK_W),
});
