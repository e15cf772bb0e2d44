import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type IConnackPacket, type MqttClient } from 'mqtt';
import { type Clock, systemClock } from '../../core/clock.ts';
import { ok, refuse } from '../../core/result.ts';
import { silentLog } from '../../platform/log.ts';
import { EmbeddedBroker } from '../embedded-broker.ts';
import { type BrokerLimits, defaultLimits } from '../limits.ts';
import type { BrokerPolicy, Principal, PublishedMessage } from '../ports.ts';
import { TcpListener } from '../tcp.ts';

export interface Received {
  principal: Principal;
  topic: string;
  payload: string;
  qos: number;
}

export interface TestBrokerOptions {
  policy?: Partial<BrokerPolicy>;
  limits?: Partial<BrokerLimits>;
  dir?: string;
  clock?: Clock;
}

/**
 * A broker on a free port with a policy for tests: user names are `<owner>/<source>` with password `good`; everything is
 * allowed but topics that begin with `secret/`.
 */
export class TestBroker implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly broker: EmbeddedBroker;
  readonly listener: TcpListener;
  readonly dir: string;
  private readonly clients: MqttClient[] = [];

  constructor(private readonly options: TestBrokerOptions = {}) {
    this.dir = options.dir ?? mkdtempSync(join(tmpdir(), 'ampra-mqtt-'));
    this.broker = new EmbeddedBroker({
      policy: { ...this.policy(), ...options.policy },
      limits: { ...defaultLimits, ...options.limits },
      clock: options.clock ?? systemClock,
      log: silentLog,
      storePath: join(this.dir, 'broker.db'),
    });
    this.listener = new TcpListener({
      host: '127.0.0.1',
      port: 0,
      tls: null,
      log: silentLog,
      open: (transport) => this.broker.open(transport),
    });
  }

  private policy(): BrokerPolicy {
    return {
      authenticate: async ({ username, password, address }) => {
        if (username === undefined) return ok({ kind: 'anonymous', address });
        const [ownerId = '', sourceId = ''] = username.split('/');
        if (password !== 'good') return refuse('unauthenticated', 'wrong user name or key');
        return ok({ kind: 'source', ownerId, sourceId });
      },
      mayPublish: (_principal, topic) => !topic.startsWith('secret/'),
      maySubscribe: (_principal, filter) => !filter.startsWith('secret/'),
      mayReceive: () => true,
      receive: (principal, message: PublishedMessage, done) => {
        const payload = Buffer.from(message.payload).toString();
        this.received.push({ principal, topic: message.topic, payload, qos: message.qos });
        done(null);
      },
    };
  }

  async start(): Promise<this> {
    await this.broker.start();
    this.listener.start();
    return this;
  }

  get port(): number {
    return this.listener.port;
  }

  /** A connected mqtt.js client that does not reconnect by itself. */
  async client(options: IClientOptions & { owner?: string } = {}): Promise<MqttClient> {
    const { client, connack } = this.connectLater(options);
    await connack;
    return client;
  }

  /** A client whose listeners can be set before it connects. */
  connectLater(options: IClientOptions & { owner?: string } = {}): {
    client: MqttClient;
    connack: Promise<IConnackPacket>;
  } {
    const { owner = 'anna', ...rest } = options;
    const client = mqtt.connect(`mqtt://127.0.0.1:${this.port}`, {
      username: `${owner}/s1`,
      password: 'good',
      reconnectPeriod: 0,
      ...rest,
    });
    this.clients.push(client);
    client.on('error', () => {});
    const connack = new Promise<IConnackPacket>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('error', reject);
      client.once('close', () => reject(new Error('closed before it was connected')));
    });
    connack.catch(() => {});
    return { client, connack };
  }

  async stop(): Promise<void> {
    for (const client of this.clients.splice(0)) client.end(true);
    this.listener.stop();
    await this.broker.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    if (this.options.dir === undefined) rmSync(this.dir, { recursive: true, force: true });
  }
}

export interface Message {
  topic: string;
  text: string;
  qos: number;
  retain: boolean;
  dup: boolean;
  properties: Record<string, unknown>;
}

/** Collects what a client receives, from now on. */
export class Inbox {
  readonly messages: Message[] = [];
  private wake: (() => void) | null = null;

  constructor(client: MqttClient) {
    client.on('message', (topic, payload, packet) => {
      const { qos, retain, dup, properties = {} } = packet;
      this.messages.push({ topic, text: payload.toString(), qos, retain, dup, properties: { ...properties } });
      this.wake?.();
    });
  }

  /** The first `count` messages; fails when they do not come. */
  async take(count: number, withinMs = 3000): Promise<Message[]> {
    const until = Date.now() + withinMs;
    while (this.messages.length < count) {
      const left = until - Date.now();
      if (left <= 0)
        throw new Error(`${this.messages.length} of ${count} messages came: ${JSON.stringify(this.messages)}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, left);
      });
    }
    return this.messages.splice(0, count);
  }

  /** Everything that came, after a moment for what must not come. */
  async rest(waitMs = 150): Promise<Message[]> {
    await Bun.sleep(waitMs);
    return this.messages.splice(0);
  }
}
