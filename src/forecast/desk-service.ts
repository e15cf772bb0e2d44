import type { AuditLog } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { type JobQueue, type ToldJob, toldJob } from '../core/jobs.ts';
import { ok, type Result } from '../core/result.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { dayKey, localDayOf, startOfLocalDay } from '../core/zone.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { accuracyOf } from './accuracy.ts';
import type { ForecastData } from './data-service.ts';
import type {
  AccuracyView,
  BlendPart,
  CameStep,
  ForecastState,
  ForecastView,
  ModelsView,
  ModelView,
  SubjectChoice,
} from './forecast-view.ts';
import { type ForecastIssue, type ForecastQuantity, stepsEnd } from './issue.ts';
import { dayViews, stepViews } from './issue-view.ts';
import type { ForecastIssuing } from './issuing-service.ts';
import type { ForecastModels } from './model-service.ts';
import type {
  AskedFrom,
  ForecastDesk,
  ForecastNews,
  ForecastSubject,
  IssueStore,
  ModelRow,
  ScoreStore,
  WaitingView,
} from './ports.ts';
import { recipeFor } from './recipe/recipes.ts';
import { subjectKey } from './serve/subject-data.ts';
import type { ForecastSubjects } from './subjects-service.ts';
import { type ForecastTraining, TRAIN_JOB } from './training-service.ts';

export interface DeskDeps {
  sources: Pick<SourceDirectory, 'byId' | 'findFor' | 'listFor'>;
  subjects: ForecastSubjects;
  data: Pick<ForecastData, 'measuredIn'>;
  issuing: ForecastIssuing;
  training: ForecastTraining;
  models: ForecastModels;
  issues: IssueStore;
  scores: ScoreStore;
  jobs: Pick<JobQueue, 'list'>;
  audit: Pick<AuditLog, 'record'>;
  news: ForecastNews;
  clock: Clock;
}

const DAY_MS = 86_400_000;
/** Weather that ends before this is too short to speak of tomorrow. */
const NEEDED_WEATHER_MS = 1.5 * DAY_MS;
/** A forecast that was made a moment ago is not made again because somebody asks. */
const FRESH_MS = 20_000;
/** Jobs that are looked through for the newest of a source. */
const JOBS_LOOKED_AT = 200;

/** What pages and the API ask of forecasts; the one place where it is checked who may. */
export class ForecastDeskService implements ForecastDesk {
  /** Forecasts that somebody asked for and that are being made. */
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(private readonly deps: DeskDeps) {}

  choices(viewer: Viewer): readonly SubjectChoice[] {
    const all = this.deps.sources.listFor(viewer);
    const isOwn = (source: Source): boolean => source.ownerId === viewer.userId;
    return [...all.filter(isOwn), ...all.filter((source) => !isOwn(source))].map(({ id, name, timeZone }) => ({
      sourceId: id,
      name,
      timeZone,
      quantities: this.deps.subjects.quantitiesOf(id),
    }));
  }

