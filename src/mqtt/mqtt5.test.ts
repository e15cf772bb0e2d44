import { afterEach, describe, expect, test } from 'bun:test';
import { ReceiveError } from './ports.ts';
import { connectPacket, frame, publishPacket, RawClient, text } from './testing/raw-client.ts';
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
const five = { protocolVersion: 5 as const };
const refused = (error: { packet: { granted: number[] } }) => error.packet.granted;
const u32 = (n: number) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

describe('CONNECT', () => {
  test('tells its limits and the client id that it made', async () => {
    const broker = await start();
    const { connack } = broker.connectLater({ ...five, clientId: '' });
    const { properties } = await connack;
    expect(properties).toMatchObject({ receiveMaximum: 1024, maximumPacketSize: 262_144, topicAliasMaximum: 64 });
    expect(properties?.assignedClientIdentifier).toStartWith('auto-');
    expect(properties?.sharedSubscriptionAvailable).not.toBe(false);
    expect(properties?.responseInformation).toBeUndefined();
  });

  test('a wrong password is 0x86 in MQTT 5 and 4 in MQTT 3.1.1', async () => {
    const broker = await start();
    for (const [protocolVersion, code] of [
      [5, 0x86],
      [4, 4],
    ] as const) {
      const { connack } = broker.connectLater({ protocolVersion, password: 'bad' });
      expect(await connack.catch((error: { code: number }) => error.code)).toBe(code);
    }
  });

  test('an unknown authentication method is 0x8C', async () => {
    const broker = await start();
    const raw = await RawClient.open(broker.port);
    raw.send(connectPacket({ version: 5, properties: [21, ...text('SCRAM')] }));
    expect((await raw.next(2)).body[1]).toBe(0x8c);
    await raw.closed();
  });

  test('a keep-alive of none is replaced by the server, and silence beyond it ends with 0x8D', async () => {
    const broker = await start({ limits: { keepAliveS: 1 } });
    const raw = await RawClient.open(broker.port);
    raw.send(connectPacket({ version: 5, keepalive: 0 }));
    const connack = await raw.next(2);
    expect(connack.body.includes(Buffer.from([19, 0, 1]))).toBe(true);
    expect((await raw.next(14)).body[0]).toBe(0x8d);
    await raw.closed();
  });

  test('a session expiry beyond the most is lowered and the client is told', async () => {
    const broker = await start({ limits: { sessionExpiryS: 100 } });
    const { connack } = broker.connectLater({ ...five, properties: { sessionExpiryInterval: 0xffffffff } });
    expect((await connack).properties?.sessionExpiryInterval).toBe(100);
  });

  test('a will where the client may not publish is refused with 0x87', async () => {
    const broker = await start();
    const { connack } = broker.connectLater({ ...five, will: { topic: 'secret/x', payload: Buffer.from('x') } });
    expect(await connack.catch((error: { code: number }) => error.code)).toBe(0x87);
  });

  test('a will under $ is dropped, as what is published there, and its client let in', async () => {
    const broker = await start();
    const will = { topic: '$SYS/broker/connection/house/state', payload: Buffer.from('0'), retain: true };
    const { connack } = broker.connectLater({ ...five, will });
    expect((await connack).reasonCode).toBe(0);
  });

  test('a second CONNECT and a first packet that is none end the connection', async () => {
    const broker = await start();
    const twice = await RawClient.login(broker.port, { version: 5 });
    twice.send(connectPacket({ version: 5 }));
    expect((await twice.next(14)).body[0]).toBe(0x82);
    await twice.closed();
    const none = await RawClient.open(broker.port);
    none.send(publishPacket({ topic: 't' }));
    await none.closed();
  });
});

describe('taking over', () => {
  test('the older connection hears 0x8E and its will is published', async () => {
    const broker = await start();
    const watcher = await broker.client(five);
    const inbox = new Inbox(watcher);
    await watcher.subscribeAsync('will');
    const first = await broker.client({
      ...five,
      clientId: 'same',
      will: { topic: 'will', payload: Buffer.from('gone') },
    });
    const reason = new Promise((resolve) => first.once('disconnect', (packet) => resolve(packet.reasonCode)));
    await broker.client({ ...five, clientId: 'same' });
    expect(await reason).toBe(0x8e);
    await inbox.take(1);
  });
});

