import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import mqtt, { type IClientOptions } from 'mqtt';
import type { WebSocketConnection } from './ports.ts';
import { connectPacket, frame, publishPacket, text } from './testing/raw-client.ts';
import { Inbox, TestBroker } from './testing/test-broker.ts';
import { WebSocketDoor } from './websocket.ts';

let broker: TestBroker;
/** Publications that were received and are not stored yet. */
let isStoring = true;
let server: Bun.Server<{ connection: WebSocketConnection | null }>;

beforeEach(async () => {
  isStoring = true;
  broker = await new TestBroker({
    limits: { stuckMs: 400, sendBufferBytes: 64 * 1024, totalBacklogBytes: 4_000_000, receiveMaximum: 4 },
    policy: { receive: (_principal, _message, done) => void (isStoring && done(null)) },
  }).start();
  const door = new WebSocketDoor({ path: '/mqtt', maxFrameBytes: 1e6, open: (t) => broker.broker.open(t) });
  server = Bun.serve<{ connection: WebSocketConnection | null }>({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request, self) {
      const protocol = door.chooseProtocol(request.headers.get('sec-websocket-protocol'));
      if (!protocol) return new Response('mqtt only', { status: 400 });
      const headers = { 'Sec-WebSocket-Protocol': protocol };
      return self.upgrade(request, { data: { connection: null }, headers })
        ? undefined
        : new Response('', { status: 400 });
    },
    websocket: {
      open: (socket) => {
        socket.data.connection = door.open(socket, '127.0.0.1');
      },
      message: (socket, data) => socket.data.connection?.message(data),
      drain: (socket) => socket.data.connection?.drain(),
      close: (socket) => socket.data.connection?.closed(),
    },
  });
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await server.stop(true);
});
const url = () => `ws://127.0.0.1:${server.port}/mqtt`;
/** A connection that does what it is told, and reads only when it is. */
async function rawSocket(): Promise<Socket> {
  const socket = connect(server.port ?? 0, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    'GET /mqtt HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n',
  );
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

/** A binary frame of a client, masked by zeros (RFC 6455, 5.2). */
function wsFrame(bytes: Buffer): Buffer {
  const head = Buffer.alloc(14);
  head.writeUInt8(0x82, 0);
  head.writeUInt8(0x80 | 127, 1);
  head.writeBigUInt64BE(BigInt(bytes.length), 2);
  return Buffer.concat([head, bytes]);
}

/** What is held, not what the process once took, bytes. */
function held(): number {
  Bun.gc(true);
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const login: IClientOptions = { username: 'anna/s1', password: 'good', reconnectPeriod: 0 };

describe('MQTT over WebSocket', () => {
  for (const protocolVersion of [4, 5] as const)
    test(`mqtt.js with protocol level ${protocolVersion} publishes and subscribes`, async () => {
      const client = await mqtt.connectAsync(url(), { ...login, protocolVersion });
      const inbox = new Inbox(client);
      await client.subscribeAsync('a/#', { qos: 2 });
      for (const qos of [0, 1, 2] as const) await client.publishAsync('a/b', 'x'.repeat(50_000), { qos });
      const messages = await inbox.take(3);
      expect(messages.map((m) => [m.qos, m.text.length])).toEqual([0, 1, 2].map((qos) => [qos, 50_000]));
      expect(broker.broker.clients()[0]?.transport).toBe('ws');
      await client.endAsync();
    });

  test('packets cut and joined over frames are understood', async () => {
    const socket = new WebSocket(url(), ['mqttv3.1', 'mqtt']);
    socket.binaryType = 'arraybuffer';
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    expect(socket.protocol).toBe('mqttv3.1');
    const answers: number[] = [];
    socket.addEventListener('message', (event) => answers.push(...new Uint8Array(event.data as ArrayBuffer)));
    const publish = [1, 2].map((id) => publishPacket({ topic: 't', qos: 1, id }));
    const all = Buffer.concat([connectPacket({}), ...publish]);
    socket.send(all.subarray(0, 5));
    socket.send(all.subarray(5, all.length - 3));
    socket.send(all.subarray(all.length - 3));
    for (let i = 0; answers.length < 12 && i < 100; i++) await Bun.sleep(10);
    expect(answers).toEqual([0x20, 2, 0, 0, 0x40, 2, 0, 1, 0x40, 2, 0, 2]);
    socket.close();
  });

  test('text frames and other subprotocols are refused', async () => {
    const socket = new WebSocket(url(), ['mqtt']);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const closed = new Promise<number>((resolve) => socket.addEventListener('close', (event) => resolve(event.code)));
    socket.send('hello');
    expect(await closed).toBe(1003);
    const answer = await fetch(url().replace('ws:', 'http:'));
    expect(answer.status).toBe(400);
  });

  test('closing the tab publishes the will', async () => {
    const watcher = await broker.client();
    const inbox = new Inbox(watcher);
    await watcher.subscribeAsync('will');
    const client = await mqtt.connectAsync(url(), { ...login, will: { topic: 'will', payload: Buffer.from('gone') } });
    client.stream.destroy();
    await inbox.take(1);
  });

  test('a subscriber that never reads fills no memory, and is disconnected in the end', async () => {
    const deaf = await rawSocket();
    deaf.write(wsFrame(connectPacket({ clientId: 'deaf' })));
    await new Promise((resolve) => deaf.once('data', resolve));
    deaf.pause();
    deaf.write(wsFrame(frame(0x82, [0, 1, ...text('t'), 1])));
    const publisher = await broker.client();
    await publisher.publishAsync('u', '', { qos: 1 });
    const before = held();
    for (let i = 0; i < 1500; i++) await publisher.publishAsync('t', Buffer.alloc(20_000, 1));
    await publisher.publishAsync('u', '', { qos: 1 });
    expect(held() - before).toBeLessThan(10e6);
    await Bun.sleep(1000);
    expect(broker.broker.clients().map((c) => c.clientId)).not.toContain('deaf');
    deaf.destroy();
  }, 30_000);

  test('clients that send on while nothing can be stored fill no memory together', async () => {
    isStoring = false;
    const before = held();
    const many = await Promise.all(Array.from({ length: 8 }, () => rawSocket()));
    const bytes = Buffer.concat(
      Array.from({ length: 40 }, (_, i) =>
        publishPacket({ topic: 't', payload: 'x'.repeat(200_000), qos: 1, id: i + 1 }),
      ),
    );
    for (const [i, socket] of many.entries()) socket.write(wsFrame(connectPacket({ clientId: `c${i}` })));
    for (const socket of many)
      for (let at = 0; at < bytes.length; at += 900_000) socket.write(wsFrame(bytes.subarray(at, at + 900_000)));
    await Bun.sleep(700);
    expect(held() - before - bytes.length).toBeLessThan(25e6);
    for (const socket of many) socket.destroy();
  }, 30_000);
});
