import type { Database } from 'bun:sqlite';
import type { Clock, TimeShift } from '../core/clock.ts';
import { hasPassed } from '../core/durations.ts';
import type { Log, LogFields } from '../core/log.ts';
import { Admission } from './admission.ts';
import { AedesCore } from './aedes-core.ts';
import type { AedesClient, Connack } from './aedes-internals.ts';
import { describeClient } from './client-description.ts';
import { sendConnack } from './connack.ts';
import { Connection } from './connection.ts';
import { Control } from './control.ts';
import type { BrokerCounters } from './counters.ts';
import { ConnectError } from './decode-connect.ts';
import { guardClient } from './guard-client.ts';
import { Handshake } from './handshake.ts';
import { houseMessage } from './house-message.ts';
import { Intake } from './intake.ts';
import type { BrokerLimits, Usage } from './limits.ts';
import { Link, type Transport } from './link.ts';
import type { Broker, BrokerClient, BrokerPolicy, Principal, PublishOptions } from './ports.ts';
import { Reason } from './reason-codes.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { Spaces } from './spaces.ts';
import { BrokerStore } from './store.sqlite.ts';
import { TalkShare } from './talk-share.ts';
import type { ConnectionHandle } from './tcp.ts';
import { WillKeeper } from './will-keeper.ts';
import type { ProtocolError } from './wire.ts';

export interface EmbeddedBrokerOptions {
  policy: BrokerPolicy;
  limits: BrokerLimits;
  clock: Clock;
  log: Log;
  /** File of sessions and retained messages. */
  storePath: string;
  /** How stored stamps move that were given while nobody knew the time. */
  shifts?: () => readonly TimeShift[];
}

const SWEEP_MS = 1000;
const NOTE_EVERY_MS = 10_000;

/** The broker without its doors: connections come in through `open`, whatever carries them. */
export class EmbeddedBroker implements Broker {
  private readonly core: AedesCore;
  private readonly store: BrokerStore;
  private readonly spaces: Spaces;
  private readonly sessions: Sessions;
  private readonly wills: WillKeeper;
  private readonly admission: Admission;
  private readonly handshake: Handshake;
  private readonly connections = new Map<Link, Connection>();
  private readonly connectedAt = new Map<Link, number>();
  private readonly intakes = new Map<Link, Intake>();
  private sweeper: Timer | null = null;
  private readonly usage: Usage = { receiveBytes: 0, backlogBytes: 0, queuedBytes: 0, retainedBytes: 0 };
  private readonly talk = new TalkShare();
  private isStopping = false;
  private readonly notedAt = new Map<string, number>();
  readonly counters: BrokerCounters = { received: 0, sent: 0, dropped: 0, refused: 0, connections: 0, failedLogins: 0 };

  constructor(private readonly options: EmbeddedBrokerOptions) {
    const { limits, clock, log, policy } = options;
    const now = () => clock.now();
    const onDropped = (count: number) => {
      this.counters.dropped += count;
    };
    const { shifts } = options;
    this.store = new BrokerStore({ path: options.storePath, log, now, ...(shifts && { shifts }) });
    this.spaces = new Spaces({
      limits,
      usage: this.usage,
      now,
      onNotRetained: (topic) => {
        this.counters.dropped++;
        this.note('a retained MQTT message has no room: its topic has none now', { topic });
      },
      mayReceive: (principal, topic) => policy.mayReceive(principal, topic),
      saveRetained: (space, topic, message, delayMs) => this.store.saveRetained(space, topic, message, delayMs),
    });
    const onEnded = (session: Session) => this.wills.sessionEnded(session.id);
    this.sessions = new Sessions({
      limits,
      usage: this.usage,
      now,
      onDropped,
      spaces: this.spaces,
      store: this.store,
      onEnded,
    });
    this.wills = new WillKeeper({ now, store: this.store, policy, spaces: this.spaces });
    this.admission = new Admission({ policy, limits, clock, log, counters: this.counters });
    this.handshake = new Handshake({
      ...{ limits, admission: this.admission, sessions: this.sessions, wills: this.wills },
      connected: () => this.connections.values().reduce((sum, { isReady }) => sum + (isReady ? 1 : 0), 0),
    });
    this.core = new AedesCore(limits, {
      onConnect: (client, packet, done) => void this.handshake.connect(client, packet, done),
      onDetach: (client) => this.handshake.detach(client),
      onWill: (client, delayS) => this.wills.clientLost(client.id, delayS, this.isStopping),
    });
  }

