import { backOff } from '../../core/back-off.ts';
import type { Clock } from '../../core/clock.ts';
import { hasPassed, seconds } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import type { Source } from '../../sources/source.ts';
import { IngestRefusal, type IngestService } from '../ports.ts';
import {
  type Connection,
  type ConnectionState,
  type ConnectionTraffic,
  filtersOf,
  isForeign,
  kindByTopic,
  kindOf,
  portalIn,
} from './connection.ts';
import { HeldBack } from './held-back.ts';
import { worthOfKept } from './kept-message.ts';
import type { Link, LinkMessage, LinkOpener, LinkTarget } from './ports.ts';
import { type Trouble, troubleWords } from './trouble.ts';
import { VenusTalk } from './venus-talk-service.ts';

export interface KeeperTiming {
  /** First wait after a failure, and the longest, ms. */
  firstRetryMs: number;
  mostRetryMs: number;
  /** How often Venus OS is asked to go on; it stops 60 s after the last time. */
  venusKeepAliveMs: number;
  /** A value of Venus OS that did not change for so long is asked for. */
  venusPatienceMs: number;
  /** A Victron device that says nothing for so long is broken, though the line stands. */
  silenceMs: number;
  /** How long listening for the kind may take before everything counts as `other`. */
  detectMs: number;
  /** Wait before a message that could not be stored is tried again. */
  storeRetryMs: number;
  /** A line that stood for so long starts the back-off anew when it breaks. */
  steadyMs: number;
}

export const usualTiming: KeeperTiming = {
  firstRetryMs: seconds(1),
  mostRetryMs: seconds(60),
  venusKeepAliveMs: seconds(30),
  venusPatienceMs: seconds(60),
  silenceMs: seconds(90),
  detectMs: seconds(30),
  storeRetryMs: seconds(1),
  steadyMs: seconds(10),
};

export interface KeeperDeps {
  links: LinkOpener;
  ingest: IngestService;
  clock: Clock;
  log: Log;
  timing: KeeperTiming;
  /** The source that it feeds; undefined when it is gone. */
  source(): Source | undefined;
  /** Where to connect now; undefined when the stored password cannot be read. */
  target(): LinkTarget | undefined;
  /** Listening found out something worth keeping. */
  onLearned(detectedKind: Connection['detectedKind'], portals: readonly string[]): void;
  /** State or traffic changed. */
  onChange(): void;
}

/** Keeps one connection up: connects, listens, asks Venus OS to go on, notices silence, comes back after trouble. */
export class ConnectionKeeper {
  state: ConnectionState = { phase: 'off', reason: null };
  readonly traffic: ConnectionTraffic = { messages: 0, heldBack: 0, lastMessageAt: null };
  private link: Link | null = null;
  private upSince: number | null = null;
  private failures = 0;
  private brokenSince: number | null = null;
  private retry: Timer | null = null;
  private timers: Timer[] = [];
  private lastUpAt: number | null = null;
  private readonly venus: VenusTalk;
  private readonly heldBack = new HeldBack();

  constructor(
    private connection: Connection,
    portals: readonly string[],
    private readonly deps: KeeperDeps,
  ) {
    this.venus = new VenusTalk({
      portals,
      patienceMs: deps.timing.venusPatienceMs,
      now: () => deps.clock.now(),
      publish: (topic, payload) => this.link?.publish(topic, payload),
      onMet: (all) => deps.onLearned(this.connection.detectedKind, all),
    });
  }

  start(): void {
    const reason = this.reasonToRest();
    if (reason !== null) {
      this.rest(reason);
      return;
    }
    this.state = { phase: 'connecting', since: this.deps.clock.now() };
    this.deps.onChange();
    this.open();
  }

  stop(): void {
    this.rest(null);
  }

  private rest(reason: string | null): void {
    this.hangUp();
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
    this.state = { phase: 'off', reason };
    this.deps.onChange();
  }

  private reasonToRest(): string | null {
    if (!this.connection.isOn) return 'It is switched off.';
    return this.deps.source()?.isActive ? null : 'Its source is switched off.';
  }

