import { Bus } from '../core/bus.ts';
import type { Clock } from '../core/clock.ts';
import { hasPassed } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { superfluousIssues } from '../weather/issue-thinning.ts';
import type { ForecastData } from './data-service.ts';
import type { ForecastModels } from './model-service.ts';
import type {
  ForecastIssue,
  ForecastReader,
  ForecastSubject,
  ForecastWorkshop,
  IssueStore,
  ScoreStore,
  ServeTask,
} from './ports.ts';
import { usualWidths } from './serve/band-widths.ts';
import { subjectKey } from './serve/subject-data.ts';
import type { ForecastSubjects } from './subjects-service.ts';

export interface IssuingDeps {
  data: ForecastData;
  models: ForecastModels;
  subjects: ForecastSubjects;
  workshop: Pick<ForecastWorkshop, 'serve'>;
  issues: IssueStore;
  scores: Pick<ScoreStore, 'state'>;
  clock: Clock;
  log: Log;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Subjects whose data are gathered and forecast in one worker: with many sources all at once took tens of megabytes. */
const AT_ONCE = 6;

/**
 * Issues forecasts: the first of each hour and each that follows new weather is kept, those between correct what is shown
 * by how the last quarter hour went and live in memory alone.
 */
export class ForecastIssuing implements ForecastReader {
  private readonly newest = new Map<string, ForecastIssue>();
  /** Why the last try gave none. */
  private readonly problems = new Map<string, string>();
  private readonly bus: Bus<{ issue: { subject: ForecastSubject; issue: ForecastIssue } }>;
  private readonly thinned = new Map<string, number>();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly deps: IssuingDeps) {
    this.bus = new Bus((error) => deps.log.error('a listener for forecasts failed', { error }));
  }

  quantitiesOf(sourceId: string) {
    return this.deps.subjects.quantitiesOf(sourceId);
  }

  issueAt(subject: ForecastSubject, time: number): ForecastIssue | null {
    const kept = this.deps.issues.newestAt(subject, time);
    const fresh = this.newest.get(subjectKey(subject));
    return fresh && fresh.issuedAt <= time && fresh.issuedAt > (kept?.issuedAt ?? 0) ? fresh : kept;
  }

  issuedTimes(subject: ForecastSubject, range: TimeSpan): number[] {
    return this.deps.issues.times(subject, range);
  }

  problemOf(subject: ForecastSubject): string | undefined {
    return this.problems.get(subjectKey(subject));
  }

  onIssue(listener: (subject: ForecastSubject, issue: ForecastIssue) => void): () => void {
    return this.bus.on('issue', ({ subject, issue }) => listener(subject, issue));
  }

  /** Issues forecasts of subjects now, a worker for a few of them; one run after the other. */
  issueNow(subjects: readonly ForecastSubject[], options: { isWorthKeeping?: boolean } = {}): Promise<void> {
    this.running = this.running
      .then(() => this.run(subjects, options.isWorthKeeping ?? false))
      .catch((error) => this.deps.log.error('forecasts could not be made', { error }));
    return this.running;
  }

  /** A forecast as it would be made at a moment from what was known then, kept nowhere. */
  async trial(subject: ForecastSubject, at: number): Promise<ForecastIssue | null> {
    const task = await this.taskOf(subject, at);
    if (!task) return null;
    const [answer] = await this.deps.workshop.serve([task]);
    return answer && 'issue' in answer ? answer.issue : null;
  }

  forget(sourceId: string): void {
    for (const map of [this.newest, this.problems, this.thinned])
      for (const key of map.keys()) if (key.startsWith(`${sourceId}/`)) map.delete(key);
  }

  private async run(subjects: readonly ForecastSubject[], isWorthKeeping: boolean): Promise<void> {
    const now = this.deps.clock.now();
    for (let from = 0; from < subjects.length; from += AT_ONCE)
      await this.serve(subjects.slice(from, from + AT_ONCE), now, isWorthKeeping);
  }

  private async serve(subjects: readonly ForecastSubject[], now: number, isWorthKeeping: boolean): Promise<void> {
    const tasks: ServeTask[] = [];
    for (const subject of subjects) {
      const task = await this.taskOf(subject, now);
      if (task) tasks.push(task);
    }
    if (tasks.length === 0) return;
    for (const answer of await this.deps.workshop.serve(tasks)) {
      const key = subjectKey(answer.subject);
      if ('problem' in answer) {
        this.problems.set(key, answer.problem);
        this.deps.log.warn('a forecast could not be made', { ...answer.subject, problem: answer.problem });
        continue;
      }
      this.problems.delete(key);
      this.take(answer.subject, answer.issue, isWorthKeeping);
    }
  }

  /** Undefined when the source is gone. */
  async taskOf(subject: ForecastSubject, at: number): Promise<ServeTask | undefined> {
    const { data, models, scores } = this.deps;
    const model = await models.serving(subject);
    const gathered = await data.forServing(subject, at, model?.stepMs ?? null);
    if (!gathered) return undefined;
    return {
      subject,
      data: gathered.data,
      model,
      now: at,
      weather: gathered.weather,
      widths: scores.state(subject)?.widths ?? usualWidths(),
    };
  }

  private take(subject: ForecastSubject, issue: ForecastIssue, isWorthKeeping: boolean): void {
    const { issues } = this.deps;
    // The source may have gone while its forecast was made.
    if (!this.deps.subjects.quantitiesOf(subject.sourceId).includes(subject.quantity)) return;
    const hour = Math.floor(issue.issuedAt / HOUR_MS) * HOUR_MS;
    const isFirst = issues.times(subject, { from: hour, to: issue.issuedAt + 1 }).length === 0;
    if (isFirst || isWorthKeeping) {
      issues.put(subject, [issue]);
      this.thin(subject, issue.issuedAt);
    }
    this.newest.set(subjectKey(subject), issue);
    this.bus.emit('issue', { subject, issue });
  }

  /** Once a day; what stays is told in `issue-thinning.ts`. */
  private thin(subject: ForecastSubject, now: number): void {
    const key = subjectKey(subject);
    if (!hasPassed(this.thinned.get(key) ?? 0, DAY_MS, now)) return;
    this.thinned.set(key, now);
    const times = this.deps.issues.times(subject, { from: 0, to: now });
    this.deps.issues.remove(subject, superfluousIssues(times, now));
  }
}
