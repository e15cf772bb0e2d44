import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { signBody } from '../../../src/ingest/webhook/webhook-signature.ts';
import { connectPacket, frame, publishPacket, text } from '../../../src/mqtt/testing/raw-client.ts';

/** What an attacker knows: the ports of an appliance on this machine, and logins of two devices that were stolen. */
export interface Target {
  httpPort: number;
  mqttPort: number;
  device: { id: string; key: string };
  hook: { id: string; secret: string };
}

/** Goes on until the time is over or it has tried as often as it may; answers how often it tried. */
type Attack = (target: Target, siege: Siege) => Promise<number>;

/** Bounds of one attack. */
export interface Siege {
  isOver(): boolean;
  /** Most tries. */
  most: number;
}

const LOOPBACK = '127.0.0.1';
/** Sockets that one attack holds at once. */
const MOST_SOCKETS = 1500;

function open(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    socket.on('error', () => resolve(null));
    socket.on('connect', () => resolve(socket));
  });
}

/** Holds sockets open on which `speak` may say something at each turn; gone ones are opened anew. */
async function crowd(port: number, siege: Siege, speak: (socket: Socket, turn: number) => void): Promise<number> {
  const sockets = new Set<Socket>();
  let opened = 0;
  for (let turn = 0; !siege.isOver(); turn++) {
    for (let i = 0; i < 100 && sockets.size < MOST_SOCKETS && opened < siege.most; i++) {
      const socket = await open(port);
      if (!socket) continue;
      opened++;
      sockets.add(socket);
      socket.on('data', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    for (const socket of sockets) speak(socket, turn);
    await Bun.sleep(20);
  }
  for (const socket of sockets) socket.destroy();
  return opened;
}

/** Says a text one byte a turn. */
const dripping = (whole: Buffer) => (socket: Socket, turn: number) => {
  const byte = whole.subarray(turn % whole.length, (turn % whole.length) + 1);
  if (!socket.destroyed) socket.write(byte);
};

const login = ({ device }: Target, clientId: string, isClean = true): Buffer =>
  connectPacket({ clientId, user: device.id, password: device.key, isClean });

/** One logged-in device that sends `packet(i)` as fast as it is read. */
async function device(target: Target, siege: Siege, packet: (i: number) => Buffer): Promise<number> {
  let sent = 0;
  while (!siege.isOver() && sent < siege.most) {
    const socket = await open(target.mqttPort);
    if (!socket) continue;
    socket.on('data', () => {});
    let isOpen = true;
    socket.on('close', () => {
      isOpen = false;
    });
    socket.write(login(target, 'stolen'));
    while (isOpen && !siege.isOver() && sent < siege.most) {
      if (!socket.write(packet(sent++))) await drained(socket);
      else if (sent % 50 === 0) await Bun.sleep(0);
    }
    socket.destroy();
  }
  return sent;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 200);
    socket.once('drain', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Logged-in connections that read nothing and send `bytes` as fast as they are taken. */
async function deaf(target: Target, siege: Siege, count: number, bytes: Buffer): Promise<number> {
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = await open(target.mqttPort);
    if (!socket) continue;
    socket.write(login(target, `deaf-${i}`));
    socket.pause();
    sockets.push(socket);
  }
  let sent = 0;
  while (!siege.isOver() && sent < siege.most) {
    for (const socket of sockets) {
      if (socket.destroyed || socket.writableLength > 0) continue;
      socket.write(bytes);
      sent++;
    }
    await Bun.sleep(1);
  }
  for (const socket of sockets) socket.destroy();
  return sent;
}

/** Posts to the web port, eight at a time, what `request(i)` makes. */
type Post = RequestInit & { path: string };
async function posts(target: Target, siege: Siege, request: (i: number) => Post | Promise<Post>) {
  let sent = 0;
  const one = async () => {
    while (!siege.isOver() && sent < siege.most) {
      const { path, ...init } = await request(sent++);
      await fetch(`http://${LOOPBACK}:${target.httpPort}${path}`, { ...init, redirect: 'manual' })
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  return sent;
}

const MEGABYTE = 1024 * 1024;

/** Up to seven megabytes of JSON each, in shapes that cost parsers much. */
export function hardBodies(): string[] {
  const list = (length: number, of: (i: number) => string) => Array.from({ length }, (_, i) => of(i)).join(',');
  return [
    `{${list(600_000, (i) => `"k${i}":1`)}}`,
    `[${list(2_000_000, () => '{}')}]`,
    `{"StatusSNS":{"Power":[${list(3_000_000, () => '1')}]}}`,
    `{"solarPower":1,"x":${'['.repeat(500_000)}${']'.repeat(500_000)}}`,
    `[${list(100_000, (i) => `{"timestamp":${1_400_000_000 + i},"solarPower":"x${i}"}`)}]`,
    `[${list(90_000, (i) => `{"timestamp":${1_400_000_000 + i * 60},"solarPower":${i % 5000},"loadPower":${i % 700}}`)}]`,
  ];
}
const kilobytes = (n: number) => 'x'.repeat(n * 1024);

/** Everything that is tried, by name. */
export const attacks = {
  'MQTT connections that say nothing': ({ mqttPort }, siege) => crowd(mqttPort, siege, () => {}),
  'MQTT logins a byte at a time': (target, siege) => crowd(target.mqttPort, siege, dripping(login(target, 'slow'))),
  'HTTP headers a byte at a time': ({ httpPort }, siege) =>
    crowd(httpPort, siege, dripping(Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'y'.repeat(4000)}`))),
  'packets that say they are 200 MB long': ({ mqttPort }, siege) =>
    crowd(mqttPort, siege, (socket, turn) => {
      if (!socket.destroyed && turn % 5 === 0) socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x5f, 0, 4]));
    }),
  'random bytes on both ports': async ({ mqttPort, httpPort }, siege) => {
    const noise = () => crypto.getRandomValues(new Uint8Array(512));
    const speak = (socket: Socket) => void (!socket.destroyed && socket.write(noise()));
    const both = await Promise.all([crowd(mqttPort, siege, speak), crowd(httpPort, siege, speak)]);
    return both[0] + both[1];
  },
  'a thousand topics a second, each a kilobyte long': (target, siege) =>
    device(target, siege, (i) => publishPacket({ topic: `${i}/${kilobytes(1).slice(0, 1000)}`, payload: '1', qos: 0 })),
  'retained messages without end': (target, siege) =>
    device(target, siege, (i) => publishPacket({ topic: `bomb/${i}`, payload: kilobytes(20), qos: 0, retain: true })),
  'messages of 200 kB that nobody knows': (target, siege) =>
    device(target, siege, (i) =>
      publishPacket({ topic: 'what/is/this', payload: kilobytes(200), qos: 1, id: (i % 60_000) + 1 }),
    ),
  'kept sessions by the thousand': async (target, siege) => {
    let made = 0;
    while (!siege.isOver() && made < siege.most) {
      const socket = await open(target.mqttPort);
      socket?.on('data', () => {});
      socket?.write(login(target, `session-${made++}`, false));
      socket?.write(frame(0x82, [0, 1, ...text(`ampra/${target.device.id}/#`), 1]));
      await Bun.sleep(1);
      socket?.destroy();
    }
    return made;
  },
  'subscribers that never read': async (target, siege) => {
    const readers: Socket[] = [];
    for (let i = 0; i < 50; i++) {
      const socket = await open(target.mqttPort);
      if (!socket) continue;
      socket.write(login(target, `deaf-${i}`));
      socket.write(frame(0x82, [0, 1, ...text(`ampra/${target.device.id}/#`), 1]));
      socket.pause();
      readers.push(socket);
    }
    const topic = `ampra/${target.device.id}/noise`;
    const sent = await device(target, siege, () => publishPacket({ topic, payload: kilobytes(4), qos: 0 }));
    for (const socket of readers) socket.destroy();
    return sent;
  },
  'one filter thousands of times in a packet': async (target, siege) => {
    const space = `ampra/${target.device.id}`;
    await device(target, { isOver: siege.isOver, most: Math.min(3000, siege.most) }, (i) =>
      publishPacket({ topic: `${space}/kept/${i}`, payload: '1', qos: 0, retain: true }),
    );
    const filters = Array.from({ length: 5000 }, () => [...text(`${space}/#`), 0]).flat();
    const bomb = frame(0x82, [0, 1, ...filters]);
    return deaf(target, siege, 20, bomb);
  },
  'pings whose answers nobody reads': (target, siege) =>
    deaf(target, siege, 100, Buffer.alloc(64 * 1024, Buffer.from([0xc0, 0]))),
  'publications of 200 kB where it may not': (target, siege) =>
    device(target, siege, (i) =>
      publishPacket({ topic: 'ampra/somebody/else', payload: kilobytes(200), qos: 1, id: (i % 60_000) + 1 }),
    ),
  'wrong MQTT passwords': async (target, siege) => {
    let tried = 0;
    while (!siege.isOver() && tried < siege.most) {
      const socket = await open(target.mqttPort);
      socket?.on('data', () => {});
      socket?.write(connectPacket({ clientId: `guess-${tried++}`, user: target.device.id, password: `${tried}` }));
      await Bun.sleep(1);
      socket?.end();
    }
    return tried;
  },
  'webhooks with a wrong signature': ({ device: { id }, ...target }, siege) =>
    posts({ ...target, device: { id, key: '' } }, siege, (i) => ({
      path: `/hooks/${id}`,
      method: 'POST',
      body: '{"solarPower": 1}',
      headers: {
        'x-ampra-timestamp': String(Math.floor(Date.now() / 1000)),
        'x-ampra-signature': `sha256=${i.toString(16).padStart(64, '0')}`,
      },
    })),
  'signed batches that are hard to read': async ({ hook: { id, secret }, ...target }, siege) => {
    const bodies = hardBodies().map((text) => new TextEncoder().encode(text));
    const start = Math.floor(Date.now() / 1000);
    return posts({ ...target, hook: { id, secret } }, siege, async (i) => {
      const body = bodies[i % bodies.length] ?? new Uint8Array();
      // Each time another post: the answer to the same one is remembered.
      const timestamp = String(start - (i % 250));
      const signature = await signBody(secret, timestamp, body);
      const headers = { 'x-ampra-timestamp': timestamp, 'x-ampra-signature': signature };
      return { path: `/hooks/${id}`, method: 'POST', body, headers };
    });
  },
  'forms of a million fields': (target, siege) => {
    const urlEncoded = Array.from({ length: 1_000_000 }, (_, i) => `k${i}=`)
      .join('&')
      .slice(0, 7 * MEGABYTE);
    const parts = Array.from(
      { length: 100_000 },
      (_, i) => `--x\r\nContent-Disposition: form-data; name="k${i}"\r\n\r\n1\r\n`,
    );
    const multipart = `${parts.join('').slice(0, 7 * MEGABYTE)}--x--\r\n`;
    return posts(target, siege, (i) => ({
      path: ['/login', '/forgot', '/theme', '/setup', '/api/v1/sources'][i % 5] ?? '/',
      method: 'POST',
      body: i % 2 ? urlEncoded : multipart,
      headers: { 'content-type': i % 2 ? 'application/x-www-form-urlencoded' : 'multipart/form-data; boundary=x' },
    }));
  },
  'gzip bombs': (target, siege) => {
    const bomb = gzipSync(Buffer.alloc(50 * MEGABYTE));
    return posts(target, siege, (i) => ({
      path: ['/login', `/hooks/${target.device.id}`, '/api/v1/sources'][i % 3] ?? '/',
      method: 'POST',
      body: bomb,
      headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
    }));
  },
  'bodies of 10 MB': (target, siege) => {
    const body = Buffer.alloc(10 * MEGABYTE, 'a');
    return posts(target, siege, (i) => ({
      path: ['/login', `/hooks/${target.device.id}`, '/sources/new', '/set-up'][i % 4] ?? '/',
      method: 'POST',
      body,
      headers: { 'content-type': i % 2 ? 'application/json' : 'multipart/form-data; boundary=x' },
    }));
  },
  'guessed sign-ins': (target, siege) =>
    posts(target, siege, (i) => ({
      path: '/login',
      method: 'POST',
      body: new URLSearchParams({ email: 'bench@example.org', password: `guess ${i}` }),
    })),
  'strange paths': (target, siege) => {
    const paths = ['/%00', '/..%2f..%2fetc/passwd', `/${'a'.repeat(8000)}`, '/sources/%F0%9F', '/?a[]=1&a[]=2', '//x'];
    return posts(target, siege, (i) => ({ path: paths[i % paths.length] ?? '/', method: 'GET' }));
  },
} satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;
