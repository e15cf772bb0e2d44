import type { AuditLog } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { type Clock, houseTimeOf, isClockSet } from '../core/clock.ts';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { seconds } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import type { DuckdbConnection } from '../platform/duckdb-connection.ts';
import type { Feature } from '../platform/feature.ts';
import type {
  GroupDirectory,
  SourceActivity,
  SourceDeletionHooks,
  SourceDirectory,
  SourceTroubles,
} from '../sources/ports.ts';
import type { WebRoutes } from '../web/routes.ts';
import { registerTelemetryApi } from './api.web.tsx';
import { BatteryWatch } from './battery/battery-service.ts';
import { BOOKING_JOB, bookingJob } from './books/booking-service.ts';
import { Choices } from './choice-service.ts';
import { CorrectionService } from './corrections/correction-service.ts';
import { registerCorrections } from './corrections/corrections.web.tsx';
import { registerCorrectionsApi } from './corrections/corrections-api.web.tsx';
import { TelemetryGate } from './gate-service.ts';
import { registerHistory } from './history/history.web.tsx';
import { HistoryService } from './history/history-service.ts';
import { registerHouseApi } from './house/house-api.web.tsx';
import { HouseService } from './house/house-service.ts';
import { KnownSources } from './known-service.ts';
import { type LiveCard, registerLive } from './live/live.web.tsx';
import { LiveService } from './live/live-service.ts';
import { newestCard } from './live/newest.web.tsx';
import { registerPerformanceApi } from './performance/performance-api.web.tsx';
import { PerformanceService } from './performance/performance-service.ts';
import type { PanelLightOfDays } from './ports.ts';
import { registerQuality } from './quality/quality.web.tsx';
import { registerQualityApi } from './quality/quality-api.web.tsx';
import { isAsleep } from './quality/sleeping.ts';
import { type Retention, retentionJob } from './storage/retention-service.ts';
import type { StoredLevel } from './storage/storage.ts';
import { healthOf, samplesOf } from './store/health.duckdb.ts';
import { TelemetryOpener } from './store/opener.duckdb.ts';
import { holdStill } from './store/snapshot.duckdb.ts';
import { registerTotals } from './totals/totals.web.tsx';
import { TotalsService } from './totals/totals-service.ts';
import { warmUp } from './writing/warm-up-service.ts';

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

const AFTER_START_MS = seconds(10);

/**
 * Builds telemetry. `sink` takes readings, `reader` answers, `admin` imports and deletes, `activity` tells sources when
 * they were last heard, `freshness` how old their values may be. All of them exist before `start`, and refuse with the reason while the database is not open.
 */
export function createTelemetry(deps: TelemetryFeatureDeps) {
  const log = deps.log.for('telemetry');
  const { clock, sources, jobs } = deps;
  const gate = new TelemetryGate();
  const services = createServices(deps, gate);
  const { live, battery } = services;
  let warming = new AbortController();
  let warmed: Promise<void> = Promise.resolve();
  const opener = new TelemetryOpener({
    ...{
      clock,
      log,
      gate,
      dataDir: deps.dataDir,
      memoryLimitMb: deps.memoryLimitMb,
      reopenEveryMs: deps.reopenEveryMs,
    },
    factsOf: (sourceId) => {
      const source = sources.byId(sourceId);
      return { timeZone: source?.timeZone ?? 'UTC', installedCapacityW: source?.installedCapacityW ?? null };
    },
    onOpen: (service, store) => {
      warming = new AbortController();
      const { signal } = warming;
      warmed = warmUp(service, [...store.all()], signal).then(() => {
        if (!signal.aborted) battery.prepare(sources.all());
      });
      // Whoever waits for the start sees pages first.
      catchUp(AFTER_START_MS);
    },
  });
  jobs.define(retentionJob({ telemetry: gate, sources, clock, keepDays: deps.keepDays }));
  jobs.define(bookingJob({ booking: () => gate.current(), sources }));
  sources.onChange(({ kind, source }) => {
    if (kind !== 'updated') return;
    gate.current()?.factsChanged(source.id);
    catchUp();
  });
  deps.deletion.onDelete((sourceId) => gate.deleteSource(sourceId));

  async function start(): Promise<void> {
    gate.knowTime(isClockSet(clock));
    houseTimeOf(clock)?.onSet(() => gate.knowTime(true));
    live.start();
    await opener.start();
  }

  async function stop(): Promise<void> {
    live.stop();
    await opener.settle();
    warming.abort();
    await warmed;
    await opener.close();
  }

  /** Work that nobody should wait for is a job's. */
  function catchUp(inMs = 0): void {
    const runAt = clock.now() + inMs;
    if ((gate.current()?.farBehind().length ?? 0) > 0)
      unlessDiskTrouble(() => jobs.enqueue(BOOKING_JOB, { dedupeKey: BOOKING_JOB, runAt }));
  }

  const feature: Feature<WebRoutes> = {
    name: 'telemetry',
    routes: (web) => registerPages(web, deps, gate, services),
    start,
    stop,
    health: () => healthOf(opener, gate),
    metrics: () => samplesOf(opener, gate),
  };
  const ports = { sink: gate, reader: gate, admin: gate, corrections: gate, freshness: live };
  return {
    ...feature,
    ...ports,
    activity: activityOf(gate, clock),
    newest: newestCard({ reader: gate, live, clock }),
    plugIn: services.plugIn,
    ...forOthers(deps, gate, opener),
  };
}