  private get at(): string {
    const { host, port } = this.connection;
    return `${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  private open(): void {
    this.retry = null;
    const target = this.deps.target();
    if (!target) {
      this.broke({ code: 'passwordLost' });
      return;
    }
    // Resuming after more than the broker keeps would only bring the newest part of a gap, as if it were now.
    const resumes = this.lastUpAt !== null && !hasPassed(this.lastUpAt, seconds(60), this.deps.clock.now());
    this.link = this.deps.links.open(
      { ...target, resumes },
      {
        onUp: () => this.up(),
        onMessage: (message, done) => this.take(message, done),
        onDown: (trouble) => this.broke(trouble),
      },
    );
  }

  private up(): void {
    const { timing, clock } = this.deps;
    this.upSince = clock.now();
    this.venus.begin();
    this.listen(filtersOf(this.connection));
    for (const filter of this.connection.topicFilters) this.venus.meet(portalIn(filter));
    this.venus.keepAlive();
    // Known to be a portal that went silent: only hearing it again mends that.
    if (this.state.phase !== 'broken' || !this.isVictron) this.mended();
    this.timers.push(setInterval(() => this.keepAlive(), timing.venusKeepAliveMs));
    this.timers.push(setInterval(() => this.watchSilence(), Math.max(50, timing.silenceMs / 9)));
    if (kindOf(this.connection) === 'auto')
      this.timers.push(setTimeout(() => this.learnKind('other'), timing.detectMs));
  }

  private mended(): void {
    this.brokenSince = null;
    this.state = { phase: 'connected', since: this.deps.clock.now() };
    this.deps.onChange();
  }

  private listen(filters: readonly string[]): void {
    const { link } = this;
    void link?.subscribe(filters).then((refused) => {
      if (refused.length > 0 && link === this.link) this.broke({ code: 'filterRefused', detail: refused.join(', ') });
    });
  }

  private broke(trouble: Trouble): void {
    const { clock, timing, log } = this.deps;
    const now = clock.now();
    if (this.upSince !== null && hasPassed(this.upSince, timing.steadyMs, now)) this.failures = 0;
    if (this.upSince !== null) this.lastUpAt = now;
    this.hangUp();
    this.failures++;
    this.brokenSince ??= now;
    const waitMs = backOff(this.failures, timing.firstRetryMs, timing.mostRetryMs);
    const words = troubleWords(trouble, this.at);
    this.state = { phase: 'broken', since: this.brokenSince, ...words, retryAt: now + waitMs };
    this.retry = setTimeout(() => this.open(), waitMs);
    if (this.failures === 1) log.warn('a connection broke', { connection: this.connection.id, why: trouble.code });
    this.deps.onChange();
  }

  private hangUp(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    this.link?.end();
    this.link = null;
    this.upSince = null;
  }

  private take(message: LinkMessage, done: () => void): void {
    const { topic } = message;
    if (!isForeign(topic)) {
      done();
      return;
    }
    const kind = kindByTopic(topic);
    if (kind !== null) this.learnKind(kind);
    this.venus.meet(portalIn(topic));
    // What the broker kept says nothing about how the device is now.
    if (!message.isRetained) this.heard();
    const source = this.deps.source();
    if (!source) {
      done();
      return;
    }
    const { payload, isRetained } = message;
    const incoming = { topic, payload, isRetained, receivedAt: this.deps.clock.now() };
    const worth = isRetained ? worthOfKept(incoming, source) : 'taken';
    if (worth === 'taken') {
      this.heldBack.cameAnew(topic);
      this.tellHeldBack();
      this.store(incoming, done);
      return;
    }
    if (worth === 'tooOld') this.heldBack.note(topic);
    this.tellHeldBack();
    done();
  }

  private tellHeldBack(): void {
    this.traffic.heldBack = this.heldBack.count;
  }

  private heard(): void {
    this.traffic.lastMessageAt = this.deps.clock.now();
    if (this.state.phase !== 'broken' || !this.link) {
      this.deps.onChange();
      return;
    }
    this.mended();
    // It may have been restarted: everything is wanted again.
    this.venus.begin();
    this.venus.keepAlive();
  }

  /** Not stored is not acknowledged: it is tried again until it is, while the broker keeps the rest. */
  private store(incoming: Parameters<IngestService['receive']>[2], done: () => void): void {
    const { link } = this;
    const source = this.deps.source();
    if (!source || link === null || link !== this.link) return;
    this.deps.ingest.receive(source, 'mqtt', incoming, (error, { accepted }) => {
      if (!error) {
        this.traffic.messages++;
        this.venus.heard(incoming.topic, accepted > 0);
        done();
        return;
      }
      if (error instanceof IngestRefusal && error.reason === 'inactive') {
        this.rest('Its source is switched off.');
        return;
      }
      setTimeout(() => this.store(incoming, done), this.deps.timing.storeRetryMs);
    });
  }

  private learnKind(kind: 'victron' | 'solarAssistant' | 'other'): void {
    if (this.connection.kind !== 'auto' || this.connection.detectedKind === kind) return;
    // The first word counts; only "other", which says that nothing was recognised in time, gives way later.
    if (this.connection.detectedKind !== null && this.connection.detectedKind !== 'other') return;
    const before = filtersOf(this.connection);
    this.connection = { ...this.connection, detectedKind: kind };
    this.deps.onLearned(kind, this.venus.portals);
    const after = filtersOf(this.connection);
    if (before.join() !== after.join()) {
      this.listen(after);
      this.link?.unsubscribe(before.filter((filter) => !after.includes(filter)));
      this.heldBack.narrow(after);
      this.tellHeldBack();
    }
    this.deps.onChange();
  }

  private get isVictron(): boolean {
    return kindOf(this.connection) === 'victron';
  }

  private keepAlive(): void {
    // A silent device is asked for everything: it may have been restarted.
    if (this.state.phase === 'broken') this.venus.begin();
    this.venus.keepAlive();
  }

  private watchSilence(): void {
    const { clock, timing } = this.deps;
    if (!this.isVictron || this.upSince === null || this.state.phase !== 'connected') return;
    const now = clock.now();
    // The silence is counted from now on when the clock was set back.
    this.upSince = Math.min(this.upSince, now);
    const lastHeard = Math.max(Math.min(this.traffic.lastMessageAt ?? 0, now), this.upSince);
    if (now - lastHeard < timing.silenceMs) return;
    const [portal] = this.venus.portals;
    const trouble: Trouble = portal ? { code: 'silentPortal', detail: portal } : { code: 'noPortal' };
    this.brokenSince = lastHeard;
    this.state = { phase: 'broken', since: lastHeard, ...troubleWords(trouble, this.at), retryAt: null };
    this.deps.log.warn('a Victron device went silent', { connection: this.connection.id });
    this.deps.onChange();
  }
}
