import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { type ConnectOptions, frame, type PacketClient, text, unique } from '../packet-client.ts';

const versions = [4, 5] as const;
type Qos = 0 | 1 | 2;
const levels: readonly Qos[] = [0, 1, 2];
const keeping = (version: 4 | 5): ConnectOptions => ({
  ...{ version, clientId: unique(), clean: false },
  ...(version === 5 && { properties: { sessionExpiryInterval: 60 } }),
});
/** A PUBLISH byte by byte. */
const publishBytes = (version: 4 | 5, topic: string, parts: { id?: number; qos?: number; dup?: boolean }) => {
  const { id = 1, qos = 1, dup = false } = parts;
  const head = [...text(topic), ...(qos > 0 ? [id >> 8, id & 255] : []), ...(version === 5 ? [0] : [])];
  return frame(0x30 | (dup ? 8 : 0) | (qos << 1), [...head, 0x78]);
};
/** Waits for the end of a connection; an MQTT 5 client hears the code first. */
async function ended(client: PacketClient, code: number): Promise<void> {
  if (client.version === 5) expect((await client.next('disconnect')).reasonCode).toBe(code);
  await client.closed();
}

describe.concurrent('publishing', () => {
  for (const version of versions) {
    test(`3.1.1 [MQTT-2.3.1-6], [MQTT-4.3.2-2], [MQTT-4.3.3-2], 5.0 [MQTT-2.2.1-5]: answers name their publication (${version})`, async () => {
      const client = await broker.client({ version });
      client.send({
        cmd: 'publish',
        topic: unique('t'),
        payload: 'x',
        qos: 1,
        messageId: 65_535,
        dup: false,
        retain: false,
      });
      expect((await client.next('puback')).messageId).toBe(65_535);
      client.send({
        cmd: 'publish',
        topic: unique('t'),
        payload: 'x',
        qos: 2,
        messageId: 300,
        dup: false,
        retain: false,
      });
      expect((await client.next('pubrec')).messageId).toBe(300);
      client.send({ cmd: 'pubrel', messageId: 300 });
      expect((await client.next('pubcomp')).messageId).toBe(300);
    });

    for (const published of levels)
      for (const wanted of levels)
        test(`3.1.1 [MQTT-3.8.4-6], 5.0 [MQTT-3.8.4-8]: published at ${published}, subscribed at ${wanted} (${version})`, async () => {
          const topic = unique('t');
          const client = await broker.client({ version });
          expect(await client.subscribe(topic, { qos: wanted })).toEqual([wanted]);
          await (await broker.client({ version })).publish(topic, 'hello', { qos: published });
          const [message] = await client.messages(1);
          expect(message?.payload.toString()).toBe('hello');
          expect(message).toMatchObject({ qos: Math.min(published, wanted), dup: false, retain: false });
          if (message?.qos) expect(message.messageId).toBeGreaterThan(0);
        });

    test(`[MQTT-4.5.0-1]: every subscriber gets it, the publisher too (${version})`, async () => {
      const topic = unique('t');
      const clients = await Promise.all([1, 2, 3].map(() => broker.client({ version })));
      for (const client of clients) await client.subscribe(topic, { qos: 1 });
      await clients[0]?.publish(topic);
      for (const client of clients) await client.messages(1);
    });

    test(`an empty payload and one of 100,000 bytes arrive as they are (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe(topic, { qos: 1 });
      const large = Buffer.alloc(100_000, 7);
      for (const payload of [Buffer.alloc(0), large]) await client.publish(topic, payload);
      const [first, second] = await client.messages(2);
      expect(first?.payload).toHaveLength(0);
      expect(Buffer.compare(second?.payload as Buffer, large)).toBe(0);
    });

    test(`3.1.1 [MQTT-2.3.1-1], 5.0 [MQTT-2.2.1-3]: packet identifier 0 ends the connection (${version})`, async () => {
      const client = await broker.client({ version });
      client.bytes(publishBytes(version, unique('t'), { id: 0 }));
      await client.closed();
    });

    test(`[MQTT-3.3.1-2]: a duplicate at QoS 0 ends the connection (${version})`, async () => {
      const client = await broker.client({ version });
      client.bytes(publishBytes(version, unique('t'), { qos: 0, dup: true }));
      await ended(client, 0x81);
    });

    test(`[MQTT-3.3.1-4]: QoS 3 ends the connection (${version})`, async () => {
      const client = await broker.client({ version });
      client.bytes(publishBytes(version, unique('t'), { qos: 3 }));
      await ended(client, 0x81);
    });

    test(`[MQTT-3.3.1-3]: the duplicate flag of who published is nobody else's (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe(topic, { qos: 2 });
      client.bytes(publishBytes(version, topic, { dup: true }));
      expect((await client.messages(1))[0]?.dup).toBe(false);
    });
  }
});

