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

test('names of 64 kB, as many as a client likes to make up, cost no memory', () => {
  const guard = new LoginGuard(new FakeClock());
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 8000; i++) guard.mayTry('192.168.1.9', Buffer.alloc(65_000, `${i} `).toString('latin1'));
  Bun.gc(true);
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
});