describe('wills', () => {
  const will = (delay: number) => ({
    topic: 'will',
    payload: Buffer.from('gone'),
    qos: 1 as const,
    properties: { willDelayInterval: delay, contentType: 'text/plain', messageExpiryInterval: 50 },
  });
  const away = { sessionExpiryInterval: 60 };

  test('a will is published at once without the delay in it, but with its other properties', async () => {
    const broker = await start();
    const watcher = await broker.client(five);
    const inbox = new Inbox(watcher);
    await watcher.subscribeAsync('will', { qos: 1 });
    const client = await broker.client({ ...five, will: will(0) });
    client.stream.destroy();
    const [message] = await inbox.take(1);
    expect(message?.properties).toEqual({ contentType: 'text/plain', messageExpiryInterval: 50 });
  });

  test('a delayed will comes late, and not at all when the client is back in time', async () => {
    const broker = await start();
    const watcher = await broker.client(five);
    const inbox = new Inbox(watcher);
    await watcher.subscribeAsync('will');
    const options = { ...five, clientId: 'c', clean: false, properties: away };
    const client = await broker.client({ ...options, will: will(1) });
    client.stream.destroy();
    expect(await inbox.rest(200)).toEqual([]);
    const back = await broker.client({ ...options, will: will(1) });
    expect(await inbox.rest(1500)).toEqual([]);
    back.stream.destroy();
    const [message] = await inbox.take(1, 4000);
    expect(message?.properties.willDelayInterval).toBeUndefined();
  });

  test('a delayed will comes with the end of its session, when that is earlier', async () => {
    const broker = await start();
    const watcher = await broker.client(five);
    const inbox = new Inbox(watcher);
    await watcher.subscribeAsync('will');
    const client = await broker.client({ ...five, clientId: 'c', will: will(600), properties: away });
    client.stream.destroy();
    await Bun.sleep(50);
    await broker.client({ ...five, clientId: 'c', clean: true });
    await inbox.take(1);
  });

  test('a good-bye voids the will, a good-bye with 0x04 does not', async () => {
    const broker = await start();
    const watcher = await broker.client(five);
    const inbox = new Inbox(watcher);
    await watcher.subscribeAsync('will');
    await (await broker.client({ ...five, will: will(0) })).endAsync();
    expect(await inbox.rest()).toEqual([]);
    const client = await broker.client({ ...five, will: will(0) });
    await client.endAsync(false, { reasonCode: 4 });
    await inbox.take(1);
  });
});

