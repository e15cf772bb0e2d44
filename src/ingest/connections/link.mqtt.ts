import { lookup } from 'node:dns/promises';
import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { checkServerIdentity, connect as tlsConnect } from 'node:tls';
import mqttPacket, { type IConnackPacket, type IPublishPacket, type Packet, type Parser } from 'mqtt-packet';
import { seconds } from '../../core/durations.ts';
import { LinkError, loginTrouble, troubleOf } from './link-trouble.ts';
import type { Link, LinkEvents, LinkOpener, LinkTarget } from './ports.ts';
import { placeOf, plainForm } from './target.ts';
import type { Trouble } from './trouble.ts';

export interface LinkTiming {
  /** From the first packet to the login, ms. */
  connectMs: number;
  /** A sign of life is asked for after this long without sending, ms. */
  pingMs: number;
  /** How long an answer may take, ms. */
  answerMs: number;
}

const usualTiming: LinkTiming = { connectMs: seconds(10), pingMs: seconds(30), answerMs: seconds(10) };
/** Messages that may wait to become durable; more are left in the socket, so that the sender waits too. */
const MOST_WAITING = 256;
const MOST_PACKET_BYTES = 1024 * 1024;
/** How long the broker keeps what it could not deliver, s. Longer would bring back values that are no longer true. */
const SESSION_EXPIRY_S = 60;

/** Opens lines over TCP and TLS, in MQTT 5 and, where the broker does not know that, 3.1.1. */
export class MqttLinks implements LinkOpener {
  private readonly timing: LinkTiming;
  constructor(timing: Partial<LinkTiming> = {}) {
    this.timing = { ...usualTiming, ...timing };
  }

  open(target: LinkTarget, events: LinkEvents): Link {
    const link = new MqttLink(target, events, this.timing);
    link.start();
    return link;
  }
}

/** Not acknowledged yet, in the order of arrival. */
interface Waiting {
  packetId: number | null;
  isDone: boolean;
}

class MqttLink implements Link {
  private socket: Socket | null = null;
  private parser: Parser = mqttPacket.parser({ protocolVersion: 5 });
  private version: 5 | 4 = 5;
  private phase: 'opening' | 'asking' | 'up' | 'over' = 'opening';
  private waiting: Waiting[] = [];
  private isPaused = false;
  private deadline: Timer | null = null;
  private ping: Timer | null = null;
  private nextId = 1;
  private readonly answers = new Map<number, (granted: readonly number[]) => void>();

  constructor(
    private readonly target: LinkTarget,
    private readonly events: LinkEvents,
    private readonly timing: LinkTiming,
  ) {}

  start(): void {
    this.expect(this.timing.connectMs, { code: 'timeout' });
    this.connect().catch((error: unknown) => this.down(troubleOf(error)));
  }

  subscribe(filters: readonly string[]): Promise<readonly string[]> {
    const messageId = this.takeId();
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    this.answers.set(messageId, (granted) => resolve(filters.filter((_, i) => (granted[i] ?? 0) >= 0x80)));
    // No local: with `#` Ampra would hear its own requests.
    const subscriptions = filters.map((topic) => ({ topic, qos: 1 as const, ...(this.version === 5 && { nl: true }) }));
    this.send({ cmd: 'subscribe', messageId, subscriptions });
    return promise;
  }

  unsubscribe(filters: readonly string[]): void {
    this.send({ cmd: 'unsubscribe', messageId: this.takeId(), unsubscriptions: [...filters] });
  }

  publish(topic: string, payload: string): void {
    this.send({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false });
  }

  end(): void {
    if (this.phase === 'up') {
      // Nothing is to be kept for us: this goodbye is meant.
      const properties = this.version === 5 ? { properties: { sessionExpiryInterval: 0 } } : {};
      this.send({ cmd: 'disconnect', ...(this.version === 5 && { reasonCode: 0 }), ...properties });
    }
    this.close();
  }

  private async connect(): Promise<void> {
    const { host, port, usesTls } = this.target;
    const address = await this.resolve(host);
    if (this.phase === 'over') return;
    const socket = usesTls ? tlsConnect(this.tlsOptions(address)) : tcpConnect({ host: address, port });
    this.socket = socket;
    this.phase = 'opening';
    socket.setNoDelay(true);
    socket.on(usesTls ? 'secureConnect' : 'connect', () => socket === this.socket && this.login());
    socket.on('data', (bytes: Buffer) => socket === this.socket && this.read(bytes));
    socket.on('error', (error) => socket === this.socket && this.lost(troubleOf(error)));
    socket.on('close', () => socket === this.socket && this.lost({ code: 'ended' }));
  }

  private async resolve(host: string): Promise<string> {
    const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await lookup(host, { all: true });
    const own = ownAddresses();
    const places = found.map(({ address }) => placeOf(address, own));
    if (places.includes('never') || (places.includes('guarded') && !this.target.mayGoAnywhere))
      throw new LinkError({ code: 'guarded' });
    const best = found.find(({ family }) => family === 4) ?? found[0];
    if (!best) throw new LinkError({ code: 'noSuchHost' });
    // What was looked at is what is connected to: a name that answers differently the next time changes nothing.
    return best.address;
  }

