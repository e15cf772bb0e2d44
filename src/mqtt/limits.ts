/**
 * What bounds the broker, sized for a Raspberry Pi with 2 GB: all of it full at once stays near 200 MB. Those an owner may
 * change are in the configuration.
 */
export interface BrokerLimits {
  maxPacketBytes: number;
  maxClients: number;
  /** Messages a second from one client; 0 is no limit. */
  maxRate: number;
  /** Unfinished publications of one client before its socket is not read on. */
  receiveMaximum: number;
  /** The same, in bytes of payload. */
  receiveBytes: number;
  /** Publications sent to one client and not acknowledged by it. */
  sendMaximum: number;
  /** Bytes waiting in one client's socket before deliveries wait too. */
  sendBufferBytes: number;
  /** A client whose socket takes nothing for this long is disconnected. */
  stuckMs: number;
  connectTimeoutMs: number;
  /** Longest keep-alive; MQTT 5 clients that ask for more, or for none, are told this one. */
  keepAliveS: number;
  topicAliasMaximum: number;
  subscriptionsPerSession: number;
  /** Sessions kept while their clients are away. */
  maxSessions: number;
  /** The same, of one login: nobody's device drives out what others keep. */
  maxSessionsOfOne: number;
  sessionExpiryS: number;
  queuedMessages: number;
  queuedBytes: number;
  /** In each topic space. */
  retainedMessages: number;
  retainedBytes: number;
  /** All clients and spaces together, bytes: publications under way, sent but not looked at, queued, retained. */
  totalReceiveBytes: number;
  totalBacklogBytes: number;
  totalQueuedBytes: number;
  totalRetainedBytes: number;
}

/** A WebSocket frame may hold several packets, or a part of one. Bytes. */
export function largestFrameBytes(maxPacketBytes: number): number {
  return Math.max(1024 * 1024, maxPacketBytes);
}

/** What is used of the totals. One object is shared by all who use them. */
export interface Usage {
  receiveBytes: number;
  /** Sent by clients that are not read on: at least the rest of what their socket gave last. */
  backlogBytes: number;
  queuedBytes: number;
  retainedBytes: number;
}

export const defaultLimits: BrokerLimits = {
  maxPacketBytes: 256 * 1024,
  maxClients: 500,
  maxRate: 0,
  receiveMaximum: 8192,
  receiveBytes: 8 * 1024 * 1024,
  sendMaximum: 256,
  sendBufferBytes: 256 * 1024,
  stuckMs: 60_000,
  connectTimeoutMs: 10_000,
  keepAliveS: 3600,
  topicAliasMaximum: 64,
  subscriptionsPerSession: 500,
  maxSessions: 500,
  maxSessionsOfOne: 50,
  sessionExpiryS: 30 * 86_400,
  queuedMessages: 1000,
  queuedBytes: 4 * 1024 * 1024,
  retainedMessages: 10_000,
  retainedBytes: 16 * 1024 * 1024,
  totalReceiveBytes: 64 * 1024 * 1024,
  totalBacklogBytes: 24 * 1024 * 1024,
  totalQueuedBytes: 64 * 1024 * 1024,
  totalRetainedBytes: 48 * 1024 * 1024,
};

/** Publications at QoS 2 that one client may leave unreleased: their identifiers are remembered, on disk too. */
const MOST_UNRELEASED = 1024;

/** The receive maximum that MQTT 5 clients are told; who leaves more unreleased at QoS 2 is disconnected [MQTT-3.3.4-9]. */
export function toldReceiveMaximum(limits: BrokerLimits): number {
  return Math.min(MOST_UNRELEASED, limits.receiveMaximum);
}
