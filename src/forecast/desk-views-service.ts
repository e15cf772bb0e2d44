import { type JobQueue, type ToldJob, toldJob } from '../core/jobs.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { localDayOf, startOfLocalDay } from '../core/zone.ts';
import type { Source } from '../sources/source.ts';
import type { ForecastData } from './data-service.ts';
import type { BlendPart, CameStep, ForecastState, ForecastView, ModelsView, ModelView } from './forecast-view.ts';
import { type ForecastIssue, stepsEnd } from './issue.ts';
import { dayViews, stepViews } from './issue-view.ts';
import type { ForecastIssuing } from './issuing-service.ts';
import type { ForecastModels } from './model-service.ts';
import type { ForecastSubject, IssueStore, ScoreStore } from './ports.ts';
import { recipeFor } from './recipe/recipes.ts';
import { type ForecastTraining, TRAIN_JOB } from './training-service.ts';

export interface DeskViewDeps {
  data: Pick<ForecastData, 'measuredIn'>;
  issuing: ForecastIssuing;
  training: ForecastTraining;
  models: ForecastModels;
  issues: IssueStore;
  scores: ScoreStore;
  jobs: Pick<JobQueue, 'list'>;
}

const DAY_MS = 86_400_000;
/** Weather that ends before this is too short to speak of tomorrow. */
const NEEDED_WEATHER_MS = 1.5 * DAY_MS;
/** Jobs that are looked through for the newest of a source. */
const JOBS_LOOKED_AT = 200;

/** What the desk shows of a source that somebody may see. */
export class ForecastDeskViews {
  constructor(private readonly deps: DeskViewDeps) {}

  /** A forecast, and what came of it so far. */
  async forecast(source: Source, subject: ForecastSubject, issue: ForecastIssue, now: number): Promise<ForecastView> {
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

  /** The models of a subject, and what is being learned. */
  async models(source: Source, subject: ForecastSubject): Promise<ModelsView> {
    const { models, training } = this.deps;
    const kept = await models.kept(subject.sourceId);
    const views = models
      .list(subject)
      .map((row): ModelView => ({ ...row, canBePutBack: row.state === 'retired' && kept.has(row.version) }));
    const serving = views.find(({ state }) => state === 'serving') ?? null;
    return {
      subject,
      timeZone: source.timeZone,
      serving,
      others: views.filter((view) => view !== serving),
      parts: recipeFor(subject.quantity).parts,
      blend: this.blend(subject, serving !== null),
      job: this.jobOf(subject.sourceId),
      isAutomatic: training.isAutomatic(source),
    };
  }

  isLearning(sourceId: string): boolean {
    const job = this.jobOf(sourceId);
    return this.deps.training.isTraining(sourceId) || job?.state === 'queued' || job?.state === 'running';
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
}

function installedW(source: Source): number | null {
  const stated = source.arrays.reduce((sum, { peakW }) => sum + peakW, 0) || source.installedCapacityW;
  const most = Math.min(stated || Number.POSITIVE_INFINITY, source.inverterLimitW ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(most) ? most : null;
}
