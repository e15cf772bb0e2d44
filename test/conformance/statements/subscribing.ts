import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { type ConnectOptions, unique } from '../packet-client.ts';

const versions = [4, 5] as const;
const five: ConnectOptions = { version: 5 };
const words = (messages: readonly { payload: string | Buffer }[]) => messages.map((m) => m.payload.toString());

describe.concurrent('SUBSCRIBE', () => {
  for (const version of versions) {
    test(`3.1.1 [MQTT-3.8.4-1], [MQTT-3.8.4-2], [MQTT-3.8.4-5], [MQTT-3.9.3-1], 5.0 [MQTT-3.8.4-6]: a code for each filter, in their order (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      const wanted = { [`${topic}/2`]: { qos: 2 }, [`${topic}/0`]: { qos: 0 }, [`${topic}/+/1`]: { qos: 1 } } as const;
      expect(await client.subscribe(wanted)).toEqual([2, 0, 1]);
    });

    test(`[MQTT-3.8.4-3]: the same filter again replaces the subscription (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      for (const qos of [2, 1, 0, 1] as const) {
        expect(await client.subscribe(topic, { qos })).toEqual([qos]);
        await (await broker.client()).publish(topic, 'x', { qos: 2 });
        expect((await client.sofar()).map((m) => m.qos)).toEqual([qos]);
      }
    });

    test(`3.1.1 [MQTT-3.3.5-1], 5.0 [MQTT-3.3.4-2]: overlapping ones bring it at the highest QoS (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe({ [`${topic}/#`]: { qos: 2 }, [`${topic}/+`]: { qos: 1 }, [`${topic}/a`]: { qos: 0 } });
      await client.publish(`${topic}/a`, 'x', { qos: 2 });
      const got = await client.sofar();
      expect(Math.max(...got.map((m) => m.qos))).toBe(2);
      expect(got).toHaveLength(1);
    });
  }

  const matching: [filter: string, topic: string, matches: boolean][] = [
    ['+', 'a', true],
    ['+', 'a/b', false],
    ['+', '/a', false],
    ['/+', '/a', true],
    ['+/+', '/a', true],
    ['a/+', 'a', false],
    ['a/+', 'a/', true],
    ['a/+/c', 'a//c', true],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c/d', true],
    ['a/#', 'ab', false],
    ['#', '/a', true],
    ['+/b/#', 'a/b', true],
    ['a b/ü/+', 'a b/ü/日本', true],
    ['A', 'a', false],
    ['a/', 'a', false],
    ['a', 'a/', false],
    ['/', '/', true],
    ['+/tennis/#', 'sport/tennis/x', true],
  ];
  for (const [filter, topic, isMatch] of matching)
    test(`[MQTT-4.7.1-2], [MQTT-4.7.1-3], [MQTT-4.7.3-4]: ${filter} ${isMatch ? 'matches' : 'does not match'} ${topic}`, async () => {
      // Behind a level of its own, so that tests side by side do not meet.
      const base = unique('t');
      const client = await broker.client();
      await client.subscribe(`${base}/${filter}`);
      await client.publish(`${base}/${topic}`);
      expect(await client.sofar()).toHaveLength(isMatch ? 1 : 0);
    });

  test('[MQTT-4.7.2-1]: a leading wildcard does not match topics that begin with $', async () => {
    const client = await broker.client();
    const name = unique('t');
    await client.subscribe({ '#': { qos: 0 }, [`+/${name}`]: { qos: 0 }, [`${name}/#`]: { qos: 0 } });
    await client.publish(`$own/${name}`, 'hidden');
    await client.publish(`${name}/$own`, 'shown');
    const own = (await client.sofar()).filter((m) => m.topic.includes(name));
    expect(words(own)).toEqual(['shown']);
  });

  test('3.1.1 [MQTT-4.7.3-4]: topics are compared as they are, U+FEFF and all', async () => {
    const base = unique('t');
    const client = await broker.client();
    await client.subscribe(`${base}/\uFEFFa`);
    await client.publish(`${base}/a`, 'plain');
    await client.publish(`${base}/\uFEFFa`, 'marked');
    const got = await client.sofar();
    expect(words(got)).toEqual(['marked']);
    expect(got[0]?.topic).toBe(`${base}/\uFEFFa`);
  });
});

