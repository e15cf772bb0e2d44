import { expect, test } from 'bun:test';
import type { PartHealth } from '../platform/feature.ts';
import { ask, testWeb } from '../web/testing.ts';
import { registerOperations } from './operations.web.tsx';

const broken: PartHealth[] = [{ part: 'broker', state: 'broken', message: 'port 1883 is taken' }];

function web(more: { trustProxy?: boolean; publicUrl?: string } = {}) {
  const one = testWeb({}, more);
  const system = { parts: () => broken, metricsText: () => 'ampra_readings_total 7\n' };
  registerOperations(one.routes, { system: system as never, trustProxy: false, publicUrl: '', ...more });
  return (path: string, host: string, peer?: string) =>
    ask(one, path, { headers: { Host: host }, ...(peer === undefined ? {} : { peer }) });
}

test('numbers and reasons are for addresses of the house', async () => {
  const get = web();
  expect((await get('/metrics', '192.168.1.20:8080')).status).toBe(200);
  expect((await get('/metrics', 'ampra.local')).status).toBe(200);
  expect((await get('/metrics', '192.168.1.20', '203.0.113.5')).status).toBe(404);
  expect(await (await get('/readyz', '192.168.1.20')).text()).toContain('is taken');
  expect(await (await get('/readyz', '192.168.1.20', '203.0.113.5')).text()).not.toContain('is taken');
});

test('not for a web page whose own name was pointed at this machine (DNS rebinding)', async () => {
  const get = web();
  expect((await get('/metrics', 'evil.example')).status).toBe(404);
  const ready = await get('/readyz', 'evil.example');
  expect([ready.status, (await ready.text()).includes('is taken')]).toEqual([503, false]);
  expect((await web({ publicUrl: 'https://ampra.example' })('/metrics', 'ampra.example')).status).toBe(200);
});
