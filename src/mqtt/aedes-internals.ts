import type { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';

/**
 * What this broker uses of Aedes 2.0.0-beta.1 beyond its typed interface. The version is pinned; `aedes-internals.test.ts`
 * fails when one of these goes away.
 */
export interface AedesClient<Connection = unknown> extends EventEmitter {
  id: string;
  version: number;
  /** The stream that Aedes was given for it. */
  conn: Connection;
  closed: boolean;
  connected: boolean;
  /** Seconds; 0xFFFFFFFF is never. */
  sessionExpiryInterval: number;
  /** True after a DISCONNECT that drops the will. */
  _disconnected: boolean;
  _cleanStart: boolean;
  _connectSessionExpiryInterval: number;
  _sessionExpiryClamped: boolean;
  _keepaliveInterval: number;
  _keepaliveTimer: { refresh(): void } | null;
  _parser: { parse(bytes: Buffer): number };
  disconnect(options: { reasonCode?: number } | undefined, done?: () => void): void;
  close(done?: () => void): void;
}

/** A CONNECT as Aedes' parser gives it, as far as who may in is decided with it. */
export interface ConnectPacket {
  clientId: string;
  protocolVersion: number;
  clean: boolean;
  keepalive: number;
  username?: string;
  password?: Buffer;
  will?: { topic: string };
}

export type Connack = { reasonCode?: number; returnCode?: number };

/** Sessions, queues and subscriptions are the broker's own; what Aedes asks of a persistence it is told is empty. */
export class NoPersistence {
  async setup(): Promise<void> {}
  async storeRetained(): Promise<void> {}
  async addSubscriptions(): Promise<void> {}
  async removeSubscriptions(): Promise<void> {}
  async subscriptionsByClient(): Promise<never[]> {
    return [];
  }
  async subscriptionsByTopic(): Promise<never[]> {
    return [];
  }
  async cleanSubscriptions(): Promise<void> {}
  async outgoingClearMessageId(): Promise<void> {}
  async putWill(): Promise<void> {}
  async delWill(): Promise<void> {}
  outgoingStream(): Readable {
    return Readable.from([]);
  }
  streamWill(): Readable {
    return Readable.from([]);
  }
}

/** The emitter that Aedes would route through; nothing goes through it. */
export const noEmitter = {
  on: () => noEmitter,
  removeListener: () => noEmitter,
  emit: (_packet: unknown, done?: () => void) => {
    done?.();
    return noEmitter;
  },
  close: (done?: () => void) => {
    if (done) setImmediate(done);
    return noEmitter;
  },
};
