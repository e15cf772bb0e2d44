import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { type ConnectOptions, unique } from '../packet-client.ts';

const versions = [4, 5] as const;
/** Options of a client whose session outlives its connection. */
const keeping = (version: 4 | 5, more: ConnectOptions = {}): ConnectOptions => ({
  ...{ version, clientId: unique(), clean: false },
  ...(version === 5 && { properties: { sessionExpiryInterval: 60 } }),
  ...more,
});

describe.concurrent('sessions that are kept', () => {
  for (const version of versions) {
    test(`3.1.1 [MQTT-3.2.2-2], [MQTT-3.2.2-3], 5.0 [MQTT-3.2.2-3]: session present says what the server has (${version})`, async () => {
      const options = keeping(version);
      const first = await broker.client(options);
      expect(first.connack.sessionPresent).toBe(false);
      await first.leave();
      expect((await broker.client(options)).connack.sessionPresent).toBe(true);
    });

    test(`3.1.1 [MQTT-3.1.2-4], 5.0 [MQTT-3.1.2-5]: subscriptions live on (${version})`, async () => {
      const [topic, options] = [unique('t'), keeping(version)];
      const first = await broker.client(options);
      await first.subscribe({ [topic]: { qos: 1 }, [`${topic}/gone`]: { qos: 1 } });
      first.send({ cmd: 'unsubscribe', messageId: 9, unsubscriptions: [`${topic}/gone`] });
      await first.next('unsuback');
      await first.leave();
      const back = await broker.client(options);
      const publisher = await broker.client();
      await publisher.publish(`${topic}/gone`);
      await publisher.publish(topic, 'after');
      expect((await back.messages(1))[0]?.payload.toString()).toBe('after');
    });

    test(`3.1.1 [MQTT-3.1.2-5], 5.0, section 4.1: what came at QoS 1 and 2 while the client was away waits in its order (${version})`, async () => {
      const [topic, options] = [unique('t'), keeping(version)];
      const first = await broker.client(options);
      await first.subscribe(topic, { qos: 2 });
      first.break();
      const publisher = await broker.client();
      for (let i = 0; i < 10; i++) await publisher.publish(topic, String(i), { qos: i % 2 ? 1 : 2 });
      const back = await broker.client(options);
      const messages = await back.messages(10);
      expect(messages.map((m) => m.payload.toString()).join('')).toBe('0123456789');
      expect(messages.map((m) => m.qos)).toEqual([2, 1, 2, 1, 2, 1, 2, 1, 2, 1]);
      expect(messages.some((m) => m.dup)).toBe(false);
    });

    test(`3.1.1 [MQTT-3.1.2-6], [MQTT-3.2.2-1], 5.0 [MQTT-3.1.2-4], [MQTT-3.2.2-2]: a clean start forgets all of it (${version})`, async () => {
      const [topic, options] = [unique('t'), keeping(version)];
      const first = await broker.client(options);
      await first.subscribe(topic, { qos: 1 });
      await first.leave();
      const publisher = await broker.client();
      await publisher.publish(topic, 'waiting');
      const clean = await broker.client({ ...options, clean: true });
      expect(clean.connack.sessionPresent).toBe(false);
      await publisher.publish(topic, 'later');
      expect(await clean.sofar()).toEqual([]);
      await clean.leave();
      // In MQTT 3 a clean session is not kept; in MQTT 5 the expiry says whether it is.
      expect((await broker.client(options)).connack.sessionPresent).toBe(version === 5);
    });

    test(`3.1.1 [MQTT-3.1.2-7]: retained messages outlive the session of who published them (${version})`, async () => {
      const topic = unique('t');
      const publisher = await broker.client({ version });
      await publisher.publish(topic, 'kept', { retain: true });
      await publisher.leave();
      const late = await broker.client({ version });
      await late.subscribe(topic);
      expect((await late.messages(1))[0]?.payload.toString()).toBe('kept');
    });
  }

  test('3.1.1, section 3.1.2.4: a session that was not clean is there for the next that is not', async () => {
    const options = keeping(4);
    for (const expected of [false, true, true]) {
      const client = await broker.client(options);
      expect(client.connack.sessionPresent).toBe(expected);
      await client.leave();
    }
  });
});

