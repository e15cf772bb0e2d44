import { afterEach, describe, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import { frame, publishPacket, RawClient, text } from './testing/raw-client.ts';
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

/** What is held, not what the process once took, bytes. */
function held(): number {
  Bun.gc(true);
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Longest pause of this thread while `work` runs, ms. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let at = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - at);
    at = performance.now();
  }, 5);
  await work();
  await Bun.sleep(20);
  clearInterval(timer);
  return longest;
}

/** Writes again and again until the socket takes no more, or `most` bytes went out. Answers how many went. */
async function pour(socket: Socket, bytes: Buffer, most: number): Promise<number> {
  let sent = 0;
  while (sent < most && !socket.destroyed) {
    sent += bytes.length;
    if (socket.write(bytes)) continue;
    const isDrained = await Promise.race([
      new Promise<boolean>((resolve) => socket.once('drain', () => resolve(true))),
      Bun.sleep(500).then(() => false),
    ]);
    if (!isDrained) return sent;
  }
  return sent;
}

describe('retained messages', () => {
  test('asked for by one filter again and again cost no memory and hold nobody up', async () => {
    const broker = await start();
    for (let i = 0; i < 2000; i++) await broker.broker.publish('anna', `t/${i}`, '1', { retain: true });
    const raw = await RawClient.login(broker.port);
    raw.socket.pause();
    const filters = Array.from({ length: 20_000 }, () => [...text('#'), 0]).flat();
    const before = held();
    const pause = await longestPause(async () => {
      raw.send(frame(0x82, [0, 1, ...filters]));
      for (let id = 2; id < 400; id++) raw.send(frame(0x82, [0, id, ...text('#'), 0]));
      await Bun.sleep(300);
    });
    expect(held() - before).toBeLessThan(20e6);
    expect(pause).toBeLessThan(300);
    raw.end();
  }, 60_000);

  test('of many filters each come once, the newest of each topic', async () => {
    const broker = await start();
    for (let i = 0; i < 3000; i++) await broker.broker.publish('anna', `t/${i}`, 'old', { retain: true });
    const client = await broker.client();
    const inbox = new Inbox(client);
    await client.subscribeAsync(['t/+', '+/7']);
    await broker.broker.publish('anna', 't/8', 'new', { retain: true });
    await broker.broker.publish('anna', 't/later', 'live', { retain: true });
    const all = await inbox.take(3003);
    expect(await inbox.rest()).toEqual([]);
    const of = (topic: string) => all.filter((m) => m.topic === topic).map((m) => `${m.text} ${m.retain}`);
    expect(of('t/7')).toEqual(['old true', 'old true']);
    expect(new Set(of('t/8'))).toContain('new false');
    expect(of('t/later')).toEqual(['live false']);
  });

  test('do not come any more once the client does not want them', async () => {
    const broker = await start({ limits: { sendBufferBytes: 16 * 1024 } });
    for (let i = 0; i < 200; i++)
      await broker.broker.publish('anna', `t/${i}`, Buffer.alloc(64_000, 65), { retain: true });
    const raw = await RawClient.login(broker.port);
    raw.socket.pause();
    raw.send(frame(0x82, [0, 1, ...text('t/+'), 0]), frame(0xa2, [0, 2, ...text('t/+')]));
    await Bun.sleep(100);
    raw.socket.resume();
    await raw.next(11);
    expect(raw.packets.length).toBeLessThan(190);
    raw.end();
  });
});

