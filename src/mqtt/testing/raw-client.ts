import { connect, type Socket } from 'node:net';
import { FrameSplitter } from '../frames.ts';

export interface RawPacket {
  type: number;
  flags: number;
  body: Buffer;
}

const u16 = (n: number) => [n >> 8, n & 0xff];
export const text = (s: string) => [...u16(Buffer.byteLength(s)), ...Buffer.from(s)];

/** A whole packet around a body. */
export function frame(first: number, body: readonly number[]): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    length.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.from([first, ...length, ...body]);
}

/** A CONNECT; `properties` are bytes (MQTT 5). */
export function connectPacket(options: {
  version?: 4 | 5;
  clientId?: string;
  user?: string;
  password?: string;
  isClean?: boolean;
  keepalive?: number;
  properties?: number[];
}): Buffer {
  const {
    version = 4,
    clientId = 'raw',
    user = 'anna/s1',
    password = 'good',
    isClean = true,
    keepalive = 60,
  } = options;
  const properties = version === 5 ? [options.properties?.length ?? 0, ...(options.properties ?? [])] : [];
  const head = [...text('MQTT'), version, 0xc0 | (isClean ? 2 : 0), ...u16(keepalive), ...properties];
  return frame(0x10, [...head, ...text(clientId), ...text(user), ...text(password)]);
}

export function publishPacket(options: {
  topic: string;
  payload?: string;
  qos?: number;
  id?: number;
  isDuplicate?: boolean;
  retain?: boolean;
  /** Present: MQTT 5. */
  properties?: number[];
}): Buffer {
  const { topic, payload = 'x', qos = 0, id = 1, isDuplicate = false, retain = false, properties } = options;
  const first = 0x30 | (isDuplicate ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  const props = properties ? [properties.length, ...properties] : [];
  return frame(first, [...text(topic), ...(qos > 0 ? u16(id) : []), ...props, ...Buffer.from(payload)]);
}

/** A client that does exactly what it is told, mistakes included. */
export class RawClient {
  readonly packets: RawPacket[] = [];
  isClosed = false;
  private wake: (() => void) | null = null;
  private constructor(readonly socket: Socket) {
    const splitter = new FrameSplitter(10_000_000);
    socket.on('data', (chunk) => {
      splitter.feed(chunk as Buffer, 0, (first, bytes, start, end) => {
        this.packets.push({ type: first >> 4, flags: first & 15, body: Buffer.from(bytes.subarray(start, end)) });
        return true;
      });
      this.wake?.();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.wake?.();
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    return new RawClient(socket);
  }

  /** Opens and logs in. */
  static async login(port: number, options: Parameters<typeof connectPacket>[0] = {}): Promise<RawClient> {
    const client = await RawClient.open(port);
    client.send(connectPacket(options));
    await client.next(2);
    return client;
  }

  send(...bytes: (Buffer | number[])[]): void {
    this.socket.write(Buffer.concat(bytes.map((b) => Buffer.from(b as number[]))));
  }

  /** The next packet, of the type when one is given (others are skipped). */
  async next(type?: number, withinMs = 3000): Promise<RawPacket> {
    const until = Date.now() + withinMs;
    for (;;) {
      const at = type === undefined ? 0 : this.packets.findIndex((p) => p.type === type);
      const packet = at === -1 ? undefined : this.packets.splice(0, at + 1).at(-1);
      if (packet) return packet;
      if (this.isClosed) throw new Error(`closed before packet ${type} came`);
      if (Date.now() > until) throw new Error(`packet ${type} did not come`);
      await this.something(until - Date.now());
    }
  }

  async closed(withinMs = 3000): Promise<void> {
    const until = Date.now() + withinMs;
    while (!this.isClosed) {
      if (Date.now() > until) throw new Error('the connection stayed open');
      await this.something(until - Date.now());
    }
  }

  private something(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, ms));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    this.socket.destroy();
  }
}
