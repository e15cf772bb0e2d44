import { basename, join } from 'node:path';
import type { AuditLog } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { type Clock, houseTimeOf, isClockSet } from '../core/clock.ts';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { seconds } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import { clearTempDir, DamagedDatabaseError } from '../platform/duckdb.ts';
import type { DuckdbConnection } from '../platform/duckdb-connection.ts';
import type { Feature, PartHealth } from '../platform/feature.ts';
import type { MetricSample } from '../platform/metrics.ts';
import type {
  GroupDirectory,
  SourceActivity,
  SourceDeletionHooks,
  SourceDirectory,
  SourceTroubles,
} from '../sources/ports.ts';
import type { WebRoutes } from '../web/routes.ts';
import { registerTelemetryApi } from './api.web.tsx';
import { BatteryWatch } from './battery-service.ts';
import { BOOKING_JOB, bookingJob } from './booking-service.ts';
import { Choices } from './choice-service.ts';
import { CorrectionService } from './correction-service.ts';
import { registerCorrections } from './corrections.web.tsx';
import { registerCorrectionsApi } from './corrections-api.web.tsx';
import { TelemetryGate } from './gate-service.ts';
import { registerHistory } from './history.web.tsx';
import { HistoryService } from './history-service.ts';
import { registerHouseApi } from './house-api.web.tsx';
import { HouseService } from './house-service.ts';
import { KnownSources } from './known-service.ts';
import { type LiveCard, registerLive } from './live.web.tsx';
import { LiveService } from './live-service.ts';
import { newestCard } from './newest.web.tsx';
import { registerPerformanceApi } from './performance/performance-api.web.tsx';
import { PerformanceService } from './performance/performance-service.ts';
import type { PanelLightOfDays } from './ports.ts';
import { registerQuality } from './quality.web.tsx';
import { registerQualityApi } from './quality-api.web.tsx';
import { RecoveringStore } from './recovery.duckdb.ts';
import { remakingWords } from './remaking-words.ts';
import { type Retention, retentionJob } from './retention-service.ts';
import { TelemetryService } from './service.ts';
import { isAsleep } from './sleeping.ts';
import type { StoredLevel } from './storage.ts';
import type { TelemetryFile } from './telemetry-file.ts';
import { registerTotals } from './totals/totals.web.tsx';
import { TotalsService } from './totals/totals-service.ts';
import { warmUp } from './warm-up-service.ts';

export interface TelemetryFeatureDeps {
  dataDir: string;
  clock: Clock;
  log: Log;
  sources: SourceDirectory;
  groups: GroupDirectory;
  deletion: SourceDeletionHooks;
  memoryLimitMb: number;
  /** How long each level of the past is kept. */
  keepDays: Retention;
  jobs: Pick<JobQueue, 'define' | 'enqueue'>;
  /** Pause before a database that did not open is tried again [ms]. */
  reopenEveryMs?: number;
  audit?: Pick<AuditLog, 'record'>;
  /** The zone of the place where the appliance stands; null while nobody said. */
  siteZone?(): string | null;
  /** The page on which this person's set-up goes on; null once it is over. */
  setUpOf?(viewer: Viewer): string | null;
  /** How a person is called, for whoever sees what is not their own. */
  ownerName?(userId: string): string | undefined;
}

/**
 * Builds telemetry. `sink` takes readings, `reader` answers, `admin` imports and deletes, `activity` tells sources when
 * they were last heard, `freshness` how old their values may be. All of them exist before `start`, and refuse with the reason while the database is not open.
 */
