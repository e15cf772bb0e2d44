import { PacketType } from './decode.ts';
import { type Delivery, type DeliveryTerms, newDelivery, type Publication } from './delivery.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import { encodeAck } from './encode.ts';
import type { BrokerLimits, Usage } from './limits.ts';
import { isExpired, keepable, type Message, weight } from './message.ts';
import { Outlet, type SessionLink } from './outlet.ts';
import type { Principal } from './ports.ts';
import { Reason } from './reason-codes.ts';
import { RetainedBacklog, type RetainedWish } from './retained-backlog.ts';
import type { Subscription } from './subscription.ts';
import { ProtocolError } from './wire.ts';

/** Keeps what must survive; called for sessions that outlive their connection only. */
export interface SessionStore {
  saveDelivery(session: Session, delivery: Delivery): void;
  dropDelivery(session: Session, delivery: Delivery): void;
  saveIncoming(session: Session, packetId: number): void;
  dropIncoming(session: Session, packetId: number): void;
}

export interface SessionOptions {
  /** Unique in the whole broker: the client's id inside its principal's own name space. */
  id: string;
  /** As the client calls itself. */
  clientId: string;
  space: string;
  principal: Principal;
  limits: BrokerLimits;
  usage: Usage;
  store: SessionStore;
  now(): number;
  onDropped(count: number): void;
}

/** State of one client that may outlive its connection (MQTT 5.0, section 4.1). */
export class Session {
  readonly id: string;
  readonly clientId: string;
  readonly space: string;
  principal: Principal;
  readonly subscriptions = new Map<string, Subscription>();
  /** QoS 2 publications of the client by packet identifier; kept until its PUBREL. */
  readonly incoming = new Map<number, 'pending' | 'received'>();
  readonly inflight = new Map<number, Delivery>();
  /** Seconds that the session outlives the connection. */
  expiryS = 0;
  detachedAt: number | null = null;
  private readonly queue = new DeliveryQueue();
  private bytes = 0;
  private nextSeq = 1;
  private nextId = 1;
  private readonly backlog = new RetainedBacklog(() => this.pump());
  private readonly outlet: Outlet;
  link: SessionLink | null = null;

  constructor(private readonly options: SessionOptions) {
    this.id = options.id;
    this.clientId = options.clientId;
    this.space = options.space;
    this.principal = options.principal;
    this.outlet = new Outlet(options);
  }

  get isPersistent(): boolean {
    return this.expiryS > 0;
  }

  get queued(): number {
    return this.queue.size;
  }

  get queuedBytes(): number {
    return this.bytes;
  }

  /** Delivers or queues; answers true if something of it must reach the disk. */
  deliver(publication: Publication, terms: DeliveryTerms): boolean {
    if (terms.qos === 0) {
      if (this.link) this.outlet.sendAtOnce(this.link, publication, terms);
      return false;
    }
    if (!this.link && !this.isPersistent) return false;
    const { limits, usage } = this.options;
    const isFull = this.queued >= limits.queuedMessages || this.bytes >= limits.queuedBytes;
    if (isFull || usage.queuedBytes >= limits.totalQueuedBytes) {
      this.options.onDropped(1);
      return false;
    }
    publication.kept ??= keepable(publication.message);
    const { retain, subscriptionIds } = terms;
    const delivery = newDelivery(this.nextSeq++, publication.kept, { qos: terms.qos, retain, subscriptionIds });
    this.enqueue(delivery);
    if (this.isPersistent) this.options.store.saveDelivery(this, delivery);
    this.pump();
    return this.isPersistent;
  }

  private enqueue(delivery: Delivery): void {
    this.queue.push(delivery);
    this.count(weight(delivery.message));
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.options.usage.queuedBytes += bytes;
  }

  /** Lets go of what was to be delivered: the session is over. */
  clear(): void {
    this.count(-this.bytes);
    this.queue.replace([]);
    this.inflight.clear();
    this.backlog.clear();
  }

  /** Goes through the retained messages of new subscriptions; each is looked up when it goes out, so that it is the newest. */
  sendRetained(wishes: readonly RetainedWish[]): void {
    for (const wish of wishes) this.backlog.add(wish);
    this.pump();
  }

  /** The subscription is over. */
  dropRetained(key: string): void {
    this.backlog.drop(key);
  }

  /** Sends what the client's window and socket take. */
  pump(): void {
    const { link } = this;
    if (!link) return;
    while (this.queue.size > 0 && this.hasRoom(link)) this.sendNext(link);
    while (this.hasRoom(link) && this.sendNextRetained(link)) {}
  }

  private hasRoom(link: SessionLink): boolean {
    return !link.isCongested && this.inflight.size < link.sendMaximum;
  }

  private sendNext(link: SessionLink): void {
    const delivery = this.queue.take();
    if (!delivery) return;
    // What the client may have half of goes on, or its identifier would name two messages [MQTT-3.3.2-5].
    if (delivery.packetId === 0 && isExpired(delivery.message, this.options.now())) {
      this.finish(delivery);
      return;
    }
    this.send(link, delivery);
  }

  private send(link: SessionLink, delivery: Delivery): void {
    const isDuplicate = delivery.packetId !== 0;
    if (!isDuplicate) delivery.packetId = this.freeId();
    const { message, qos, retain, subscriptionIds, packetId } = delivery;
    if (!this.outlet.send(link, message, { qos, retain, isDuplicate, packetId, subscriptionIds })) {
      this.finish(delivery);
      return;
    }
    delivery.state = 'sent';
    this.inflight.set(packetId, delivery);
    if (this.isPersistent) this.options.store.saveDelivery(this, delivery);
  }

