import { expect, test } from 'bun:test';
import { silentLog } from './log.ts';
import { Parts } from './parts.ts';

test('what is tried again and again is told once, and told when it works', async () => {
  const said: string[] = [];
  const log = { ...silentLog, error: (m: string) => void said.push(m), info: (m: string) => void said.push(m) };
  const parts = new Parts(log);
  const fail = (why: string) => parts.attempt('disk', async () => Promise.reject(new Error(why)));
  await fail('full');
  await fail('full');
  await fail('failing');
  await parts.attempt('disk', async () => undefined);
  await parts.attempt('disk', async () => undefined);
  expect(said).toEqual(['disk did not start', 'disk did not start', 'disk works now']);
});
