import type { AedesClient } from './aedes-internals.ts';
import {
  checkEmpty,
  checkFlags,
  decodeAck,
  decodeDisconnect,
  decodeSubscribe,
  decodeUnsubscribe,
  PacketType,
  type SubscriptionRequest,
} from './decode.ts';
import { encodeAck, encodeSubscriptionAck, PINGRESP } from './encode.ts';
import type { BrokerLimits } from './limits.ts';
import type { Link } from './link.ts';
import type { BrokerPolicy, Principal } from './ports.ts';
import { Reason } from './reason-codes.ts';
import type { RetainedWish } from './retained-backlog.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Space } from './spaces.ts';
import { DOLLAR, isWellFormedFilter, parseFilter } from './topics.ts';
import { ProtocolError } from './wire.ts';

export interface ControlOptions {
  link: Link;
  client: AedesClient;
  session: Session;
  principal: Principal;
  space: Space;
  limits: BrokerLimits;
  policy: BrokerPolicy;
  sessions: Sessions;
}

/** Answers what a client that is in sends besides publications: subscriptions, acknowledgements, pings, its farewell. */
export class Control {
  constructor(private readonly options: ControlOptions) {}

  /** Answers one packet; how much that was: the packet, and each filter in it. Throws a ProtocolError. */
  answer(first: number, bytes: Buffer, start: number, end: number): number {
    const type = first >> 4;
    checkFlags(first);
    switch (type) {
      case PacketType.pingreq:
        checkEmpty(start, end);
        this.options.link.send(PINGRESP);
        return 1;
      case PacketType.puback:
      case PacketType.pubcomp:
      case PacketType.pubrec:
      case PacketType.pubrel:
        this.acknowledgement(type, bytes, start, end);
        return 1;
      case PacketType.subscribe:
        return 1 + this.subscribe(bytes, start, end);
      case PacketType.unsubscribe:
        return 1 + this.unsubscribe(bytes, start, end);
      case PacketType.disconnect:
        this.disconnect(bytes, start, end);
        return 1;
      case 0:
        throw new ProtocolError('packet type 0');
      default:
        throw new ProtocolError(`packet type ${type} does not belong here`, Reason.protocolError);
    }
  }

  private acknowledgement(type: number, bytes: Buffer, start: number, end: number): void {
    const { link, session } = this.options;
    const { version } = link;
    const ack = decodeAck(bytes, start, end, version);
    if (type === PacketType.pubrec) session.received(ack.packetId, ack.reasonCode);
    else if (type === PacketType.pubrel) {
      const reasonCode = session.release(ack.packetId) ? Reason.success : Reason.packetIdNotFound;
      link.send(encodeAck(PacketType.pubcomp, ack.packetId, { version, reasonCode }));
    } else session.acknowledged(ack.packetId, type);
  }

  private subscribe(bytes: Buffer, start: number, end: number): number {
    const { link, session, limits } = this.options;
    // More than a session may have are not even looked at.
    const packet = decodeSubscribe(bytes, { start, end }, link.version, limits.subscriptionsPerSession);
    const wishes: RetainedWish[] = [];
    const codes: number[] = packet.requests.map((request) => this.subscribeOne(request, packet.subscriptionId, wishes));
    for (let i = 0; i < packet.more; i++) codes.push(Reason.quotaExceeded);
    link.send(encodeSubscriptionAck(PacketType.suback, packet.packetId, codes, link.version));
    if (wishes.length > 0) session.sendRetained(wishes);
    return codes.length;
  }

  private subscribeOne(request: SubscriptionRequest, subscriptionId: number | null, wishes: RetainedWish[]): number {
    const { link, session, principal, space, limits, policy, sessions } = this.options;
    checkFilter(request.filter);
    const parsed = parseFilter(request.filter);
    if (!parsed) return Reason.filterInvalid;
    if (parsed.group !== null && request.noLocal)
      throw new ProtocolError('No Local on a shared subscription', Reason.protocolError);
    const isReserved = parsed.filter.charCodeAt(0) === DOLLAR;
    if (isReserved || !policy.maySubscribe(principal, parsed.filter)) return Reason.notAuthorized;
    const isKnown = session.subscriptions.has(request.filter);
    if (!isKnown && session.subscriptions.size >= limits.subscriptionsPerSession) return Reason.quotaExceeded;
    const { qos, retainHandling } = request;
    const isBridge = link.request?.isBridge === true;
    const noLocal = request.noLocal || (isBridge && parsed.group === null);
    const retainAsPublished = request.retainAsPublished || isBridge;
    const subscription = { ...parsed, qos, noLocal, retainAsPublished, retainHandling, subscriptionId };
    const isNew = sessions.subscribe(session, request.filter, subscription);
    const wantsRetained = retainHandling === 0 || (retainHandling === 1 && isNew);
    if (parsed.group === null && wantsRetained) {
      const mayReceive = (topic: string) => policy.mayReceive(principal, topic);
      wishes.push({ key: request.filter, subscription, retained: space.retained, mayReceive });
    }
    return qos;
  }

  private unsubscribe(bytes: Buffer, start: number, end: number): number {
    const { link, session, sessions } = this.options;
    const { packetId, filters } = decodeUnsubscribe(bytes, start, end, link.version);
    for (const filter of filters) checkFilter(filter);
    const codes = filters.map((filter) =>
      sessions.unsubscribe(session, filter) ? Reason.success : Reason.noSubscriptionExisted,
    );
    link.send(encodeSubscriptionAck(PacketType.unsuback, packetId, codes, link.version));
    return codes.length;
  }

  private disconnect(bytes: Buffer, start: number, end: number): void {
    const { client, link, limits } = this.options;
    const { reasonCode, sessionExpiry } = decodeDisconnect(bytes, start, end, link.version);
    if (sessionExpiry !== null) {
      // A session that was to end with its connection cannot be prolonged [MQTT-3.14.2-2].
      if (client._connectSessionExpiryInterval === 0 && sessionExpiry > 0)
        throw new ProtocolError('session expiry was 0 in CONNECT', Reason.protocolError);
      client.sessionExpiryInterval = Math.min(sessionExpiry, limits.sessionExpiryS);
    }
    // Any other reason than the normal one leaves the will in force [MQTT-3.1.2-8], [MQTT-3.14.4-3].
    client._disconnected = reasonCode === Reason.success;
    client.close();
  }
}

/** A filter that breaks the rules of wildcards ends the connection [MQTT-4.7.1-1], [MQTT-4.7.3-1], [MQTT-4.8.2-1]. */
function checkFilter(filter: string): void {
  if (!isWellFormedFilter(filter)) throw new ProtocolError(`the filter ${JSON.stringify(filter)} is malformed`);
}
