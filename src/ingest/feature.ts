import type { Database } from 'bun:sqlite';
import { join } from 'node:path';
import type { Viewer } from '../accounts/viewer.ts';
import { type Clock, houseTimeOf } from '../core/clock.ts';
import { days, minutes, seconds } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import { refuse } from '../core/result.ts';
import type { Feature, PartHealth } from '../platform/feature.ts';
import type { MetricSample } from '../platform/metrics.ts';
import type { SourceDeletionHooks, SourceDirectory } from '../sources/ports.ts';
import type { ReadingSink, TelemetryReader } from '../telemetry/ports.ts';
import type { LiveEvents } from '../web/events.ts';
import type { WebRoutes } from '../web/routes.ts';
import { SqliteAnnouncements } from './announced/announcements.sqlite.ts';
import { addBalancePages } from './balance/balance.web.tsx';
import { addBalanceApi } from './balance/balance-api.web.ts';
import { Balance } from './balance/balance-service.ts';
import { addDiscoveryPages, DISCOVERY_TOPIC } from './discovery/discovery.web.tsx';
import { addDiscoveryApi } from './discovery/discovery-api.web.ts';
import { Discovery } from './discovery/discovery-service.ts';
import { isMute } from './discovery/heard.ts';
import { SqliteTopicRoutes } from './discovery/topic-routes.sqlite.ts';
import { addTopicRoutePages } from './discovery/topic-routes.web.tsx';
import { addTopicRoutesApi } from './discovery/topic-routes-api.web.ts';
import { routed, TopicRoutes } from './discovery/topic-routes-service.ts';
import { SqliteClaims } from './inbox/claims.sqlite.ts';
import { TopicClaims } from './inbox/claims-service.ts';
import { Inbox, inboxLimits } from './inbox/inbox-service.ts';
import { KeptMessages } from './inbox/kept-messages-service.ts';
import { SqliteQuarantine } from './inbox/quarantine.sqlite.ts';
import { TurnedAwayMemory } from './inbox/turned-away-service.ts';
import { Interpreter, type InterpreterDeps } from './interpreter-service.ts';
import { FileJournal, TIDY_EVERY_MS } from './journal/journal.fs.ts';
import { journalDirectory } from './journal/journal-disk.fs.ts';
import { type RoomDeps, RoomKeeper } from './journal/room-service.ts';
import { OwnCorrections } from './mapping/correcting-service.ts';
import { addMappingPages } from './mapping/mapping.web.tsx';
import { addMappingApi } from './mapping/mapping-api.web.ts';
import { Mappings } from './mapping/mapping-service.ts';
import { SqliteTunings } from './mapping/tuning.sqlite.ts';
import { Tunings } from './mapping/tuning.ts';
import type { SourceMaker } from './ports.ts';
import { Received } from './received-service.ts';
import { Ingest } from './service.ts';
import { SqliteProvenSigns } from './signs/proven-signs.sqlite.ts';
import { SignReplays } from './signs/sign-replay-service.ts';
import { registerWebhook } from './webhook/webhook.web.tsx';

export interface IngestFeatureDeps {
  /** The relational database, migrated. */
  db: Database;
  dataDir: string;
  clock: Clock;
  log: Log;
  sources: SourceDirectory;
  deletion: SourceDeletionHooks;
  sink: ReadingSink;
  /** Makes sources out of devices that were discovered. */
  maker?: SourceMaker;
  /** What was stored, to see whether it adds up. */
  telemetry?: Pick<TelemetryReader, 'history' | 'latest'>;
  /** The newest value of a metric of a source, where that is not to be asked of telemetry. */
  newest?: InterpreterDeps['newest'];
  jobs?: JobQueue;
  /** When a source last sent a reading. */
  lastReadingAt?: (sourceId: string) => number | null;
  /** True while clients of the private network need no login. */
  isOpen?: boolean;
  /** What may go when the disk fills up; nothing when absent. */
  roomMaker?: Pick<RoomDeps, 'telemetry' | 'oldestReading' | 'leavesMinutes'>;
  commitWindowMs: number;
  rawRetentionDays: number;
  maxBodyMb: number;
}

const LONGEST_REPLAY_AT_START_MS = 1000;
const QUARANTINE_EVERY_MS = minutes(1);
const ROOM_EVERY_MS = seconds(5);
/** Ages on open pages are brought up to date, and what own sources sent is looked up. */
const DISCOVERY_EVERY_MS = seconds(5);
const INBOX_SEGMENT_BYTES = 1024 * 1024;

