import { Aedes } from 'aedes';
import { writeToStream } from 'mqtt-packet';
import { type AedesClient, type ConnectPacket, NoPersistence, noEmitter } from './aedes-internals.ts';
import type { BrokerLimits } from './limits.ts';
import type { Link } from './link.ts';

// Aedes' packet writer would keep a buffer for each of 65,536 numbers; it writes only CONNACKs here.
writeToStream.cacheNumbers = false;

/** What the broker does at the turns of a connection's life. */
export interface LifeHooks {
  /** Decides about a CONNECT; may rewrite it. `done(null, true)` lets it pass. */
  onConnect(client: AedesClient<Link>, packet: ConnectPacket, done: (error: Error | null, isOk: boolean) => void): void;
  /** A client with a session is gone. */
  onDetach(client: AedesClient<Link>): void;
  /** A client is gone without saying goodbye, and it left a will; `delayS` after which it is published. */
  onWill(client: AedesClient<Link>, delayS: number): void;
}

/**
 * Aedes, for the life of connections: CONNECT of the three protocol versions, take-over of a client id, keep-alive,
 * time-outs, and when a will is due. Overridden are
 * - `publish`, since all it would carry is Aedes' own $SYS traffic: messages are routed by `Spaces`;
 * - the session and will timers: Aedes keeps them in memory only, knows them for MQTT 5 alone, forgets the will of a
 *   taken-over client's successor, and leaks the will delay into the message.
 */
export class AedesCore extends Aedes {
  constructor(
    limits: BrokerLimits,
    private readonly hooks: LifeHooks,
  ) {
    super({
      mq: noEmitter,
      persistence: new NoPersistence(),
      connectTimeout: limits.connectTimeoutMs,
      maximumPacketSize: limits.maxPacketBytes,
      receiveMaximum: limits.receiveMaximum,
      topicAliasMaximum: limits.topicAliasMaximum,
      sessionExpiryIntervalLimit: limits.sessionExpiryS,
      heartbeatInterval: 3_600_000,
      maxClientsIdLength: 65_535,
      drainTimeout: 0,
      preConnect: (client, packet, done) =>
        hooks.onConnect(client as unknown as AedesClient<Link>, packet as unknown as ConnectPacket, done),
    });
  }

  override publish(_packet: unknown, client: unknown, done?: unknown): void {
    const callback = typeof client === 'function' ? client : done;
    if (typeof callback === 'function') callback();
  }

  scheduleSessionExpiry(client: AedesClient<Link>): void {
    this.hooks.onDetach(client);
  }

  scheduleWill(client: AedesClient<Link>, _will: unknown, delayS: number): void {
    this.hooks.onWill(client, delayS);
  }

  publishWill(client: AedesClient<Link>): void {
    this.hooks.onWill(client, 0);
  }
}
