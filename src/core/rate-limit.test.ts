import { expect, test } from 'bun:test';
import { addressKey, RateLimiter } from './rate-limit.ts';

const clockAt = (start = 0) => {
  let ms = start;
  return {
    now: () => ms,
    advance: (by: number) => {
      ms += by;
    },
  };
};

test('a key may try as often as its bucket holds, then waits for the refill', () => {
  const clock = clockAt();
  const limit = new RateLimiter({ capacity: 2, refillMs: 60_000, clock });
  expect(limit.take('a').isAllowed).toBe(true);
  expect(limit.take('a').isAllowed).toBe(true);
  expect(limit.take('a')).toEqual({ isAllowed: false, retryAfterS: 60 });
  clock.advance(45_000);
  expect(limit.take('a')).toEqual({ isAllowed: false, retryAfterS: 15 });
  clock.advance(15_000);
  expect(limit.take('a').isAllowed).toBe(true);
});

test('keys do not disturb each other', () => {
  const limit = new RateLimiter({ capacity: 1, refillMs: 1000, clock: clockAt() });
  expect(limit.take('a').isAllowed).toBe(true);
  expect(limit.take('b').isAllowed).toBe(true);
});

test('a try that one key refuses is taken from none', () => {
  const limit = new RateLimiter({ capacity: 1, refillMs: 1000, clock: clockAt() });
  limit.take('a');
  expect(limit.take('a', 'b').isAllowed).toBe(false);
  expect(limit.take('b').isAllowed).toBe(true);
});

test('a refused try costs nothing, a refunded one neither', () => {
  const clock = clockAt();
  const limit = new RateLimiter({ capacity: 1, refillMs: 1000, clock });
  limit.take('a');
  for (let i = 0; i < 50; i += 1) limit.take('a');
  clock.advance(1000);
  expect(limit.take('a').isAllowed).toBe(true);
  limit.refund('a');
  expect(limit.take('a').isAllowed).toBe(true);
});

test('memory is bounded: the key that was quiet longest is forgotten', () => {
  const limit = new RateLimiter({ capacity: 1, refillMs: 1000, clock: clockAt(), maxKeys: 3 });
  for (const key of ['a', 'b', 'c', 'd']) limit.take(key);
  expect(limit.size).toBe(3);
  expect(limit.take('d').isAllowed).toBe(false);
  expect(limit.take('a').isAllowed).toBe(true);
});

test('a clock that is set back grants nothing and breaks nothing', () => {
  const clock = clockAt(100_000);
  const limit = new RateLimiter({ capacity: 1, refillMs: 1000, clock });
  limit.take('a');
  clock.advance(-50_000);
  expect(limit.take('a').isAllowed).toBe(false);
});

test.each([
  ['192.168.1.7', '192.168.1.7'],
  ['::ffff:192.168.1.7', '192.168.1.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the key of the address %s is %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

test('what something cost is charged afterwards, down to nothing left, and asking takes nothing', () => {
  const clock = clockAt();
  const limit = new RateLimiter({ capacity: 10, refillMs: 1000, clock });
  limit.charge('a', 8.5);
  for (let i = 0; i < 3; i++) expect(limit.peek('a')).toEqual({ isAllowed: true });
  limit.charge('a', 100);
  expect(limit.peek('a')).toEqual({ isAllowed: false, retryAfterS: 1 });
  expect(limit.peek('b')).toEqual({ isAllowed: true });
  clock.advance(1000);
  expect(limit.peek('a')).toEqual({ isAllowed: true });
});
