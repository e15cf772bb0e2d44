import type { DeliveryTerms, Publication } from './delivery.ts';
import { encodePublish, type PublishHead } from './encode.ts';
import type { Message } from './message.ts';
import type { TopicAliases } from './topic-aliases.ts';

/** The connection as a session sees it. */
export interface SessionLink {
  readonly version: number;
  readonly isCongested: boolean;
  /** Publications the client takes at once. */
  readonly sendMaximum: number;
  /** Largest packet the client takes. */
  readonly maximumPacketSize: number;
  /** Short names of topics that the client takes. */
  readonly aliases: TopicAliases;
  send(packet: Uint8Array): void;
  countSent(): void;
}

export interface OutletOptions {
  now(): number;
  onDropped(count: number): void;
}

/** Writes publications as the client at the other end takes them. */
export class Outlet {
  constructor(private readonly options: OutletOptions) {}

  /** At QoS 0: now or never. What every client gets alike is encoded once for all of them. */
  sendAtOnce(link: SessionLink, publication: Publication, terms: DeliveryTerms): void {
    if (link.isCongested) {
      this.options.onDropped(1);
      return;
    }
    const { message } = publication;
    const head = { ...terms, isDuplicate: false, packetId: 0 };
    const isShared = !terms.subscriptionIds && !(link.version === 5 && link.aliases.use(message.topic));
    if (!isShared) {
      this.send(link, message, head);
      return;
    }
    const key = (link.version === 5 ? 2 : 0) + (terms.retain ? 1 : 0);
    publication.encoded[key] ??= encodePublish(message, { ...head, version: link.version, now: this.options.now() });
    this.sendPacket(link, publication.encoded[key]);
  }

  /** Sends it, with the topic's alias if the client takes one; false as `sendPacket` says. */
  send(link: SessionLink, message: Message, head: Omit<PublishHead, 'version' | 'now' | 'alias'>): boolean {
    const base = { ...head, version: link.version, now: this.options.now() };
    let alias = link.version === 5 ? link.aliases.use(message.topic) : null;
    let packet = encodePublish(message, { ...base, alias });
    if (alias?.isNew && packet.length > link.maximumPacketSize) {
      // Telling an alias takes three bytes, which may be those that are too many.
      alias = null;
      packet = encodePublish(message, base);
    }
    if (!this.sendPacket(link, packet)) return false;
    if (alias) link.aliases.told(message.topic, alias);
    return true;
  }

  /** False if the client does not take packets of that size; then it counts as delivered [MQTT-3.1.2-25]. */
  private sendPacket(link: SessionLink, packet: Uint8Array): boolean {
    if (packet.length > link.maximumPacketSize) {
      this.options.onDropped(1);
      return false;
    }
    link.send(packet);
    link.countSent();
    return true;
  }
}
