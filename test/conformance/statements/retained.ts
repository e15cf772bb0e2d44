import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { unique } from '../packet-client.ts';

const versions = [4, 5] as const;
const words = (messages: readonly { payload: string | Buffer }[]) => messages.map((m) => m.payload.toString());

describe.concurrent('retained messages', () => {
  for (const version of versions) {
    test(`3.1.1 [MQTT-3.3.1-5], [MQTT-3.3.1-6], [MQTT-3.3.1-8], 5.0 [MQTT-3.3.1-5]: the last one is kept, with its QoS, for later subscribers (${version})`, async () => {
      const topic = unique('t');
      const publisher = await broker.client({ version });
      for (const qos of [0, 1, 2] as const) {
        await publisher.publish(`${topic}/${qos}`, 'old', { qos: 1, retain: true });
        await publisher.publish(`${topic}/${qos}`, `new ${qos}`, { qos, retain: true });
      }
      await publisher.publish(`${topic}/end`);
      const late = await broker.client({ version });
      await late.subscribe(`${topic}/+`, { qos: 2 });
      const got = await late.messages(3);
      expect(words(got).sort()).toEqual(['new 0', 'new 1', 'new 2']);
      for (const message of got) {
        expect(message.payload.toString()).toBe(`new ${message.qos}`);
        expect(message).toMatchObject({ retain: true, dup: false });
      }
    });

    test(`3.1.1 [MQTT-3.3.1-9], 5.0 [MQTT-3.3.1-12]: who subscribed before gets it without the flag (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe(topic);
      await client.publish(topic, 'x', { retain: true });
      expect((await client.messages(1))[0]?.retain).toBe(false);
    });

    test(`3.1.1 [MQTT-3.3.1-10], [MQTT-3.3.1-11], 5.0 [MQTT-3.3.1-6], [MQTT-3.3.1-7]: an empty one clears it, is passed on and is not kept (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.publish(topic, 'x', { retain: true });
      await client.subscribe(topic);
      await client.messages(1);
      await client.publish(topic, '', { retain: true });
      const [empty] = await client.messages(1);
      expect([empty?.payload.length, empty?.retain]).toEqual([0, false]);
      const late = await broker.client({ version });
      await late.subscribe(topic);
      expect(await late.sofar()).toEqual([]);
    });

    test(`3.1.1 [MQTT-3.3.1-12], 5.0 [MQTT-3.3.1-8]: one without the flag neither is kept nor replaces it (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.publish(topic, 'kept', { retain: true });
      await client.publish(topic, 'passing');
      await client.publish(`${topic}/none`, 'passing');
      await client.publish(topic, '');
      await client.subscribe(`${topic}/#`);
      expect(words(await client.sofar())).toEqual(['kept']);
    });

    test(`3.1.1 [MQTT-3.8.4-3], 5.0 [MQTT-3.8.4-4]: subscribing again sends it again (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.publish(topic, 'kept', { retain: true });
      for (let i = 0; i < 3; i++) {
        await client.subscribe(topic);
        expect(words(await client.sofar())).toEqual(['kept']);
      }
    });

    test(`[MQTT-3.8.4-6 or 8]: it comes at the lower of both QoS (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.publish(topic, 'kept', { qos: 2, retain: true });
      for (const qos of [0, 1, 2] as const) {
        await client.subscribe(topic, { qos });
        expect((await client.messages(1))[0]?.qos).toBe(qos);
      }
    });

    test(`3.1.1 [MQTT-3.8.4-4], 5.0 [MQTT-3.8.4-5]: filters of one SUBSCRIBE each get theirs (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      for (const end of ['a', 'b', 'c']) await client.publish(`${topic}/${end}`, end, { retain: true });
      await client.subscribe({ [`${topic}/a`]: { qos: 0 }, [`${topic}/b`]: { qos: 1 } });
      expect(words(await client.sofar()).sort()).toEqual(['a', 'b']);
    });
  }
});

describe.concurrent('retained messages and subscription options (5.0)', () => {
  const withOne = async () => {
    const topic = unique('t');
    const client = await broker.client({ version: 5 });
    await client.publish(topic, 'kept', { retain: true });
    return { topic, client };
  };

  test('[MQTT-3.3.1-9]: retain handling 0 sends it each time', async () => {
    const { topic, client } = await withOne();
    for (let i = 0; i < 2; i++) {
      await client.subscribe({ [topic]: { rh: 0 } });
      expect(words(await client.sofar())).toEqual(['kept']);
    }
  });

  test('[MQTT-3.3.1-10]: retain handling 1 sends it to a new subscription, and not to one that is there', async () => {
    const { topic, client } = await withOne();
    for (const expected of [['kept'], [], []]) {
      await client.subscribe({ [topic]: { rh: 1 } });
      expect(words(await client.sofar())).toEqual(expected);
    }
    client.send({ cmd: 'unsubscribe', messageId: 500, unsubscriptions: [topic] });
    await client.next('unsuback');
    await client.subscribe({ [topic]: { rh: 1 } });
    expect(words(await client.sofar())).toEqual(['kept']);
  });

  test('[MQTT-3.3.1-11]: retain handling 2 never sends it', async () => {
    const { topic, client } = await withOne();
    for (let i = 0; i < 2; i++) {
      await client.subscribe({ [topic]: { rh: 2 } });
      expect(await client.sofar()).toEqual([]);
    }
  });

  test('[MQTT-3.3.1-12], [MQTT-3.3.1-13]: retain as published decides about the flag of what comes later', async () => {
    for (const rap of [false, true]) {
      const topic = unique('t');
      const client = await broker.client({ version: 5 });
      await client.subscribe({ [topic]: { rap } });
      await client.publish(topic, 'x', { retain: true });
      await client.publish(topic, 'x', { retain: false });
      expect((await client.messages(2)).map((m) => m.retain)).toEqual([rap, false]);
    }
  });

  test('section 4.8.2: a shared subscription gets none', async () => {
    const { topic, client } = await withOne();
    await client.subscribe(`$share/${unique('g')}/${topic}`);
    expect(await client.sofar()).toEqual([]);
  });

  test('section 3.3.2.3.3: one whose time is over is gone, one whose is not says what is left', async () => {
    const topic = unique('t');
    const client = await broker.client({ version: 5 });
    await client.publish(`${topic}/short`, 'short', { retain: true, properties: { messageExpiryInterval: 1 } });
    await client.publish(`${topic}/long`, 'long', { retain: true, properties: { messageExpiryInterval: 100 } });
    await Bun.sleep(2200);
    await client.subscribe(`${topic}/#`);
    const got = await client.sofar();
    expect(words(got)).toEqual(['long']);
    expect(got[0]?.properties?.messageExpiryInterval).toBeWithin(80, 99);
  });

  test('[MQTT-3.3.2-4], [MQTT-3.3.2-15] to [MQTT-3.3.2-20]: its properties are kept with it', async () => {
    const topic = unique('t');
    const client = await broker.client({ version: 5 });
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'answers',
      correlationData: Buffer.from([1, 2]),
      userProperties: { a: '2', c: '3' },
    };
    await client.publish(topic, 'x', { retain: true, properties });
    await client.subscribe(topic, { id: 9 });
    const [message] = await client.messages(1);
    expect(message?.properties).toMatchObject({ ...properties, subscriptionIdentifier: 9 } as object);
  });
});