describe.concurrent('session expiry (5.0)', () => {
  const five = (sessionExpiryInterval?: number, clean = false): ConnectOptions => ({
    ...{ version: 5, clientId: unique(), clean },
    ...(sessionExpiryInterval !== undefined && { properties: { sessionExpiryInterval } }),
  });

  for (const expiry of [undefined, 0])
    test(`section 3.1.2.11.2: ${expiry ?? 'none'} ends it with the connection`, async () => {
      const options = five(expiry);
      const first = await broker.client(options);
      await first.subscribe(unique('t'));
      await first.leave();
      expect((await broker.client(options)).connack.sessionPresent).toBe(false);
    });

  test('[MQTT-3.1.2-23], [MQTT-4.1.0-2]: it is there until its time is over, and then not', async () => {
    const options = five(4);
    await (await broker.client(options)).leave();
    const back = await broker.client(options);
    expect(back.connack.sessionPresent).toBe(true);
    await back.leave();
    await Bun.sleep(6000);
    expect((await broker.client(options)).connack.sessionPresent).toBe(false);
  });

  test('[MQTT-4.1.0-1]: it lasts while the client is connected, however short its expiry', async () => {
    const topic = unique('t');
    const client = await broker.client(five(1));
    await client.subscribe(topic, { qos: 1 });
    await Bun.sleep(2500);
    await (await broker.client()).publish(topic);
    await client.messages(1);
  });

  test('section 3.14.2.2.2: DISCONNECT makes it longer or shorter', async () => {
    const options = five(1);
    const first = await broker.client(options);
    first.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 60 } });
    await first.closed();
    await Bun.sleep(2500);
    const second = await broker.client(options);
    expect(second.connack.sessionPresent).toBe(true);
    second.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    await second.closed();
    expect((await broker.client(options)).connack.sessionPresent).toBe(false);
  });

  test('section 3.14.2.2.2: one of 0 cannot be made longer; 0x82', async () => {
    const client = await broker.client(five(0));
    client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 60 } });
    expect((await client.next('disconnect')).reasonCode).toBe(0x82);
    await client.closed();
  });

  test('section 3.2.2.3.2: a server that keeps it for less says so', async () => {
    const { connack } = await broker.client(five(0xffffffff));
    const told = connack.properties?.sessionExpiryInterval;
    if (told !== undefined) expect(told).toBeWithin(1, 0xffffffff);
  });

  test('[MQTT-3.1.2-4]: a clean start with an expiry keeps what comes after it', async () => {
    const [topic, options] = [unique('t'), five(60, true)];
    const first = await broker.client(options);
    await first.subscribe(topic, { qos: 1 });
    await first.leave();
    await (await broker.client()).publish(topic, 'later');
    const back = await broker.client({ ...options, clean: false });
    expect(back.connack.sessionPresent).toBe(true);
    await back.messages(1);
  });
});

describe.concurrent('taking over', () => {
  test('3.1.1 [MQTT-3.1.4-2]: a second connection of a client ends the first', async () => {
    const clientId = unique();
    const first = await broker.client({ clientId });
    const second = await broker.client({ clientId });
    await first.closed();
    await second.ping();
  });

  test('5.0 [MQTT-3.1.4-3]: and the first hears 0x8E', async () => {
    const clientId = unique();
    const first = await broker.client({ version: 5, clientId });
    const second = await broker.client({ version: 5, clientId });
    expect((await first.next('disconnect')).reasonCode).toBe(0x8e);
    await first.closed();
    await second.ping();
  });

  for (const version of versions)
    test(`3.1.1 [MQTT-3.1.2-4], 5.0 [MQTT-3.1.2-5]: the second goes on with the session and with what was not acknowledged (${version})`, async () => {
      const [topic, options] = [unique('t'), keeping(version)];
      const first = await broker.client(options);
      await first.subscribe(topic, { qos: 1 });
      await (await broker.client()).publish(topic, 'open');
      const [sent] = await first.messages(1);
      const second = await broker.client(options);
      expect(second.connack.sessionPresent).toBe(true);
      const [again] = await second.messages(1);
      expect([again?.dup, again?.messageId]).toEqual([true, sent?.messageId]);
    });

  test('5.0 [MQTT-3.1.4-3]: a session that ends with its connection does not pass to the second', async () => {
    const options: ConnectOptions = { version: 5, clientId: unique(), clean: false };
    const first = await broker.client(options);
    await first.subscribe(unique('t'));
    expect((await broker.client(options)).connack.sessionPresent).toBe(false);
  });

  test('clients of the two versions take each other over', async () => {
    const clientId = unique();
    const old = await broker.client({ clientId });
    const newer = await broker.client({ version: 5, clientId });
    await old.closed();
    await broker.client({ clientId });
    expect((await newer.next('disconnect')).reasonCode).toBe(0x8e);
  });
});
