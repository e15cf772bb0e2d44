import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt, { type IClientOptions } from 'mqtt';
import { unwrap } from '../../src/core/result.ts';
import { Inbox } from '../../src/mqtt/testing/test-broker.ts';
import { startTestApp, type TestApp } from '../../src/testing/app.ts';

/** The whole appliance, reached over MQTT as devices and programs reach it. */
let app: TestApp;
const place = { latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };

const owner = async (email: string) => {
  const { service } = app.features.accounts;
  unwrap(await service.addUser({ email, password: 'a long pass phrase 42', role: 'user' }));
  const [read, write] = (['read', 'write'] as const).map((scope) =>
    unwrap(service.addToken({ email, name: scope, scope })),
  ) as [string, string];
  const viewer = service.verifyToken(write, '127.0.0.1');
  if (!viewer) throw new Error('no viewer');
  const { source, mqttApiKey } = unwrap(await app.features.sources.service.create(viewer, { name: 'Roof', ...place }));
  return { viewer, read, write, id: source.id, key: mqttApiKey };
};
type Owner = Awaited<ReturnType<typeof owner>>;
let anna: Owner;
let ben: Owner;

beforeAll(async () => {
  app = await startTestApp();
  anna = await owner('anna@example.org');
  ben = await owner('ben@example.org');
});
afterAll(() => app.dispose());

const connect = (username: string, password: string, more: IClientOptions & { isWeb?: boolean } = {}) => {
  const { isWeb, ...options } = more;
  const url = isWeb ? `${app.url?.replace('http', 'ws')}/mqtt` : `mqtt://127.0.0.1:${app.features.broker.ports().tcp}`;
  return mqtt.connectAsync(url, { username, password, reconnectPeriod: 0, ...options });
};

describe('the appliance over MQTT', () => {
  for (const isWeb of [false, true])
    for (const protocolVersion of [4, 5] as const)
      test(`a reading over ${isWeb ? 'WebSocket' : 'TCP'} with protocol level ${protocolVersion} is stored before it is acknowledged`, async () => {
        const device = await connect(anna.id, anna.key, { isWeb, protocolVersion });
        const solarPower = 1000 + protocolVersion + (isWeb ? 10 : 0);
        await device.publishAsync(`ampra/${anna.id}/telemetry`, JSON.stringify({ solarPower }), { qos: 1 });
        expect(app.features.telemetry.reader.latest(anna.id)?.values.solarPower).toBe(solarPower);
        await device.endAsync();
      });

  test('the newest values are published for programs of the owner, and for nobody else', async () => {
    const [hers, his] = await Promise.all([connect('token', anna.read), connect('token', ben.read)]);
    const [toAnna, toBen] = [new Inbox(hers), new Inbox(his)];
    await hers.subscribeAsync('#');
    await his.subscribeAsync('#');
    await toAnna.rest();
    const device = await connect(anna.id, anna.key);
    await device.publishAsync(`ampra/${anna.id}/telemetry`, '{"solarPower":4242}', { qos: 1 });
    const messages = await toAnna.take(2);
    const latest = messages.find((m) => m.topic === `ampra/${anna.id}/latest`);
    expect(JSON.parse(latest?.text ?? '{}')).toMatchObject({ values: { solarPower: 4242 } });
    const later = await connect('token', anna.read);
    const retained = new Inbox(later);
    await later.subscribeAsync(`ampra/${anna.id}/latest`);
    expect((await retained.take(1))[0]?.retain).toBe(true);
    expect(await toBen.rest()).toEqual([]);
    await Promise.all([hers, his, device, later].map((c) => c.endAsync()));
  });

  test("a program's token decides what it may publish, and whose reading it is", async () => {
    const reader = await connect('token', anna.read, { protocolVersion: 5 });
    const writer = await connect('token', anna.write, { protocolVersion: 5 });
    const code = (error: { code: number }) => error.code;
    expect(await reader.publishAsync('x', 'y', { qos: 1 }).catch(code)).toBe(0x87);
    expect(await writer.publishAsync(`ampra/${ben.id}/telemetry`, '{}', { qos: 1 }).catch(code)).toBe(0x87);
    await writer.publishAsync(`ampra/${anna.id}/telemetry`, '{"loadPower":77}', { qos: 1 });
    expect(app.features.telemetry.reader.latest(anna.id)?.values.loadPower).toBe(77);
    await Promise.all([reader.endAsync(), writer.endAsync()]);
  });

  test('a new key ends the connection that used the old one', async () => {
    const device = await connect(ben.id, ben.key, { protocolVersion: 5 });
    const reason = new Promise((resolve) => device.once('disconnect', (packet) => resolve(packet.reasonCode)));
    unwrap(await app.features.sources.service.rotateKeys(ben.viewer, ben.id));
    expect(await reason).toBe(0x87);
    expect(await connect(ben.id, ben.key).catch((error: { code: number }) => error.code)).toBe(4);
  });
});
