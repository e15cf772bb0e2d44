import type { Message } from './message.ts';
import type { PublishOptions } from './ports.ts';
import { Property, PropertyWriter } from './properties.ts';

/** A message that the house itself publishes. */
export function houseMessage(topic: string, payload: string | Uint8Array, options: PublishOptions): Message {
  const { contentType, qos = 0, retain = false } = options;
  return {
    ...{ topic, qos, retain },
    payload: typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload,
    properties: contentType ? new PropertyWriter().text(Property.contentType, contentType).toBytes() : null,
    expiresAt: null,
    publisher: null,
  };
}