  /** False when there is none to be sent now. */
  private sendNextRetained(link: SessionLink): boolean {
    const next = this.backlog.next();
    if (!next) return false;
    const { subscription, retained } = next.wish;
    const message = retained.get(next.topic, this.options.now());
    if (message) this.sendOneRetained(link, message, subscription);
    return true;
  }

  private sendOneRetained(link: SessionLink, message: Message, subscription: Subscription): void {
    const ids = subscription.subscriptionId === null ? null : [subscription.subscriptionId];
    const qos = Math.min(message.qos, subscription.qos) as 0 | 1 | 2;
    if (qos === 0) {
      this.outlet.send(link, message, { qos, retain: true, subscriptionIds: ids, isDuplicate: false, packetId: 0 });
      return;
    }
    const delivery = newDelivery(this.nextSeq++, message, { qos, retain: true, subscriptionIds: ids });
    this.count(weight(message));
    this.send(link, delivery);
  }

  private freeId(): number {
    while (this.inflight.has(this.nextId)) this.nextId = this.nextId === 65_535 ? 1 : this.nextId + 1;
    const id = this.nextId;
    this.nextId = id === 65_535 ? 1 : id + 1;
    return id;
  }

  private finish(delivery: Delivery): void {
    delivery.isDone = true;
    this.count(-weight(delivery.message));
    if (this.isPersistent) this.options.store.dropDelivery(this, delivery);
  }

  /** PUBACK (QoS 1) or PUBCOMP (QoS 2, after PUBREL). */
  acknowledged(packetId: number, type: number): void {
    const delivery = this.inflight.get(packetId);
    if (!delivery) return;
    const isExpected = delivery.qos === 1 ? type === PacketType.puback : delivery.state === 'released';
    if (!isExpected || (delivery.qos === 2 && type !== PacketType.pubcomp))
      throw new ProtocolError(`packet type ${type} does not answer publication ${packetId}`, Reason.protocolError);
    this.complete(delivery);
  }

  private complete(delivery: Delivery): void {
    this.inflight.delete(delivery.packetId);
    this.finish(delivery);
    this.pump();
  }

  /** PUBREC: the client has it; answers with PUBREL unless the client refused it. */
  received(packetId: number, reasonCode: number): void {
    const delivery = this.inflight.get(packetId);
    if (delivery?.qos === 1)
      throw new ProtocolError(`PUBREC does not answer publication ${packetId}`, Reason.protocolError);
    if (reasonCode >= Reason.unspecified) {
      if (delivery) this.complete(delivery);
      return;
    }
    if (delivery && delivery.state !== 'released') {
      delivery.state = 'released';
      if (this.isPersistent) this.options.store.saveDelivery(this, delivery);
    }
    this.sendRelease(packetId, delivery ? Reason.success : Reason.packetIdNotFound);
  }

  private sendRelease(packetId: number, reasonCode: number): void {
    const { link } = this;
    link?.send(encodeAck(PacketType.pubrel, packetId, { version: link.version, reasonCode }));
  }

  /** Takes up a connection: what was sent and not acknowledged goes out again first, in order [MQTT-4.4.0-1]. */
  resume(link: SessionLink, mayReceive: (message: Message) => boolean): void {
    this.link = link;
    this.detachedAt = null;
    const waiting = this.queue.all();
    const again: Delivery[] = [];
    for (const delivery of this.inflight.values()) {
      if (delivery.state === 'released') this.sendRelease(delivery.packetId, Reason.success);
      else again.push(delivery);
    }
    for (const delivery of again) this.inflight.delete(delivery.packetId);
    const kept = [...again, ...waiting].filter((d) => {
      if (mayReceive(d.message)) return true;
      this.finish(d);
      return false;
    });
    this.queue.replace(kept);
    this.pump();
  }

  /** The connection is gone. */
  detach(now: number): void {
    this.link = null;
    this.detachedAt = now;
    this.backlog.clear();
  }

  /** Puts back what the disk remembered, in order of `seq`. */
  restore(deliveries: readonly Delivery[], incoming: readonly number[]): void {
    for (const delivery of deliveries) {
      this.nextSeq = Math.max(this.nextSeq, delivery.seq + 1);
      if (delivery.packetId !== 0) this.nextId = delivery.packetId === 65_535 ? 1 : delivery.packetId + 1;
      if (delivery.state === 'queued') this.enqueue(delivery);
      else {
        this.count(weight(delivery.message));
        this.inflight.set(delivery.packetId, delivery);
      }
    }
    for (const id of incoming) this.incoming.set(id, 'received');
  }

  /** Everything still to be delivered. */
  undelivered(): Delivery[] {
    return [...this.inflight.values(), ...this.queue.all()];
  }

  markReceived(packetId: number): void {
    this.incoming.set(packetId, 'received');
    if (this.isPersistent) this.options.store.saveIncoming(this, packetId);
  }

  /** PUBREL: the identifier is free again. False if it was not in use. */
  release(packetId: number): boolean {
    const isKnown = this.incoming.delete(packetId);
    if (isKnown && this.isPersistent) this.options.store.dropIncoming(this, packetId);
    return isKnown;
  }
}
