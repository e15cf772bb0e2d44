import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import mqtt, { type IClientOptions } from 'mqtt';
import type { WebSocketConnection } from './ports.ts';
import { connectPacket, publishPacket } from './testing/raw-client.ts';
import { Inbox, TestBroker } from './testing/test-broker.ts';
import { WebSocketDoor } from './websocket.ts';

let broker: TestBroker;
let server: Bun.Server<{ connection: WebSocketConnection | null }>;

beforeEach(async () => {
  broker = await new TestBroker().start();
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
});
