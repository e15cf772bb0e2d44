import { describe, expect, test } from 'bun:test';
import { daysUntilFull, paceOf, type StoredLevel, storedIn } from './storage.ts';

const kept = (more: Partial<StoredLevel>): StoredLevel => ({
  part: 'readings',
  bytes: 1000,
  bytesADay: 10,
  keepDays: 0,
  ...more,
});

describe('the room that the past takes', () => {
  test('grows for ever where it is kept for ever', () => {
    expect(storedIn([kept({})], 365)).toBe(4650);
  });

  test('stays where as much goes as comes', () => {
    expect(storedIn([kept({ bytes: 900, keepDays: 90 })], 365)).toBe(900);
  });

  test('grows up to what its time takes', () => {
    expect(storedIn([kept({ bytes: 300, keepDays: 90 })], 30)).toBe(600);
    expect(storedIn([kept({ bytes: 300, keepDays: 90 })], 365)).toBe(900);
  });

  test('shrinks when more was stored than today’s pace fills', () => {
    expect(storedIn([kept({ bytes: 5000, keepDays: 90 })], 30)).toBe(5000);
    expect(storedIn([kept({ bytes: 5000, keepDays: 90 })], 90)).toBe(900);
  });

  test('is full on the first day on which it no longer fits', () => {
    expect(daysUntilFull([kept({}), kept({ part: 'hour', bytesADay: 1 })], 110)).toBe(11);
    expect(daysUntilFull([kept({ keepDays: 90 })], 1)).toBeNull();
    expect(daysUntilFull([kept({ bytesADay: 0 })], 0)).toBeNull();
  });

  test('is taken once more by each backup on the same disk', () => {
    const copies = { bytes: 2400, count: 2, keep: 2 };
    expect(storedIn([kept({})], 0, copies)).toBe(1000 + 2400);
    expect(storedIn([kept({})], 365, copies)).toBe(4650 + 2 * (1200 + 3650));
    // Before the first of them is made it is as large as what is there.
    expect(storedIn([kept({})], 365, { bytes: 0, count: 0, keep: 3 })).toBe(4650 + 3 * 4650);
    expect(storedIn([kept({})], 365, { ...copies, keep: 0 })).toBe(4650 + 2400);
    expect(daysUntilFull([kept({})], 300)).toBe(31);
    expect(daysUntilFull([kept({})], 300, copies)).toBe(11);
  });

  test('of a day is what its readings took, and of coarse levels what their rows take', () => {
    const none = { rows: 0, bytes: 0 };
    const pace = paceOf(
      {
        ...{ readings: { rows: 43_200, bytes: 300_000 }, minute: none },
        ...{ quarter: { rows: 3072, bytes: 61_440 }, hour: { rows: 3072, bytes: 92_160 } },
        day: { rows: 365, bytes: 14_600 },
      },
      30,
    );
    expect(pace).toEqual({ readings: 10_000, minute: 0, quarter: 1920, hour: 720, day: 40 });
  });
});
