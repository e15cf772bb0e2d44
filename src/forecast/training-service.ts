import type { UserDirectory } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { type Clock, isClockSet } from '../core/clock.ts';
import { hasPassed } from '../core/durations.ts';
import type { JobContext, JobQueue } from '../core/jobs.ts';
import { ok, type Result } from '../core/result.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { TelemetryReader } from '../telemetry/ports.ts';
import type { ForecastQuantity } from './issue.ts';
import type { ForecastLearning } from './learning-service.ts';
import type { ForecastModels } from './model-service.ts';
import type { ForecastNews, ForecastSubject } from './ports.ts';
import type { ForecastScoring } from './scoring-service.ts';
import { subjectKey } from './serve/subject-data.ts';
import type { ForecastSubjects } from './subjects-service.ts';

export interface TrainingDeps {
  learning: Pick<ForecastLearning, 'learn'>;
  models: ForecastModels;
  subjects: ForecastSubjects;
  scoring: ForecastScoring;
  sources: Pick<SourceDirectory, 'byId' | 'findFor'>;
  telemetry: Pick<TelemetryReader, 'pastRevision'>;
  users: Pick<UserDirectory, 'settingsOf'>;
  jobs: JobQueue;
  clock: Clock;
  news: ForecastNews;
}

/** Trains one source because somebody wants it, or because nothing serves it yet. */
export const TRAIN_JOB = 'forecast.train';
/** Goes through all sources at night: judges the days that are over, trains, forecasts. */
export const NIGHT_JOB = 'forecast.night';

const DAY_MS = 86_400_000;
/** A source that had nothing to learn from is looked at again after so long; sooner when its past has changed. */
const AGAIN_MS = DAY_MS / 4;
const PAST_CHANGED_MS = 180_000;

/** Trains models in a worker, one at a time: a small machine has other things to do as well. */
export class ForecastTraining {
  private turn: Promise<unknown> = Promise.resolve();
  /** Source that is being trained. */
  private current: string | null = null;
  /** When a subject without a model was last tried, and what of its past was there then. */
  private readonly tried = new Map<string, { at: number; revision: number }>();

  constructor(private readonly deps: TrainingDeps) {}

  defineJobs(): void {
    const { jobs } = this.deps;
    jobs.define({
      kind: TRAIN_JOB,
      title: 'Learn to forecast a source',
      isHeavy: true,
      maxAttempts: 2,
      run: (context) => this.runOne(context),
    });
    jobs.define({
      kind: NIGHT_JOB,
      title: 'Judge yesterday’s forecasts and learn from them',
      isHeavy: true,
      cron: '23 2 * * *',
      maxAttempts: 2,
      run: (context) => this.runNight(context),
    });
  }

  /** Queues a training; gives the job's id. */
  trainNow(viewer: Viewer, sourceId: string, quantity?: ForecastQuantity): Result<{ jobId: string; source: Source }> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    return ok({ jobId: this.enqueue(found.value, quantity), source: found.value });
  }

  /** What could not be learned may be learned now: weather of the years before has come. */
  tryAgain(sourceIds: ReadonlySet<string>): void {
    for (const key of this.tried.keys()) if (sourceIds.has(key.split('/')[0] ?? '')) this.tried.delete(key);
  }

  /** Queues what has never been trained and has something to learn from. */
  lookForNew(): void {
    const { subjects, models, clock, sources, telemetry } = this.deps;
    const now = clock.now();
    for (const subject of subjects.all()) {
      const key = subjectKey(subject);
      const source = sources.byId(subject.sourceId);
      if (!source || !this.isAutomatic(source) || models.servingRow(subject)) continue;
      const revision = telemetry.pastRevision(source.id);
      const last = this.tried.get(key);
      if (last && !hasPassed(last.at, last.revision === revision ? AGAIN_MS : PAST_CHANGED_MS, now)) continue;
      this.tried.set(key, { at: now, revision });
      this.enqueue(source, subject.quantity);
    }
  }

  isAutomatic(source: Source): boolean {
    return source.isActive && this.deps.users.settingsOf(source.ownerId).predictionAutoRun;
  }

  forget(sourceId: string): void {
    for (const key of this.tried.keys()) if (key.startsWith(`${sourceId}/`)) this.tried.delete(key);
  }

  isTraining(sourceId: string): boolean {
    return this.current === sourceId;
  }

  private enqueue(source: Source, quantity: ForecastQuantity | undefined): string {
    return this.deps.jobs.enqueue(TRAIN_JOB, {
      payload: { sourceId: source.id, quantity: quantity ?? null },
      dedupeKey: `${TRAIN_JOB}:${source.id}:${quantity ?? ''}`,
      ownerId: source.ownerId,
    });
  }

  private async runOne({ job, signal, progress }: JobContext): Promise<void> {
    const wish = job.payload as { sourceId?: unknown; quantity?: unknown } | null;
    const { sourceId, quantity } = wish ?? {};
    if (typeof sourceId !== 'string') return;
    await this.deps.subjects.refresh();
    const wanted = this.deps.subjects
      .quantitiesOf(sourceId)
      .filter((own) => quantity === null || quantity === undefined || own === quantity);
    await this.trainAll(
      wanted.map((own) => ({ sourceId, quantity: own })),
      signal,
      progress,
    );
  }

  private async runNight({ signal, progress }: JobContext): Promise<void> {
    const { subjects, scoring, sources, models } = this.deps;
    if (!isClockSet(this.deps.clock)) return progress(1, 'The time is not known yet');
    await subjects.refresh();
    const all = subjects.all();
    await scoring.judgeAll(all, signal);
    const automatic = all.filter(({ sourceId }) => {
      const source = sources.byId(sourceId);
      return source !== undefined && this.isAutomatic(source);
    });
    // A night that was interrupted goes on where it was.
    const today = this.deps.clock.now() - DAY_MS / 2;
    const due = automatic.filter((subject) => (models.list(subject)[0]?.madeAt ?? 0) < today);
    await this.trainAll(due, signal, progress);
  }

  private async trainAll(
    subjects: readonly ForecastSubject[],
    signal: AbortSignal,
    progress: (share: number, text?: string) => void,
  ): Promise<void> {
    const failures: string[] = [];
    for (const [at, subject] of subjects.entries()) {
      if (signal.aborted) return;
      const name = this.deps.sources.byId(subject.sourceId)?.name ?? '';
      const about = subjects.length > 1 ? `${at + 1} of ${subjects.length}, ${name}: ` : '';
      try {
        await this.inTurn(subject.sourceId, () =>
          this.deps.learning.learn(subject, signal, (share, text) => {
            progress((at + share) / subjects.length, `${about}${text}`);
            this.deps.news.tell(subject.sourceId);
          }),
        );
      } catch (error) {
        if (signal.aborted) return;
        failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (failures.length > 0) throw new Error(failures.join('; '));
  }

  /** One training at a time on this machine. */
  private inTurn(sourceId: string, work: () => Promise<void>): Promise<void> {
    const own = async (): Promise<void> => {
      this.current = sourceId;
      try {
        await work();
      } finally {
        this.current = null;
        this.deps.news.tell(sourceId);
      }
    };
    const result = this.turn.then(own, own);
    this.turn = result.catch(() => undefined);
    return result;
  }
}
