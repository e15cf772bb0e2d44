import type { Result } from '../core/result.ts';

/** Who is connected. The owner is the topic space: two owners' topics never meet. */
export type Principal =
  | { kind: 'source'; sourceId: string; ownerId: string }
  | { kind: 'token'; ownerId: string; canWrite: boolean; tokenId?: string }
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
  /**
   * How many publications of this client now wait for their commit, this one included. 1 means that the client may be
   * waiting for the answer before it sends more.
   */
  pending: number;
}

/** Why a message could not be taken, so that an MQTT 5 client is told: storage full, payload refused, or neither. */
export class ReceiveError extends Error {
  readonly reason: 'quota' | 'payload' | 'unavailable';
  constructor(reason: 'quota' | 'payload' | 'unavailable', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReceiveError';
    this.reason = reason;
  }
}

/** The rules, given by the features; the broker only asks. */
export interface BrokerPolicy {
  authenticate(credentials: Credentials): Promise<Result<Principal>>;
  /** The topic as the client wrote it. Answers are kept for the topics a client used last: rules are about who, not when. */
  mayPublish(principal: Principal, topic: string): boolean;
  /** The filter as the client wrote it, without `$share/<group>/`. */
  maySubscribe(principal: Principal, filter: string): boolean;
  /** Asked for each delivery, so that wildcards cannot widen what may be read. */
  mayReceive(principal: Principal, topic: string): boolean;
  /**
   * Called for each accepted publication before it is acknowledged and forwarded; `done` continues it, at once or later.
   * The payload is only borrowed: copy what is kept after `done`. With an error (see `ReceiveError`) the message is not
   * acknowledged: MQTT 5 clients get the reason code, older ones are disconnected so that they send it again.
   */
  receive(principal: Principal, message: PublishedMessage, done: (error: Error | null) => void): void;
  /** Brings what `receive` was given to disk now: the broker is about to stop and wants to answer. */
  settle?(): Promise<void>;
}

export interface PublishOptions {
  retain?: boolean;
  qos?: 0 | 1;
  /** Not written to disk: whoever publishes it does so again after a start. */
  isTransient?: boolean;
  /** MQTT 5 content type, shown to subscribers that speak it. */
  contentType?: string;
}

/** What features may do with the broker. */
export interface Broker {
  /** Publishes into an owner's space. Resolves once it is handed to the subscribers that are connected. */
  publish(ownerId: string, topic: string, payload: string | Uint8Array, options?: PublishOptions): Promise<void>;
  /** Ends the connections and sessions of a source whose key changed, or which was deactivated or deleted. */
  disconnectSource(sourceId: string): void;
  /** Ends the connections and sessions that an access token opened. */
  disconnectToken(tokenId: string): void;
  /** Ends the connections and sessions of an owner's sources and programs. */
  disconnectOwner(ownerId: string): void;
  /** Ends everything of an owner and removes retained messages and sessions: for when the user is deleted. */
  forgetOwner(ownerId: string): void;
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

/** The part of Bun's `ServerWebSocket` that the broker uses. */
export interface WebSocketPeer {
  /** -1: queued under back-pressure; 0: dropped; otherwise the bytes sent. */
  sendBinary(data: Uint8Array): number;
  getBufferedAmount(): number;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

/** One MQTT connection over WebSocket; the web server hands over what happens on its socket. */
export interface WebSocketConnection {
  message(data: string | Uint8Array): void;
  drain(): void;
  closed(): void;
}

/**
 * MQTT over WebSocket on the web port. The web server upgrades requests for `path`, with `chooseProtocol`'s answer as
 * `Sec-WebSocket-Protocol`, binary frames, no compression, and calls `open` with the new socket.
 */
export interface MqttOverWebSocket {
  readonly path: string;
  /** Largest frame to accept, bytes. */
  readonly maxFrameBytes: number;
  /** The subprotocol out of the request's header (`mqtt`, `mqttv3.1`), or null: then answer 400 and do not upgrade. */
  chooseProtocol(header: string | null): string | null;
  open(peer: WebSocketPeer, address: string): WebSocketConnection;
}