  private tlsOptions(address: string) {
    const { host, port, verifiesCertificate, authorityPem } = this.target;
    return {
      host: address,
      port,
      ...(isIP(host) ? {} : { servername: host }),
      rejectUnauthorized: verifiesCertificate,
      ...(authorityPem !== null && { ca: authorityPem }),
      checkServerIdentity: (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
        verifiesCertificate ? checkServerIdentity(host, certificate) : undefined,
    };
  }

  private login(): void {
    const { clientId, userName, password, resumes } = this.target;
    const is5 = this.version === 5;
    this.parser = mqttPacket.parser({ protocolVersion: this.version });
    this.parser.on('packet', (packet: Packet) => this.take(packet));
    this.parser.on('error', () => this.down({ code: 'noMqtt' }));
    this.phase = 'asking';
    this.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: this.version,
      clientId,
      clean: !(is5 && resumes),
      keepalive: Math.ceil((this.timing.pingMs * 2) / 1000),
      ...(userName !== '' && { username: userName }),
      // 3.1.1 knows no password without a user name.
      ...(password !== null && (is5 || userName !== '') && { password: Buffer.from(password) }),
      ...(is5 && {
        properties: {
          sessionExpiryInterval: SESSION_EXPIRY_S,
          receiveMaximum: MOST_WAITING,
          maximumPacketSize: MOST_PACKET_BYTES,
        },
      }),
    });
  }

  private read(bytes: Buffer): void {
    if (this.phase !== 'asking' && this.phase !== 'up') return;
    this.parser.parse(bytes);
    const length = (this.parser as { packet?: { length?: number } }).packet?.length ?? 0;
    if (length > MOST_PACKET_BYTES) this.down({ code: 'tooLarge' });
  }

  private take(packet: Packet): void {
    if (this.phase === 'over') return;
    if (this.phase === 'asking' && packet.cmd !== 'connack') {
      this.down({ code: 'noMqtt' });
      return;
    }
    switch (packet.cmd) {
      case 'connack':
        this.admitted(packet);
        return;
      case 'publish':
        this.receive(packet);
        return;
      case 'suback':
        this.answers.get(packet.messageId ?? 0)?.(packet.granted as readonly number[]);
        this.answers.delete(packet.messageId ?? 0);
        return;
      case 'pingresp':
        this.expectNothing();
        return;
      case 'disconnect':
        this.down({ code: packet.reasonCode === 0x8e ? 'takenOver' : 'ended' });
        return;
    }
  }

  private admitted(packet: IConnackPacket): void {
    const code = (this.version === 5 ? packet.reasonCode : packet.returnCode) ?? 0;
    if (code !== 0) {
      if (this.version === 5 && (code === 1 || code === 0x84)) {
        this.retryOlder();
        return;
      }
      this.down(loginTrouble(code));
      return;
    }
    this.phase = 'up';
    this.expectNothing();
    this.ping = setInterval(() => this.askForLife(), this.timing.pingMs);
    this.events.onUp();
  }

  private receive(packet: IPublishPacket): void {
    const { topic, payload, retain, qos } = packet;
    const entry: Waiting = { packetId: qos > 0 ? (packet.messageId ?? null) : null, isDone: false };
    this.waiting.push(entry);
    if (this.waiting.length >= MOST_WAITING && !this.isPaused) {
      this.isPaused = true;
      this.socket?.pause();
    }
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    this.events.onMessage({ topic, payload: bytes, qos: qos > 0 ? 1 : 0, isRetained: retain }, () => {
      entry.isDone = true;
      this.acknowledge();
    });
  }

  /** In the order of arrival [MQTT-4.6.0-2]. */
  private acknowledge(): void {
    let count = 0;
    for (const { isDone, packetId } of this.waiting) {
      if (!isDone) break;
      count++;
      if (packetId !== null) this.send({ cmd: 'puback', messageId: packetId });
    }
    if (count > 0) this.waiting = this.waiting.slice(count);
    if (!this.isPaused || this.waiting.length >= MOST_WAITING / 2) return;
    this.isPaused = false;
    this.socket?.resume();
  }

  private askForLife(): void {
    this.send({ cmd: 'pingreq' });
    // While nothing is read, no answer can be heard.
    if (!this.isPaused) this.expect(this.timing.answerMs, { code: 'noAnswer' });
  }

  private send(packet: Packet): void {
    if (this.phase === 'over' || this.phase === 'opening') return;
    this.socket?.write(mqttPacket.generate(packet, { protocolVersion: this.version }));
  }

  private takeId(): number {
    this.nextId = (this.nextId % 0xffff) + 1;
    return this.nextId;
  }

  private expect(withinMs: number, otherwise: Trouble): void {
    this.expectNothing();
    this.deadline = setTimeout(() => !this.isPaused && this.down(otherwise), withinMs);
  }

  private expectNothing(): void {
    if (this.deadline) clearTimeout(this.deadline);
    this.deadline = null;
  }

  /** Brokers before MQTT 5 hang up or say so. */
  private retryOlder(): void {
    this.version = 4;
    this.socket?.destroy();
    this.socket = null;
    this.connect().catch((error: unknown) => this.down(troubleOf(error)));
  }

  private lost(trouble: Trouble): void {
    if (this.phase !== 'asking') {
      this.down(this.phase === 'opening' && trouble.code === 'ended' ? hungUp : trouble);
      return;
    }
    if (this.version === 5) {
      this.retryOlder();
      return;
    }
    this.down({ code: this.target.usesTls ? 'ended' : 'noMqtt' });
  }

  private down(trouble: Trouble): void {
    if (this.phase === 'over') return;
    this.close();
    this.events.onDown(trouble);
  }

  private close(): void {
    this.phase = 'over';
    this.expectNothing();
    if (this.ping) clearInterval(this.ping);
    const { socket } = this;
    this.socket = null;
    socket?.end();
    // What is not through by then never will be.
    if (socket) setTimeout(() => socket.destroy(), 500).unref();
  }
}

/** This machine's addresses in the house, for what listens to them trusts the machine no less than loopback. */
function ownAddresses(): ReadonlySet<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => plainForm(address))),
  );
}

const hungUp: Trouble = { code: 'tls', detail: 'it hung up' };