describe.concurrent('subscription options and identifiers (5.0)', () => {
  test('[MQTT-3.8.3-3]: no local keeps away what the client published itself, and nothing else', async () => {
    const topic = unique('t');
    const [client, other] = await Promise.all([broker.client(five), broker.client(five)]);
    for (const one of [client, other]) await one.subscribe({ [topic]: { qos: 1, nl: true } });
    await client.publish(topic, 'mine');
    expect(words(await other.messages(1))).toEqual(['mine']);
    expect(await client.sofar()).toEqual([]);
  });

  test('[MQTT-3.8.3-3], [MQTT-3.3.4-4]: one without it still brings it, at its own QoS and with its own identifier', async () => {
    const topic = unique('t');
    const client = await broker.client(five);
    await client.subscribe({ [`${topic}/#`]: { qos: 2, nl: true } }, { id: 1 });
    await client.subscribe({ [`${topic}/+`]: { qos: 1 } }, { id: 2 });
    await client.publish(`${topic}/a`, 'mine', { qos: 2 });
    await (await broker.client(five)).publish(`${topic}/a`, 'other', { qos: 2 });
    const [mine, others] = await client.messages(2);
    expect([mine?.qos, mine?.properties?.subscriptionIdentifier]).toEqual([1, 2]);
    expect(others?.qos).toBe(2);
    expect([others?.properties?.subscriptionIdentifier].flat().sort()).toEqual([1, 2]);
  });

  test('[MQTT-3.8.3-4]: no local on a shared subscription is a protocol error', async () => {
    const client = await broker.client(five);
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$share/g/t', qos: 0, nl: true }] });
    expect((await client.next('disconnect')).reasonCode).toBe(0x82);
    await client.closed();
  });

  for (const id of [1, 127, 128, 16_383, 2_097_152, 268_435_455])
    test(`[MQTT-3.3.4-3]: the identifier ${id} comes with what matches`, async () => {
      const topic = unique('t');
      const client = await broker.client(five);
      await client.subscribe(topic, { id });
      await client.publish(topic);
      expect((await client.messages(1))[0]?.properties?.subscriptionIdentifier).toBe(id);
    });

  test('[MQTT-3.3.4-4], [MQTT-3.3.4-5]: of overlapping subscriptions all identifiers come, none of those that have none', async () => {
    const topic = unique('t');
    const client = await broker.client(five);
    await client.subscribe(`${topic}/#`, { id: 10 });
    await client.subscribe(`${topic}/+`, { id: 20 });
    await client.subscribe(`${topic}/a`);
    await client.publish(`${topic}/a`);
    await client.publish(`${topic}/a/b`);
    const got = await client.sofar();
    expect(got.map((m) => [m.properties?.subscriptionIdentifier].flat().sort())).toEqual([[10, 20], [10]]);
  });

  test('section 3.8.4: subscribing again changes the identifier, or takes it away', async () => {
    const topic = unique('t');
    const client = await broker.client(five);
    for (const id of [5, 6, undefined]) {
      await client.subscribe(topic, id === undefined ? {} : { id });
      await client.publish(topic);
      expect((await client.messages(1))[0]?.properties?.subscriptionIdentifier).toBe(id as number);
    }
  });

  test('section 4.1: options and identifiers outlive the connection with the session', async () => {
    const topic = unique('t');
    const options: ConnectOptions = {
      ...{ version: 5, clientId: unique(), clean: false, properties: { sessionExpiryInterval: 60 } },
    };
    const first = await broker.client(options);
    await first.subscribe({ [topic]: { qos: 1, nl: true, rap: true } }, { id: 33 });
    await first.leave();
    const back = await broker.client(options);
    await back.publish(topic, 'mine');
    await (await broker.client(five)).publish(topic, 'other', { retain: true });
    const [message] = await back.messages(1);
    expect([message?.payload.toString(), message?.retain, message?.properties?.subscriptionIdentifier]).toEqual([
      ...['other', true, 33],
    ] as never);
  });
});

describe.concurrent('UNSUBSCRIBE', () => {
  for (const version of versions) {
    test(`3.1.1 [MQTT-3.10.4-2], [MQTT-3.10.4-6], 5.0 [MQTT-3.10.4-2], [MQTT-3.10.4-6]: nothing comes any more of those filters (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe({ [`${topic}/a`]: { qos: 1 }, [`${topic}/b`]: { qos: 1 }, [`${topic}/c`]: { qos: 1 } });
      client.send({ cmd: 'unsubscribe', messageId: 60, unsubscriptions: [`${topic}/a`, `${topic}/b`] });
      expect((await client.next('unsuback')).messageId).toBe(60);
      for (const end of ['a', 'b', 'c']) await client.publish(`${topic}/${end}`, end);
      expect(words(await client.sofar())).toEqual(['c']);
    });

    test(`[MQTT-3.10.4-1]: a filter goes only by its own name (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe(`${topic}/#`);
      client.send({ cmd: 'unsubscribe', messageId: 60, unsubscriptions: [`${topic}/+`, `${topic}/a`] });
      await client.next('unsuback');
      await client.publish(`${topic}/a`);
      await client.messages(1);
    });

    test(`3.1.1 [MQTT-3.10.4-5], 5.0 [MQTT-3.10.4-4], [MQTT-3.10.4-5]: it is answered also when there was no such subscription (${version})`, async () => {
      const client = await broker.client({ version });
      client.send({ cmd: 'unsubscribe', messageId: 61, unsubscriptions: [unique('t')] });
      expect((await client.next('unsuback')).messageId).toBe(61);
    });

    test(`[MQTT-3.10.4-3]: what was sent before is finished (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe(topic, { qos: 2 });
      await client.publish(topic, 'x', { qos: 2 });
      const [message] = await client.messages(1);
      client.send({ cmd: 'unsubscribe', messageId: 60, unsubscriptions: [topic] });
      await client.next('unsuback');
      client.send({ cmd: 'pubrec', messageId: message?.messageId ?? 0 });
      expect((await client.next('pubrel')).reasonCode ?? 0).toBe(0);
    });
  }

  test('5.0 [MQTT-3.11.3-1], [MQTT-3.11.3-2]: a code for each filter, in their order', async () => {
    const topic = unique('t');
    const client = await broker.client(five);
    await client.subscribe({ [`${topic}/a`]: {}, [`${topic}/b`]: {} });
    client.send({ cmd: 'unsubscribe', messageId: 60, unsubscriptions: [`${topic}/b`, `${topic}/x`, `${topic}/a`] });
    const { granted } = (await client.next('unsuback')) as unknown as { granted: number[] };
    expect(granted).toEqual([0, 0x11, 0]);
  });
});
