import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { type ConnectOptions, connectBytes, text, u32, unique } from '../packet-client.ts';

const versions = [4, 5] as const;

/** A watcher of a topic of its own, and how a client leaves a will there. */
async function scene(version: 4 | 5) {
  const topic = unique('will');
  const watcher = await broker.client({ version });
  await watcher.subscribe(topic, { qos: 2 });
  const leaving = (more: ConnectOptions = {}, will: Record<string, unknown> = {}) =>
    broker.client({
      ...{ version, ...more },
      will: { topic, payload: Buffer.from('gone'), qos: 1, retain: false, ...will } as never,
    });
  const came = async () => (await watcher.messages(1))[0];
  /** Nothing came that was published before now. */
  const nothing = async () => expect((await watcher.sofar()).map((m) => m.payload.toString())).toEqual([]);
  return { topic, watcher, leaving, came, nothing };
}

describe.concurrent('wills', () => {
  for (const version of versions) {
    test(`[MQTT-3.1.2-8]: it is published when the connection breaks (${version})`, async () => {
      const { leaving, came, topic } = await scene(version);
      (await leaving()).break();
      expect(await came()).toMatchObject({ topic, qos: 1, retain: false });
    });

    test(`[MQTT-3.1.2-8]: when the client falls silent (${version})`, async () => {
      const { leaving, came } = await scene(version);
      await leaving({ keepalive: 1 });
      expect((await came())?.payload.toString()).toBe('gone');
    });

    test(`[MQTT-3.1.2-8]: when it breaks the protocol (${version})`, async () => {
      const { leaving, came } = await scene(version);
      (await leaving()).bytes([0xf7, 0]);
      await came();
    });

    test(`3.1.1 [MQTT-3.1.2-10], [MQTT-3.14.4-3], 5.0 [MQTT-3.14.4-3]: not after a good-bye (${version})`, async () => {
      const { leaving, nothing } = await scene(version);
      await (await leaving()).leave();
      await (await broker.client()).ping();
      await nothing();
    });

    for (const qos of [0, 1, 2] as const)
      test(`3.1.1 [MQTT-3.1.2-16], [MQTT-3.1.2-17], 5.0 [MQTT-3.1.2-14], [MQTT-3.1.2-15]: at QoS ${qos}, and kept if it says so (${version})`, async () => {
        const { topic, leaving, came } = await scene(version);
        for (const retain of [false, true]) {
          (await leaving({}, { qos, retain })).break();
          expect((await came())?.qos).toBe(qos);
          const late = await broker.client({ version });
          await late.subscribe(topic);
          expect((await late.sofar()).map((m) => m.retain)).toEqual(retain ? [true] : []);
        }
      });

    test(`3.1.1 [MQTT-3.1.2-10], 5.0 [MQTT-3.1.2-10]: once it was published it is gone (${version})`, async () => {
      const { leaving, came, nothing } = await scene(version);
      const clientId = unique();
      (await leaving({ clientId })).break();
      await came();
      (await broker.client({ version, clientId })).break();
      await (await broker.client({ version, clientId })).ping();
      await nothing();
    });

    test(`[MQTT-3.1.2-8], 5.0, section 3.1.3.2.2: when another connection takes the client over (${version})`, async () => {
      const { leaving, came } = await scene(version);
      const clientId = unique();
      await leaving({ clientId });
      await broker.client({ version, clientId });
      expect((await came())?.payload.toString()).toBe('gone');
    });

    test(`an empty one clears what is kept (${version})`, async () => {
      const { topic, leaving, came } = await scene(version);
      const client = await broker.client();
      await client.publish(topic, 'kept', { retain: true });
      await came();
      (await leaving({}, { payload: Buffer.alloc(0), retain: true })).break();
      expect((await came())?.payload).toHaveLength(0);
      await client.subscribe(topic);
      expect(await client.sofar()).toEqual([]);
    });
  }
});

