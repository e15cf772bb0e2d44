import type { Session } from './session.ts';
import type { Subscription } from './subscription.ts';

/** How a session gets a message of one topic, its overlapping subscriptions put together. */
export interface RecipientTerms {
  session: Session;
  qos: 0 | 1 | 2;
  retainAsPublished: boolean;
  subscriptionIds: readonly number[] | null;
}

/** Who gets a message of one topic. */
export interface Recipient extends RecipientTerms {
  /** The same for what the session published itself: subscriptions with No Local do not count. Null: not at all. */
  own: RecipientTerms | null;
}

/** Members of a shared subscription; one of them gets each message. */
export interface SharedGroup {
  members: Recipient[];
  /** Who is next. */
  turn: number;
}

export interface Audience {
  recipients: readonly Recipient[];
  groups: readonly SharedGroup[];
}

class Node {
  children: Map<string, Node> | null = null;
  subscribers: Map<Session, Subscription> | null = null;
  groups: Map<string, SharedGroup> | null = null;
}

const NOBODY: Audience = { recipients: [], groups: [] };
const CACHED_TOPICS = 2000;

/**
 * The subscriptions of one topic space, as a tree of levels. Audiences of recent topics are remembered until a
 * subscription changes: telemetry uses the same few topics again and again.
 */
export class SubscriptionTree {
  private root = new Node();
  private readonly audiences = new Map<string, Audience>();
  private count = 0;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  get size(): number {
    return this.count;
  }

  /** Adds or replaces; answers true if it is new. */
  add(session: Session, subscription: Subscription): boolean {
    this.audiences.clear();
    let node = this.root;
    for (const level of subscription.filter.split('/')) {
      node.children ??= new Map();
      let next = node.children.get(level);
      if (!next) {
        next = new Node();
        node.children.set(level, next);
      }
      node = next;
    }
    const isNew = subscription.group === null ? addTo(node, session, subscription) : join(node, session, subscription);
    if (isNew) this.count++;
    return isNew;
  }

  remove(session: Session, subscription: Subscription): void {
    this.audiences.clear();
    if (removeFrom(this.root, subscription.filter.split('/'), 0, session, subscription)) this.count--;
  }

  /** Everybody whose subscriptions match the topic. */
  audience(topic: string): Audience {
    if (this.count === 0) return NOBODY;
    const known = this.audiences.get(topic);
    if (known) return known;
    const found = this.gather(topic);
    if (this.audiences.size >= CACHED_TOPICS) this.audiences.clear();
    this.audiences.set(topic, found);
    return found;
  }

  private gather(topic: string): Audience {
    const bySession = new Map<Session, Subscription[]>();
    const groups: SharedGroup[] = [];
    const visit = (node: Node | undefined) => {
      for (const [session, subscription] of node?.subscribers ?? []) {
        const list = bySession.get(session);
        if (list) list.push(subscription);
        else bySession.set(session, [subscription]);
      }
      if (node?.groups) groups.push(...node.groups.values());
    };
    walk(this.root, topic.split('/'), 0, visit);
    return { recipients: [...bySession].map(([session, subs]) => recipient(session, subs)), groups };
  }
}

function walk(node: Node, levels: string[], depth: number, visit: (node: Node | undefined) => void): void {
  const { children } = node;
  if (depth === levels.length) visit(node);
  if (!children) return;
  // A leading wildcard does not match topics that begin with `$` [MQTT-4.7.2-1].
  if (depth > 0 || levels[0]?.charCodeAt(0) !== 36) {
    visit(children.get('#'));
    const any = depth < levels.length ? children.get('+') : undefined;
    if (any) walk(any, levels, depth + 1, visit);
  }
  const level = levels[depth];
  const next = level === undefined ? undefined : children.get(level);
  if (next) walk(next, levels, depth + 1, visit);
}

/** One delivery for all subscriptions that match: the highest QoS and every identifier (MQTT 5.0, section 3.3.4). */
function recipient(session: Session, subscriptions: readonly Subscription[]): Recipient {
  const others = subscriptions.filter((s) => !s.noLocal);
  const terms = termsOf(session, subscriptions);
  if (others.length === subscriptions.length) return { ...terms, own: terms };
  return { ...terms, own: others.length > 0 ? termsOf(session, others) : null };
}

function termsOf(session: Session, subscriptions: readonly Subscription[]): RecipientTerms {
  const ids = subscriptions.flatMap((s) => (s.subscriptionId === null ? [] : [s.subscriptionId]));
  return {
    session,
    qos: Math.max(...subscriptions.map((s) => s.qos)) as 0 | 1 | 2,
    retainAsPublished: subscriptions.some((s) => s.retainAsPublished),
    subscriptionIds: ids.length > 0 ? ids : null,
  };
}

function addTo(node: Node, session: Session, subscription: Subscription): boolean {
  node.subscribers ??= new Map();
  const isNew = !node.subscribers.has(session);
  node.subscribers.set(session, subscription);
  return isNew;
}

function join(node: Node, session: Session, subscription: Subscription): boolean {
  node.groups ??= new Map();
  const name = subscription.group as string;
  const group = node.groups.get(name) ?? { members: [], turn: 0 };
  node.groups.set(name, group);
  const at = group.members.findIndex((m) => m.session === session);
  if (at === -1) group.members.push(recipient(session, [subscription]));
  else group.members[at] = recipient(session, [subscription]);
  return at === -1;
}

function removeFrom(
  node: Node,
  levels: string[],
  depth: number,
  session: Session,
  subscription: Subscription,
): boolean {
  if (depth === levels.length) return leave(node, session, subscription);
  const level = levels[depth] as string;
  const child = node.children?.get(level);
  if (!child) return false;
  const isRemoved = removeFrom(child, levels, depth + 1, session, subscription);
  if (!child.children && !child.subscribers && !child.groups) {
    node.children?.delete(level);
    if (node.children?.size === 0) node.children = null;
  }
  return isRemoved;
}

function leave(node: Node, session: Session, subscription: Subscription): boolean {
  if (subscription.group === null) {
    const isRemoved = node.subscribers?.delete(session) ?? false;
    if (node.subscribers?.size === 0) node.subscribers = null;
    return isRemoved;
  }
  const group = node.groups?.get(subscription.group);
  const at = group?.members.findIndex((m) => m.session === session) ?? -1;
  if (!group || at === -1) return false;
  group.members.splice(at, 1);
  if (group.members.length === 0) node.groups?.delete(subscription.group);
  if (node.groups?.size === 0) node.groups = null;
  return true;
}
