import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { type ConnectOptions, frame, text, unique } from '../packet-client.ts';

const five = (properties: NonNullable<ConnectOptions['properties']> = {}): ConnectOptions => ({
  version: 5,
  properties,
});
const words = (messages: readonly { payload: string | Buffer }[]) => messages.map((m) => m.payload.toString());
const publishBytes = (
  topic: string,
  properties: number[],
  more: { qos?: number; id?: number; payload?: number[] } = {},
) => {
  const { qos = 0, id = 1, payload = [0x78] } = more;
  const head = [...text(topic), ...(qos > 0 ? [id >> 8, id & 255] : []), properties.length, ...properties];
  return frame(0x30 | (qos << 1), [...head, ...payload]);
};

describe.concurrent('receive maximum of the client (5.0)', () => {
  const flooded = async (qos: 1 | 2) => {
    const topic = unique('t');
    const client = await broker.client(five({ receiveMaximum: 2 }));
    await client.subscribe(topic, { qos });
    const publisher = await broker.client(five());
    for (let i = 0; i < 5; i++) await publisher.publish(topic, String(i), { qos });
    return { topic, client, publisher };
  };

  test('[MQTT-3.3.4-9], [MQTT-4.9.0-2]: no more at QoS 1 than it takes; each PUBACK lets the next one go', async () => {
    const { client } = await flooded(1);
    let flying = await client.sofar();
    expect(words(flying)).toEqual(['0', '1']);
    for (const next of ['2', '3', '4']) {
      client.send({ cmd: 'puback', messageId: flying.shift()?.messageId ?? 0 });
      const [message] = await client.messages(1);
      expect(message?.payload.toString()).toBe(next);
      if (message) flying = [...flying, message];
      expect(await client.sofar()).toEqual([]);
    }
  });

  test('[MQTT-4.9.0-2]: at QoS 2 it is PUBCOMP that counts, not PUBREC', async () => {
    const { client } = await flooded(2);
    const [first] = await client.sofar();
    const messageId = first?.messageId ?? 0;
    client.send({ cmd: 'pubrec', messageId });
    await client.next('pubrel');
    expect(await client.sofar()).toEqual([]);
    client.send({ cmd: 'pubcomp', messageId });
    expect(words(await client.messages(1))).toEqual(['2']);
  });

  test('[MQTT-4.9.0-2]: a PUBREC that says no counts too', async () => {
    const { client } = await flooded(2);
    const [first] = await client.sofar();
    client.send({ cmd: 'pubrec', messageId: first?.messageId ?? 0, reasonCode: 0x97 });
    expect(words(await client.messages(1))).toEqual(['2']);
  });

  test('[MQTT-4.9.0-3], section 4.9: QoS 0 and other packets flow all the same', async () => {
    const { client, publisher, topic } = await flooded(1);
    await client.sofar();
    await publisher.publish(topic, 'at once', { qos: 0 });
    await publisher.publish(unique('t'));
    expect(words(await client.sofar())).toEqual(['at once']);
    await client.subscribe(unique('t'));
    expect(await client.publish(unique('t'), 'x', { qos: 2 })).toBeLessThan(0x80);
  });

  test('section 4.9: with a new connection the count begins anew', async () => {
    const [topic, clientId] = [unique('t'), unique()];
    const options: ConnectOptions = {
      ...{ version: 5, clientId, clean: false, properties: { receiveMaximum: 2, sessionExpiryInterval: 60 } },
    };
    const first = await broker.client(options);
    await first.subscribe(topic, { qos: 1 });
    const publisher = await broker.client(five());
    for (let i = 0; i < 5; i++) await publisher.publish(topic, String(i));
    await first.messages(2);
    first.break();
    const back = await broker.client({ ...options, properties: { receiveMaximum: 3, sessionExpiryInterval: 60 } });
    const got = await back.sofar();
    expect(words(got)).toEqual(['0', '1', '2']);
    expect(got.map((m) => m.dup)).toEqual([true, true, false]);
  });
});

describe.concurrent('receive maximum of the server (5.0)', () => {
  test('[MQTT-3.3.4-7], section 3.3.4: more at QoS 2 than it told is answered with 0x93', async () => {
    const client = await broker.client(five());
    const most = client.connack.properties?.receiveMaximum ?? 65_535;
    const topic = unique('t');
    for (let id = 1; id <= most + 1; id++) client.bytes(publishBytes(topic, [], { qos: 2, id }));
    expect((await client.next('disconnect')).reasonCode).toBe(0x93);
    await client.closed();
  });

  test('[MQTT-4.9.0-1]: as many as it told are taken, and PUBREL makes room for more', async () => {
    const client = await broker.client(five());
    const most = Math.min(client.connack.properties?.receiveMaximum ?? 65_535, 2000);
    const topic = unique('t');
    for (let id = 1; id <= most; id++) client.bytes(publishBytes(topic, [], { qos: 2, id }));
    for (let id = 1; id <= most; id++) await client.next('pubrec');
    client.send({ cmd: 'pubrel', messageId: 1 });
    await client.next('pubcomp');
    client.bytes(publishBytes(topic, [], { qos: 2, id: 1 }));
    await client.next('pubrec');
  });
});

