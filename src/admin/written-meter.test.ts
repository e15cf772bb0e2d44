import { expect, test } from 'bun:test';
import { FakeClock } from '../testing/app.ts';
import type { WrittenDay } from './system.ts';
import { WrittenMeter } from './written-meter.ts';

function meter(counter: { value: number | null }, clock: FakeClock, days = new Map<string, number>()) {
  const store = {
    add: (day: string, bytes: number) => void days.set(day, (days.get(day) ?? 0) + bytes),
    list: (): WrittenDay[] =>
      [...days].map(([day, bytes]) => ({ day, bytes })).sort((a, b) => (a.day < b.day ? 1 : -1)),
  };
  return { days, meter: new WrittenMeter({ store, clock, read: () => counter.value }) };
}

test('differences of the counter are added to their day, across midnight and restarts', () => {
  const clock = new FakeClock(Date.UTC(2026, 5, 21, 23, 59));
  const counter = { value: 1000 };
  const first = meter(counter, clock);
  first.meter.sample();
  counter.value = 1500;
  expect(first.meter.days(3)).toEqual([{ day: '2026-06-21', bytes: 1500 }]);
  clock.advance(120_000);
  counter.value = 1700;
  first.meter.sample();
  first.meter.save();
  expect([...first.days]).toEqual([
    ['2026-06-21', 1500],
    ['2026-06-22', 200],
  ]);
  const next = meter({ value: 50 }, clock, first.days);
  expect(next.meter.days(3)[0]).toEqual({ day: '2026-06-22', bytes: 250 });
});

test('a system that does not count says nothing', () => {
  const { meter: silent } = meter({ value: null }, new FakeClock());
  expect(silent.days(2)).toEqual([{ day: '2026-06-21', bytes: 0 }]);
});
