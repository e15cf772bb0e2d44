import { afterEach, describe, expect, test } from 'bun:test';
import { Inbox, TestBroker } from './testing/test-broker.ts';

let open: TestBroker | null = null;
const start = async (options: ConstructorParameters<typeof TestBroker>[0] = {}) => {
  open = await new TestBroker(options).start();
  return open;
};
afterEach(async () => {
  await open?.[Symbol.asyncDispose]();
  open = null;
});

describe.each([3, 4, 5] as const)('MQTT protocol level %d', (protocolVersion) => {
  const version = protocolVersion === 3 ? { protocolVersion, protocolId: 'MQIsdp' as const } : { protocolVersion };

  test('a message reaches its subscriber at each QoS', async () => {
    const broker = await start();
    const subscriber = await broker.client(version);
    const inbox = new Inbox(subscriber);
    await subscriber.subscribeAsync('a/+/c', { qos: 2 });
    const publisher = await broker.client(version);
    for (const qos of [0, 1, 2] as const) await publisher.publishAsync('a/b/c', `hello ${qos}`, { qos });
    const messages = await inbox.take(3);
    expect(messages.map((m) => [m.text, m.qos])).toEqual([
      ['hello 0', 0],
      ['hello 1', 1],
      ['hello 2', 2],
    ]);
    expect(broker.received.length).toBe(3);
  });

  test('a retained message greets a new subscriber and is removed by an empty one', async () => {
    const broker = await start();
    const client = await broker.client(version);
    await client.publishAsync('state', 'on', { qos: 1, retain: true });
    const inbox = new Inbox(client);
    await client.subscribeAsync('#', { qos: 1 });
    expect((await inbox.take(1))[0]).toMatchObject({ topic: 'state', text: 'on', retain: true });
    await client.publishAsync('state', '', { qos: 1, retain: true });
    await client.unsubscribeAsync('#');
    await inbox.rest();
    await client.subscribeAsync('#', { qos: 1 });
    expect(await inbox.rest()).toEqual([]);
  });

  test('a session that is kept gets what came while its client was away', async () => {
    const broker = await start();
    const kept = { ...version, clientId: 'kept', clean: false, properties: { sessionExpiryInterval: 60 } };
    const first = await broker.client(kept);
    await first.subscribeAsync('news', { qos: 1 });
    await first.endAsync();
    const publisher = await broker.client(version);
    await publisher.publishAsync('news', 'one', { qos: 1 });
    await publisher.publishAsync('news', 'two', { qos: 2 });
    const second = broker.connectLater(kept);
    const inbox = new Inbox(second.client);
    const connack = await second.connack;
    expect(connack.sessionPresent).toBe(true);
    expect((await inbox.take(2)).map((m) => m.text)).toEqual(['one', 'two']);
  });
});
