import { expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import type { Viewer } from '../src/accounts/viewer.ts';
import { unwrap } from '../src/core/result.ts';
import { startTestApp, tempDir } from '../src/testing/app.ts';

test('with a damaged telemetry file what devices send is still acknowledged, and is there once the file is mended', async () => {
  const dataDir = tempDir();
  const file = join(dataDir, 'telemetry.duckdb');
  const password = 'correct horse battery';
  let source: { id: string; mqttApiKey: string };
  {
    await using app = await startTestApp({ dataDir });
    const { accounts, sources } = app.features;
    const user = unwrap(await accounts.service.addUser({ email: 'o@example.org', password, role: 'overseer' }));
    const viewer = accounts.service.viewerFor(user.id) as Viewer;
    const place = { latitude: 38.7, longitude: -9.1, timeZone: 'Europe/Lisbon' };
    const made = unwrap(await sources.service.create(viewer, { name: 'Roof', connectionType: 'mqtt', ...place }));
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
    expect(await latest.text()).toContain('left untouched');
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