describe('publishing', () => {
  test('properties go through unaltered, in order', async () => {
    const broker = await start();
    const client = await broker.client(five);
    const inbox = new Inbox(client);
    await client.subscribeAsync('t', { qos: 1 });
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'application/json',
      responseTopic: 'answers',
      correlationData: Buffer.from([1, 2, 3]),
      userProperties: { unit: 'W', list: ['a', 'b'] },
    };
    await client.publishAsync('t', '{}', { qos: 1, properties });
    const [message] = await inbox.take(1);
    expect(message?.properties).toMatchObject(properties);
  });

  test('where the client may not publish, the answer is 0x87 and the connection stays', async () => {
    const broker = await start();
    const client = await broker.client(five);
    const answer = client.publishAsync('secret/x', 'x', { qos: 1 }).catch((error: { code: number }) => error.code);
    expect(await answer).toBe(0x87);
    expect(broker.received).toEqual([]);
    expect(client.connected).toBe(true);
  });

  test('why a message was refused is said in words only to clients that want them and can take them', async () => {
    const words = 'This is the reason why, in words.';
    const broker = await start({
      policy: { receive: (_principal, _message, done) => done(new ReceiveError('payload', words)) },
    });
    const answer = async (properties: number[], qos: number) => {
      const raw = await RawClient.login(broker.port, { version: 5, properties });
      raw.send(publishPacket({ topic: 't', qos, properties: [] }));
      const { body } = await raw.next(qos === 1 ? 4 : 5);
      raw.end();
      expect(body[2]).toBe(0x99);
      return body.toString('latin1').includes(words);
    };
    for (const qos of [1, 2]) {
      expect(await answer([], qos)).toBe(true);
      expect(await answer([23, 1], qos)).toBe(true);
      // Request Problem Information 0 [MQTT-3.1.2-29], a maximum packet size of 30 [MQTT-3.4.2-2], [MQTT-3.5.2-2].
      expect(await answer([23, 0], qos)).toBe(false);
      expect(await answer([39, ...u32(30)], qos)).toBe(false);
    }
  });

  test('a good-bye leaves its words out where the client cannot take them', async () => {
    const broker = await start();
    for (const [most, hasWords] of [
      [200, true],
      [20, false],
    ] as const) {
      const raw = await RawClient.login(broker.port, { version: 5, properties: [39, ...u32(most)] });
      raw.send(frame(0x82, [0, 1, 0]));
      const { body } = await raw.next(14);
      expect([body[0], body.length > 2]).toEqual([0x82, hasWords]);
    }
  });

  test('an older client is disconnected rather than told that it succeeded', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port);
    raw.send(publishPacket({ topic: 'secret/x', qos: 1 }));
    await raw.closed();
    expect(raw.packets).toEqual([]);
  });

  test('a topic that begins with $ is nobody’s: older clients are acknowledged and go on, MQTT 5 says 0x87', async () => {
    const broker = await start();
    const subscriber = await broker.client(five);
    const inbox = new Inbox(subscriber);
    await subscriber.subscribeAsync('#');
    const raw = await RawClient.login(broker.port);
    raw.send(publishPacket({ topic: '$a/b', qos: 1, id: 7 }));
    expect([...(await raw.next(4)).body]).toEqual([0, 7]);
    raw.send(publishPacket({ topic: '$a/b', qos: 2, id: 8 }));
    expect([...(await raw.next(5)).body]).toEqual([0, 8]);
    raw.send(frame(0x62, [0, 8]));
    expect([...(await raw.next(7)).body]).toEqual([0, 8]);
    raw.send(publishPacket({ topic: 'a/b' }));
    expect((await inbox.take(1)).map((m) => m.topic)).toEqual(['a/b']);
    raw.end();
    const newer = await RawClient.login(broker.port, { version: 5 });
    newer.send(publishPacket({ topic: '$a/b', qos: 1, id: 7, properties: [] }));
    expect([...(await newer.next(4)).body]).toEqual([0, 7, 0x87]);
    newer.end();
  });

  test("a client's topic aliases are understood; an unknown one ends with 0x82, too large ones with 0x94", async () => {
    const broker = await start();
    const subscriber = await broker.client(five);
    const inbox = new Inbox(subscriber);
    await subscriber.subscribeAsync('#');
    const raw = await RawClient.login(broker.port, { version: 5 });
    raw.send(publishPacket({ topic: 'a/b', properties: [35, 0, 5] }));
    raw.send(publishPacket({ topic: '', payload: 'again', properties: [35, 0, 5] }));
    const messages = await inbox.take(2);
    expect(messages.map((m) => [m.topic, m.properties.topicAlias])).toEqual([
      ['a/b', undefined],
      ['a/b', undefined],
    ]);
    raw.send(publishPacket({ topic: '', properties: [35, 0, 6] }));
    expect((await raw.next(14)).body[0]).toBe(0x82);
    const large = await RawClient.login(broker.port, { version: 5 });
    large.send(publishPacket({ topic: 'a', properties: [35, 0, 65] }));
    expect((await large.next(14)).body[0]).toBe(0x94);
  });

  test('a packet beyond the limit ends with 0x95, before it was sent in full', async () => {
    const broker = await start({ limits: { maxPacketBytes: 1024 } });
    const raw = await RawClient.login(broker.port, { version: 5 });
    raw.send([0x30, 0xff, 0xff, 0x7f, 0]);
    expect((await raw.next(14)).body[0]).toBe(0x95);
    await raw.closed();
  });
});

