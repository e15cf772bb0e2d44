import { connect, type Socket } from 'node:net';
import mqttPacket, { type IConnectPacket, type Packet, type Parser } from 'mqtt-packet';

/** A packet as it came, parsed and in bytes. */
export type Received = Packet & { raw: Buffer };
type Named<C extends Packet['cmd']> = Extract<Packet, { cmd: C }> & { raw: Buffer };

export interface Address {
  host: string;
  port: number;
}

export type ConnectOptions = Partial<Omit<IConnectPacket, 'cmd' | 'protocolVersion'>> & { version?: 3 | 4 | 5 };

/** How long anything may take that must happen. */
export const PATIENCE_MS = 15_000;
let ids = 0;
const run = Math.random().toString(36).slice(2, 8);
/** A client id or topic that no other test of any run uses. */
export const unique = (name = 'c'): string => `${name}-${run}-${++ids}`;

const u16 = (n: number): number[] => [n >> 8, n & 0xff];
export const u32 = (n: number): number[] => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
/** A UTF-8 string of MQTT. */
export const text = (s: string): number[] => [...u16(Buffer.byteLength(s)), ...Buffer.from(s)];
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

/** A CONNECT byte by byte, for those that no library writes. */
export function connectBytes(
  parts: {
    name?: string;
    level?: number;
    flags?: number;
    keepAlive?: number;
    properties?: number[];
    payload?: number[];
  } = {},
): Buffer {
  const { name = 'MQTT', level = 4, flags = 2, keepAlive = 60, payload = text(unique()) } = parts;
  const properties = level === 5 ? [parts.properties?.length ?? 0, ...(parts.properties ?? [])] : [];
  return frame(0x10, [...text(name), level, flags, ...u16(keepAlive), ...properties, ...payload]);
}

/**
 * A client that says exactly what it is told and answers nothing by itself, so that no library's care hides what the
 * broker does. Packets are written and read by mqtt-packet; `bytes` sends what no library would.
 */
export class PacketClient {
  readonly inbox: Received[] = [];
  isClosed = false;
  private wake: (() => void)[] = [];
  private waiting = Buffer.alloc(0);
  private readonly parser: Parser;
  private nextId = 1;
  connack: Named<'connack'> = { cmd: 'connack', sessionPresent: false, raw: Buffer.alloc(0) };

