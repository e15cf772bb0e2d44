import type { Result } from '../core/result.ts';

/** Who is connected. The owner is the topic space: two owners' topics never meet. */
export type Principal =
  | { kind: 'source'; sourceId: string; ownerId: string }
  | { kind: 'token'; ownerId: string; canWrite: boolean }
  | { kind: 'anonymous'; address: string };

export interface Credentials {
  username: string | undefined;
  password: string | undefined;
  clientId: string;
  address: string;
}

export interface PublishedMessage {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  isRetained: boolean;
  clientId: string;
}

/** The rules, given by the features; the broker only asks. */
export interface BrokerPolicy {
  authenticate(credentials: Credentials): Promise<Result<Principal>>;
  /** The topic as the client wrote it. */
  mayPublish(principal: Principal, topic: string): boolean;
  /** The filter as the client wrote it. */
  maySubscribe(principal: Principal, filter: string): boolean;
  /** Asked for each delivery, so that wildcards cannot widen what may be read. */
  mayReceive(principal: Principal, topic: string): boolean;
  /**
   * Called for each accepted publication before it is acknowledged and forwarded; `done` continues it. With an error the
   * message is not acknowledged (MQTT 5: answered with the reason code for an unspecified error or quota exceeded).
   */
  receive(principal: Principal, message: PublishedMessage, done: (error: Error | null) => void): void;
}

/** What features may do with the broker. */
export interface Broker {
  /** Publishes into an owner's space. */
  publish(
    ownerId: string,
    topic: string,
    payload: string | Uint8Array,
    options?: { retain?: boolean; qos?: 0 | 1 },
  ): Promise<void>;
  /** Ends the connections of a source whose key changed or which was deactivated. */
  disconnectSource(sourceId: string): void;
  clients(): BrokerClient[];
}

export interface BrokerClient {
  clientId: string;
  principal: Principal;
  address: string;
  protocol: '3.1' | '3.1.1' | '5';
  transport: 'tcp' | 'tls' | 'ws';
  connectedAt: number;
  messagesIn: number;
  messagesOut: number;
  lastMessageAt: number | null;
}
