import type { Message } from './message.ts';
import type { PublishedMessage } from './ports.ts';
import { Reason } from './reason-codes.ts';
import type { Session } from './session.ts';

/** A publication on its way in. One object serves the policy, the forwarding and the acknowledgement. */
export class Incoming implements Message, PublishedMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly isRetained: boolean;
  readonly clientId: string;
  readonly publisher: string;
  properties: Uint8Array | null = null;
  expiresAt: number | null = null;
  packetId = 0;
  pending = 0;
  /** Forwarded as soon as the policy is done with it. */
  isSettled = false;
  /** Acknowledged as soon as nothing of it must still reach the disk. */
  isReady = false;
  /** Acknowledged and forgotten. */
  isForNobody = false;
  reasonCode: number = Reason.success;
  reason: string | undefined = undefined;

  constructor(topic: string, payload: Uint8Array, flags: number, session: Session) {
    this.topic = topic;
    this.payload = payload;
    this.qos = ((flags >> 1) & 3) as 0 | 1 | 2;
    this.retain = (flags & 1) !== 0;
    this.isRetained = this.retain;
    this.clientId = session.clientId;
    this.publisher = session.id;
  }
}
