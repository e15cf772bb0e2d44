import type { Message } from './message.ts';

/** A message on its way to one session. At QoS 1 and 2 it is kept until the client acknowledged it. */
export interface Delivery {
  /** Grows within the session; the key on disk. */
  seq: number;
  message: Message;
  qos: 1 | 2;
  retain: boolean;
  subscriptionIds: readonly number[] | null;
  /** 0 until it was sent for the first time. */
  packetId: number;
  state: 'queued' | 'sent' | 'released';
  /** True once a row of it is on disk. */
  isStored: boolean;
  isDone: boolean;
}

/** A message with what several deliveries of it share. */
export interface Publication {
  message: Message;
  /** A copy with bytes of its own, made once when first needed. */
  kept: Message | null;
  /** Encoded packets at QoS 0, by protocol and retain flag. */
  encoded: (Buffer | undefined)[];
}

/** How a message goes to one session. */
export interface DeliveryTerms {
  qos: 0 | 1 | 2;
  retain: boolean;
  subscriptionIds: readonly number[] | null;
}

/** A delivery that was not sent yet. */
export function newDelivery(
  seq: number,
  message: Message,
  terms: { qos: 1 | 2; retain: boolean; subscriptionIds: readonly number[] | null },
): Delivery {
  const { qos, retain, subscriptionIds } = terms;
  const fresh = { packetId: 0, state: 'queued', isStored: false, isDone: false } as const;
  return { seq, message, qos, retain, subscriptionIds, ...fresh };
}
