import type { BrokerCounters } from './counters.ts';
import { PacketType } from './decode.ts';
import { encodeAck } from './encode.ts';
import { Incoming } from './incoming.ts';
import { type KnownTopic, KnownTopics } from './known-topics.ts';
import { type BrokerLimits, toldReceiveMaximum, type Usage } from './limits.ts';
import type { Link } from './link.ts';
import { type BrokerPolicy, type Principal, ReceiveError } from './ports.ts';
import { NO_PUBLISH_PROPERTIES, readPublishProperties } from './properties.ts';
import { Reason } from './reason-codes.ts';
import type { Session } from './session.ts';
import type { Space, Spaces } from './spaces.ts';
import type { BrokerStore } from './store.sqlite.ts';
import { DOLLAR } from './topics.ts';
import { ProtocolError, Reader } from './wire.ts';

export interface IntakeOptions {
  link: Link;
  session: Session;
  principal: Principal;
  space: Space;
  spaces: Spaces;
  store: BrokerStore;
  policy: BrokerPolicy;
  limits: BrokerLimits;
  usage: Usage;
  counters: BrokerCounters;
  now(): number;
  /** Not read on, or read on again. */
  onFull(isFull: boolean): void;
  /** The connection cannot go on. */
  onFailure(error: ProtocolError): void;
  onRefused(topic: string): void;
}

const FAIR_BYTES = 128 * 1024;

/**
 * Takes one client's publications: judges, hands them to the policy, and once that says that they are safe forwards and
 * acknowledges them, in the order they came [MQTT-4.6.0-2, -6]. While some wait, the client's other packets flow; when
 * too many wait, its socket is not read on until half of them are through, so that memory stays bounded.
 */
export class Intake {
  private readonly topics: KnownTopics;
  private readonly waiting: Incoming[] = [];
  /** The next to be forwarded, and the next to be acknowledged. */
  private forwardAt = 0;
  private ackAt = 0;
  private waitingBytes = 0;
  private isFull = false;
  private isClosed = false;
  private isMoving = false;

  constructor(private readonly options: IntakeOptions) {
    const { limits, policy, principal } = options;
    this.topics = new KnownTopics({
      aliasMaximum: limits.topicAliasMaximum,
      mayPublish: (topic) => policy.mayPublish(principal, topic),
    });
  }

  /** Publications that are not yet acknowledged. */
  get pending(): number {
    return this.waiting.length - this.ackAt;
  }

  /** The connection is gone: what is under way is still stored and forwarded, but nobody is told. */
  close(): void {
    this.isClosed = true;
  }

  /** Reads a PUBLISH. */
  publish(flags: number, bytes: Buffer, start: number, end: number): void {
    const qos = (flags >> 1) & 3;
    if (qos === 3) throw new ProtocolError('QoS 3 does not exist');
    if (qos === 0 && flags & 8) throw new ProtocolError('a duplicate at QoS 0');
    const { link, session, counters } = this.options;
    const topicEnd = start + 2 + (((bytes[start] as number) << 8) | (bytes[start + 1] as number));
    if (end - start < 2 || topicEnd > end) throw new ProtocolError('the topic runs over its packet');
    let at = topicEnd;
    let packetId = 0;
    if (qos > 0) {
      if (at + 2 > end) throw new ProtocolError('packet is too short');
      packetId = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      at += 2;
      if (packetId === 0) throw new ProtocolError('packet identifier 0', Reason.protocolError);
    }
    let properties = NO_PUBLISH_PROPERTIES;
    if (link.version === 5) {
      const reader = new Reader(bytes, at, end);
      properties = readPublishProperties(reader);
      at = reader.at;
    }
    const topic = this.topics.read(bytes, start + 2, topicEnd, properties.topicAlias);
    counters.received++;
    link.messagesIn++;
    link.lastMessageAt = this.options.now();
    if (qos === 2 && this.isDuplicate(packetId)) return;
    const incoming = new Incoming(topic.text, bytes.subarray(at, end), flags, session);
    incoming.packetId = packetId;
    incoming.properties = properties.forwarded;
    if (properties.messageExpiry !== null) incoming.expiresAt = this.options.now() + properties.messageExpiry * 1000;
    this.take(incoming, topic);
  }

  /** A QoS 2 publication that is here already is not received twice [MQTT-4.3.3-10]. */
  private isDuplicate(packetId: number): boolean {
    const { session, link } = this.options;
    const state = session.incoming.get(packetId);
    if (state === 'received') link.sendAck(PacketType.pubrec, packetId);
    if (state !== undefined) return true;
    if (session.incoming.size >= toldReceiveMaximum(this.options.limits))
      throw new ProtocolError('too many QoS 2 publications are not released', Reason.receiveMaximumExceeded);
    session.incoming.set(packetId, 'pending');
    return false;
  }

  private take(incoming: Incoming, topic: KnownTopic): void {
    this.waiting.push(incoming);
    this.countBytes(incoming.payload.length);
    if (!topic.isAllowed) {
      this.refuse(incoming);
      return;
    }
    incoming.pending = this.pending;
    this.options.policy.receive(this.options.principal, incoming, (error) => this.settle(incoming, error));
    this.checkFull();
  }