  /** The open file of sessions and retained messages, for a backup; null while it is closed. */
  database(): Database | null {
    return this.store.database();
  }

  async start(): Promise<void> {
    this.isStopping = false;
    this.store.open();
    const stored = this.store.load();
    this.sessions.restore(stored.sessions);
    for (const { space, message } of stored.retained) this.spaces.of(space).retained.keep(message);
    this.wills.restore(stored.wills);
    await this.core.listen();
    this.listenToCore();
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS);
    this.sweeper.unref();
  }

  private listenToCore(): void {
    const events = this.core as unknown as NodeJS.EventEmitter;
    events.on('client', (client: AedesClient<Link>) => this.handshake.registered(client));
    events.on('connackSent', (connack: Connack, client: AedesClient<Link>) =>
      sendConnack(connack, client, this.options.limits),
    );
    events.on('clientReady', (client: AedesClient<Link>) => this.ready(client));
    events.on('keepaliveTimeout', (client: AedesClient<Link>) => client.conn.sendDisconnect(Reason.keepAliveTimeout));
    const note = (client: AedesClient<Link>, error: Error) =>
      this.options.log.debug('an MQTT connection ended', { client: client.conn.clientId, reason: error.message });
    events.on('clientError', note);
    events.on('connectionError', note);
    events.on('error', (error: Error) => this.options.log.error('the MQTT core failed', { error }));
  }

  private sweep(): void {
    const now = this.options.clock.now();
    this.sessions.expire();
    this.wills.publishDue();
    for (const space of this.spaces.all())
      for (const topic of space.retained.dropExpired(now)) this.store.saveRetained(space.id, topic, null, SWEEP_MS);
  }

  /** A new connection; undefined when it is not wanted. */
  open(transport: Transport): ConnectionHandle | undefined {
    if (this.isStopping || !this.admission.mayOpen(this.connections.keys(), transport.address)) return undefined;
    this.counters.connections++;
    const { limits } = this.options;
    const { sendBufferBytes, stuckMs } = limits;
    const onStuck = (stuck: Link) => {
      this.options.log.warn('an MQTT client that takes nothing was disconnected', { client: stuck.clientId });
      stuck.client?.close();
      transport.terminate();
    };
    const link = new Link({ transport, sendBufferBytes, stuckMs, onStuck, counters: this.counters });
    const client = this.core.handle(link) as unknown as AedesClient<Link>;
    const connection = new Connection({
      link,
      client,
      limits,
      usage: this.usage,
      talk: this.talk,
      onProtocolError: (failed, error) => this.fail(failed, error),
    });
    this.prepare(link, client, connection);
    return {
      data: (chunk) => connection.data(chunk),
      drain: () => connection.drained(),
      closed: () => client.close(),
    };
  }

  private prepare(link: Link, client: AedesClient<Link>, connection: Connection): void {
    this.connections.set(link, connection);
    this.connectedAt.set(link, this.options.clock.now());
    link.client = client;
    link.once('close', () => this.forget(link));
    guardClient(client, connection);
  }

  private forget(link: Link): void {
    this.connections.delete(link);
    this.connectedAt.delete(link);
    this.intakes.delete(link);
  }

  /** The handshake is over: what waited in the session goes out, what the client sent meanwhile is taken up. */
  private ready(client: AedesClient<Link>): void {
    const link = client.conn;
    const { session, principal } = link;
    const connection = this.connections.get(link);
    if (!session || !principal || !connection || client.closed) return;
    const { policy, limits, clock } = this.options;
    const space = this.spaces.of(session.space);
    const own = { link, session, principal, space, limits, policy };
    const intake = new Intake({
      ...own,
      usage: this.usage,
      spaces: this.spaces,
      store: this.store,
      counters: this.counters,
      now: () => clock.now(),
      onFull: (isFull) => connection.full(isFull),
      onFailure: (error) => connection.fail(error),
      onRefused: (topic) => this.note('an MQTT client published where it may not', { client: link.clientId, topic }),
    });
    this.intakes.set(link, intake);
    session.resume(link, (message) => policy.mayReceive(principal, message.topic));
    connection.accept({ intake, control: new Control({ ...own, client, sessions: this.sessions }) });
  }

  /** Says so in the log, of the same at most each ten seconds. */
  private note(words: string, fields: LogFields): void {
    const now = this.options.clock.now();
    if (!hasPassed(this.notedAt.get(words) ?? Number.NEGATIVE_INFINITY, NOTE_EVERY_MS, now)) return;
    this.notedAt.set(words, now);
    this.options.log.warn(words, fields);
  }

  private fail(connection: Connection, error: ProtocolError): void {
    const { link, client } = connection;
    const level = connection.isReady ? 'warn' : 'debug';
    this.options.log[level]('an MQTT client was disconnected', { client: link.clientId, reason: error.message });
    if (connection.isReady) link.sendDisconnect(error.reasonCode, error.message);
    else if (error instanceof ConnectError && error.version !== null) {
      link.version = error.version;
      link.refuse(error.reasonCode, error.message);
    }
    client.close();
  }

  async publish(
    ownerId: string,
    topic: string,
    payload: string | Uint8Array,
    options: PublishOptions = {},
  ): Promise<void> {
    const message = houseMessage(topic, payload, options);
    this.spaces.route(this.spaces.of(ownerId), message, options.isTransient);
  }

  disconnectSource(sourceId: string): void {
    this.endAll((p) => p.kind === 'source' && p.sourceId === sourceId);
  }

  disconnectToken(tokenId: string): void {
    this.endAll((p) => p.kind === 'token' && p.tokenId === tokenId);
  }

  disconnectOwner(ownerId: string): void {
    this.endAll((p) => p.kind !== 'anonymous' && p.ownerId === ownerId);
  }

  forgetOwner(ownerId: string): void {
    this.disconnectOwner(ownerId);
    const space = this.spaces.of(ownerId);
    for (const { message } of space.retained.all()) this.store.saveRetained(ownerId, message.topic, null, 0);
    this.spaces.remove(ownerId);
  }

  /** Ends connections and sessions, wills included: who lost access publishes nothing more. */
  private endAll(isMeant: (principal: Principal) => boolean): void {
    this.handshake.lose(isMeant, this.connections.keys());
    for (const session of [...this.sessions.all()]) {
      if (!isMeant(session.principal)) continue;
      this.wills.clientLeft(session.id);
      const link = [...this.connections.keys()].find((l) => l.session === session);
      link?.client?.disconnect({ reasonCode: Reason.notAuthorized });
      if (this.sessions.find(session.id) === session) this.sessions.end(session);
    }
  }

  clients(): BrokerClient[] {
    return [...this.connections.values()].flatMap(({ link, isReady }) => {
      const client = isReady ? describeClient(link, this.connectedAt.get(link) ?? 0) : null;
      return client ? [client] : [];
    });
  }

  /** Numbers for /metrics. */
  state(): { sessions: number; retained: number; queued: number; underWayBytes: number } {
    let retained = 0;
    let queued = 0;
    for (const space of this.spaces.all()) retained += space.retained.size;
    for (const session of this.sessions.all()) queued += session.queued + session.inflight.size;
    const underWayBytes = this.usage.receiveBytes;
    return { sessions: this.sessions.size, retained, queued, underWayBytes };
  }

  /**
   * Stops in good order: reads nothing more, lets what was received become durable and be acknowledged, says good-bye
   * (0x8B), and writes what is to be kept. Wills wait for the next start, as the standard allows when a server stops.
   */
  async stop(): Promise<void> {
    if (this.isStopping) return;
    this.isStopping = true;
    if (this.sweeper) clearInterval(this.sweeper);
    for (const connection of this.connections.values()) connection.halt();
    await this.options.policy.settle?.();
    const until = performance.now() + 1000;
    while (performance.now() < until && this.intakes.values().some((i) => i.pending > 0)) {
      this.store.flush();
      await Bun.sleep(5);
    }
    await new Promise<void>((resolve) => this.core.close(resolve));
    for (const { client } of [...this.connections.values()]) client.close();
    this.store.close();
  }
}
