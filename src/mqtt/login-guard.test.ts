import { heapStats } from 'bun:jsc';
import { expect, test } from 'bun:test';
import { FakeClock } from '../testing/app.ts';
import { LoginGuard } from './login-guard.ts';

test('a device that guesses is slowed down, alone by its own name', () => {
  const guard = new LoginGuard(new FakeClock());
  const tries = Array.from({ length: 11 }, () => guard.mayTry('192.168.1.9', 'inverter'));
  expect(tries).toEqual([...Array<boolean>(10).fill(true), false]);
  expect(guard.mayTry('192.168.1.9', 'meter')).toBe(true);
});

test('many names from one address share its tries', () => {
  const guard = new LoginGuard(new FakeClock());
  const tries = Array.from({ length: 80 }, (_, i) => guard.mayTry('192.168.1.9', `name ${i}`));
  expect(tries.filter(Boolean)).toHaveLength(60);
});

test('of a long name only the beginning is remembered, so that names of 64 kB cost no memory', () => {
  const guard = new LoginGuard(new FakeClock());
  const tries = Array.from({ length: 11 }, (_, i) => guard.mayTry('192.168.1.9', `${'x'.repeat(64)}${i}`));
  expect(tries).toEqual([...Array<boolean>(10).fill(true), false]);
  // What is cut must not be a slice that holds on to the whole.
  const huge = Buffer.alloc(65_000, 'long name ').toString('latin1');
  const before = heapBytes();
  for (let i = 0; i < 2000; i++) guard.mayTry('192.168.1.9', `${i} ${huge}`);
  expect(heapBytes() - before).toBeLessThan(60_000_000);
});

/** What is alive after everything else was swept. */
function heapBytes(): number {
  Bun.gc(true);
  const { heapSize, extraMemorySize } = heapStats();
  return heapSize + extraMemorySize;
}
