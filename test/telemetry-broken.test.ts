import { expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import type { Viewer } from '../src/accounts/viewer.ts';
import { unwrap } from '../src/core/result.ts';
import { startTestApp, tempDir } from '../src/testing/app.ts';

/** Signed in as a user: Live with what is in memory, History and Sources with what is not known, nowhere a path. */
async function expectPagesToStand(url: string, sourceId: string): Promise<void> {
  const form = await fetch(`${url}/login`);
  const visitor = form.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const token = /name="_csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
  const signedIn = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: visitor, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ _csrf: token, email: 'o@example.org', password, next: '/' }).toString(),
  });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const page = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}${path}`, { headers: { cookie, ...headers } });
    const text = await answer.text();
    expect([path, answer.status, /duckdb|\/tmp\//i.test(text)]).toEqual([path, 200, false]);
    return text;
  };
  const live = await page('/');
  expect(live.includes('What was measured before cannot be shown')).toBe(true);
  expect(live.includes('href="/system"')).toBe(true);
  expect(live.includes('1.02')).toBe(true);
  for (const headers of [{}, { 'HX-Request': 'true' }])
    expect((await page('/history', headers as Record<string, string>)).includes('cannot be shown')).toBe(true);
  expect((await page('/sources')).includes('while the telemetry database is not open')).toBe(true);
  expect((await page('/sources')).includes('Waiting for its first reading')).toBe(false);
  await page(`/sources/${sourceId}`);
}

const password = 'correct horse battery';

test('with a damaged telemetry file what devices send is still acknowledged, and is there once the file is mended', async () => {
  const dataDir = tempDir();
  const file = join(dataDir, 'telemetry.duckdb');
  let source: { id: string; mqttApiKey: string };
  {
    await using app = await startTestApp({ dataDir });
    const { accounts, sources } = app.features;
    const user = unwrap(await accounts.service.addUser({ email: 'o@example.org', password, role: 'overseer' }));
    const viewer = accounts.service.viewerFor(user.id) as Viewer;
    const place = { latitude: 38.7, longitude: -9.1, timeZone: 'Europe/Lisbon' };
    const made = unwrap(await sources.service.create(viewer, { name: 'Roof', connectionType: 'mqtt', ...place }));
    unwrap(await sources.service.create(viewer, { name: 'Barn', connectionType: 'mqtt', ...place }));
    source = { id: made.source.id, mqttApiKey: made.mqttApiKey };
  }
  writeFileSync(file, 'damaged '.repeat(5000));
  {
    await using app = await startTestApp({ dataDir });
    expect(app.isReady()).toBe(false);
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${app.features.broker.ports().tcp}`, {
      username: source.id,
      password: source.mqttApiKey,
      protocolVersion: 5,
    });
    for (let i = 0; i < 20; i++) {
      const reading = { timestamp: Date.now() - 60_000 + i * 1000, solarPower: 1000 + i };
      await client.publishAsync(`ampra/${source.id}/telemetry`, JSON.stringify(reading), { qos: 1 });
    }
    await client.endAsync();
    const token = unwrap(app.features.accounts.service.addToken({ email: 'o@example.org', name: 't', scope: 'read' }));
    const latest = await fetch(`${app.url}/api/v1/sources/${source.id}/readings`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(latest.status).toBe(503);
    const body = await latest.text();
    expect(body).toContain('The telemetry database is not open');
    expect(body).not.toContain(dataDir);
    expect(body).not.toContain('duckdb');
    await expectPagesToStand(app.url ?? '', source.id);
  }
  rmSync(file);
  {
    await using app = await startTestApp({ dataDir });
    expect(app.isReady()).toBe(true);
    const range = { from: 0, to: Date.now() };
    const { items } = await app.features.telemetry.reader.readings(source.id, range, { limit: 100 });
    expect(items.map((item) => item.values.solarPower)).toEqual(Array.from({ length: 20 }, (_, i) => 1000 + i));
  }
  rmSync(dataDir, { recursive: true, force: true });
}, 30_000);
