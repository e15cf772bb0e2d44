import { afterEach, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import type { MqttOverWebSocket } from '../mqtt/ports.ts';
import { HttpListener, type HttpListenerOptions } from './http-listener.ts';

const open: HttpListener[] = [];
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.stop();
});

/** A broker that answers the address of each client. */
const echo: MqttOverWebSocket = {
  path: '/mqtt',
  maxFrameBytes: 16,
  chooseProtocol: (header) => (header?.includes('mqtt') ? 'mqtt' : null),
  open(peer, address) {
    peer.sendBinary(new TextEncoder().encode(address));
    return { message: (data) => void peer.sendBinary(Buffer.from(data)), drain: () => {}, closed: () => {} };
  },
};

function listen(more: Partial<HttpListenerOptions> = {}): string {
  const options = { port: 0, host: '127.0.0.1', fetch: async () => new Response('page'), mqtt: () => echo, ...more };
  const listener = new HttpListener(options);
  open.push(listener);
  listener.start();
  return `127.0.0.1:${listener.port}`;
}

function dial(host: string, headers: Record<string, string> = {}, path = '/mqtt', protocol = 'mqtt') {
  const socket = new WebSocket(`ws://${host}${path}`, { protocols: [protocol], headers } as never);
  socket.binaryType = 'arraybuffer';
  const first = new Promise<string>((resolve) => {
    socket.onmessage = (event) => resolve(new TextDecoder().decode(event.data as ArrayBuffer));
    socket.onerror = () => resolve('refused');
    socket.onclose = (event) => resolve(`closed ${event.code}`);
  });
  return { socket, first };
}

describe('MQTT over WebSocket on the web port', () => {
  test('is handed over with the address of the client', async () => {
    const { socket, first } = dial(listen());
    expect(await first).toBe('127.0.0.1');
    expect(socket.protocol).toBe('mqtt');
    socket.close();
  });

  test('is refused at another path and with another subprotocol', async () => {
    const host = listen();
    expect(await dial(host, {}, '/other').first).not.toBe('127.0.0.1');
    expect(await dial(host, {}, '/mqtt', 'soap').first).not.toBe('127.0.0.1');
  });

  test('with open access is refused to pages of other hosts, and given to our own', async () => {
    const host = listen({ allowsForeignPages: false });
    expect(await dial(host, { Origin: 'http://evil.example' }).first).not.toBe('127.0.0.1');
    expect(await dial(host, { Origin: `http://${host}` }).first).toBe('127.0.0.1');
  });

  test('with open access is refused to a page whose own name was pointed at this machine (DNS rebinding)', async () => {
    const host = listen({ allowsForeignPages: false, publicUrl: 'https://house.example.org' });
    const rebound = { Host: 'evil.example', Origin: 'http://evil.example' };
    expect(await dial(host, rebound).first).not.toBe('127.0.0.1');
    const ours = { Host: 'house.example.org', Origin: 'https://house.example.org' };
    expect(await dial(host, ours).first).toBe('127.0.0.1');
  });

  test('with credentials is open to dashboards of other hosts', async () => {
    const host = listen({ allowsForeignPages: true });
    expect(await dial(host, { Origin: 'http://dashboard.lan' }).first).toBe('127.0.0.1');
  });

  test('behind a trusted proxy has the address of the client behind it, never one that was claimed', async () => {
    const headers = { 'X-Forwarded-For': '127.0.0.1, 203.0.113.9' };
    expect(await dial(listen({ trustProxy: true }), headers).first).toBe('203.0.113.9');
    // From whom a proxy that nobody trusts asks is not known: no address of the house, at any rate.
    expect(await dial(listen(), headers).first).toBe('');
  });

  test('ends a connection that sends more than the broker takes at once', async () => {
    const { socket, first } = dial(listen());
    await first;
    const closed = new Promise<number>((resolve) => {
      socket.onclose = (event) => resolve(event.code);
    });
    socket.send(new Uint8Array(17));
    expect(await closed).toBe(1009);
  });
});

test('a frame that claims to be huge ends its connection before it is gathered, login or not', async () => {
  const port = Number(listen().split(':')[1]);
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  let taken = 0;
  const chunk = Buffer.alloc(1024 * 1024);
  const header = Buffer.alloc(14);
  header[0] = 0x82;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(200n * 1024n * 1024n, 2);
  const send = (socket: { write(bytes: Uint8Array): number }) => {
    for (let written = 1; written > 0 && taken < 200e6; taken += Math.max(0, written)) written = socket.write(chunk);
  };
  await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      open: (socket) =>
        void socket.write(
          'GET /mqtt HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n',
        ),
      data: (socket) => {
        socket.write(header);
        send(socket);
      },
      drain: send,
      close: () => resolve(taken),
      error: () => resolve(taken),
    },
  });
  expect(await ended).toBeLessThan(64e6);
});

test('every answer of the port itself carries the strict headers', async () => {
  const host = listen({ allowsForeignPages: false });
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  for (const [path, more] of [
    ['/other', {}],
    ['/mqtt', { Origin: 'http://evil.example' }],
    ['/mqtt', {}],
  ] as const) {
    const answer = await fetch(`http://${host}${path}`, { headers: { ...upgrade, ...more } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('Content-Security-Policy')).toStartWith("default-src 'none'");
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
  }
});

test('a page that breaks says nothing about its inside', async () => {
  const host = listen({
    fetch: async () => {
      throw new Error('secret inside /src/app.ts');
    },
  });
  const answer = await fetch(`http://${host}/`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toMatch(/secret|app\.ts|Error/);
  expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
});

test('a request without a host, or with one that is no name, is handed on by its path', async () => {
  const troubles: unknown[] = [];
  const host = listen({
    fetch: async (request) => new Response(`${new URL(request.url).pathname} of ${request.headers.get('host')}`),
    onError: (error) => troubles.push(error),
  });
  const ask = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(host.split(':')[1]), '127.0.0.1');
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes;
      });
      socket.on('close', () => resolve(answer));
      socket.write(`${text}\r\n\r\n`);
      setTimeout(() => socket.destroy(), 300);
    });
  expect(await ask('GET /one/two?x=%zz HTTP/1.0')).toContain('/one/two of null');
  expect(await ask('GET //evil.example HTTP/1.0')).toContain('//evil.example of null');
  expect(await ask('GET /one HTTP/1.1\r\nHost: %%%')).toContain('/one of %%%');
  expect(await ask('POST /one HTTP/1.1\r\nHost: [::\r\nContent-Length: 2\r\n\r\nhi')).toContain('/one of [::');
  for (const head of ['HTTP/1.0', 'HTTP/1.1\r\nHost: a b', 'HTTP/1.1\r\nHost: [::'])
    expect(await ask(`GET /other ${head}\r\nUpgrade: websocket\r\nConnection: upgrade`)).toStartWith('HTTP/1.1 404');
  expect(troubles).toEqual([]);
});

test('a port that is taken is refused in words', () => {
  const port = Number(listen().split(':')[1]);
  const second = new HttpListener({ port, host: '127.0.0.1', fetch: async () => new Response('') });
  expect(() => second.start()).toThrow(`The web port ${port} is taken by another program`);
});
