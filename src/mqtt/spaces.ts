import type { Publication } from './delivery.ts';
import type { BrokerLimits, Usage } from './limits.ts';
import type { Message } from './message.ts';
import type { Principal } from './ports.ts';
import { RetainedMessages } from './retained.ts';
import { type Recipient, type RecipientTerms, type SharedGroup, SubscriptionTree } from './subscriptions.ts';

/** Where an owner's topics live. Two spaces never meet. */
export interface Space {
  readonly id: string;
  readonly tree: SubscriptionTree;
  readonly retained: RetainedMessages;
}

/** The space that anonymous clients share. No user has this id. */
export const OPEN_SPACE = 'open';

export function spaceOf(principal: Principal): string {
  return principal.kind === 'anonymous' ? OPEN_SPACE : principal.ownerId;
}

export interface SpacesOptions {
  limits: BrokerLimits;
  usage: Usage;
  mayReceive(principal: Principal, topic: string): boolean;
  saveRetained(space: string, topic: string, message: Message | null, delayMs: number): void;
  /** There was no room to keep the message for later subscribers. */
  onNotRetained(topic: string): void;
  now(): number;
}

/** A retained topic that changes more often than this shares its writes. */
const RETAINED_WRITE_MS = 30_000;
const SOON_MS = 100;
const UNHURRIED_MS = 5000;

/** All topic spaces: takes messages to those who subscribed, and keeps the retained ones. */
export class Spaces {
  private readonly spaces = new Map<string, Space>();
  constructor(private readonly options: SpacesOptions) {}

  /** The space of that id, made when it is first asked for. */
  of(id: string): Space {
    let space = this.spaces.get(id);
    if (!space) {
      space = {
        id,
        tree: new SubscriptionTree(),
        retained: new RetainedMessages(this.options.limits, this.options.usage),
      };
      this.spaces.set(id, space);
    }
    return space;
  }

  all(): Iterable<Space> {
    return this.spaces.values();
  }

  remove(id: string): void {
    this.spaces.get(id)?.retained.clear();
    this.spaces.delete(id);
  }

  /** Forwards a message. Answers true if something of it must reach the disk before its publisher is told. */
  route(space: Space, message: Message, isTransient = false): boolean {
    let isForDisk = message.retain && this.retain(space, message, isTransient);
    if (space.tree.isEmpty) return isForDisk;
    const { recipients, groups } = space.tree.audience(message.topic);
    if (recipients.length === 0 && groups.length === 0) return isForDisk;
    const publication: Publication = { message, kept: null, encoded: [] };
    for (const recipient of recipients) {
      const terms = recipient.session.id === message.publisher ? recipient.own : recipient;
      if (terms && this.hand(terms, publication)) isForDisk = true;
    }
    for (const group of groups) {
      const member = nextMember(group);
      if (member && this.hand(member, publication)) isForDisk = true;
    }
    return isForDisk;
  }

  private hand(recipient: RecipientTerms, publication: Publication): boolean {
    const { message } = publication;
    if (!this.options.mayReceive(recipient.session.principal, message.topic)) return false;
    return recipient.session.deliver(publication, {
      qos: Math.min(message.qos, recipient.qos) as 0 | 1 | 2,
      retain: recipient.retainAsPublished && message.retain,
      subscriptionIds: recipient.subscriptionIds,
    });
  }

  private retain(space: Space, message: Message, isTransient: boolean): boolean {
    const before = space.retained.entry(message.topic);
    if (!space.retained.keep(message)) {
      this.options.onNotRetained(message.topic);
      return before ? this.forget(space, message) : false;
    }
    if (isTransient) return false;
    const entry = space.retained.entry(message.topic);
    if (!entry) return before ? this.forget(space, message) : false;
    const now = this.options.now();
    const isFrequent = now - entry.writtenAt < RETAINED_WRITE_MS;
    if (!isFrequent) entry.writtenAt = now;
    const atRest = message.qos > 0 ? SOON_MS : UNHURRIED_MS;
    const delayMs = isFrequent ? entry.writtenAt + RETAINED_WRITE_MS - now : atRest;
    this.options.saveRetained(space.id, message.topic, entry.message, delayMs);
    return !isFrequent && message.qos > 0;
  }

  /** The topic has no retained message any more. */
  private forget(space: Space, { topic, qos }: Message): boolean {
    this.options.saveRetained(space.id, topic, null, SOON_MS);
    return qos > 0;
  }
}

/** The next member in turn that is connected, else the next whose session waits for it (MQTT 5.0, section 4.8.2). */
function nextMember(group: SharedGroup): Recipient | undefined {
  const { members } = group;
  for (let i = 0; i < members.length; i++) {
    const at = (group.turn + i) % members.length;
    if (members[at]?.session.link) {
      group.turn = at + 1;
      return members[at];
    }
  }
  return members[group.turn++ % members.length];
}