describe('a client that does not read', () => {
  const pings = Buffer.alloc(64 * 1024, Buffer.from([0xc0, 0]));

  test('is not read either: its answers fill no memory', async () => {
    const broker = await start({ limits: { sendBufferBytes: 64 * 1024 } });
    const raw = await RawClient.login(broker.port);
    raw.socket.pause();
    const before = held();
    await pour(raw.socket, pings, 60e6);
    expect(held() - before).toBeLessThan(15e6);
    raw.end();
  }, 60_000);

  test('and many like it hold nobody up', async () => {
    const broker = await start();
    const raws = await Promise.all(
      Array.from({ length: 30 }, (_, i) => RawClient.login(broker.port, { clientId: `deaf-${i}` })),
    );
    const pause = await longestPause(async () => {
      for (const raw of raws) raw.socket.pause();
      await Promise.all(raws.map((raw) => pour(raw.socket, pings, 2e6)));
    });
    expect(pause).toBeLessThan(250);
    for (const raw of raws) raw.end();
  }, 60_000);

  test('and many like it hold little together, however much their sockets gave at once', async () => {
    const broker = await start({ limits: { totalBacklogBytes: 2e6 } });
    const honest = await RawClient.login(broker.port, { clientId: 'honest' });
    const before = held();
    const raws = await Promise.all(
      Array.from({ length: 40 }, (_, i) => RawClient.login(broker.port, { clientId: `deaf-${i}` })),
    );
    for (const raw of raws) raw.socket.pause();
    await Promise.all(raws.map((raw) => pour(raw.socket, pings, 2e6)));
    expect(held() - before).toBeLessThan(12e6);
    honest.send(publishPacket({ topic: 't', qos: 1, id: 7 }));
    expect((await honest.next(4)).body).toEqual(Buffer.from([0, 7]));
    for (const raw of [honest, ...raws]) raw.end();
  }, 60_000);

  test('and reads on later gets every answer', async () => {
    const broker = await start({ limits: { sendBufferBytes: 64 * 1024 } });
    const raw = await RawClient.login(broker.port);
    raw.socket.pause();
    const sent = await pour(raw.socket, pings, 30e6);
    raw.socket.resume();
    for (let i = 0; i < 200 && raw.packets.length < sent / 2; i++) await Bun.sleep(50);
    expect(raw.packets.length).toBe(sent / 2);
    raw.end();
  }, 60_000);
});

describe('publications that take long to look at', () => {
  test('are looked at a little at a time, and all of them', async () => {
    let seen = 0;
    const broker = await start({
      policy: {
        receive: (_principal, _message, done) => {
          seen++;
          for (const end = performance.now() + 1; performance.now() < end; );
          setTimeout(() => done(null), 50);
        },
      },
    });
    const raw = await RawClient.login(broker.port);
    const pause = await longestPause(async () => {
      raw.send(...Array.from({ length: 400 }, (_, i) => publishPacket({ topic: `t/${i}`, payload: '1', qos: 0 })));
      for (let i = 0; i < 200 && seen < 400; i++) await Bun.sleep(10);
    });
    expect(seen).toBe(400);
    expect(pause).toBeLessThan(100);
    raw.end();
  });
});

describe('connections that the broker ended', () => {
  test('do not stay open because the client does not close its side', async () => {
    const broker = await start();
    const gone: Socket[] = [];
    for (let i = 0; i < 5; i++) {
      const socket = connect({ port: broker.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => {});
      await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
      socket.write('GET / HTTP/1.1\r\n\r\n');
      gone.push(socket);
    }
    const isReset = (socket: Socket) =>
      new Promise<boolean>((resolve) => {
        socket.once('error', () => resolve(true));
        socket.once('close', () => resolve(true));
        const probe = setInterval(() => socket.write('x'), 200);
        setTimeout(() => {
          clearInterval(probe);
          resolve(false);
        }, 4000);
      });
    expect(await Promise.all(gone.map(isReset))).toEqual(gone.map(() => true));
  }, 10_000);
});

describe('publications that are refused', () => {
  test('leave nothing behind that slows down the others', async () => {
    const broker = await start({ limits: { totalReceiveBytes: 1_000_000 } });
    for (let i = 0; i < 10; i++) {
      const raw = await RawClient.login(broker.port, { clientId: `r${i}` });
      raw.send(publishPacket({ topic: 'secret/x', payload: 'x'.repeat(200_000), qos: 1 }));
      await raw.closed();
    }
    expect(broker.broker.state().underWayBytes).toBe(0);
  });

  test('at QoS 2 are refused again when they come again', async () => {
    const broker = await start();
    for (let i = 0; i < 2; i++) {
      const raw = await RawClient.login(broker.port, { clientId: 'kept', isClean: false });
      raw.send(publishPacket({ topic: 'secret/x', qos: 2, id: 7, isDuplicate: i > 0 }));
      await raw.closed();
      expect(broker.broker.counters.refused).toBe(i + 1);
    }
    expect(broker.received).toEqual([]);
  });
});