/** Builds ingest. `service` takes messages (broker, webhook); `recent` is for the Source page. */
export function createIngest(deps: IngestFeatureDeps) {
  const log = deps.log.for('ingest');
  const { clock, sources, sink } = deps;
  const journal = new FileJournal({
    disk: journalDirectory(join(deps.dataDir, 'journal')),
    clock,
    log,
    windowMs: deps.commitWindowMs,
    retentionMs: days(deps.rawRetentionDays),
    flushedPosition: () => flushedPosition(sink),
  });
  const roomKeeper = deps.roomMaker
    ? new RoomKeeper({
        ...{ ...deps.roomMaker, sources, clock, log },
        room: () => journal.room(),
        dropOldestMessages: () => journal.dropOldest(),
      })
    : null;
  const quarantine = new SqliteQuarantine(deps.db, clock);
  const announcements = new SqliteAnnouncements(deps.db);
  const tunings = new Tunings();
  const store = new SqliteTunings(deps.db);
  const signs = new SqliteProvenSigns(deps.db);
  const newest: InterpreterDeps['newest'] = deps.newest ?? ((id, metric) => deps.telemetry?.latest(id)?.values[metric]);
  const interpreter = new Interpreter({ sources, announcements, signs, tunings, clock, newest });
  const maker = deps.maker ?? { create: async () => refuse('unavailable', 'Sources cannot be made here.') };
  const routes = new TopicRoutes({
    ...{ store: new SqliteTopicRoutes(deps.db), sources, maker, clock },
    onChange: (sourceId) => discovery.lookAnew(sourceId),
  });
  const service = new Ingest({ journal, sink, sources, interpreter, quarantine, clock, log });
  const entrance = routed(service, routes);
  const recent = new Received({ journal, quarantine, sources, interpreter, clock });
  const kept = new KeptMessages({ journal, quarantine, sink, interpreter, ingest: service, tunings, clock });
  const mappings = new Mappings({ store, tunings, journal, quarantine, kept, sink, sources, clock, log, interpreter });
  const corrections = new OwnCorrections({ store, tunings, clock });
  const signReplays = new SignReplays({ journal, kept, interpreter, sources, store: signs, corrections, clock, log });
  const { telemetry } = deps;
  const balance = telemetry ? new Balance({ store, corrections, sources, clock, telemetry }) : null;
  if (balance) deps.jobs?.define(balance.job());
  const inboxJournal = new FileJournal({
    disk: journalDirectory(join(deps.dataDir, 'inbox')),
    clock,
    log,
    windowMs: deps.commitWindowMs,
    retentionMs: inboxLimits.ageMs,
    flushedPosition: () => Number.MAX_SAFE_INTEGER,
    segmentBytes: INBOX_SEGMENT_BYTES,
  });
  const claims = new TopicClaims({
    ...{ sources, clock, log, ingest: entrance, journal: inboxJournal },
    store: new SqliteClaims(deps.db),
    onChange: () => inbox.forgetClaimed(),
  });
  const inbox = new Inbox({
    ...{ clock, log, claims, journal: inboxJournal },
    onChange: () => events?.publish(DISCOVERY_TOPIC),
  });
  let events: LiveEvents | undefined;
  const discovery = new Discovery({
    ...{ inbox, claims, routes, maker, journal, quarantine, sources, clock },
    contextOf: (source) => interpreter.contextOf(source),
    dialectsOf: ({ id }) => tunings.dialectsOf(id),
    lastReadingAt: deps.lastReadingAt ?? (() => null),
    isOpen: deps.isOpen ?? false,
  });
  const turnedAway = new TurnedAwayMemory(clock);
  const timers: ReturnType<typeof setInterval>[] = [];
  deps.deletion.onDelete(async (sourceId) => {
    claims.forget(sourceId);
    routes.forget(sourceId);
    mappings.forget(sourceId);
    signReplays.forget(sourceId);
    turnedAway.forget(sourceId);
    await service.forget(sourceId);
  });

  async function start(): Promise<void> {
    mappings.load();
    routes.load();
    houseTimeOf(clock)?.onSet(() => void replay());
    await journal.open(flushedPosition(sink));
    // A long past goes on coming back while the appliance serves already.
    await Promise.race([replay(), Bun.sleep(LONGEST_REPLAY_AT_START_MS)]);
    await inboxJournal.open();
    await inbox.start();
    mappings.start();
    signReplays.start();
    timers.push(setInterval(() => supervised('packing the inbox', tidyInbox), TIDY_EVERY_MS));
    timers.push(setInterval(() => events?.publish(DISCOVERY_TOPIC), DISCOVERY_EVERY_MS));
    timers.push(setInterval(() => supervised('looking at the room on disk', lookAtRoom), ROOM_EVERY_MS));
    timers.push(setInterval(() => supervised('packing the journal', () => journal.tidy()), TIDY_EVERY_MS));
    timers.push(setInterval(() => supervised('writing the quarantine', () => quarantine.flush()), QUARANTINE_EVERY_MS));
    timers.push(
      setInterval(() => supervised('writing announcements', () => announcements.flush()), QUARANTINE_EVERY_MS),
    );
    timers.push(setInterval(() => supervised('writing proven signs', takeProofs), QUARANTINE_EVERY_MS));
  }

  async function lookAtRoom(): Promise<void> {
    await roomKeeper?.look();
    await journal.lookAtRoom();
  }

  /** Keeps what is proven of signs, and has read what waited for it. */
  function takeProofs(): void {
    interpreter.keepSigns();
    signReplays.look();
  }

  async function tidyInbox(): Promise<void> {
    await inboxJournal.tidy();
    await inbox.shrink();
  }

  /** With telemetry broken the journal still takes what comes; the next good start brings it into the database. */
  async function replay(): Promise<void> {
    const startedAt = performance.now();
    try {
      const readings = await service.replay();
      const ms = Math.round(performance.now() - startedAt);
      if (readings > 0) log.info('Readings that the database did not have yet came from the journal', { readings, ms });
    } catch (cause) {
      log.error('The journal could not be replayed; its readings follow at the next start', { cause });
    }
  }

  function supervised(what: string, work: () => unknown): void {
    Promise.resolve()
      .then(work)
      .catch((cause: unknown) => log.error(`${what} failed`, { cause }));
  }

  async function stop(): Promise<void> {
    for (const timer of timers.splice(0)) clearInterval(timer);
    quarantine.flush();
    announcements.flush();
    interpreter.keepSigns();
    await inbox.stop();
    await mappings.stop();
    await signReplays.stop();
    await inboxJournal.close();
    await journal.close();
  }

  function health(): PartHealth[] {
    const { problem } = journal.statistics();
    if (problem === null) return [{ part: 'journal', state: 'ok' }];
    const message = `Readings cannot be written to disk (${problem}) and are not acknowledged. Free some space or check the disk; it goes on by itself.`;
    return [{ part: 'journal', state: 'broken', message }];
  }

  const feature: Feature<WebRoutes> = {
    name: 'ingest',
    routes: (web) => {
      registerWebhook(web, { ingest: service, sources, clock, turnedAway, maxBodyBytes: deps.maxBodyMb * 1024 * 1024 });
      addMappingPages(web, mappings, clock);
      addMappingApi(web, mappings);
      addDiscoveryApi(web, discovery);
      addTopicRoutesApi(web, routes);
      if (balance) {
        addBalancePages(web, balance);
        addBalanceApi(web, balance);
      }
    },
    start,
    stop,
    health,
    metrics: () => samples(service, journal),
  };

  /** Pages under `/sources/` that must be known before those of one source. */
  function earlyPages(web: WebRoutes): void {
    events = web.events;
    addDiscoveryPages(web, discovery);
    addTopicRoutePages(web, discovery, routes);
  }

  /** How many devices that are understood and measure something wait to be added by this person. */
  const waiting = (viewer: Viewer): number =>
    discovery.waiting(viewer).filter((device) => device.dialect !== null && !isMute(device)).length;

  /** For a backup: leaves the journal's files as they are while `work` copies them; gives names and lengths. */
  async function still<T>(work: (sizes: ReadonlyMap<string, number>) => Promise<T>): Promise<T> {
    quarantine.flush();
    announcements.flush();
    interpreter.keepSigns();
    const named = (folder: string, files: ReadonlyMap<string, number>) =>
      [...files].map(([name, bytes]) => [`${folder}/${name}`, bytes] as const);
    return await journal.still((received) =>
      inboxJournal.still((waiting) => work(new Map([...named('journal', received), ...named('inbox', waiting)]))),
    );
  }

  return {
    ...{
      ...feature,
      service,
      entrance,
      topicRoutes: routes,
      journal,
      recent,
      quarantine,
      inbox,
      claims,
      mappings,
      balance,
    },
    ...{ earlyPages, replay, still, turnedAway, takeProofs, signReplays, waiting },
  };
}

