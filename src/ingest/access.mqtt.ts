import type { AccountChanges, TokenVerifier } from '../accounts/ports.ts';
import { mayUse } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { isPrivateAddress } from '../core/private-address.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import {
  type Broker,
  type BrokerPolicy,
  type Credentials,
  type Principal,
  type PublishedMessage,
  ReceiveError,
} from '../mqtt/ports.ts';
import { covers, matches } from '../mqtt/topics.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { dialects } from './dialects.ts';
import type { TurnedAwayMemory } from './inbox/turned-away-service.ts';
import { type AnonymousInbox, IngestRefusal, type IngestService, type Journal } from './ports.ts';

export interface MqttAccessDeps {
  sources: SourceDirectory;
  tokens: TokenVerifier;
  ingest: IngestService;
  journal: Pick<Journal, 'commit'>;
  clock: Clock;
  /** `open` also lets anonymous clients of the private network in. */
  access: 'sources' | 'open';
  /** Takes what clients without a login send. */
  inbox: AnonymousInbox;
  /** Told of sources that were not let in, or not let through. */
  turnedAway?: Pick<TurnedAwayMemory, 'wrongKey' | 'wrongTopic' | 'cameIn'>;
  /** Called when Home Assistant says in an owner's space that it started. */
  onBirth?: (ownerId: string) => void;
}

/** What Ampra itself publishes under `ampra/<source id>/`; nobody else does. */
export const ampraOutputs = ['latest', 'forecast', 'plan', 'availability'] as const;
const OWN_OUTPUT = new RegExp(`^ampra/[^/]+/(${ampraOutputs.join('|')})(/|$)`);
/** Birth messages of Home Assistant: devices that announce themselves listen to them. */
const COMMON_TOPICS = ['homeassistant/status', 'hass/status'];
const BORN = 'online';

/**
 * Who may do what at the broker:
 * - a source (user name its id, password its key) publishes anywhere in its owner's topics but under another source's
 *   `ampra/<id>/`, and reads its own `ampra/<id>/#` and the command topics of device families;
 * - a program (user name `token`, password an access token) reads what its owner may, and with scope `write` publishes
 *   anywhere in the owner's topics; what it publishes under `ampra/<id>/` of an own source counts as that source's;
 * - nobody publishes what Ampra says itself (`latest`, `forecast`, `plan`, `availability`);
 * - with open access, anonymous clients of the private network use topics that no source owns; what looks like a device
 *   waits in the inbox, and is a source's once an Overseer claimed it.
 */
export class MqttAccess implements BrokerPolicy {
  private readonly commandTopics = [...COMMON_TOPICS, ...dialects.flatMap((d) => d.commandTopics ?? [])];

  constructor(private readonly deps: MqttAccessDeps) {}

  async authenticate(credentials: Credentials): Promise<Result<Principal>> {
    const { username, password, address } = credentials;
    if (username === undefined || username === '') return this.anonymous(address);
    if (username === 'token') return this.token(password ?? '', address);
    const source = this.deps.sources.byId(username);
    if (!source || !this.deps.sources.checkApiKey(username, password ?? '')) {
      if (source) this.deps.turnedAway?.wrongKey(source.id, address);
      return refuse('unauthenticated', 'The user name must be a source id and the password its key.');
    }
    this.deps.turnedAway?.cameIn(source.id);
    if (!source.isActive) return refuse('forbidden', 'This source is switched off.');
    return ok({ kind: 'source', sourceId: source.id, ownerId: source.ownerId });
  }

  private token(password: string, address: string): Result<Principal> {
    const viewer = this.deps.tokens.verifyToken(password, address);
    if (!viewer) return refuse('unauthenticated', 'The access token is not valid.');
    const tokenId = viewer.via.kind === 'token' ? viewer.via.tokenId : '';
    return ok({ kind: 'token', ownerId: viewer.userId, canWrite: mayUse(viewer, 'user', true), tokenId });
  }

  private anonymous(address: string): Result<Principal> {
    if (this.deps.access !== 'open')
      return refuse('forbidden', 'A user name is needed: the id of a source, or "token" with an access token.');
    if (!isPrivateAddress(address)) return refuse('forbidden', 'Only the private network may connect without a login.');
    return ok({ kind: 'anonymous', address });
  }

  mayPublish(principal: Principal, topic: string): boolean {
    const isAllowed = this.mayPublishAt(principal, topic);
    if (!isAllowed && principal.kind === 'source') this.deps.turnedAway?.wrongTopic(principal.sourceId, topic);
    return isAllowed;
  }