  private constructor(
    private readonly socket: Socket,
    readonly version: 3 | 4 | 5,
  ) {
    this.parser = mqttPacket.parser({ protocolVersion: version });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk as Buffer));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.notify();
    });
  }

  /** A connection on which nothing was said yet. */
  static async open(broker: Address, version: 3 | 4 | 5 = 4): Promise<PacketClient> {
    const socket = connect(broker.port, broker.host);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    return new PacketClient(socket, version);
  }

  /** Connects, whatever the broker answers; the answer is `connack`. */
  static async connect(broker: Address, options: ConnectOptions = {}): Promise<PacketClient> {
    const { version = 4, ...rest } = options;
    const client = await PacketClient.open(broker, version);
    client.send({
      ...{ cmd: 'connect', protocolId: version === 3 ? 'MQIsdp' : 'MQTT', protocolVersion: version },
      ...{ clientId: unique(), clean: true, keepalive: 60, ...rest },
    } as IConnectPacket);
    client.connack = await client.next('connack');
    return client;
  }

  private read(chunk: Buffer): void {
    this.waiting = Buffer.concat([this.waiting, chunk]);
    for (;;) {
      const size = wholePacket(this.waiting);
      if (size === null) break;
      const raw = this.waiting.subarray(0, size);
      this.waiting = this.waiting.subarray(size);
      this.parser.once('packet', (packet) => this.inbox.push({ ...packet, raw } as Received));
      this.parser.parse(raw);
    }
    this.notify();
  }

  private notify(): void {
    for (const wake of this.wake.splice(0)) wake();
  }

  send(packet: Packet): void {
    this.socket.write(mqttPacket.generate(packet, { protocolVersion: this.version }));
  }

  bytes(...parts: (Buffer | readonly number[])[]): void {
    this.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
  }

  /** The next packet of that kind; others that came before it are left where they are. */
  async next<C extends Packet['cmd']>(cmd: C): Promise<Named<C>> {
    const find = () => this.inbox.findIndex((packet) => packet.cmd === cmd);
    await this.until(() => find() !== -1 || this.isClosed, `a ${cmd}`);
    const at = find();
    if (at === -1) throw new Error(`the connection ended before a ${cmd} came`);
    return this.inbox.splice(at, 1)[0] as Named<C>;
  }

  /** The next `count` publications. */
  async messages(count: number): Promise<Named<'publish'>[]> {
    const found: Named<'publish'>[] = [];
    while (found.length < count) found.push(await this.next('publish'));
    return found;
  }

  /** Publications that are here by now: what the broker handed to this connection before it answers a PINGREQ. */
  async sofar(): Promise<Named<'publish'>[]> {
    await this.ping();
    const found = this.inbox.filter((packet): packet is Named<'publish'> => packet.cmd === 'publish');
    for (const packet of found) this.inbox.splice(this.inbox.indexOf(packet), 1);
    return found;
  }

  async ping(): Promise<void> {
    this.send({ cmd: 'pingreq' });
    await this.next('pingresp');
  }

  async closed(): Promise<void> {
    await this.until(() => this.isClosed, 'the end of the connection');
  }

  private async until(isDone: () => boolean, what: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!isDone()) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`${what} did not come; there are ${this.inbox.map((p) => p.cmd).join(', ')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Subscribes and waits for the answer; gives its codes. */
  async subscribe(
    filters: string | Record<string, { qos?: 0 | 1 | 2; nl?: boolean; rap?: boolean; rh?: 0 | 1 | 2 }>,
    options: { qos?: 0 | 1 | 2; id?: number } = {},
  ): Promise<number[]> {
    const { qos = 0, id } = options;
    const wanted = typeof filters === 'string' ? { [filters]: { qos } } : filters;
    const messageId = this.id();
    this.send({
      ...{ cmd: 'subscribe', messageId },
      subscriptions: Object.entries(wanted).map(([topic, wish]) => ({ topic, qos, ...wish }) as never),
      ...(id !== undefined && { properties: { subscriptionIdentifier: id } }),
    } as Packet);
    const suback = await this.next('suback');
    if (suback.messageId !== messageId) throw new Error('SUBACK of another SUBSCRIBE');
    return suback.granted as number[];
  }

  /** Publishes and goes through the whole exchange; gives the reason code of the first answer (0 at QoS 0). */
  async publish(
    topic: string,
    payload: string | Buffer = 'x',
    options: { qos?: 0 | 1 | 2; retain?: boolean; properties?: Record<string, unknown> } = {},
  ): Promise<number> {
    const { qos = 1, retain = false, properties } = options;
    const messageId = qos > 0 ? this.id() : undefined;
    const head = { cmd: 'publish', topic, payload, qos, retain, dup: false } as const;
    this.send({ ...head, ...(messageId && { messageId }), ...(properties && { properties }) } as Packet);
    if (qos === 0 || messageId === undefined) return 0;
    const answer = await this.next(qos === 1 ? 'puback' : 'pubrec');
    if (answer.messageId !== messageId) throw new Error('the answer names another publication');
    const reason = answer.reasonCode ?? 0;
    if (qos === 1 || reason >= 0x80) return reason;
    this.send({ cmd: 'pubrel', messageId });
    await this.next('pubcomp');
    return reason;
  }

  id(): number {
    return this.nextId++;
  }

  /** Says good-bye. */
  async leave(): Promise<void> {
    this.send({ cmd: 'disconnect' });
    await this.closed();
  }

  /** Breaks the connection without a word. */
  break(): void {
    this.socket.destroy();
  }
}

function wholePacket(bytes: Buffer): number | null {
  let length = 0;
  for (let i = 1; i < 5 && i < bytes.length; i++) {
    const byte = bytes[i] as number;
    length += (byte & 0x7f) * 128 ** (i - 1);
    if (byte < 0x80) return bytes.length >= 1 + i + length ? 1 + i + length : null;
  }
  return null;
}