describe.concurrent('wills (5.0)', () => {
  const kept = (more: ConnectOptions = {}): ConnectOptions => ({
    ...{ clientId: unique(), clean: false, properties: { sessionExpiryInterval: 60 }, ...more },
  });
  const delayed = (willDelayInterval: number) => ({ properties: { willDelayInterval } });

  for (const code of [0x04, 0x80, 0x81, 0x98])
    test(`[MQTT-3.1.2-8], [MQTT-3.14.4-3]: a good-bye with 0x${code.toString(16)} leaves it in force`, async () => {
      const { leaving, came } = await scene(5);
      (await leaving()).send({ cmd: 'disconnect', reasonCode: code });
      await came();
    });

  test('section 3.1.3.2.2: a delayed one comes when the delay is over', async () => {
    const { leaving, came, nothing } = await scene(5);
    const since = performance.now();
    (await leaving(kept(), delayed(4))).break();
    await nothing();
    await came();
    expect(performance.now() - since).toBeGreaterThan(3900);
  });

  test('[MQTT-3.1.3-9]: not when the client is back in time', async () => {
    const { leaving, nothing } = await scene(5);
    const options = kept();
    (await leaving(options, delayed(4))).break();
    const back = await broker.client({ version: 5, ...options });
    expect(back.connack.sessionPresent).toBe(true);
    await Bun.sleep(6000);
    await nothing();
  });

  test('[MQTT-3.1.3-9]: nor when it took over its own connection in the meantime', async () => {
    const { leaving, nothing } = await scene(5);
    const options = kept();
    await leaving(options, delayed(1));
    await broker.client({ version: 5, ...options });
    await Bun.sleep(2500);
    await nothing();
  });

  test('section 3.1.3.2.2: a clean start ends the session, so that it comes at once', async () => {
    for (const isBroken of [true, false]) {
      const { leaving, came } = await scene(5);
      const options = kept();
      const client = await leaving(options, delayed(600));
      if (isBroken) client.break();
      await broker.client({ version: 5, ...options, clean: true });
      await came();
    }
  });

  test('section 3.1.3.2.2: the end of the session comes before a longer delay', async () => {
    const { leaving, came } = await scene(5);
    (await leaving(kept({ properties: { sessionExpiryInterval: 1 } }), delayed(600))).break();
    await came();
    const none = await scene(5);
    (await none.leaving({ clientId: unique() }, delayed(600))).break();
    await none.came();
  });

  test('section 3.14.2.2.2: a good-bye with 0x04 that ends the session at once does not wait for the delay', async () => {
    const { leaving, came } = await scene(5);
    const client = await leaving(kept(), delayed(600));
    client.send({ cmd: 'disconnect', reasonCode: 4, properties: { sessionExpiryInterval: 0 } });
    await came();
  });

  test('[MQTT-3.1.3-10], section 3.1.3.2: it carries its properties, the users’ in their order, and not the delay', async () => {
    const { topic, watcher } = await scene(5);
    const pairs = [
      ...[38, ...text('b'), ...text('1')],
      ...[38, ...text('a'), ...text('2')],
      ...[38, ...text('b'), ...text('3')],
    ];
    const others = [1, 1, 3, ...text('text/plain'), 8, ...text('answers'), 9, 0, 2, 1, 2];
    const properties = [24, ...u32(0), ...others, ...pairs];
    const client = await broker.open(5);
    const payload = [...text(unique()), properties.length, ...properties, ...text(topic), ...text('gone')];
    client.bytes(connectBytes({ level: 5, flags: 6, payload }));
    await client.next('connack');
    client.break();
    const [message] = await watcher.messages(1);
    expect(message?.raw.includes(Buffer.from(pairs))).toBe(true);
    expect(message?.properties).toMatchObject({
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'answers',
    });
    expect(message?.properties).not.toHaveProperty('willDelayInterval');
  });

  test('section 3.1.3.2.4: its expiry counts from when it is published', async () => {
    const { leaving, watcher } = await scene(5);
    (await leaving(kept(), { properties: { willDelayInterval: 2, messageExpiryInterval: 50 } })).break();
    expect((await watcher.messages(1))[0]?.properties?.messageExpiryInterval).toBeWithin(40, 51);
  });
});
