import { afterEach, describe, expect, setSystemTime, test } from 'bun:test';
import { createServer } from 'node:net';
import { hours } from '../core/durations.ts';
import { silentLog } from '../platform/log.ts';
import { FakeClock } from '../testing/app.ts';
import { TcpListener } from './tcp.ts';
import { connectPacket, frame, publishPacket, RawClient, text } from './testing/raw-client.ts';
import { Inbox, TestBroker } from './testing/test-broker.ts';

const PUBACK = 4;

let open: TestBroker | null = null;
const start = async (options: ConstructorParameters<typeof TestBroker>[0] = {}) => {
  open = await new TestBroker(options).start();
  return open;
};
afterEach(async () => {
  setSystemTime();
  await open?.[Symbol.asyncDispose]();
  open = null;
});
const stillServes = async (broker: TestBroker) => {
  const client = await broker.client({ clientId: 'check' });
  await client.publishAsync('check', 'x', { qos: 1 });
  await client.endAsync();
};

describe('malformed packets', () => {
  const cases: [string, number[] | Buffer][] = [
    ['a remaining length of five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['QoS 3', [0x36, 3, 0, 1, 0x74]],
    ['a topic longer than its packet', [0x30, 3, 0, 200, 0x74]],
    ['an empty topic', [0x30, 2, 0, 0]],
    ['a wildcard in a topic', publishPacket({ topic: 'a/#' })],
    ['a topic of invalid UTF-8', [0x30, 4, 0, 2, 0xc3, 0x28]],
    ['U+0000 in a topic', [0x30, 4, 0, 2, 0x61, 0]],
    ['packet identifier 0', publishPacket({ topic: 't', qos: 1, id: 0 })],
    ['a topic of too many levels', publishPacket({ topic: 'a/'.repeat(40) })],
    ['a SUBSCRIBE without a filter', frame(0x82, [0, 1])],
    ['a SUBSCRIBE with wrong flags', frame(0x80, [0, 1, ...text('a'), 0])],
    ['subscription QoS 3', frame(0x82, [0, 1, ...text('a'), 3])],
    ['an UNSUBSCRIBE without a filter', frame(0xa2, [0, 1])],
    ['a packet that only servers send', frame(0xd0, [])],
    ['AUTH before MQTT 5', frame(0xf0, [])],
    ['packet type 0', frame(0x00, [])],
  ];
  for (const [name, bytes] of cases)
    test(`${name} ends the connection, and nothing else`, async () => {
      const broker = await start();
      const raw = await RawClient.login(broker.port);
      raw.send(bytes as Buffer);
      await raw.closed();
      await stillServes(broker);
      expect(broker.received.map((r) => r.topic)).toEqual(['check']);
    });

  const connects: [string, number[] | Buffer][] = [
    ['a protocol that is not MQTT', frame(0x10, [...text('HTTP'), 4, 2, 0, 0, ...text('c')])],
    ['an unknown version', frame(0x10, [...text('MQTT'), 9, 2, 0, 0, ...text('c')])],
    ['a reserved flag', frame(0x10, [...text('MQTT'), 4, 3, 0, 0, ...text('c')])],
    ['a truncated CONNECT', frame(0x10, [...text('MQTT'), 4])],
    ['an empty CONNECT', frame(0x10, [])],
    ['properties longer than the packet', frame(0x10, [...text('MQTT'), 5, 2, 0, 0, 100, 17])],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ];
  for (const [name, bytes] of connects)
    test(`${name} is turned away`, async () => {
      const broker = await start();
      const raw = await RawClient.open(broker.port);
      raw.send(bytes as Buffer);
      await raw.closed();
      await stillServes(broker);
    });

  test('random bytes, before and after the login, take nothing down', async () => {
    const broker = await start();
    let seed = 42;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      return seed / 0x7fffffff;
    };
    for (let i = 0; i < 120; i++) {
      const version = i % 2 ? 5 : 4;
      const raw =
        i % 4 < 2
          ? await RawClient.login(broker.port, { version, clientId: `r${i}` })
          : await RawClient.open(broker.port);
      const body = Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
      const first = Math.floor(random() * 256);
      raw.send(
        i % 8 === 7 ? frame(0x10, [...text('MQTT'), 5, Math.floor(random() * 256), ...body]) : frame(first, body),
      );
      if (i % 10 === 0) await Bun.sleep(5);
      raw.end();
    }
    await stillServes(broker);
  });

  test('packets are understood however they are cut', async () => {
    const broker = await start();
    const raw = await RawClient.open(broker.port);
    raw.socket.setNoDelay(true);
    const all = Buffer.concat([
      connectPacket({}),
      publishPacket({ topic: 'a', payload: 'one', qos: 1, id: 1 }),
      Buffer.from([0xc0, 0]),
      publishPacket({ topic: 'b', payload: 'x'.repeat(300), qos: 1, id: 2 }),
    ]);
    for (const byte of all) {
      raw.send([byte]);
      if (byte % 16 === 0) await Bun.sleep(1);
    }
    await raw.next(2);
    await raw.next(4);
    await raw.next(13);
    await raw.next(4);
    expect(broker.received.map((r) => [r.topic, r.payload.length])).toEqual([
      ['a', 3],
      ['b', 300],
    ]);
    raw.end();
  });
});