  /**
   * MQTT 3 has no answer that says no: at QoS 0 the message is dropped, above it the connection ends [MQTT-3.3.5-2],
   * rather than acknowledging what was thrown away. Topics that begin with `$` are nobody's, so that nobody misses what is
   * sent there (bridges and tests do): that is acknowledged.
   */
  private refuse(incoming: Incoming): void {
    const { link, session, counters } = this.options;
    counters.refused++;
    this.options.onRefused(incoming.topic);
    if (link.version !== 5 && incoming.topic.charCodeAt(0) === DOLLAR) incoming.isForNobody = true;
    else if (link.version !== 5 && incoming.qos > 0) {
      // It never came: nothing of it waits, and it is judged anew when it comes again.
      this.waiting.pop();
      this.countBytes(-incoming.payload.length);
      if (incoming.qos === 2) session.release(incoming.packetId);
      this.options.onFailure(new ProtocolError(`may not publish to ${incoming.topic}`, Reason.notAuthorized));
      return;
    }
    if (!incoming.isForNobody) incoming.reasonCode = Reason.notAuthorized;
    incoming.isSettled = true;
    this.move();
  }

  private settle(incoming: Incoming, error: Error | null): void {
    if (incoming.isSettled) return;
    incoming.isSettled = true;
    if (error) {
      incoming.reasonCode = reasonOf(error);
      incoming.reason = error instanceof ReceiveError ? error.message : undefined;
    }
    this.move();
  }

  /** Forwards and acknowledges whatever is next in line. */
  private move(): void {
    if (this.isMoving) return;
    this.isMoving = true;
    const { waiting } = this;
    while (this.forwardAt < waiting.length && waiting[this.forwardAt]?.isSettled)
      this.forward(waiting[this.forwardAt++] as Incoming);
    while (this.ackAt < this.forwardAt && waiting[this.ackAt]?.isReady)
      this.acknowledge(waiting[this.ackAt++] as Incoming);
    if (this.ackAt === waiting.length) {
      waiting.length = 0;
      this.ackAt = 0;
      this.forwardAt = 0;
    } else if (this.ackAt > 1024 && this.ackAt * 2 > waiting.length) {
      waiting.splice(0, this.ackAt);
      this.forwardAt -= this.ackAt;
      this.ackAt = 0;
    }
    this.isMoving = false;
    this.checkFull();
  }

  private forward(incoming: Incoming): void {
    incoming.isReady = true;
    if (incoming.reasonCode !== Reason.success) return;
    const { session, spaces, space, store } = this.options;
    let isForDisk = !incoming.isForNobody && spaces.route(space, incoming);
    if (incoming.qos === 2) {
      session.markReceived(incoming.packetId);
      isForDisk ||= session.isPersistent;
    }
    if (!isForDisk || incoming.qos === 0) return;
    incoming.isReady = false;
    store.afterFlush((error) => {
      if (error) incoming.reasonCode = Reason.quotaExceeded;
      incoming.isReady = true;
      this.move();
    });
  }

  private acknowledge(incoming: Incoming): void {
    this.countBytes(-incoming.payload.length);
    if (incoming.qos === 0) return;
    if (this.isClosed) {
      this.acknowledgeLate(incoming);
      return;
    }
    const { link, session } = this.options;
    const type = incoming.qos === 1 ? PacketType.puback : PacketType.pubrec;
    if (incoming.reasonCode === Reason.success) {
      link.sendAck(type, incoming.packetId);
      return;
    }
    if (incoming.qos === 2) session.release(incoming.packetId);
    if (link.version === 5) {
      link.sendRefusal(type, incoming.packetId, incoming.reasonCode, incoming.reason);
      return;
    }
    this.options.onFailure(new ProtocolError('a message could not be stored', incoming.reasonCode));
  }

  /** The client left meanwhile. If it is back and sent a QoS 2 publication again, that was not received twice: answer now. */
  private acknowledgeLate(incoming: Incoming): void {
    if (incoming.qos !== 2) return;
    const { session } = this.options;
    if (incoming.reasonCode !== Reason.success) session.release(incoming.packetId);
    else session.link?.send(encodeAck(PacketType.pubrec, incoming.packetId, { version: session.link.version }));
  }

  private countBytes(bytes: number): void {
    this.waitingBytes += bytes;
    this.options.usage.receiveBytes += bytes;
  }

  private checkFull(): void {
    const { limits, usage } = this.options;
    // When all together have too much under way, those with more than a little of it wait.
    const most = usage.receiveBytes > limits.totalReceiveBytes ? FAIR_BYTES : limits.receiveBytes;
    const share = Math.max(this.pending / limits.receiveMaximum, this.waitingBytes / most);
    if (this.isFull ? share > 0.5 : share < 1) return;
    this.isFull = !this.isFull;
    this.options.onFull(this.isFull);
  }
}

function reasonOf(error: Error): number {
  if (!(error instanceof ReceiveError)) return Reason.unspecified;
  if (error.reason === 'quota') return Reason.quotaExceeded;
  return error.reason === 'payload' ? Reason.payloadInvalid : Reason.implementation;
}
