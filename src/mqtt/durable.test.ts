import { afterEach, describe, expect, test } from 'bun:test';
import { type PublishedMessage, ReceiveError } from './ports.ts';
import { publishPacket, RawClient } from './testing/raw-client.ts';
import { Inbox, TestBroker } from './testing/test-broker.ts';

interface Waiting {
  topic: string;
  done(error: Error | null): void;
}
let open: TestBroker | null = null;
let waiting: Waiting[] = [];

/** A broker whose messages become durable when the test says so. */
const start = async (options: ConstructorParameters<typeof TestBroker>[0] = {}) => {
  waiting = [];
  const receive = (_: unknown, message: PublishedMessage, done: Waiting['done']) => {
    waiting.push({ topic: message.topic, done });
  };
  open = await new TestBroker({ ...options, policy: { receive } }).start();
  return open;
};
const arrived = async (count: number) => {
  for (let i = 0; waiting.length < count && i < 300; i++) await Bun.sleep(10);
  expect(waiting.length).toBe(count);
};
afterEach(async () => {
  for (const w of waiting) w.done(null);
  await open?.[Symbol.asyncDispose]();
  open = null;
});

describe('acknowledge after durable', () => {
  test('neither acknowledgement nor forwarding comes before the message is durable', async () => {
    const broker = await start();
    const subscriber = await broker.client();
    const inbox = new Inbox(subscriber);
    await subscriber.subscribeAsync('t', { qos: 1 });
    const raw = await RawClient.login(broker.port);
    raw.send(publishPacket({ topic: 't', qos: 1, id: 7 }));
    await arrived(1);
    expect(await inbox.rest()).toEqual([]);
    expect(raw.packets).toEqual([]);
    waiting[0]?.done(null);
    expect((await raw.next(4)).body).toEqual(Buffer.from([0, 7]));
    expect(await inbox.take(1)).toHaveLength(1);
    raw.end();
  });

  test('QoS 0 is forwarded only when it is durable, too', async () => {
    const broker = await start();
    const client = await broker.client();
    const inbox = new Inbox(client);
    await client.subscribeAsync('t');
    await client.publishAsync('t', 'x');
    await arrived(1);
    expect(await inbox.rest()).toEqual([]);
    waiting[0]?.done(null);
    await inbox.take(1);
  });

  test('acknowledgements and deliveries keep the order of arrival, whatever became durable first', async () => {
    const broker = await start();
    const subscriber = await broker.client();
    const inbox = new Inbox(subscriber);
    await subscriber.subscribeAsync('#', { qos: 1 });
    const raw = await RawClient.login(broker.port);
    raw.send(...[1, 2, 3].map((id) => publishPacket({ topic: `t${id}`, qos: 1, id })));
    await arrived(3);
    waiting[2]?.done(null);
    waiting[1]?.done(null);
    expect(await inbox.rest(50)).toEqual([]);
    waiting[0]?.done(null);
    for (const id of [1, 2, 3]) expect((await raw.next(4)).body).toEqual(Buffer.from([0, id]));
    expect((await inbox.take(3)).map((m) => m.topic)).toEqual(['t1', 't2', 't3']);
    raw.end();
  });

  test('pings and subscriptions are answered while publications wait', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port);
    raw.send(publishPacket({ topic: 't', qos: 1, id: 1 }), [0xc0, 0]);
    await raw.next(13);
    raw.end();
  });

  test('with too many waiting the socket is not read on, and goes on afterwards without loss', async () => {
    const broker = await start({ limits: { receiveMaximum: 100 } });
    const raw = await RawClient.login(broker.port);
    const all = Array.from({ length: 1000 }, (_, i) => publishPacket({ topic: 't', qos: 1, id: i + 1 }));
    raw.send(...all);
    await Bun.sleep(200);
    expect(waiting.length).toBe(100);
    const acked: number[] = [];
    for (let i = 0; i < 1000; i++) {
      waiting[i]?.done(null);
      if (i % 60 === 59) await Bun.sleep(5);
    }
    for (let i = 0; i < 300 && raw.packets.length < 1000; i++) {
      await Bun.sleep(10);
      for (const w of waiting) w.done(null);
    }
    for (const p of raw.packets) acked.push(p.body.readUInt16BE(0));
    expect(acked).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    raw.end();
  });

  test('an error is told to MQTT 5 clients with its reason', async () => {
    const broker = await start();
    const client = await broker.client({ protocolVersion: 5 });
    const answer = client.publishAsync('t', 'x', { qos: 1 }).catch((error: { code: number }) => error.code);
    await arrived(1);
    waiting[0]?.done(new ReceiveError('quota', 'the disk is full'));
    expect(await answer).toBe(0x97);
    expect(client.connected).toBe(true);
  });

  test('an error ends the connection of an older client, unacknowledged', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port);
    raw.send(publishPacket({ topic: 't', qos: 1, id: 1 }));
    await arrived(1);
    waiting[0]?.done(new Error('broken'));
    await raw.closed();
    expect(raw.packets).toEqual([]);
  });
});

describe('QoS 2', () => {
  test('a duplicate before PUBREL is not received twice', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port);
    raw.send(publishPacket({ topic: 't', qos: 2, id: 9 }));
    await arrived(1);
    raw.send(publishPacket({ topic: 't', qos: 2, id: 9, isDuplicate: true }));
    await Bun.sleep(50);
    expect(waiting.length).toBe(1);
    waiting[0]?.done(null);
    await raw.next(5);
    raw.send(publishPacket({ topic: 't', qos: 2, id: 9, isDuplicate: true }));
    await raw.next(5);
    expect(waiting.length).toBe(1);
    raw.send([0x62, 2, 0, 9]);
    expect((await raw.next(7)).body).toEqual(Buffer.from([0, 9]));
    raw.send(publishPacket({ topic: 't', qos: 2, id: 9 }));
    await arrived(2);
    raw.end();
  });

  test('a duplicate on a new connection of a kept session is not received twice', async () => {
    const broker = await start();
    const first = await RawClient.login(broker.port, { isClean: false });
    first.send(publishPacket({ topic: 't', qos: 2, id: 9 }));
    await arrived(1);
    first.end();
    await Bun.sleep(50);
    const second = await RawClient.login(broker.port, { isClean: false });
    second.send(publishPacket({ topic: 't', qos: 2, id: 9, isDuplicate: true }));
    await Bun.sleep(50);
    waiting[0]?.done(null);
    await second.next(5);
    expect(waiting.length).toBe(1);
    second.end();
  });
});

describe('an orderly stop', () => {
  test('what was received becomes durable and is acknowledged before MQTT 5 clients hear 0x8B', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port, { version: 5 });
    raw.send(publishPacket({ topic: 't', qos: 1, id: 3, properties: [] }));
    await arrived(1);
    const stopping = broker.stop();
    await Bun.sleep(30);
    waiting[0]?.done(null);
    expect((await raw.next(4)).body.readUInt16BE(0)).toBe(3);
    expect((await raw.next(14)).body[0]).toBe(0x8b);
    await raw.closed();
    const begun = Date.now();
    await stopping;
    expect(Date.now() - begun).toBeLessThan(1000);
  });
});
