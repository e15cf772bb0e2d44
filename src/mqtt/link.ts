import { Duplex } from 'node:stream';
import type { Admitted } from './admitted.ts';
import type { AedesClient } from './aedes-internals.ts';
import type { BrokerCounters } from './counters.ts';
import { PacketType } from './decode.ts';
import type { ConnectRequest, WillRequest } from './decode-connect.ts';
import { encodeAck, encodeConnack, encodeDisconnect } from './encode.ts';
import type { SessionLink } from './outlet.ts';
import type { Principal } from './ports.ts';
import { Property, PropertyWriter } from './properties.ts';
import type { Session } from './session.ts';
import { TopicAliases } from './topic-aliases.ts';

/** What carries the bytes: a TCP, TLS or WebSocket connection. */
export interface Transport {
  readonly kind: 'tcp' | 'tls' | 'ws';
  readonly address: string;
  /** Bytes taken; the rest is offered again after `drain`. -1 when the connection is gone. */
  write(bytes: Uint8Array): number;
  /** Bytes taken but not yet sent. */
  buffered(): number;
  /** Stops and goes on reading; a transport that cannot lets the connection's own bound act. */
  pause(): void;
  resume(): void;
  /** Closes after what was taken is sent. */
  end(): void;
  terminate(): void;
}

export interface LinkOptions {
  transport: Transport;
  sendBufferBytes: number;
  stuckMs: number;
  /** The client does not take what it asked for. */
  onStuck(link: Link): void;
  counters: BrokerCounters;
}

const BATCH_BYTES = 16 * 1024;
const LINGER_MS = 1000;
/** A client is stuck when so many looks in a row found that it took nothing. */
const LOOKS_UNTIL_STUCK = 4;
/** Bytes of an answer to a CONNECT that could not be read. */
const MOST_WORDS = 256;

/**
 * One connection's way out, and the stream that Aedes holds in its hands. Aedes drives a connection's life (CONNECT, take-over,
 * keep-alive, will, end); the packets after CONNECT are read and written here, because Aedes 2 beta writes each in
 * several pieces, awaits a timer a packet, and knows no send window. What Aedes itself writes (its CONNACK) is
 * swallowed: the broker sends it, with what Aedes leaves out.
 */
export class Link extends Duplex implements SessionLink {
  version = 4;
  sendMaximum = 0;
  maximumPacketSize = Number.POSITIVE_INFINITY;
  aliases = new TopicAliases(0);
  principal: Principal | null = null;
  session: Session | null = null;
  clientId = '';
  client: AedesClient<Link> | null = null;
  /** What was decided about the CONNECT, until the session is there. */
  accepted: Admitted | null = null;
  /** What the client asked for in its CONNECT. */
  request: ConnectRequest | null = null;
  will: WillRequest | null = null;
  isSessionPresent = false;
  /** Reported by `clients()`. */
  messagesIn = 0;
  messagesOut = 0;
  lastMessageAt: number | null = null;
  private batch: Buffer | null = null;
  private used = 0;
  private isFlushPlanned = false;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private stuckTimer: Timer | null = null;
  /** Bytes that the transport was given. */
  private handed = 0;
  private isEnded = false;
  private readonly flushLater = () => {
    this.isFlushPlanned = false;
    this.flush();
  };

  constructor(private readonly link: LinkOptions) {
    super({ allowHalfOpen: true, emitClose: true });
  }

