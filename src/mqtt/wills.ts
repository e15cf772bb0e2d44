import type { WillRequest } from './decode-connect.ts';
import type { Message } from './message.ts';
import type { Principal } from './ports.ts';
import type { StoredWill } from './stored-state.ts';

/** What is known of the client that leaves a will. */
export interface Testator {
  sessionId: string;
  clientId: string;
  space: string;
  principal: Principal;
}

/** The will of a CONNECT as it is kept. */
export function willOf({ sessionId, clientId, space, principal }: Testator, will: WillRequest): StoredWill {
  return { sessionId, clientId, space, principal, ...will };
}

/** The message that is published; its expiry counts from now [MQTT-3.1.3-9]. */
export function messageOf(will: StoredWill, now: number): Message {
  const { topic, payload, qos, retain, properties, messageExpiryS, sessionId } = will;
  const expiresAt = messageExpiryS === null ? null : now + messageExpiryS * 1000;
  return { topic, payload, qos, retain, properties, expiresAt, publisher: sessionId };
}
