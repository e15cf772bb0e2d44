import type { ConnectPacket, WillProperties } from './aedes-internals.ts';
import type { Message } from './message.ts';
import type { Principal } from './ports.ts';
import { Property, PropertyWriter } from './properties.ts';
import type { StoredWill } from './stored-state.ts';

/** What is known of the client that leaves a will. */
export interface Testator {
  sessionId: string;
  clientId: string;
  space: string;
  principal: Principal;
}

/** The will of a CONNECT as it is kept. The delay says when, so it is not part of the message. */
export function willOf(testator: Testator, will: NonNullable<ConnectPacket['will']>): StoredWill {
  return {
    ...testator,
    topic: will.topic,
    payload: new Uint8Array(will.payload),
    qos: will.qos as 0 | 1 | 2,
    retain: will.retain,
    properties: forwarded(will.properties),
    messageExpiryS: will.properties?.messageExpiryInterval ?? null,
    delayS: will.properties?.willDelayInterval ?? 0,
  };
}

function forwarded(p: WillProperties | undefined): Uint8Array | null {
  if (!p) return null;
  const writer = new PropertyWriter();
  if (p.payloadFormatIndicator !== undefined) writer.u8(Property.payloadFormat, p.payloadFormatIndicator ? 1 : 0);
  if (p.contentType !== undefined) writer.text(Property.contentType, p.contentType);
  if (p.responseTopic !== undefined) writer.text(Property.responseTopic, p.responseTopic);
  if (p.correlationData !== undefined) writer.binary(Property.correlationData, p.correlationData);
  for (const [name, values] of Object.entries(p.userProperties ?? {}))
    for (const value of Array.isArray(values) ? values : [values]) writer.pair(Property.userProperty, name, value);
  return writer.length > 0 ? writer.toBytes() : null;
}

/** The message that is published; its expiry counts from now [MQTT-3.1.3-9]. */
export function messageOf(will: StoredWill, now: number): Message {
  const { topic, payload, qos, retain, properties, messageExpiryS, sessionId } = will;
  const expiresAt = messageExpiryS === null ? null : now + messageExpiryS * 1000;
  return { topic, payload, qos, retain, properties, expiresAt, publisher: sessionId };
}