describe('slow subscribers', () => {
  test('one that never reads does not grow the memory, and is disconnected in the end', async () => {
    const limits = { stuckMs: 400, sendBufferBytes: 64 * 1024 };
    // A policy that keeps nothing, unlike the usual one of these tests.
    const broker = await start({ limits, policy: { receive: (_principal, _message, done) => done(null) } });
    const slow = await RawClient.login(broker.port, { clientId: 'slow' });
    slow.send(frame(0x82, [0, 1, ...text('t'), 0]));
    await slow.next(9);
    slow.socket.pause();
    const publisher = await broker.client();
    const payload = Buffer.alloc(20_000, 1);
    // The first publication makes the client library fill its own caches.
    await publisher.publishAsync('u', '', { qos: 1 });
    // What is held, not what the process once took: 60 MB go by, a small part of it may be waiting.
    const held = () => {
      Bun.gc(true);
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const before = held();
    for (let i = 0; i < 3000; i++) await publisher.publishAsync('t', payload);
    // Acknowledged after all before it, so that the broker has seen them.
    await publisher.publishAsync('u', '', { qos: 1 });
    expect(broker.broker.counters.dropped).toBeGreaterThan(100);
    expect(held() - before).toBeLessThan(20e6);
    await Bun.sleep(900);
    expect(broker.broker.clients().map((c) => c.clientId)).not.toContain('slow');
    slow.end();
  }, 30_000);

  test("a session's queue is bounded in messages", async () => {
    const broker = await start({ limits: { queuedMessages: 10 } });
    const options = { clientId: 'kept', clean: false };
    const client = await broker.client(options);
    await client.subscribeAsync('t', { qos: 1 });
    await client.endAsync();
    const publisher = await broker.client();
    for (let i = 0; i < 15; i++) await publisher.publishAsync('t', String(i), { qos: 1 });
    const back = broker.connectLater(options);
    const inbox = new Inbox(back.client);
    await back.connack;
    expect((await inbox.take(10)).map((m) => m.text)).toEqual(Array.from({ length: 10 }, (_, i) => String(i)));
    expect(await inbox.rest()).toEqual([]);
    expect(broker.broker.counters.dropped).toBe(5);
  });

  test('many retained messages all reach a new subscriber, though its socket fills up', async () => {
    const broker = await start({ limits: { sendBufferBytes: 32 * 1024 } });
    for (let i = 0; i < 300; i++)
      await broker.broker.publish('anna', `t/${i}`, Buffer.alloc(4000, 65), { retain: true });
    const client = await broker.client();
    const inbox = new Inbox(client);
    await client.subscribeAsync('t/#');
    expect(await inbox.take(300)).toHaveLength(300);
  });
});

describe('limits', () => {
  test('a client that sends faster than it may is slowed down and loses nothing', async () => {
    const broker = await start({ limits: { maxRate: 100 } });
    const client = await broker.client();
    const begun = Date.now();
    await Promise.all(Array.from({ length: 200 }, (_, i) => client.publishAsync('t', String(i), { qos: 1 })));
    expect(Date.now() - begun).toBeGreaterThan(700);
    expect(broker.received).toHaveLength(200);
  });

  test('a client does not wait for a computer clock that was set back', async () => {
    const broker = await start({ limits: { maxRate: 100 } });
    const raw = await RawClient.login(broker.port, { keepalive: 1 });
    const publish = async (id: number) => {
      raw.send(publishPacket({ topic: 't', qos: 1, id }));
      await raw.next(PUBACK);
    };
    await publish(1);
    setSystemTime(Date.now() - hours(1));
    // Longer than one and a half keep-alives: what it sends counts as a sign of life all the time.
    for (let id = 2; id <= 10; id++) {
      await publish(id);
      await Bun.sleep(300);
    }
    expect(broker.received).toHaveLength(10);
    raw.end();
  });

  test('beyond the most clients a new one is told so', async () => {
    const broker = await start({ limits: { maxClients: 2 } });
    await broker.client();
    await broker.client();
    const { connack } = broker.connectLater({ protocolVersion: 5 });
    expect(await connack.catch((error: { code: number }) => error.code)).toBe(0x97);
  });

  test('a connection that never says who it is ends', async () => {
    const broker = await start({ limits: { connectTimeoutMs: 200 } });
    const raw = await RawClient.open(broker.port);
    await raw.closed();
  });

  test('a client that falls silent is disconnected after one and a half keep-alives, and its will is published', async () => {
    const broker = await start();
    const watcher = await broker.client();
    const inbox = new Inbox(watcher);
    await watcher.subscribeAsync('will');
    const raw = await RawClient.open(broker.port);
    raw.send(
      frame(0x10, [
        ...text('MQTT'),
        4,
        0xc6,
        0,
        1,
        ...text('c'),
        ...text('will'),
        ...text('gone'),
        ...text('anna/s1'),
        ...text('good'),
      ]),
    );
    await raw.next(2);
    await raw.closed();
    await inbox.take(1);
  });

  test('one login’s kept sessions do not drive out another’s', async () => {
    const broker = await start({ limits: { maxSessionsOfOne: 3 } });
    const keep = async (user: string, clientId: string) => {
      const raw = await RawClient.login(broker.port, { user, clientId, isClean: false });
      raw.send(frame(0x82, [0, 1, ...text('t'), 1]));
      await raw.next(9);
      raw.send(frame(0xe0, []));
      await raw.closed();
    };
    const isKept = async (user: string, clientId: string) => {
      const raw = await RawClient.open(broker.port);
      raw.send(connectPacket({ user, clientId, isClean: false }));
      const connack = await raw.next(2);
      raw.end();
      return connack.body[0] === 1;
    };
    await keep('anna/honest', 'dashboard');
    for (let i = 0; i < 10; i++) await keep('anna/stolen', `many-${i}`);
    expect(await isKept('anna/honest', 'dashboard')).toBe(true);
    expect(await isKept('anna/stolen', 'many-9')).toBe(true);
    expect(await isKept('anna/stolen', 'many-0')).toBe(false);
  });

  test('subscriptions of a session are bounded', async () => {
    const broker = await start({ limits: { subscriptionsPerSession: 2 } });
    const raw = await RawClient.login(broker.port, { version: 5 });
    raw.send(frame(0x82, [0, 1, 0, ...text('a'), 0, ...text('b'), 0, ...text('c'), 0]));
    expect([...(await raw.next(9)).body.subarray(3)]).toEqual([0, 0, 0x97]);
    raw.end();
  });
});

describe('guessing passwords', () => {
  test('is slowed down for that user name only, and recovers', async () => {
    const clock = new FakeClock(Date.now());
    const broker = await start({ clock });
    const tryLogin = (password: string, owner: string) =>
      broker.connectLater({ protocolVersion: 5, owner, password }).connack.then(
        () => 0,
        (error: { code: number }) => error.code,
      );
    for (let i = 0; i < 10; i++) expect(await tryLogin('bad', 'anna')).toBe(0x86);
    expect(await tryLogin('good', 'anna')).toBe(0x9f);
    expect(await tryLogin('good', 'ben')).toBe(0);
    clock.advance(15_000);
    expect(await tryLogin('good', 'anna')).toBe(0);
    expect(broker.broker.counters.failedLogins).toBe(10);
  });
});

describe('a port that is taken', () => {
  test('is named, and tried again until it is free', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const listener = new TcpListener({
      ...{ host: '127.0.0.1', port, tls: null, log: silentLog, retryMs: 50 },
      open: () => undefined,
    });
    listener.start();
    expect(listener.problem).toContain(String(port));
    await new Promise((resolve) => other.close(resolve));
    for (let i = 0; listener.problem !== null && i < 100; i++) await Bun.sleep(20);
    expect(listener.problem).toBeNull();
    listener.stop();
  });
});