/** 0 while telemetry is broken: then nothing counts as stored, and nothing is removed. */
function flushedPosition(sink: ReadingSink): number {
  try {
    return sink.flushedPosition();
  } catch {
    return 0;
  }
}

function samples(service: Ingest, journal: FileJournal): MetricSample[] {
  const { messages, readings, rejectedValues, refusedMessages } = service.counts;
  const j = journal.statistics();
  const counter = (name: string, help: string, value: number): MetricSample => ({ name, help, type: 'counter', value });
  const gauge = (name: string, help: string, value: number): MetricSample => ({ name, help, type: 'gauge', value });
  return [
    counter('ampra_ingest_messages_total', 'Messages made durable.', messages),
    counter('ampra_ingest_readings_total', 'Readings taken.', readings),
    counter('ampra_ingest_rejected_values_total', 'Values not taken.', rejectedValues),
    counter('ampra_ingest_refused_messages_total', 'Messages not taken.', refusedMessages),
    counter('ampra_journal_commits_total', 'Commits of the journal.', j.commits),
    counter('ampra_journal_failed_commits_total', 'Commits that failed.', j.failedCommits),
    counter('ampra_journal_written_bytes_total', 'Bytes written by commits, in whole pages.', j.writtenBytes),
    gauge('ampra_journal_bytes', 'Size of the journal on disk.', j.bytes),
    gauge('ampra_journal_commit_seconds', 'Duration of the last commit.', j.lastCommitMs / 1000),
    gauge(
      'ampra_journal_replaying',
      '1 while readings come back from it after a start.',
      service.isComingBack() ? 1 : 0,
    ),
    gauge('ampra_journal_pending_bytes', 'Bytes that wait for the next commit.', j.pendingBytes),
  ];
}
