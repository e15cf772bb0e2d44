/** A publication on its way to subscribers, in the publisher's own words. */
export interface Message {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  /** As published; a subscription decides whether it is shown. */
  retain: boolean;
  /** MQTT 5 properties that are forwarded unaltered, as on the wire, in their order. Null when there are none. */
  properties: Uint8Array | null;
  /** When it stops being of use, ms UTC; null when never. */
  expiresAt: number | null;
  /** Session that published it; null when Ampra itself did. */
  publisher: string | null;
}

/** What a message weighs in memory, bytes. */
export function weight(message: Message): number {
  return message.payload.length + message.topic.length * 2 + (message.properties?.length ?? 0) + 120;
}

/** True if the message's time is over. */
export function isExpired(message: Message, now: number): boolean {
  return message.expiresAt !== null && message.expiresAt <= now;
}

/** The message with bytes of its own, for keeping: what comes from the network lies inside larger buffers. */
export function keepable(message: Message): Message {
  const { topic, qos, retain, expiresAt, publisher } = message;
  const payload = new Uint8Array(message.payload);
  const properties = message.properties && new Uint8Array(message.properties);
  return { topic, payload, qos, retain, properties, expiresAt, publisher };
}