describe.concurrent('maximum packet size (5.0)', () => {
  for (const qos of [0, 1, 2] as const)
    test(`[MQTT-3.1.2-24], [MQTT-3.1.2-25]: what is larger than the client takes counts as sent, at QoS ${qos}`, async () => {
      const topic = unique('t');
      const small = await broker.client(five({ maximumPacketSize: 100 }));
      const any = await broker.client(five());
      for (const client of [small, any]) await client.subscribe(topic, { qos });
      await any.publish(topic, 'x'.repeat(200), { qos });
      await any.publish(topic, 'fits', { qos });
      expect(words(await small.messages(1))).toEqual(['fits']);
      expect(await any.messages(2)).toHaveLength(2);
      expect(await small.sofar()).toEqual([]);
    });

  test('[MQTT-3.1.2-24]: a packet of exactly that size is sent', async () => {
    const topic = unique('t');
    const base = 2 + 2 + topic.length + 1;
    const client = await broker.client(five({ maximumPacketSize: 100 }));
    await client.subscribe(topic);
    await client.publish(topic, 'x'.repeat(100 - base));
    await client.publish(topic, 'y'.repeat(101 - base));
    expect((await client.sofar()).map((m) => m.raw.length)).toEqual([100]);
  });

  test('[MQTT-3.2.2-15], section 3.2.2.3.6: what is larger than the server told ends with 0x95', async () => {
    const client = await broker.client(five());
    const most = client.connack.properties?.maximumPacketSize;
    if (most === undefined) return;
    client.bytes([0x30, ...frame(0, new Array(most).fill(0)).subarray(1, 5)]);
    expect((await client.next('disconnect')).reasonCode).toBe(0x95);
    await client.closed();
  });
});

describe.concurrent('topic aliases (5.0)', () => {
  const alias = (n: number) => [35, n >> 8, n & 255];
  const scene = async () => {
    const topic = unique('t');
    const watcher = await broker.client(five());
    await watcher.subscribe(`${topic}/#`);
    const client = await broker.client(five());
    return { topic, watcher, client, most: client.connack.properties?.topicAliasMaximum ?? 0 };
  };

  test('[MQTT-3.3.2-12], section 3.3.2.3.4: an alias stands for its topic, until it is given another', async () => {
    const { topic, watcher, client, most } = await scene();
    client.bytes(publishBytes(`${topic}/a`, alias(1)), publishBytes('', alias(1)));
    client.bytes(publishBytes(`${topic}/b`, alias(most)), publishBytes('', alias(most)));
    client.bytes(publishBytes(`${topic}/c`, alias(1)), publishBytes('', alias(1)));
    const got = await watcher.messages(6);
    expect(got.map((m) => m.topic.slice(-1)).join('')).toBe('aabbcc');
    for (const message of got) expect(message.properties?.topicAlias).toBeUndefined();
  });

  test('[MQTT-3.3.2-7]: it ends with its connection, also of a session that is kept', async () => {
    const { topic } = await scene();
    const options: ConnectOptions = {
      ...{ version: 5, clientId: unique(), clean: false, properties: { sessionExpiryInterval: 60 } },
    };
    const first = await broker.client(options);
    first.bytes(publishBytes(topic, alias(1)));
    await first.leave();
    const back = await broker.client(options);
    back.bytes(publishBytes('', alias(1)));
    expect((await back.next('disconnect')).reasonCode).toBeOneOf([0x82, 0x94]);
    await back.closed();
  });

  test('[MQTT-3.3.2-8]: alias 0 ends with 0x94', async () => {
    const { topic, client } = await scene();
    client.bytes(publishBytes(topic, alias(0)));
    expect((await client.next('disconnect')).reasonCode).toBe(0x94);
  });

  test('[MQTT-3.3.2-9], section 3.3.2.3.4: one beyond the most that was told ends with 0x94', async () => {
    const { topic, client, most } = await scene();
    client.bytes(publishBytes(topic, alias(most + 1)));
    expect((await client.next('disconnect')).reasonCode).toBe(0x94);
  });

  for (const [name, properties] of [
    ['an alias that was never given', alias(3)],
    ['no alias', []],
  ] as const)
    test(`section 3.3.2.1: no topic and ${name} is a protocol error`, async () => {
      const { client } = await scene();
      client.bytes(publishBytes('', [...properties]));
      expect((await client.next('disconnect')).reasonCode).toBe(0x82);
    });

  test('[MQTT-3.1.2-26], [MQTT-3.3.2-10], [MQTT-3.3.2-11]: the server gives no more than the client takes, and uses them right', async () => {
    const topic = unique('t');
    const client = await broker.client(five({ topicAliasMaximum: 2 }));
    await client.subscribe(`${topic}/#`, { qos: 1 });
    for (const end of ['a', 'b', 'c', 'a', 'b', 'c']) await client.publish(`${topic}/${end}`, end);
    const known = new Map<number, string>();
    for (const message of await client.messages(6)) {
      const given = message.properties?.topicAlias;
      if (given !== undefined) expect(given).toBeWithin(1, 3);
      if (given !== undefined && message.topic) known.set(given, message.topic);
      const meant = message.topic || known.get(given ?? 0);
      expect(meant).toBe(`${topic}/${message.payload}`);
    }
  });

  test('[MQTT-3.1.2-27]: none to a client that names no maximum', async () => {
    const topic = unique('t');
    const client = await broker.client(five());
    await client.subscribe(topic);
    for (let i = 0; i < 3; i++) await client.publish(topic);
    for (const message of await client.messages(3)) {
      expect(message.properties?.topicAlias).toBeUndefined();
      expect(message.topic).toBe(topic);
    }
  });
});
