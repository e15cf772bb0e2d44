import { createAccounts } from './accounts/feature.ts';
import { createAdmin } from './admin/feature.ts';
import type { Base } from './app-base.ts';
import { createBackups } from './backups/feature.ts';
import { houseTimeOf } from './core/clock.ts';
import { ok } from './core/result.ts';
import { createForecast } from './forecast/feature.ts';
import { endLostAccess, MqttAccess } from './ingest/access.mqtt.ts';
import { createConnections } from './ingest/connections/feature.ts';
import { createIngest } from './ingest/feature.ts';
import { createHomeAssistant } from './ingest/home-assistant/feature.ts';
import { LatestPublisher } from './ingest/latest.mqtt.ts';
import { createBroker } from './mqtt/feature.ts';
import type { Feature } from './platform/feature.ts';
import { withoutJumps } from './platform/house-clock.ts';
import { JobTable } from './platform/jobs.sqlite.ts';
import { JobRunner } from './platform/jobs.ts';
import { lanAddress } from './platform/lan-address.ts';
import { SmtpMailer } from './platform/mail.ts';
import { ProcessWatch } from './platform/process-watch.ts';
import { commandLineFor, version } from './platform/runtime.ts';
import { createSources } from './sources/feature.ts';
import { Troubles } from './sources/trouble-service.ts';
import { createTelemetry } from './telemetry/feature.ts';
import { createWeather } from './weather/feature.ts';
import type { WebRoutes } from './web/routes.ts';

/**
 * Builds every feature; one block each, in the order of the design, so that a later one can take the earlier ones' ports.
 * A feature that is added gets its import, its block, its place in `stores` or `serving` (started in that order, stopped in
 * the reverse) and its name in the returned object (that is how tests and `main.ts` reach it).
 */