export function createTelemetry(deps: TelemetryFeatureDeps) {
  const log = deps.log.for('telemetry');
  const { clock, sources } = deps;
  const gate = new TelemetryGate();
  const isReadable = () => gate.isReadable();
  const ownerName = (userId: string) => deps.ownerName?.(userId);
  const siteZone = () => deps.siteZone?.() ?? null;
  const choices = new Choices({ sources, groups: deps.groups, ownerName, siteZone });
  const known = new KnownSources({ reader: gate, clock });
  const house = new HouseService({ reader: gate, known, clock });
  const battery = new BatteryWatch({ house, clock, isReadable });
  const live = new LiveService({ reader: gate, house, sources, clock, battery, isReadable });
  const history = new HistoryService({ house, known, choices, live, clock });
  let panelLight: PanelLightOfDays | null = null;
  const performance = new PerformanceService({ house, reader: gate, clock, light: () => panelLight });
  const totals = new TotalsService({ house, known, choices, performance, reader: gate, clock });
  const correctionService = new CorrectionService({ telemetry: gate, sources, clock, audit: deps.audit });
  let store: RecoveringStore | null = null;
  const lossListeners: (() => void)[] = [];
  deps.jobs.define(retentionJob({ telemetry: gate, sources, clock, keepDays: deps.keepDays }));
  deps.jobs.define(bookingJob({ booking: () => gate.current(), sources }));
  sources.onChange(({ kind, source }) => {
    if (kind !== 'updated') return;
    gate.current()?.factsChanged(source.id);
    catchUp();
  });
  deps.deletion.onDelete((sourceId) => gate.deleteSource(sourceId));

  const factsOf = (sourceId: string) => {
    const source = sources.byId(sourceId);
    return { timeZone: source?.timeZone ?? 'UTC', installedCapacityW: source?.installedCapacityW ?? null };
  };

  /** Why the database is not open, as of the last try; null while it is. */
  let closedBecause: string | null = null;
  let damagedFile: TelemetryFile = DATABASE;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let opening: Promise<void> = Promise.resolve();
  let isStopped = false;
  let warming = new AbortController();
  let warmed: Promise<void> = Promise.resolve();

  /** A database that cannot be opened (a full disk, a file that is being mended) is tried again until it can. */
  async function start(): Promise<void> {
    isStopped = false;
    gate.knowTime(isClockSet(clock));
    houseTimeOf(clock)?.onSet(() => gate.knowTime(true));
    live.start();
    opening = tryToOpen();
    await opening;
  }

  async function tryToOpen(): Promise<void> {
    retry = null;
    try {
      await open();
      if (closedBecause !== null) {
        log.info('The telemetry database is open now', {});
        for (const listener of lossListeners) listener();
      }
      closedBecause = null;
    } catch (error) {
      gate.shut({ isBroken: true });
      const why = error instanceof Error ? error.message : String(error);
      if (why !== closedBecause) log.error('the telemetry database did not open; it is tried again', { error });
      closedBecause = why;
      damagedFile = error instanceof DamagedDatabaseError && basename(error.path) === ARCHIVE ? ARCHIVE : DATABASE;
      if (isStopped) return;
      retry = setTimeout(() => {
        opening = tryToOpen();
      }, deps.reopenEveryMs ?? REOPEN_EVERY_MS);
    }
  }

  async function open(): Promise<void> {
    try {
      const tempDir = join(deps.dataDir, 'tmp', 'duckdb');
      clearTempDir(tempDir);
      const path = join(deps.dataDir, DATABASE);
      store = await RecoveringStore.open({
        database: { path, memoryLimitMb: deps.memoryLimitMb, tempDir },
        archivePath: join(deps.dataDir, ARCHIVE),
        ...{ factsOf, log, now: () => clock.now() },
        onLost: () => {
          gate.current()?.rewind();
          for (const listener of lossListeners) listener();
        },
      });
      const service = new TelemetryService({ store, clock, log, factsOf });
      await service.start();
      gate.admit(service);
      warming = new AbortController();
      const { signal } = warming;
      warmed = warmUp(service, [...store.all()], signal).then(() => {
        if (!signal.aborted) battery.prepare(sources.all());
      });
      // Whoever waits for the start sees pages first.
      catchUp(AFTER_START_MS);
    } catch (error) {
      await store?.close();
      store = null;
      throw error;
    }
  }

  async function stop(): Promise<void> {
    isStopped = true;
    warming.abort();
    if (retry) clearTimeout(retry);
    live.stop();
    await opening;
    await warmed;
    const service = gate.current();
    try {
      await service?.stop();
      await store?.checkpoint();
    } finally {
      gate.shut({ isBroken: false });
      await store?.close();
      store = null;
    }
  }

  /** Work that nobody should wait for is a job's. */
  function catchUp(inMs = 0): void {
    const runAt = clock.now() + inMs;
    if ((gate.current()?.farBehind().length ?? 0) > 0)
      unlessDiskTrouble(() => deps.jobs.enqueue(BOOKING_JOB, { dedupeKey: BOOKING_JOB, runAt }));
  }

  function health(): PartHealth[] {
    const part = 'telemetry database';
    if (closedBecause !== null) return [{ part, state: 'broken', message: closedWords(closedBecause) }];
    const service = gate.current();
    const problem = service?.problem();
    const rollups = service?.rollupProblem();
    if (problem) {
      const message = `Readings cannot be written to the telemetry database (${problem}). They are safe in the journal and are tried again. Free some space or check the disk.`;
      return [{ part, state: 'broken', message }];
    }
    if (rollups) {
      const message = `Readings are stored, but charts and energy of long times cannot be brought up to date (${rollups}). It is tried again; free some space or check the disk.`;
      return [{ part, state: 'broken', message }];
    }
    const damaged = store?.packed().damagedCount() ?? 0;
    if (damaged === 0) return remaking(part);
    const message = `${damaged === 1 ? 'A packed stretch' : `${damaged} packed stretches`} of past readings cannot be read: the file archive.db is damaged there. Everything else works. Restore a backup, and check the disk.`;
    return [{ part, state: 'broken', message }];
  }

  function remaking(part: string): PartHealth[] {
    const shares = [...(store?.all() ?? [])].flatMap(({ sourceId }) => gate.remadeShare(sourceId) ?? []);
    return shares.length === 0 ? [] : [{ part, state: 'ok', message: remakingWords(shares) }];
  }

  const activity: SourceActivity = {
    lastReadingAt: (sourceId) => gate.latest(sourceId)?.time ?? null,
    isReadable,
    isAsleep: (source) => isAsleep(source, gate.latest(source.id), clock.now()),
    onReadings: (listener) => gate.onReadings(listener),
  };

  /**
   * For a backup: brings everything that was added so far into the database's file and leaves it as it is until `work` is
   * done. The connection it gets sees what the file holds, whatever is written meanwhile.
   */
  async function still<T>(work: (snapshot: DuckdbConnection) => Promise<T>): Promise<T> {
    const service = gate.current();
    if (!store || !service) throw new Error('the telemetry database is not open');
    const database = store.current();
    const { release, snapshot } = await service.quiet(async () => {
      const connection = await database.connect();
      const letGo = await database.hold();
      // A transaction sees what was there when it first looked.
      await connection.run('BEGIN TRANSACTION READ ONLY');
      await connection.run('SELECT count(*) FROM journal_position');
      return { release: letGo, snapshot: connection };
    });
    try {
      return await work(snapshot);
    } finally {
      await snapshot.close();
      release();
    }
  }

  /** Room that each part of the past takes, and how long it is kept; nothing while the database is closed. */
  async function storage(): Promise<StoredLevel[]> {
    const parts = (await gate.current()?.storage()) ?? [];
    // Energy goes with the days.
    return parts.map((one) => ({ ...one, keepDays: deps.keepDays[one.part === 'energy' ? 'day' : one.part] }));
  }

  /** The file of the days that are over, for a backup; null while it is not open. */
  const archive = () => store?.packed().database() ?? null;

  /** Time of a source's oldest reading of a day that is over; null when there is none, or telemetry is closed. */
  const oldestReading = (sourceId: string): number | null => {
    const record = store?.find(sourceId);
    return store && record && gate.current() !== null ? store.packed().first('readings', record.key) : null;
  };

  /** The file for which telemetry could not be opened, as of the last try; null while it is open. */
  const closedFile = (): TelemetryFile | null => (gate.current() === null ? damagedFile : null);

  /** Called when the database came back with less than it had held: what is after its position must be replayed. */
  function onLost(listener: () => void): void {
    lossListeners.push(listener);
  }

  let liveCards: readonly LiveCard[] = [];
  /** Adds what later features know. */
  function plugIn(plugs: {
    liveCards?: readonly LiveCard[];
    troubles?: SourceTroubles;
    panelLight?: PanelLightOfDays;
  }): void {
    liveCards = plugs.liveCards ?? liveCards;
    panelLight = plugs.panelLight ?? panelLight;
    if (plugs.troubles) live.plugIn(plugs.troubles);
  }

  const feature: Feature<WebRoutes> = {
    name: 'telemetry',
    routes: (web) => {
      registerTelemetryApi(web, { reader: gate, house, sources, clock });
      registerQualityApi(web, { reader: gate, sources, clock });
      registerHouseApi(web, { house, choices, groups: deps.groups, reader: gate, clock });
      registerPerformanceApi(web, { performance, house, choices, groups: deps.groups, sources, reader: gate, clock });
      registerCorrectionsApi(web, { service: correctionService });
      registerLive(web, { live, choices, cards: () => liveCards, setUpOf: (viewer) => deps.setUpOf?.(viewer) ?? null });
      registerHistory(web, { history, isReadable });
      registerTotals(web, { totals, isReadable });
      registerCorrections(web, { service: correctionService, sources, known, clock, isReadable });
      registerQuality(web, { reader: gate, sources, clock, isReadable, troubleOf: (source) => live.troubleOf(source) });
    },
    start,
    stop,
    health,
    metrics: () => samples(gate.current(), store),
  };
  const ports = { sink: gate, reader: gate, admin: gate, corrections: gate, activity, freshness: live };
  const newest = newestCard({ reader: gate, live, clock });
  return { ...feature, ...ports, newest, plugIn, still, archive, storage, oldestReading, closedFile, onLost };
}