describe('message expiry', () => {
  test('what is left of it is told, and expired messages are dropped, queued and retained ones alike', async () => {
    const broker = await start();
    const kept = { ...five, clientId: 'kept', clean: false, properties: { sessionExpiryInterval: 60 } };
    const away = await broker.client(kept);
    await away.subscribeAsync('t/#', { qos: 1 });
    await away.endAsync();
    const publisher = await broker.client(five);
    const publish = (topic: string, seconds: number) =>
      publisher.publishAsync(topic, 'x', { qos: 1, retain: true, properties: { messageExpiryInterval: seconds } });
    await publish('t/short', 1);
    await publish('t/long', 100);
    await Bun.sleep(1200);
    const back = broker.connectLater(kept);
    const inbox = new Inbox(back.client);
    await back.connack;
    const [message] = await inbox.take(1);
    expect(message?.topic).toBe('t/long');
    expect(message?.properties.messageExpiryInterval as number).toBeWithin(97, 100);
    expect(await inbox.rest()).toEqual([]);
    const late = await broker.client(five);
    const lateInbox = new Inbox(late);
    await late.subscribeAsync('t/#');
    expect((await lateInbox.take(1))[0]?.topic).toBe('t/long');
    expect(await lateInbox.rest()).toEqual([]);
  });
});