  private mayPublishAt(principal: Principal, topic: string): boolean {
    if (OWN_OUTPUT.test(topic)) return false;
    const owned = sourceIdIn(topic);
    if (principal.kind === 'source') return owned === null || owned === principal.sourceId;
    if (principal.kind === 'anonymous') return owned === null;
    return principal.canWrite && (owned === null || this.ownSource(principal.ownerId, owned) !== undefined);
  }

  maySubscribe(principal: Principal, filter: string): boolean {
    if (principal.kind !== 'source') return true;
    return covers(`ampra/${principal.sourceId}/#`, filter) || this.commandTopics.some((c) => covers(c, filter));
  }

  mayReceive(principal: Principal, topic: string): boolean {
    if (principal.kind === 'anonymous') return sourceIdIn(topic) === null;
    if (principal.kind === 'token') return true;
    return topic.startsWith(`ampra/${principal.sourceId}/`) || this.commandTopics.some((c) => matches(c, topic));
  }

  receive(principal: Principal, message: PublishedMessage, done: (error: Error | null) => void): void {
    if (principal.kind === 'anonymous') {
      this.receiveAnonymous(message, done);
      return;
    }
    this.noteBirth(principal.ownerId, message);
    const source = this.sourceOf(principal, message.topic);
    if (!source) {
      done(
        principal.kind === 'source' ? new ReceiveError('unavailable', 'This source does not exist any more.') : null,
      );
      return;
    }
    const { topic, payload, isRetained } = message;
    const receivedAt = this.deps.clock.now();
    this.deps.ingest.receive(source, 'mqtt', { topic, payload, receivedAt, isRetained }, (error) =>
      done(error && reasonFor(error)),
    );
  }

  private noteBirth(ownerId: string, { topic, payload }: PublishedMessage): void {
    if (!COMMON_TOPICS.includes(topic) || payload.length !== BORN.length) return;
    if (new TextDecoder().decode(payload) === BORN) this.deps.onBirth?.(ownerId);
  }

  /** A claimed topic is a source's; the rest waits in the inbox, or is only passed on. */
  private receiveAnonymous(published: PublishedMessage, done: (error: Error | null) => void): void {
    const { inbox, ingest, clock } = this.deps;
    const { topic, payload, isRetained } = published;
    const message = { topic, payload, receivedAt: clock.now(), isRetained };
    const source = inbox.sourceOf(topic);
    if (!source) inbox.receive(message, (error) => done(error && reasonFor(error)));
    // Others behind the same bridge must not be cut off because one of its devices is switched off.
    else if (!source.isActive) done(null);
    else ingest.receive(source, 'mqtt', message, (error) => done(error && reasonFor(error)));
  }

  /** Whose reading a publication is; undefined when it is only passed on. */
  private sourceOf(principal: Principal, topic: string): Source | undefined {
    if (principal.kind === 'source') return this.deps.sources.byId(principal.sourceId);
    const id = principal.kind === 'token' ? sourceIdIn(topic) : null;
    return id !== null && principal.kind === 'token' ? this.ownSource(principal.ownerId, id) : undefined;
  }

  private ownSource(ownerId: string, id: string): Source | undefined {
    const source = this.deps.sources.byId(id);
    return source?.ownerId === ownerId ? source : undefined;
  }

  async settle(): Promise<void> {
    await this.deps.journal.commit();
  }
}

/** Ends the connections of whoever lost access: new key, source switched off, token revoked, user gone. */
export function endLostAccess(deps: {
  broker: Broker;
  sources: SourceDirectory;
  accounts: AccountChanges;
}): () => void {
  const { broker, sources, accounts } = deps;
  const endSources = sources.onChange((change) => {
    if (change.kind === 'created' || change.kind === 'updated') return;
    broker.disconnectSource(change.source.id);
  });
  const endAccounts = accounts.onChange((change) => {
    if (change.kind === 'tokenRevoked') broker.disconnectToken(change.tokenId);
    else if (change.kind === 'userDeleted') broker.forgetOwner(change.userId);
    else if (change.kind === 'userChanged' && !change.isActive) broker.disconnectOwner(change.userId);
  });
  return () => {
    endSources();
    endAccounts();
  };
}

function reasonFor(error: Error): ReceiveError {
  if (error instanceof IngestRefusal && error.reason === 'unavailable')
    return new ReceiveError('quota', error.message, { cause: error });
  return new ReceiveError('unavailable', error.message, { cause: error });
}

/** The id in `ampra/<id>/...`, null for all other topics. */
function sourceIdIn(topic: string): string | null {
  if (!topic.startsWith('ampra/')) return topic === 'ampra' ? '' : null;
  const slash = topic.indexOf('/', 6);
  return slash === -1 ? topic.slice(6) : topic.slice(6, slash);
}