describe.concurrent('QoS 2 on its way in', () => {
  for (const version of versions) {
    test(`3.1.1 [MQTT-4.3.3-2], 5.0 [MQTT-4.3.3-10]: sent again before PUBREL it is not received twice (${version})`, async () => {
      const topic = unique('t');
      const watcher = await broker.client({ version });
      await watcher.subscribe(topic, { qos: 2 });
      const client = await broker.client({ version });
      for (const dup of [false, true, true]) {
        client.bytes(publishBytes(version, topic, { id: 5, qos: 2, dup }));
        expect((await client.next('pubrec')).messageId).toBe(5);
      }
      client.send({ cmd: 'pubrel', messageId: 5 });
      await client.next('pubcomp');
      await watcher.messages(1);
      expect(await watcher.sofar()).toEqual([]);
    });

    test(`5.0 [MQTT-4.3.3-12]: after PUBREL the identifier stands for a new message (${version})`, async () => {
      const topic = unique('t');
      const watcher = await broker.client({ version });
      await watcher.subscribe(topic, { qos: 2 });
      const client = await broker.client({ version });
      for (let i = 0; i < 3; i++) {
        client.bytes(publishBytes(version, topic, { id: 5, qos: 2 }));
        await client.next('pubrec');
        client.send({ cmd: 'pubrel', messageId: 5 });
        await client.next('pubcomp');
      }
      await watcher.messages(3);
    });

    test(`[MQTT-4.3.3-2 or 10]: nor across connections of a session that is kept (${version})`, async () => {
      const [topic, options] = [unique('t'), keeping(version)];
      const watcher = await broker.client({ version });
      await watcher.subscribe(topic, { qos: 1 });
      const first = await broker.client(options);
      first.bytes(publishBytes(version, topic, { id: 5, qos: 2 }));
      await first.next('pubrec');
      first.break();
      const back = await broker.client(options);
      back.bytes(publishBytes(version, topic, { id: 5, qos: 2, dup: true }));
      await back.next('pubrec');
      back.send({ cmd: 'pubrel', messageId: 5 });
      await back.next('pubcomp');
      await watcher.messages(1);
      expect(await watcher.sofar()).toEqual([]);
    });
  }

  test('3.1.1, section 3.6.4: PUBREL of an identifier that is not in use is answered all the same', async () => {
    const client = await broker.client();
    client.send({ cmd: 'pubrel', messageId: 77 });
    expect((await client.next('pubcomp')).messageId).toBe(77);
  });

  test('5.0, section 3.7.2.1: and in MQTT 5 with 0x92', async () => {
    const client = await broker.client({ version: 5 });
    client.send({ cmd: 'pubrel', messageId: 77 });
    expect((await client.next('pubcomp')).reasonCode).toBe(0x92);
  });
});

