import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { systemClock } from '../core/clock.ts';
import { ok } from '../core/result.ts';
import { loadTls } from '../platform/certificate.ts';
import { silentLog } from '../platform/log.ts';
import { testConfig } from '../testing/app.ts';
import { type BrokerFeature, createBroker } from './feature.ts';
import type { BrokerPolicy } from './ports.ts';

let dir = '';
let feature: BrokerFeature | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ampra-mqtt-'));
});
afterEach(async () => {
  await feature?.stop?.();
  feature = null;
  rmSync(dir, { recursive: true, force: true });
});
const policy: BrokerPolicy = {
  authenticate: async () => ok({ kind: 'source', sourceId: 's', ownerId: 'o' }),
  mayPublish: () => true,
  maySubscribe: () => true,
  mayReceive: () => true,
  receive: (_principal, _message, done) => done(null),
};

describe('the broker as a feature', () => {
  test('serves TLS with a certificate of the house, beside plain TCP', async () => {
    const tls = await loadTls({
      config: { tls: 'local', tlsCertFile: '', tlsKeyFile: '' },
      folder: dir,
      now: Date.now(),
    });
    const config = testConfig({ dataDir: dir, mqttTlsPort: 0 });
    feature = createBroker({ config, dataDir: dir, clock: systemClock, log: silentLog, policy, tls });
    await feature.start?.();
    const client = await mqtt.connectAsync(`mqtts://localhost:${feature.ports().tls}`, {
      ca: tls?.authority ?? '',
      reconnectPeriod: 0,
    });
    await client.publishAsync('t', 'x'.repeat(100_000), { qos: 1 });
    expect(feature.broker.clients()[0]).toMatchObject({ transport: 'tls', protocol: '3.1.1', messagesIn: 1 });
    expect(feature.health?.().map((p) => p.state)).toEqual(['ok', 'ok']);
    expect(feature.metrics?.().find((m) => m.name === 'ampra_mqtt_clients')?.value).toBe(1);
    await client.endAsync();
  });

  test('starts without its port and says which one is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const config = testConfig({ dataDir: dir, mqttPort: port });
    feature = createBroker({ config, dataDir: dir, clock: systemClock, log: silentLog, policy, tls: null });
    await feature.start?.();
    const [health] = feature.health?.() ?? [];
    expect(health?.state).toBe('broken');
    expect(health?.message).toContain(`port ${port}`);
    other.close();
  });

  test('stops within a second with clients connected', async () => {
    const config = testConfig({ dataDir: dir });
    feature = createBroker({ config, dataDir: dir, clock: systemClock, log: silentLog, policy, tls: null });
    await feature.start?.();
    const clients = await Promise.all(
      Array.from({ length: 50 }, () =>
        mqtt.connectAsync(`mqtt://127.0.0.1:${feature?.ports().tcp}`, { reconnectPeriod: 0 }),
      ),
    );
    const begun = Date.now();
    await feature.stop?.();
    expect(Date.now() - begun).toBeLessThan(1000);
    for (const client of clients) client.end(true);
  });
});