  async forecast(viewer: Viewer, subject: ForecastSubject, at?: number): Promise<Result<ForecastView | null>> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const now = this.deps.clock.now();
    const issue = this.deps.issuing.issueAt(subject, Math.min(at ?? now, now));
    return ok(issue && (await this.view(found.value, subject, issue, now)));
  }

  waiting(viewer: Viewer, subject: ForecastSubject): Result<WaitingView> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const problem = this.deps.issuing.problemOf(subject) ?? null;
    return ok({ isLearning: this.isLearning(subject.sourceId), problem });
  }

  issues(viewer: Viewer, subject: ForecastSubject, range: TimeSpan): Result<readonly { issuedAt: number }[]> {
    const found = this.find(viewer, subject);
    return found.ok ? ok(this.deps.issues.times(subject, range).map((issuedAt) => ({ issuedAt }))) : found;
  }

  accuracy(viewer: Viewer, subject: ForecastSubject, days: number): Result<AccuracyView> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const { timeZone } = found.value;
    const today = localDayOf(this.deps.clock.now(), timeZone);
    const [first, last] = [dayKey(today - days), dayKey(today - 1)];
    const leads = this.deps.scores.leads(subject, first, last);
    const scored = this.deps.scores.days(subject, first, last);
    return ok({ subject, timeZone, first, last, ...accuracyOf(subject.quantity, { leads, days: scored }) });
  }

  async models(viewer: Viewer, subject: ForecastSubject): Promise<Result<ModelsView>> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const { models, training } = this.deps;
    const kept = await models.kept(subject.sourceId);
    const views = models
      .list(subject)
      .map((row): ModelView => ({ ...row, canBePutBack: row.state === 'retired' && kept.has(row.version) }));
    const serving = views.find(({ state }) => state === 'serving') ?? null;
    return ok({
      subject,
      timeZone: found.value.timeZone,
      serving,
      others: views.filter((view) => view !== serving),
      parts: recipeFor(subject.quantity).parts,
      blend: this.blend(subject, serving !== null),
      job: this.jobOf(subject.sourceId),
      isAutomatic: training.isAutomatic(found.value),
    });
  }

  trainNow(viewer: Viewer, sourceId: string, quantity: ForecastQuantity | undefined, asked: AskedFrom) {
    const queued = this.deps.training.trainNow(viewer, sourceId, quantity);
    if (queued.ok) this.record(viewer, 'forecast.trained', queued.value.source, asked, quantity);
    return queued;
  }

  async putBack(
    viewer: Viewer,
    subject: ForecastSubject,
    version: string,
    asked: AskedFrom,
  ): Promise<Result<ModelRow>> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const put = await this.deps.models.putBack(subject, version);
    if (!put.ok) return put;
    this.record(viewer, 'forecast.modelPutBack', found.value, asked, version);
    await this.deps.issuing.issueNow([subject], { isWorthKeeping: true });
    return put;
  }

  async refreshNow(viewer: Viewer, sourceIds: readonly string[]): Promise<Result<null>> {
    for (const sourceId of sourceIds) {
      const found = this.deps.sources.findFor(viewer, sourceId);
      if (!found.ok) return found;
    }
    const { subjects, issuing, clock } = this.deps;
    if (sourceIds.some((sourceId) => subjects.quantitiesOf(sourceId).length === 0)) await subjects.refresh();
    const now = clock.now();
    const old = sourceIds
      .flatMap((sourceId) => subjects.quantitiesOf(sourceId).map((quantity) => ({ sourceId, quantity })))
      .filter((subject) => now - (issuing.issueAt(subject, now)?.issuedAt ?? 0) > FRESH_MS);
    await this.make(old);
    return ok(null);
  }

  /** Together, since each time a worker is started; what is being made is waited for. */
  private async make(wanted: readonly ForecastSubject[]): Promise<void> {
    const begun = wanted.filter((subject) => !this.underWay.has(subjectKey(subject)));
    if (begun.length > 0) {
      const making = this.deps.issuing.issueNow(begun).finally(() => {
        for (const subject of begun) this.underWay.delete(subjectKey(subject));
      });
      for (const subject of begun) this.underWay.set(subjectKey(subject), making);
    }
    await Promise.all(wanted.map((subject) => this.underWay.get(subjectKey(subject))));
  }

  onChange(listener: (sourceId: string) => void): () => void {
    return this.deps.news.on(listener);
  }

  /** The source if the viewer may see it; of what is not forecast of it there is simply nothing. */
  private find(viewer: Viewer, { sourceId }: ForecastSubject): Result<Source> {
    return this.deps.sources.findFor(viewer, sourceId);
  }

  private async view(
    source: Source,
    subject: ForecastSubject,
    issue: ForecastIssue,
    now: number,
  ): Promise<ForecastView> {
    const { issues, issuing } = this.deps;
    const { timeZone } = source;
    const midnight = startOfLocalDay(localDayOf(issue.issuedAt, timeZone), timeZone);
    const came = await this.cameIn(subject, { from: midnight, to: Math.min(now, stepsEnd(issue.steps)) });
    const before = issues.newestAt(subject, midnight);
    const newest = issuing.issueAt(subject, now);
    return {
      subject,
      timeZone,
      issuedAt: issue.issuedAt,
      previousIssueAt: issues.newestAt(subject, issue.issuedAt - 1)?.issuedAt ?? null,
      nextIssueAt: issues.times(subject, { from: issue.issuedAt + 1, to: now + 1 })[0] ?? null,
      isNewest: newest?.issuedAt === issue.issuedAt,
      isReplayed: issue.isReplayed,
      state: this.state(subject, issue),
      steps: stepViews(issue),
      earlier: before && before.issuedAt < issue.steps.from ? stepViews(before, midnight, issue.steps.from) : [],
      came,
      days: dayViews(issue, came, now),
      installedW: installedW(source),
    };
  }

  private async cameIn(subject: ForecastSubject, range: TimeSpan): Promise<CameStep[]> {
    const found = range.to > range.from ? await this.deps.data.measuredIn(subject, range) : undefined;
    if (!found) return [];
    const { grid, powerW } = found;
    return Array.from(powerW, (watts, index) => ({
      from: grid.from + index * grid.stepMs,
      to: grid.from + (index + 1) * grid.stepMs,
      powerW: watts,
    })).filter((step) => !Number.isNaN(step.powerW) && step.from >= range.from && step.to <= range.to);
  }

  private state(subject: ForecastSubject, issue: ForecastIssue): ForecastState {
    const hasWeather = issue.weatherAt !== null && issue.weatherUntil > issue.steps.from;
    return {
      basis: issue.model === null ? 'physics' : 'learned',
      isWithoutWeather: !hasWeather || issue.weatherUntil < issue.issuedAt + NEEDED_WEATHER_MS,
      weatherAt: issue.weatherAt,
      weatherUntil: hasWeather ? issue.weatherUntil : null,
      isLearning: this.isLearning(subject.sourceId),
      problem: this.deps.issuing.problemOf(subject) ?? null,
    };
  }

  private isLearning(sourceId: string): boolean {
    const job = this.jobOf(sourceId);
    return this.deps.training.isTraining(sourceId) || job?.state === 'queued' || job?.state === 'running';
  }

  private blend(subject: ForecastSubject, isLearned: boolean): BlendPart[] {
    const recipe = recipeFor(subject.quantity);
    const weights = isLearned ? this.deps.scores.state(subject)?.weights : null;
    return recipe.experts.map(({ name, label, start, isReference }, at) => ({
      name,
      label,
      start,
      weights: recipe.parts.map((_, part) => (weights ? (weights[part]?.[at] ?? 0) : isReference ? 1 : 0)),
    }));
  }

  private jobOf(sourceId: string): ToldJob | null {
    const job = this.deps.jobs
      .list({ limit: JOBS_LOOKED_AT })
      .filter((one) => one.kind === TRAIN_JOB && (one.payload as { sourceId?: unknown } | null)?.sourceId === sourceId)
      .reduce<ReturnType<JobQueue['list']>[number] | null>(
        (newest, one) => (newest && newest.createdAt >= one.createdAt ? newest : one),
        null,
      );
    return job && toldJob(job);
  }

  private record(
    viewer: Viewer,
    action: 'forecast.trained' | 'forecast.modelPutBack',
    { id, name }: Source,
    { address }: AskedFrom,
    detail: string | undefined,
  ): void {
    const more = detail === undefined ? {} : { detail };
    this.deps.audit.record({ actor: viewer, address, action, subject: { id, label: name }, ...more });
  }
}

function installedW(source: Source): number | null {
  const stated = source.arrays.reduce((sum, { peakW }) => sum + peakW, 0) || source.installedCapacityW;
  const most = Math.min(stated || Number.POSITIVE_INFINITY, source.inverterLimitW ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(most) ? most : null;
}
