import type { Delivery } from './delivery.ts';
import type { Message } from './message.ts';
import type { Principal } from './ports.ts';
import type { Subscription } from './subscription.ts';

/** A will as it is kept: until it is published, or the client leaves in good order. */
export interface StoredWill {
  sessionId: string;
  clientId: string;
  space: string;
  principal: Principal;
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  retain: boolean;
  properties: Uint8Array | null;
  messageExpiryS: number | null;
  delayS: number;
}

/** A session with what it still has to deliver and which identifiers are in use. */
export interface StoredSession {
  id: string;
  clientId: string;
  space: string;
  principal: Principal;
  subscriptions: Subscription[];
  expiryS: number;
  detachedAt: number | null;
  deliveries: Delivery[];
  incoming: number[];
}

/** Everything that the broker remembers over a restart. */
export interface StoredState {
  sessions: StoredSession[];
  retained: { space: string; message: Message }[];
  wills: StoredWill[];
}