export function buildFeatures(base: Base) {
  const { config, db, clock, log, tls } = base;
  const dataDir = base.dataDir.path;

  const jobTable = new JobTable(db);
  const jobs = new JobRunner({ table: jobTable, clock, log: log.for('jobs') });
  const mailer = config.smtpUrl ? new SmtpMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom, jobs }) : null;
  mailer?.defineJobs();

  // Asked for each page: ports may be chosen at start, addresses change.
  const connection = () => ({
    mqttPort: broker.ports().tcp || config.mqttPort,
    mqttTlsPort: tls ? broker.ports().tls || config.mqttTlsPort : null,
    mqttWsPath: config.mqttWsPath,
    publicUrl: config.publicUrl,
    lanAddress: lanAddress(config.mqttHost),
  });

  const accounts = createAccounts({
    ...{ db, clock, log, jobs, mailer },
    publicUrl: config.publicUrl,
    commandLine: commandLineFor(dataDir),
    connection,
  });

  const sources = createSources({
    ...{ db, dataDir, clock, log, jobs },
    site: accounts.site,
    audit: accounts.auditLog,
    users: accounts.service,
    connection,
  });
  accounts.plugFirstSource(sources.firstSource);
  accounts.onUserDelete((userId) => sources.removeAllOf(userId));
  accounts.onUserDelete(async (userId) => jobTable.removeAllOf(userId));

  const telemetry = createTelemetry({
    ...{ dataDir, clock, log },
    ownerName: (userId) => accounts.service.user(userId)?.name,
    siteZone: () => accounts.site.site()?.timeZone ?? null,
    setUpOf: (viewer) => (accounts.service.setUp.stepFor(viewer) === 'done' ? null : '/setup'),
    sources: sources.directory,
    groups: sources.groups,
    deletion: sources.deletion,
    memoryLimitMb: config.memoryLimitMb,
    keepDays: {
      readings: config.retentionDays,
      minute: config.minuteRetentionDays,
      quarter: config.quarterRetentionDays,
      hour: config.hourRetentionDays,
      day: config.dayRetentionDays,
    },
    jobs,
    audit: accounts.auditLog,
  });

  const ingest = createIngest({
    ...{ db, dataDir, clock, log },
    sources: sources.directory,
    deletion: sources.deletion,
    sink: telemetry.sink,
    telemetry: telemetry.reader,
    jobs,
    lastReadingAt: (sourceId) => telemetry.activity.lastReadingAt(sourceId),
    isOpen: config.mqttAccess === 'open',
    maker: {
      create: async (viewer, { name, role }) => {
        const input = { name, ...(role && { role }), connectionType: 'mqtt' as const };
        const made = await sources.service.createBeside(viewer, input);
        return made.ok ? ok({ id: made.value.source.id }) : made;
      },
    },
    ...(config.fullDisk === 'oldest' && {
      roomMaker: {
        telemetry: telemetry.admin,
        oldestReading: telemetry.oldestReading,
        leavesMinutes: true,
      },
    }),
    commitWindowMs: config.commitWindowMs,
    rawRetentionDays: config.rawRetentionDays,
    maxBodyMb: config.maxBodyMb,
  });
  telemetry.onLost(() => ingest.replay());
  sources.plugIn({
    activity: telemetry.activity,
    newest: telemetry.newest,
    messages: ingest.recent,
    refused: ingest.quarantine,
    earlyPages: ingest.earlyPages,
    turnedAway: ingest.turnedAway,
    waiting: ingest.waiting,
    ...(ingest.balance && { reading: ingest.balance }),
  });

  const weather = createWeather({
    ...{ db, clock, log, jobs, config },
    settings: accounts.settings,
    audit: accounts.auditLog,
    accounts: accounts.service,
    sources: sources.directory,
    deletion: sources.deletion,
    telemetry: telemetry.reader,
  });
  telemetry.plugIn({ panelLight: weather.panelLight });

  const forecast = createForecast({
    ...{ db, clock, log, jobs, dataDir: base.dataDir },
    audit: accounts.auditLog,
    accounts: accounts.service,
    sources: sources.directory,
    groups: sources.groups,
    deletion: sources.deletion,
    telemetry: telemetry.reader,
    weather: weather.reader,
    broker: () => broker.broker,
    siteZone: () => accounts.site.site()?.timeZone ?? null,
  });

  const connections = createConnections({
    ...{ db, clock, log },
    sources: sources.directory,
    sourceMaker: {
      create: (viewer, input) => sources.service.createBeside(viewer, input),
    },
    deletion: sources.deletion,
    vault: sources.vault,
    users: accounts.service,
    ingest: ingest.entrance,
    audit: accounts.auditLog,
  });

  sources.plugIn({ feeds: connections.service });
  accounts.service.onChange((change) => {
    if (change.kind === 'userChanged') connections.service.followOwner(change.userId);
  });

  const policy = new MqttAccess({
    sources: sources.directory,
    tokens: accounts.service,
    ingest: ingest.entrance,
    journal: ingest.journal,
    clock,
    access: config.mqttAccess,
    inbox: ingest.inbox,
    turnedAway: ingest.turnedAway,
    onBirth: (ownerId) => homeAssistant.born(ownerId),
  });
  const shifts = () => houseTimeOf(clock)?.shifts() ?? [];
  const broker = createBroker({ config, dataDir, clock: withoutJumps(clock), log, policy, tls, shifts });
  endLostAccess({ broker: broker.broker, sources: sources.directory, accounts: accounts.service });
  const latest = new LatestPublisher({
    broker: broker.broker,
    sources: sources.directory,
    telemetry: telemetry.reader,
  });
  telemetry.plugIn({ panelLight: weather.panelLight });

  const forecastPublisher = forecast.publisher();

  const homeAssistant = createHomeAssistant({
    ...{ db, clock, log, version, connection },
    broker: broker.broker,
    sources: sources.directory,
    deletion: sources.deletion,
    telemetry: telemetry.reader,
    freshness: telemetry.freshness,
    audit: accounts.auditLog,
  });
  sources.plugIn({ cards: [forecast.card, homeAssistant.card] });
  const troubles = new Troubles({ clock, turnedAway: ingest.turnedAway, refused: ingest.quarantine });
  telemetry.plugIn({ liveCards: [forecast.liveCard], troubles });
  const backups = createBackups({
    ...{ dataDir, clock, log, jobs },
    settings: accounts.settings,
    audit: accounts.auditLog,
    site: accounts.site,
    vault: sources.vault,
    stores: () => ({
      dataDir,
      telemetry: telemetry.admin.current() ? telemetry.still : null,
      journal: ingest.still,
      sqlite: {
        'ampra.db': () => db,
        'broker.db': () => broker.database(),
        'archive.db': () => telemetry.archive(),
      },
    }),
    setUp: {
      isOpen: () => accounts.onboarding() !== null,
      mayRestore: (typed, visitor) => accounts.service.setUp.mayRestore(typed, visitor),
    },
    confirmPassword: (viewer, password) => accounts.service.passwords.confirm(viewer, password),
    closedFile: () => telemetry.closedFile(),
    restart: base.restart,
    maxBodyBytes: config.maxBodyMb * 1024 * 1024,
  });

  const admin = createAdmin({
    ...{ db, clock, config, jobs },
    logLines: base.logLines,
    record: (entry) => accounts.auditLog.record(entry),
    audit: (viewer, options) => accounts.service.auditFor(viewer, options),
    site: accounts.site,
    sources: sources.directory,
    clients: () => broker.broker.clients(),
    health: base.health,
    samples: () => inOrder.flatMap((feature) => feature.metrics?.() ?? []),
    storage: () => telemetry.storage(),
    copies: () => backups.copies(),
    statistics: async () => ({
      telemetry: await telemetry.admin.statistics(),
      journal: ingest.journal.statistics(),
      sources: sources.directory.all().length,
      mqttClients: broker.broker.clients().length,
    }),
  });

  const processWatch = new ProcessWatch();
  const stores: Feature<WebRoutes>[] = [processWatch, accounts, sources, telemetry, ingest, weather];
  // What talks to the network or works by itself; left out when a command opens the stores without the appliance.
  const serving: Feature<WebRoutes>[] = [
    ...[broker, connections, latest, forecast, forecastPublisher, homeAssistant],
    // Jobs start last, when what they work on is there, and stop first.
    ...[backups, admin, jobs],
  ];
  const inOrder = [...stores, ...serving];
  return {
    inOrder,
    servingOnly: new Set(serving),
    ...{ jobs, accounts, sources, telemetry, ingest, weather, forecast, broker, connections, homeAssistant },
    ...{ backups, admin },
  };
}

/** Every feature with its ports, by name. */
export type Features = ReturnType<typeof buildFeatures>;