describe('subscribing', () => {
  test('a denied subscription is 0x87, the others of the packet are granted', async () => {
    const broker = await start();
    const client = await broker.client(five);
    const codes = await client.subscribeAsync({ a: { qos: 1 }, 'secret/#': { qos: 1 } }).catch(refused);
    expect(codes as number[]).toEqual([1, 0x87]);
    const old = await broker.client({ protocolVersion: 4 });
    expect((await old.subscribeAsync('secret/#').catch(refused)) as number[]).toEqual([0x80]);
  });

  test('a filter of more levels than the broker takes is 0x8F, a malformed one ends the connection with 0x81', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port, { version: 5 });
    raw.send(frame(0x82, [0, 1, 0, ...text('a/'.repeat(40)), 0, ...text('ok'), 1]));
    expect([...(await raw.next(9)).body.subarray(3)]).toEqual([0x8f, 1]);
    raw.send(frame(0x82, [0, 2, 0, ...text('ok'), 0, ...text('a/#/b'), 0]));
    expect((await raw.next(14)).body[0]).toBe(0x81);
    await raw.closed();
  });

  test('all subscription identifiers that match come in one delivery of the highest QoS', async () => {
    const broker = await start();
    const client = await broker.client(five);
    const inbox = new Inbox(client);
    await client.subscribeAsync('a/#', { qos: 0, properties: { subscriptionIdentifier: 7 } });
    await client.subscribeAsync('a/b', { qos: 1, properties: { subscriptionIdentifier: 200 } });
    await client.publishAsync('a/b', 'x', { qos: 1 });
    const [message] = await inbox.take(1);
    expect([message?.properties.subscriptionIdentifier].flat().sort()).toEqual([200, 7]);
    expect(message?.qos).toBe(1);
    expect(await inbox.rest()).toEqual([]);
  });

  test('retained messages carry the identifier too', async () => {
    const broker = await start();
    const client = await broker.client(five);
    const inbox = new Inbox(client);
    await client.publishAsync('a', 'x', { qos: 1, retain: true });
    await client.subscribeAsync('a', { qos: 1, properties: { subscriptionIdentifier: 3 } });
    expect((await inbox.take(1))[0]?.properties.subscriptionIdentifier).toBe(3);
  });

  test('no local, retain as published and retain handling do what they say', async () => {
    const broker = await start();
    const client = await broker.client(five);
    const other = await broker.client(five);
    const inbox = new Inbox(client);
    await client.subscribeAsync('mine', { qos: 0, nl: true });
    await client.publishAsync('mine', 'own', { qos: 1 });
    await other.publishAsync('mine', 'other', { qos: 1 });
    expect((await inbox.take(1))[0]?.text).toBe('other');
    await client.subscribeAsync('rap', { qos: 0, rap: true });
    await other.publishAsync('rap', 'x', { qos: 1, retain: true });
    expect((await inbox.take(1))[0]?.retain).toBe(true);
    await client.subscribeAsync('rap', { qos: 0, rh: 1 });
    await client.subscribeAsync('rap', { qos: 0, rh: 2 });
    expect(await inbox.rest()).toEqual([]);
  });

  test('a Mosquitto bridge gets nothing back of its own, and the retain flag of the rest', async () => {
    const broker = await start();
    const raw = await RawClient.open(broker.port);
    raw.send(frame(0x10, [...text('MQTT'), 0x84, 0xc2, 0, 60, ...text('bridge'), ...text('anna/s1'), ...text('good')]));
    expect([...(await raw.next(2)).body]).toEqual([0, 0]);
    raw.send(frame(0x82, [0, 1, ...text('t'), 1]));
    await raw.next(9);
    raw.send(publishPacket({ topic: 't', payload: 'own', qos: 1, retain: true }));
    await raw.next(4);
    await (await broker.client()).publishAsync('t', 'others', { retain: true, qos: 1 });
    const packet = await raw.next(3);
    expect([packet.flags & 1, packet.body.toString('latin1').endsWith('others')]).toEqual([1, true]);
    raw.end();
  });

  test('members of a shared subscription take turns', async () => {
    const broker = await start();
    const members = await Promise.all([broker.client(five), broker.client({ protocolVersion: 4 })]);
    const inboxes = members.map((m) => new Inbox(m));
    for (const member of members) await member.subscribeAsync('$share/group/jobs/#', { qos: 1 });
    const all = await broker.client(five);
    const everything = new Inbox(all);
    await all.subscribeAsync('jobs/#');
    for (let i = 0; i < 10; i++) await all.publishAsync('jobs/x', String(i), { qos: 1 });
    await everything.take(10);
    const shares = await Promise.all(inboxes.map((inbox) => inbox.rest()));
    expect(shares.map((s) => s.length)).toEqual([5, 5]);
  });

  test('unsubscribing tells whether there was such a subscription', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port, { version: 5 });
    raw.send(frame(0x82, [0, 1, 0, ...text('a'), 0]));
    await raw.next(9);
    raw.send(frame(0xa2, [0, 2, 0, ...text('a'), ...text('b')]));
    expect([...(await raw.next(11)).body.subarray(3)]).toEqual([0, 0x11]);
    raw.end();
  });
});