/** What backups, the inbox and the System page ask for. */
function forOthers(deps: TelemetryFeatureDeps, gate: TelemetryGate, opener: TelemetryOpener) {
  return {
    /** For a backup: see `holdStill`. */
    still: <T>(work: (snapshot: DuckdbConnection) => Promise<T>) => holdStill(opener, gate, work),
    /** The file of the days that are over, for a backup; null while it is not open. */
    archive: () => opener.store()?.packed().database() ?? null,
    /** Room that each part of the past takes, and how long it is kept; nothing while the database is closed. */
    async storage(): Promise<StoredLevel[]> {
      const parts = (await gate.current()?.storage()) ?? [];
      // Energy goes with the days.
      return parts.map((one) => ({ ...one, keepDays: deps.keepDays[one.part === 'energy' ? 'day' : one.part] }));
    },
    /** Time of a source's oldest reading of a day that is over; null when there is none, or telemetry is closed. */
    oldestReading(sourceId: string): number | null {
      const store = opener.store();
      const record = store?.find(sourceId);
      return store && record && gate.current() !== null ? store.packed().first('readings', record.key) : null;
    },
    closedFile: () => opener.closedFile(),
    onLost: (listener: () => void) => opener.onLost(listener),
  };
}

function activityOf(gate: TelemetryGate, clock: Clock): SourceActivity {
  return {
    lastReadingAt: (sourceId) => gate.latest(sourceId)?.time ?? null,
    isReadable: () => gate.isReadable(),
    isAsleep: (source) => isAsleep(source, gate.latest(source.id), clock.now()),
    onReadings: (listener) => gate.onReadings(listener),
  };
}

type Services = ReturnType<typeof createServices>;

/** What answers pages and the API, and a place for what later features know. */
function createServices(deps: TelemetryFeatureDeps, gate: TelemetryGate) {
  const { clock, sources, groups } = deps;
  const isReadable = () => gate.isReadable();
  const ownerName = (userId: string) => deps.ownerName?.(userId);
  const siteZone = () => deps.siteZone?.() ?? null;
  let panelLight: PanelLightOfDays | null = null;
  let liveCards: readonly LiveCard[] = [];
  const choices = new Choices({ sources, groups, ownerName, siteZone });
  const known = new KnownSources({ reader: gate, clock });
  const house = new HouseService({ reader: gate, known, clock });
  const battery = new BatteryWatch({ house, clock, isReadable });
  const live = new LiveService({ reader: gate, house, sources, clock, battery, isReadable });
  const history = new HistoryService({ house, known, choices, live, clock });
  const performance = new PerformanceService({ house, reader: gate, clock, light: () => panelLight });
  const totals = new TotalsService({ house, known, choices, performance, reader: gate, clock });
  const corrections = new CorrectionService({ telemetry: gate, sources, clock, audit: deps.audit });
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
  const services = { choices, known, house, battery, live, history, performance, totals, corrections };
  return { ...services, cards: () => liveCards, plugIn };
}

function registerPages(web: WebRoutes, deps: TelemetryFeatureDeps, gate: TelemetryGate, services: Services): void {
  const { sources, groups, clock } = deps;
  const { choices, known, house, live, history, performance, totals, corrections, cards } = services;
  const isReadable = () => gate.isReadable();
  registerTelemetryApi(web, { reader: gate, house, sources, clock });
  registerQualityApi(web, { reader: gate, sources, clock });
  registerHouseApi(web, { house, choices, groups, reader: gate, clock });
  registerPerformanceApi(web, { performance, house, choices, groups, sources, reader: gate, clock });
  registerCorrectionsApi(web, { service: corrections });
  registerLive(web, { live, choices, cards, setUpOf: (viewer) => deps.setUpOf?.(viewer) ?? null });
  registerHistory(web, { history, isReadable });
  registerTotals(web, { totals, isReadable });
  registerCorrections(web, { service: corrections, sources, known, clock, isReadable });
  registerQuality(web, { reader: gate, sources, clock, isReadable, troubleOf: (source) => live.troubleOf(source) });
}
