import type { Database } from 'bun:sqlite';
import type { AccountChanges, AuditLog, UserDirectory } from '../accounts/ports.ts';
import { Bus } from '../core/bus.ts';
import type { Clock } from '../core/clock.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import type { Broker } from '../mqtt/ports.ts';
import type { DataDir } from '../platform/data-dir.ts';
import type { Feature } from '../platform/feature.ts';
import type { MetricSample } from '../platform/metrics.ts';
import type { GroupDirectory, SourceDeletionHooks, SourceDirectory } from '../sources/ports.ts';
import type { TelemetryReader } from '../telemetry/ports.ts';
import type { WeatherReader } from '../weather/ports.ts';
import type { WebRoutes } from '../web/routes.ts';
import { ForecastData } from './data-service.ts';
import { ForecastDeskService } from './desk-service.ts';
import { ForecastPublisher } from './forecast.mqtt.ts';
import { addForecastApi } from './forecast-api.web.tsx';
import { createIssueStore } from './issues.sqlite.ts';
import { ForecastIssuing } from './issuing-service.ts';
import { ForecastLearning } from './learning-service.ts';
import { ForecastModels } from './model-service.ts';
import { createModelFiles } from './models.fs.ts';
import { createModelIndex } from './models.sqlite.ts';
import { addAccuracyPage } from './pages/accuracy.web.tsx';
import { ForecastChoices } from './pages/choices-service.ts';
import { addForecastPages } from './pages/forecast.web.tsx';
import { addModelPages } from './pages/model.web.tsx';
import { forecastCard, liveOutlook } from './pages/outlook.web.tsx';
import { ForecastOutlooks } from './pages/outlook-service.ts';
import { ForecastPages } from './pages/pages-service.ts';
import type { ForecastDesk, ForecastNews, ForecastReader, ForecastWorkshop } from './ports.ts';
import { ForecastSchedule, type ScheduleDeps } from './schedule-service.ts';
import { createScoreStore } from './scores.sqlite.ts';
import { ForecastScoring } from './scoring-service.ts';
import { ForecastSubjects } from './subjects-service.ts';
import { ForecastTraining } from './training-service.ts';
import { createWorkshop } from './workshop.ml.ts';

export interface ForecastFeatureDeps {
  /** The relational database, migrated. */
  db: Database;
  dataDir: DataDir;
  clock: Clock;
  log: Log;
  jobs: JobQueue;
  audit: Pick<AuditLog, 'record'>;
  accounts: AccountChanges & Pick<UserDirectory, 'settingsOf' | 'user'>;
  sources: SourceDirectory;
  groups: Pick<GroupDirectory, 'listGroupsFor'>;
  deletion: SourceDeletionHooks;
  telemetry: Pick<TelemetryReader, 'quarterHours' | 'span' | 'metricsOf' | 'pastRevision'>;
  weather: WeatherReader;
  broker: () => Pick<Broker, 'publish'>;
  /** The zone of the place where the appliance stands; null while nobody said. */
  siteZone?(): string | null;
  workshop?: ForecastWorkshop;
  timing?: ScheduleDeps['timing'];
}

/** Builds forecasting. Nothing is read, learned or forecast before `start`. */
export function createForecast(deps: ForecastFeatureDeps) {
  const { clock, sources, jobs, accounts, weather, telemetry } = deps;
  const log = deps.log.for('forecast');
  const issues = createIssueStore(deps.db);
  const scores = createScoreStore(deps.db);
  const files = createModelFiles(deps.dataDir.at('models'));
  const workshop = deps.workshop ?? createWorkshop();
  const news = createNews(log);
  const models = new ForecastModels({ index: createModelIndex(deps.db), files });
  const subjects = new ForecastSubjects({ sources, telemetry, log });
  const data = new ForecastData({ sources, telemetry, weather, subjects, clock });
  const issuing = new ForecastIssuing({ data, models, subjects, workshop, issues, scores, clock, log });
  const scoring = new ForecastScoring({ data, issues, scores, sources, weather, clock });
  const learning = new ForecastLearning({
    ...{ data, models, issuing, scoring, workshop, issues, scores, sources, clock },
  });
  const training = new ForecastTraining({
    ...{ learning, models, subjects, scoring, sources, telemetry, users: accounts, jobs, clock, news },
  });
  const desk: ForecastDesk = new ForecastDeskService({
    ...{ sources, subjects, data, issuing, training, models, issues, scores, jobs, audit: deps.audit, news, clock },
  });
  const schedule = new ForecastSchedule({
    ...{ subjects, issuing, training, weather, clock, log },
    isAutomatic: (id) => {
      const source = sources.byId(id);
      return source !== undefined && training.isAutomatic(source);
    },
    ...(deps.timing ? { timing: deps.timing } : {}),
  });
  const reader: ForecastReader = issuing;
  const choices = new ForecastChoices({
    desk,
    sources,
    groups: deps.groups,
    ownerName: (id) => accounts.user(id)?.name,
  });
  const pages = new ForecastPages({
    ...{ desk, choices, clock },
    ...(deps.siteZone ? { siteZone: deps.siteZone } : {}),
  });
  training.defineJobs();
  issuing.onIssue(({ sourceId }) => news.tell(sourceId));
  sources.onChange(({ kind, source }) => {
    if (kind === 'deleted') for (const part of [subjects, issuing, training]) part.forget(source.id);
  });
  deps.deletion.onDelete((sourceId) => models.removeAllOf(sourceId));

  const feature: Feature<WebRoutes> = {
    name: 'forecast',
    routes(web) {
      addForecastApi(web, { desk, clock });
      addForecastPages(web, { pages, desk });
      addAccuracyPage(web, { pages });
      addModelPages(web, { pages, desk });
    },
    async start() {
      schedule.start();
      // The pages know at once of what there are forecasts.
      void subjects.refresh();
    },
    async stop() {
      schedule.stop();
    },
    metrics: () => samples(subjects, reader, clock.now()),
  };
  /** Made when the broker is there. */
  const publisher = () =>
    new ForecastPublisher({ broker: deps.broker(), sources, forecasts: reader, now: () => clock.now() });
  const outlookDeps = { outlooks: new ForecastOutlooks({ reader, clock }), reader, clock };
  const cards = { card: forecastCard(outlookDeps), liveCard: liveOutlook(outlookDeps) };
  return { ...feature, ...cards, reader, desk, schedule, subjects, issuing, training, scoring, publisher };
}

function createNews(log: Log): ForecastNews {
  const bus = new Bus<{ changed: string }>((error) => log.error('a listener for forecasts failed', { error }));
  return { tell: (sourceId) => bus.emit('changed', sourceId), on: (listener) => bus.on('changed', listener) };
}

function samples(subjects: ForecastSubjects, reader: ForecastReader, now: number): MetricSample[] {
  const all = subjects.all();
  const ages = all.flatMap((subject) => reader.issueAt(subject, now)?.issuedAt ?? []).map((at) => (now - at) / 1000);
  const gauge = (name: string, help: string, value: number): MetricSample => ({ name, help, type: 'gauge', value });
  return [
    gauge('ampra_forecast_subjects', 'What is forecast: solar and load by source.', all.length),
    gauge(
      'ampra_forecast_age_seconds',
      'Age of the oldest newest forecast; NaN while there is none.',
      ages.length > 0 ? Math.max(...ages) : Number.NaN,
    ),
  ];
}