const REOPEN_EVERY_MS = seconds(5);
const AFTER_START_MS = seconds(10);
const DATABASE: TelemetryFile = 'telemetry.duckdb';
const ARCHIVE: TelemetryFile = 'archive.db';

function closedWords(why: string): string {
  return `${why.replace(/\.?$/, '.')} What devices send is kept in the journal meanwhile; the database is tried again every few seconds.`;
}

function samples(service: TelemetryService | null, store: RecoveringStore | null): MetricSample[] {
  if (!service || !store) return [];
  const { databaseBytes, walBytes } = store.size();
  const gauge = (name: string, help: string, value: number): MetricSample => ({ name, help, type: 'gauge', value });
  return [
    gauge('ampra_telemetry_database_bytes', 'Size of the telemetry database.', databaseBytes),
    gauge('ampra_telemetry_log_bytes', 'Size of its write-ahead log.', walBytes),
    gauge('ampra_telemetry_pending_readings', 'Readings that wait for the database.', service.pendingCount()),
    { ...gauge('ampra_telemetry_stored_readings', 'Readings stored.', store.readingCount()) },
    {
      name: 'ampra_telemetry_recoveries_total',
      help: 'Times the telemetry database had to be opened anew after an error.',
      type: 'counter',
      value: store.recoveries(),
    },
  ];
}