describe.concurrent('on the way out', () => {
  for (const version of versions) {
    /** A client with one message in flight to it. */
    const withOneInFlight = async (qos: 1 | 2) => {
      const [topic, options] = [unique('t'), keeping(version)];
      const client = await broker.client(options);
      await client.subscribe(topic, { qos });
      await (await broker.client()).publish(topic, 'once', { qos });
      const [message] = await client.messages(1);
      return { client, options, topic, id: message?.messageId ?? 0 };
    };

    for (const qos of [1, 2] as const)
      test(`[MQTT-4.4.0-1], [MQTT-3.3.1-1]: QoS ${qos} that was not answered comes again with DUP and its identifier (${version})`, async () => {
        const { client, options, id } = await withOneInFlight(qos);
        client.break();
        const back = await broker.client(options);
        const [again] = await back.messages(1);
        expect([again?.dup, again?.messageId, again?.qos, again?.payload.toString()]).toEqual([true, id, qos, 'once']);
      });

    test(`[MQTT-4.4.0-1]: after PUBREC it is PUBREL that comes again, not the message (${version})`, async () => {
      const { client, options, id } = await withOneInFlight(2);
      client.send({ cmd: 'pubrec', messageId: id });
      await client.next('pubrel');
      client.break();
      const back = await broker.client(options);
      expect((await back.next('pubrel')).messageId).toBe(id);
      expect(await back.sofar()).toEqual([]);
      back.send({ cmd: 'pubcomp', messageId: id });
      await back.leave();
      const last = await broker.client(options);
      await last.ping();
      expect(last.inbox).toEqual([]);
    });

    test(`5.0 [MQTT-4.4.0-1]: nothing is sent again while the client stays connected (${version})`, async () => {
      const { client } = await withOneInFlight(1);
      await Bun.sleep(2000);
      expect(await client.sofar()).toEqual([]);
    });

    test(`[MQTT-4.3.2-1 or 3]: what was acknowledged does not come again (${version})`, async () => {
      const { client, options, id } = await withOneInFlight(1);
      client.send({ cmd: 'puback', messageId: id });
      await client.leave();
      const back = await broker.client(options);
      expect(await back.sofar()).toEqual([]);
    });

    test(`3.1.1 [MQTT-2.3.1-4], 5.0 [MQTT-2.2.1-4]: identifiers in flight are all different (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe(topic, { qos: 2 });
      const publisher = await broker.client();
      for (let i = 0; i < 15; i++) await publisher.publish(topic, 'x', { qos: i % 2 ? 1 : 2 });
      const ids = (await client.messages(15)).map((m) => m.messageId);
      expect(new Set(ids).size).toBe(15);
    });

    test(`3.1.1, section 4.3.3, 5.0, section 3.5.2.1: PUBREC of what was never sent is answered (${version})`, async () => {
      const client = await broker.client({ version });
      client.send({ cmd: 'pubrec', messageId: 4711 });
      const release = await client.next('pubrel');
      expect([release.messageId, release.reasonCode ?? 0]).toEqual([4711, version === 5 ? 0x92 : 0]);
    });

    test(`[MQTT-4.3.2-1], [MQTT-4.3.3-1]: PUBACK does not end an exchange of QoS 2, and PUBREC none of QoS 1 (${version})`, async () => {
      const two = await withOneInFlight(2);
      two.client.send({ cmd: 'puback', messageId: two.id });
      await ended(two.client, 0x82);
      const back = await broker.client(two.options);
      expect((await back.messages(1))[0]?.messageId).toBe(two.id);
      const one = await withOneInFlight(1);
      one.client.send({ cmd: 'pubrec', messageId: one.id });
      await ended(one.client, 0x82);
    });
  }

  test('5.0 [MQTT-4.4.0-2]: a PUBACK or PUBREC that says no ends the exchange', async () => {
    const topic = unique('t');
    const options = keeping(5);
    const client = await broker.client(options);
    await client.subscribe(topic, { qos: 2 });
    const publisher = await broker.client({ version: 5 });
    await publisher.publish(topic, 'one', { qos: 1 });
    await publisher.publish(topic, 'two', { qos: 2 });
    const [one, two] = await client.messages(2);
    client.send({ cmd: 'puback', messageId: one?.messageId ?? 0, reasonCode: 0x80 });
    client.send({ cmd: 'pubrec', messageId: two?.messageId ?? 0, reasonCode: 0x99 });
    await client.ping();
    expect(client.inbox).toEqual([]);
    await client.leave();
    const back = await broker.client(options);
    await back.ping();
    expect(back.inbox).toEqual([]);
  });
});

describe.concurrent('order', () => {
  for (const version of versions) {
    for (const qos of levels)
      test(`[MQTT-4.6.0-5 or 6]: what one client publishes at QoS ${qos} arrives in its order (${version})`, async () => {
        const topic = unique('t');
        const client = await broker.client({ version });
        await client.subscribe(topic, { qos: 0 });
        const publisher = await broker.client({ version });
        for (let i = 0; i < 200; i++) {
          const head = { cmd: 'publish', topic, payload: `n${i}`, qos, dup: false, retain: false } as const;
          publisher.send(qos === 0 ? head : { ...head, messageId: i + 1 });
          if (qos === 2) publisher.send({ cmd: 'pubrel', messageId: i + 1 });
        }
        const got = (await client.messages(200)).map((m) => m.payload.toString());
        expect(got).toEqual(Array.from({ length: 200 }, (_, i) => `n${i}`));
      });

    test(`[MQTT-4.6.0-2], [MQTT-4.6.0-3]: acknowledgements come in the order of what they answer (${version})`, async () => {
      const client = await broker.client({ version });
      const send = (messageId: number, qos: 1 | 2) =>
        client.send({ cmd: 'publish', topic: unique('t'), payload: 'x', qos, messageId, dup: false, retain: false });
      for (let id = 1; id <= 50; id++) send(id, 1);
      for (let id = 101; id <= 150; id++) send(id, 2);
      for (let id = 1; id <= 50; id++) expect((await client.next('puback')).messageId).toBe(id);
      for (let id = 101; id <= 150; id++) expect((await client.next('pubrec')).messageId).toBe(id);
    });

    test(`[MQTT-4.6.0-4]: PUBRELs go out in the order of the PUBRECs (${version})`, async () => {
      const topic = unique('t');
      const client = await broker.client({ version });
      await client.subscribe(topic, { qos: 2 });
      const publisher = await broker.client();
      for (let i = 0; i < 5; i++) await publisher.publish(topic, String(i), { qos: 2 });
      const ids = (await client.messages(5)).map((m) => m.messageId ?? 0).reverse();
      for (const messageId of ids) client.send({ cmd: 'pubrec', messageId });
      for (const id of ids) expect((await client.next('pubrel')).messageId).toBe(id);
    });

    test(`[MQTT-4.6.0-1]: what is sent again is sent in its first order, before what waited (${version})`, async () => {
      const [topic, options] = [unique('t'), keeping(version)];
      const client = await broker.client(options);
      await client.subscribe(topic, { qos: 2 });
      const publisher = await broker.client();
      for (let i = 0; i < 5; i++) await publisher.publish(topic, String(i), { qos: i % 2 ? 1 : 2 });
      await client.messages(5);
      client.break();
      for (let i = 5; i < 8; i++) await publisher.publish(topic, String(i), { qos: 1 });
      const back = await broker.client(options);
      const got = await back.messages(8);
      expect(got.map((m) => m.payload.toString()).join('')).toBe('01234567');
      expect(got.map((m) => m.dup)).toEqual([true, true, true, true, true, false, false, false]);
    });
  }
});