  get transport(): Transport {
    return this.link.transport;
  }

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }

  override _destroy(_error: Error | null, done: (error: Error | null) => void): void {
    this.finish();
    done(null);
  }

  get isCongested(): boolean {
    return this.pendingBytes + this.link.transport.buffered() > this.link.sendBufferBytes;
  }

  get waitingBytes(): number {
    return this.pendingBytes + this.used + this.link.transport.buffered();
  }

  countSent(): void {
    this.messagesOut++;
    this.link.counters.sent++;
  }

  /** Sends a whole packet. Small ones of the same moment share a write. */
  send(packet: Uint8Array): void {
    if (this.isEnded) return;
    this.batch ??= Buffer.allocUnsafeSlow(BATCH_BYTES);
    if (packet.length > BATCH_BYTES - this.used) this.flush();
    if (packet.length > BATCH_BYTES) {
      this.writeOut(packet);
      return;
    }
    this.batch.set(packet, this.used);
    this.used += packet.length;
    this.planFlush();
  }

  /** Sends a successful PUBACK, PUBREC, PUBREL or PUBCOMP without making an object of it. */
  sendAck(type: number, packetId: number): void {
    if (this.isEnded) return;
    this.batch ??= Buffer.allocUnsafeSlow(BATCH_BYTES);
    if (this.used + 4 > BATCH_BYTES) this.flush();
    const { batch } = this;
    let at = this.used;
    batch[at++] = (type << 4) | (type === PacketType.pubrel ? 2 : 0);
    batch[at++] = 2;
    batch[at++] = packetId >> 8;
    batch[at++] = packetId & 0xff;
    this.used = at;
    this.planFlush();
  }

  private planFlush(): void {
    if (this.isFlushPlanned) return;
    this.isFlushPlanned = true;
    queueMicrotask(this.flushLater);
  }

  flush(): void {
    if (this.used === 0 || !this.batch) return;
    const bytes = this.batch.subarray(0, this.used);
    this.used = 0;
    this.writeOut(bytes);
  }

  private writeOut(bytes: Uint8Array): void {
    if (this.pending.length > 0) {
      this.keep(bytes);
      return;
    }
    const taken = this.hand(bytes);
    if (taken >= 0 && taken < bytes.length) this.keep(bytes.subarray(taken));
    else if (this.link.transport.buffered() > 0) this.watch();
  }

  private hand(bytes: Uint8Array): number {
    const taken = this.link.transport.write(bytes);
    if (taken > 0) this.handed += taken;
    return taken;
  }

  private keep(bytes: Uint8Array): void {
    this.pending.push(new Uint8Array(bytes));
    this.pendingBytes += bytes.length;
    this.watch();
  }

  /** While something waits, sees whether any of it goes out: a transport may keep it instead of us. */
  private watch(idle = 0): void {
    const left = this.handed - this.link.transport.buffered();
    this.stuckTimer ??= setTimeout(() => {
      this.stuckTimer = null;
      const { transport } = this.link;
      if (this.isEnded || this.pendingBytes + transport.buffered() === 0) return;
      const isMoving = this.handed - transport.buffered() > left;
      if (!isMoving && idle + 1 >= LOOKS_UNTIL_STUCK) this.link.onStuck(this);
      else this.watch(isMoving ? 0 : idle + 1);
    }, this.link.stuckMs / LOOKS_UNTIL_STUCK);
  }

  /** The socket takes more. */
  drained(): void {
    while (this.pending.length > 0) {
      const next = this.pending[0] as Uint8Array;
      const taken = this.hand(next);
      if (taken < 0) return;
      this.pendingBytes -= taken;
      if (taken < next.length) {
        this.pending[0] = next.subarray(taken);
        break;
      }
      this.pending.shift();
    }
    if (this.isEnded && this.pending.length === 0) this.link.transport.end();
    else if (!this.isCongested) this.session?.pump();
  }

  /** Answers a CONNECT with no. */
  refuse(reasonCode: number, reason?: string): void {
    const { version } = this;
    const connack = (text?: string) => {
      const properties = new PropertyWriter();
      if (text) properties.text(Property.reasonString, text);
      return encodeConnack({ version, reasonCode, isSessionPresent: false, properties });
    };
    this.sendFitting(connack(reason), connack());
    this.flush();
  }

  /** Tells an MQTT 5 client why it is disconnected; older ones only see the end. */
  sendDisconnect(reasonCode: number, reason?: string): void {
    if (this.version !== 5) return;
    this.sendFitting(encodeDisconnect(reasonCode, reason), encodeDisconnect(reasonCode));
    this.flush();
  }

  /** A PUBACK or PUBREC that says no, with the reason in words if an MQTT 5 client wants them [MQTT-3.1.2-29]. */
  sendRefusal(type: 4 | 5, packetId: number, reasonCode: number, text?: string): void {
    const reason = this.request?.wantsReasons ? text : undefined;
    const refusal = (words?: string) => encodeAck(type, packetId, { version: 5, reasonCode, reason: words });
    this.sendFitting(refusal(reason), refusal());
  }

  /** Leaves the words out where they would make the packet larger than the client takes [MQTT-3.4.2-2], [MQTT-3.14.2-3]. */
  private sendFitting(withWords: Buffer, without: Buffer): void {
    this.send(withWords.length <= (this.request?.maximumPacketSize ?? MOST_WORDS) ? withWords : without);
  }

  /** Lets what was written reach the client for a moment, then closes. */
  private finish(): void {
    if (this.isEnded) return;
    this.flush();
    this.isEnded = true;
    if (this.stuckTimer) clearTimeout(this.stuckTimer);
    this.stuckTimer = null;
    const { transport } = this.link;
    if (this.pending.length === 0) transport.end();
    // Also when everything was handed on: whoever does not close its side would hold a socket and what it was sent.
    const timer = setTimeout(() => transport.terminate(), LINGER_MS);
    timer.unref();
  }
}