describe('flow control', () => {
  test("no more than the client's receive maximum is in flight", async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port, { version: 5, properties: [33, 0, 2] });
    raw.send(frame(0x82, [0, 1, 0, ...text('t'), 1]));
    await raw.next(9);
    const publisher = await broker.client(five);
    for (let i = 0; i < 5; i++) await publisher.publishAsync('t', String(i), { qos: 1 });
    await Bun.sleep(100);
    expect(raw.packets.filter((p) => p.type === 3).length).toBe(2);
    for (let i = 0; i < 5; i++) {
      const { body } = await raw.next(3);
      raw.send([0x40, 2, body[3] as number, body[4] as number]);
    }
    raw.end();
  });

  test("messages larger than the client's maximum packet size are left out", async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port, { version: 5, properties: [39, ...u32(60)] });
    raw.send(frame(0x82, [0, 1, 0, ...text('t'), 1]));
    await raw.next(9);
    const publisher = await broker.client(five);
    await publisher.publishAsync('t', 'x'.repeat(100), { qos: 1 });
    await publisher.publishAsync('t', 'small', { qos: 1 });
    expect((await raw.next(3)).body.toString()).toEndWith('small');
    raw.end();
  });

  test('a topic is written once to a client that takes aliases, then as its alias', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port, { version: 5, properties: [34, 0, 1] });
    raw.send(frame(0x82, [0, 1, 0, ...text('#'), 2]));
    await raw.next(9);
    const publisher = await broker.client(five);
    for (const qos of [0, 1, 2] as const) await publisher.publishAsync('t', 'x', { qos });
    await publisher.publishAsync('u', 'x');
    expect([...(await raw.next(3)).body]).toEqual([0, 1, 0x74, 3, 35, 0, 1, 0x78]);
    expect([...(await raw.next(3)).body]).toEqual([0, 0, 0, 1, 3, 35, 0, 1, 0x78]);
    expect([...(await raw.next(3)).body]).toEqual([0, 0, 0, 2, 3, 35, 0, 1, 0x78]);
    // A second topic is one more than the client takes.
    expect([...(await raw.next(3)).body]).toEqual([0, 1, 0x75, 0, 0x78]);
    raw.end();
  });

  test('aliases end with their connection: what is sent again has its topic', async () => {
    const broker = await start();
    const login = { version: 5, clientId: 'again', isClean: false, properties: [17, 0, 0, 0, 60, 34, 0, 5] } as const;
    const first = await RawClient.login(broker.port, { ...login, properties: [...login.properties] });
    first.send(frame(0x82, [0, 1, 0, ...text('t'), 1]));
    await first.next(9);
    const publisher = await broker.client(five);
    for (const payload of ['1', '2']) await publisher.publishAsync('t', payload, { qos: 1 });
    await first.next(3);
    await first.next(3);
    first.end();
    const second = await RawClient.login(broker.port, { ...login, properties: [...login.properties] });
    expect([...(await second.next(3)).body]).toEqual([0, 1, 0x74, 0, 1, 3, 35, 0, 1, 0x31]);
    expect([...(await second.next(3)).body]).toEqual([0, 0, 0, 2, 3, 35, 0, 1, 0x32]);
    second.end();
  });

  test('a client that takes no aliases gets none', async () => {
    const broker = await start();
    const raw = await RawClient.login(broker.port, { version: 5 });
    raw.send(frame(0x82, [0, 1, 0, ...text('t'), 0]));
    await raw.next(9);
    const publisher = await broker.client(five);
    for (let i = 0; i < 2; i++) await publisher.publishAsync('t', 'x', { qos: 1 });
    for (let i = 0; i < 2; i++) expect([...(await raw.next(3)).body]).toEqual([0, 1, 0x74, 0, 0x78]);
    raw.end();
  });

  test('more unreleased publications at QoS 2 than the client was told end with 0x93', async () => {
    const broker = await start({ limits: { receiveMaximum: 20 } });
    const raw = await RawClient.login(broker.port, { version: 5 });
    for (let id = 1; id <= 21; id++) raw.send(publishPacket({ topic: 't', qos: 2, id, properties: [] }));
    expect((await raw.next(14)).body[0]).toBe(0x93);
  });
});

describe('session end', () => {
  test('a session ends when its time is over', async () => {
    const broker = await start();
    const options = { ...five, clientId: 'c', clean: false, properties: { sessionExpiryInterval: 1 } };
    await (await broker.client(options)).endAsync();
    await Bun.sleep(2300);
    expect((await broker.connectLater(options).connack).sessionPresent).toBe(false);
  });

  test('DISCONNECT may shorten it, and may not make a session that was to end with the connection last', async () => {
    const broker = await start();
    const options = { ...five, clientId: 'c', clean: false, properties: { sessionExpiryInterval: 60 } };
    const client = await broker.client(options);
    await client.endAsync(false, { properties: { sessionExpiryInterval: 0 } });
    expect((await broker.connectLater(options).connack).sessionPresent).toBe(false);
    const raw = await RawClient.login(broker.port, { version: 5, clientId: 'd' });
    raw.send(frame(0xe0, [0, 5, 17, ...u32(60)]));
    expect((await raw.next(14)).body[0]).toBe(0x82);
  });
});
