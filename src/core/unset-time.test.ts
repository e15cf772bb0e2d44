import { describe, expect, test } from 'bun:test';
import { type Boot, isUnsetStamp, nextBase, shiftsOf, trueTimeOf, UNSET_FROM, withKnown } from './unset-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 5, 21, 10);
const boot = (id: string, base: number, lastUptimeMs: number): Boot => ({
  ...{ id, base, lastUptimeMs, delta: null, isEstimate: false },
});

describe('unset time', () => {
  test('is no time that a reading can have, and keeps starts of the computer apart', () => {
    expect(isUnsetStamp(NOW)).toBe(false);
    expect(nextBase([])).toBe(UNSET_FROM);
    const first = boot('a', nextBase([]), 5 * DAY);
    const second = boot('b', nextBase([first]), HOUR);
    expect(second.base).toBeGreaterThan(first.base + first.lastUptimeMs);
    expect(isUnsetStamp(second.base)).toBe(true);
  });

  test('becomes true time by one difference for each start', () => {
    const boots = withKnown([boot('a', UNSET_FROM, HOUR)], 'a', NOW - UNSET_FROM - HOUR, null);
    expect(trueTimeOf(UNSET_FROM + HOUR, boots)).toEqual({ time: NOW, isEstimate: false });
    expect(trueTimeOf(UNSET_FROM + 30 * MINUTE, boots)).toEqual({ time: NOW - 30 * MINUTE, isEstimate: false });
    expect(trueTimeOf(NOW, boots)).toEqual({ time: NOW, isEstimate: false });
  });

  test('of earlier starts is placed right before the next, in order, and not before what was known', () => {
    const a = boot('a', UNSET_FROM, 2 * HOUR);
    const b = boot('b', nextBase([a]), 3 * HOUR);
    const c = boot('c', nextBase([a, b]), HOUR);
    // The third has been on for an hour now.
    const boots = withKnown([a, b, c], 'c', NOW - (c.base + HOUR), NOW - 6.5 * HOUR);
    const endOfB = trueTimeOf(b.base + 3 * HOUR, boots);
    expect(endOfB).toEqual({ time: NOW - HOUR - 2 * MINUTE, isEstimate: true });
    const startOfA = trueTimeOf(a.base, boots);
    expect(startOfA?.isEstimate).toBe(true);
    expect(startOfA?.time).toBe(NOW - 6 * HOUR - 4 * MINUTE);
    const late = withKnown([a, b, c], 'c', NOW - (c.base + HOUR), NOW - 5 * HOUR);
    expect(trueTimeOf(a.base, late)?.time).toBe(NOW - 5 * HOUR);
  });

  test('is unknown until then, and its stretches do not overlap', () => {
    const a = boot('a', UNSET_FROM, HOUR);
    expect(trueTimeOf(a.base + 5, [a])).toBeNull();
    expect(shiftsOf([a])).toEqual([]);
    const b = boot('b', nextBase([a]), HOUR);
    const [first, second] = shiftsOf(withKnown([a, b], 'b', NOW - b.base, null));
    expect(first?.to).toBe(second?.from as number);
  });
});
