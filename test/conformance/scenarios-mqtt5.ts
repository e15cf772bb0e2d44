import { expect } from 'bun:test';
import type { Scenario } from './scenario.ts';

const five = { protocolVersion: 5 as const };
const text = (messages: { text: string }[]) => messages.map((m) => m.text);

/** Scenarios for what MQTT 5 adds. */
export const scenariosOfMqtt5: readonly Scenario[] = [
  {
    name: 'a session is kept as long as was asked for',
    run: async (house, { one }) => {
      const connect = (sessionExpiryInterval: number, clean = false) =>
        house.guest({ ...five, ...one, clean, properties: { sessionExpiryInterval } });
      const isKept = async (after: number) => {
        const { connack, client } = await connect(after);
        await client.endAsync();
        return connack.sessionPresent;
      };
      await (await connect(0, true)).client.endAsync();
      expect(await isKept(0)).toBe(false);
      await (await connect(4, true)).client.endAsync();
      expect(await isKept(4)).toBe(true);
      await Bun.sleep(6000);
      expect(await isKept(4)).toBe(false);
      const { client } = await connect(1, true);
      await client.endAsync(false, { properties: { sessionExpiryInterval: 60 } });
      await Bun.sleep(2500);
      const back = await connect(60);
      expect(back.connack.sessionPresent).toBe(true);
      await back.client.endAsync(false, { properties: { sessionExpiryInterval: 0 } });
      expect(await isKept(0)).toBe(false);
    },
  },
  {
    name: 'members of a shared subscription divide the messages among them',
    run: async (house, { one, two, plain }) => {
      const [a, b] = [await house.guest({ ...five, ...one }), await house.guest({ ...five, ...two })];
      for (const { client } of [a, b]) {
        await client.subscribeAsync(`$share/sharename/${plain}`, { qos: 2 });
        await client.subscribeAsync(plain, { qos: 2 });
      }
      for (let i = 0; i < 5; i++) await a.client.publishAsync(plain, `message ${i}`, { qos: 2 });
      const counts = await Promise.all(
        [a, b].map(async ({ inbox }) => {
          await inbox.take(5);
          return (await inbox.rest(500)).length;
        }),
      );
      expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(5);
    },
  },
  {
    name: 'payload format, content type and user properties arrive at each QoS',
    run: async (house, { one, plain }) => {
      const { client, inbox } = await house.guest({ ...five, ...one });
      await client.subscribeAsync(plain, { qos: 2 });
      const userProperties = { a: '2', c: '3' };
      const properties = { payloadFormatIndicator: true, contentType: 'My name', userProperties };
      for (const qos of [0, 1, 2] as const) await client.publishAsync(plain, '', { qos, properties });
      for (const { properties: got } of await inbox.take(3)) expect(got).toMatchObject(properties);
    },
  },
  {
    name: 'messages whose time is over do not come, the others say what is left',
    run: async (house, { one, two, plain }) => {
      const kept = { ...five, ...two, clean: false, properties: { sessionExpiryInterval: 99_999 } };
      const first = await house.guest(kept);
      await first.client.subscribeAsync(plain, { qos: 2 });
      await first.client.endAsync();
      const { client } = await house.guest({ ...five, ...one });
      const publish = (seconds: number, qos: 1 | 2) =>
        client.publishAsync(plain, `${seconds} s`, { qos, properties: { messageExpiryInterval: seconds } });
      for (const seconds of [1, 20]) for (const qos of [1, 2] as const) await publish(seconds, qos);
      await Bun.sleep(2200);
      const { inbox } = await house.guest(kept);
      const got = [...(await inbox.take(2)), ...(await inbox.rest())];
      expect(text(got)).toEqual(['20 s', '20 s']);
      for (const { properties } of got) expect(properties.messageExpiryInterval).toBeLessThan(20);
    },
  },
  {
    name: 'no local, retain as published and retain handling',
    run: async (house, { one, two, under, plain, other }) => {
      const [a, b] = [await house.guest({ ...five, ...one }), await house.guest({ ...five, ...two })];
      for (const { client } of [a, b]) await client.subscribeAsync(plain, { qos: 2, nl: true });
      await a.client.publishAsync(plain, 'noLocal test', { qos: 1 });
      await b.inbox.take(1);
      expect(await a.inbox.rest()).toEqual([]);
      await a.client.subscribeAsync(other, { qos: 2, rap: true });
      for (const retain of [false, true]) await a.client.publishAsync(other, 'rap', { qos: 1, retain });
      expect((await a.inbox.take(2)).map((m) => m.retain)).toEqual([false, true]);
      for (const [rh, counts] of [
        [1, [1, 0]],
        [2, [0, 0]],
        [0, [1, 1]],
      ] as const) {
        const { client, inbox } = await house.guest(five);
        for (const count of counts) {
          await client.subscribeAsync(under('Topic/+'), { qos: 2, rh });
          expect(await inbox.rest()).toHaveLength(count);
        }
      }
    },
  },
  {
    name: 'subscription identifiers say which subscription a message is for',
    ampraAlone: 'for overlapping subscriptions it sends a copy each',
    run: async (house, { one, under, inner, topicA, allOfA }) => {
      const { client, inbox } = await house.guest({ ...five, ...one });
      await client.subscribeAsync(topicA, { qos: 2, properties: { subscriptionIdentifier: 456_789 } });
      await client.subscribeAsync(allOfA, { qos: 2, properties: { subscriptionIdentifier: 2 } });
      await client.publishAsync(inner, 'both', { qos: 1 });
      await client.publishAsync(under('TopicA/B/C'), 'second', { qos: 1 });
      const ids = (await inbox.take(2)).map((m) => [m.properties.subscriptionIdentifier].flat().sort());
      expect(ids as unknown).toEqual([[2, 456_789], [2]]);
      expect(await inbox.rest()).toEqual([]);
    },
  },
  {
    name: 'a request is answered where it asks for it',
    run: async (house, { one, two, under }) => {
      const [asks, knows] = [await house.guest({ ...five, ...one }), await house.guest({ ...five, ...two })];
      await asks.client.subscribeAsync(under('answers/#'), { qos: 2 });
      await knows.client.subscribeAsync(under('questions'), { qos: 2 });
      const properties = { responseTopic: under('answers/1'), correlationData: Buffer.from('334') };
      await asks.client.publishAsync(under('questions'), 'request', { qos: 1, properties });
      const [question] = await knows.inbox.take(1);
      const { responseTopic, correlationData } = (question?.properties ?? {}) as typeof properties;
      await knows.client.publishAsync(responseTopic, 'response', { qos: 1, properties: { correlationData } });
      const [answer] = await asks.inbox.take(1);
      expect([answer?.text, String(answer?.properties.correlationData)]).toEqual(['response', '334']);
    },
  },
  {
    name: 'aliases of the client stand for topics',
    run: async (house, { one, plain }) => {
      const client = await house.packets({ version: 5, ...one });
      const most = client.connack.properties?.topicAliasMaximum ?? 0;
      expect(most).toBeGreaterThan(0);
      await client.subscribe(plain, { qos: 2 });
      for (const topic of [plain, '']) await client.publish(topic, 'x', { properties: { topicAlias: 1 } });
      for (const message of await client.messages(2)) expect(message.topic).toBe(plain);
    },
  },
  {
    name: 'aliases of the server are used by a server that has some',
    ampraAlone: 'it gives none',
    run: async (house, { one, inner, allOfA }) => {
      const client = await house.packets({ version: 5, ...one, properties: { topicAliasMaximum: 1 } });
      await client.subscribe(allOfA, { qos: 2 });
      for (let i = 0; i < 3; i++) await client.publish(inner, 'x');
      const got = await client.messages(3);
      expect(got.map((m) => [m.topic, m.properties?.topicAlias])).toEqual([
        [inner, 1],
        ['', 1],
        ['', 1],
      ]);
    },
  },
  {
    name: 'packets larger than the client takes do not come',
    run: async (house, { one, two, plain }) => {
      const { client, inbox } = await house.guest({ ...five, ...one, properties: { maximumPacketSize: 64 } });
      await client.subscribeAsync(plain, { qos: 2 });
      const sender = await house.guest({ ...five, ...two });
      await sender.client.publishAsync(plain, 'x'.repeat(100), { qos: 1 });
      await sender.client.publishAsync(plain, 'small', { qos: 1 });
      expect(text(await inbox.take(1))).toEqual(['small']);
    },
  },
  {
    name: 'the server keeps to the receive maximum of the client',
    ampraAlone: 'after PUBCOMP it sends one more than it may',
    run: async (house, { one, two, plain }) => {
      const client = await house.packets({ version: 5, ...one, properties: { receiveMaximum: 2 } });
      await client.subscribe(plain, { qos: 2 });
      const sender = await house.packets({ version: 5, ...two });
      for (let i = 0; i < 4; i++) await sender.publish(plain, String(i), { qos: 2 });
      const [first] = await client.messages(2);
      expect(await client.sofar()).toEqual([]);
      client.send({ cmd: 'pubrec', messageId: first?.messageId ?? 0 });
      await client.next('pubrel');
      client.send({ cmd: 'pubcomp', messageId: first?.messageId ?? 0 });
      await client.messages(1);
      expect(await client.sofar()).toEqual([]);
    },
  },
  {
    name: 'a delayed will comes late, and not when the client is back',
    run: async (house, { one, two, other }) => {
      const watcher = await house.guest({ ...five, ...two });
      await watcher.client.subscribeAsync(other, { qos: 2 });
      const will = { topic: other, payload: Buffer.from('test_will_delay'), properties: { willDelayInterval: 4 } };
      const options = { ...five, ...one, will, clean: false, properties: { sessionExpiryInterval: 60 } };
      (await house.guest(options)).client.stream.destroy();
      expect(await watcher.inbox.rest(300)).toEqual([]);
      const back = await house.guest(options);
      expect(await watcher.inbox.rest(5500)).toEqual([]);
      back.client.stream.destroy();
      expect(text(await watcher.inbox.take(1, 10_000))).toEqual(['test_will_delay']);
    },
  },
  {
    name: 'a client without an identifier is given one, with which it is known again',
    run: async (house) => {
      const properties = { sessionExpiryInterval: 60 };
      const client = await house.packets({ version: 5, clientId: '', properties });
      const clientId = client.connack.properties?.assignedClientIdentifier ?? '';
      expect(clientId).not.toBe('');
      await client.leave();
      const back = await house.packets({ version: 5, clientId, clean: false, properties });
      expect(back.connack.sessionPresent).toBe(true);
    },
  },
  {
    name: 'a keep-alive longer than the server allows is replaced',
    ampraAlone: 'it allows any',
    run: async (house) => {
      const { connack } = await house.packets({ version: 5, keepalive: 65_535 });
      expect(connack.properties?.serverKeepAlive).toBeWithin(1, 65_535);
    },
  },
];
