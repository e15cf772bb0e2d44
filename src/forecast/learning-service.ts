import type { Clock } from '../core/clock.ts';
import { nextTurn } from '../core/next-turn.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { ForecastData } from './data-service.ts';
import type { ForecastQuantity } from './issue.ts';
import type { ForecastIssuing } from './issuing-service.ts';
import type { ForecastModels } from './model-service.ts';
import type { ForecastSubject, ForecastWorkshop, IssueStore, ScoreStore, TrainAnswer, TrainTask } from './ports.ts';
import type { ForecastScoring } from './scoring-service.ts';
import { usualWidths } from './serve/band-widths.ts';
import { stillSeen } from './train/seen-panels.ts';

interface LearningDeps {
  data: ForecastData;
  models: ForecastModels;
  issuing: ForecastIssuing;
  scoring: ForecastScoring;
  workshop: Pick<ForecastWorkshop, 'train'>;
  issues: IssueStore;
  scores: ScoreStore;
  sources: Pick<SourceDirectory, 'byId'>;
  clock: Clock;
}

const DAY_MS = 86_400_000;
/** What a model learns from at most. */
const MOST_DAYS = 730;
/** The first training takes less, so that there is something to look at within the minute; the night takes all. */
const FIRST_DAYS = 150;
const TOO_LITTLE = 'Too little has been measured to learn from';
/** What would have been issued in so many days before is worked out with the first training. */
const REPLAY_DAYS = 30;
/** So many are written with one wait for the disk; then others have their turn. */
const REPLAYS_AT_ONCE = 6;

/** Learns one subject anew: gathers what is known of it, has a worker learn, and takes in what comes of that. */
export class ForecastLearning {
  constructor(private readonly deps: LearningDeps) {}

  async learn(
    subject: ForecastSubject,
    signal: AbortSignal,
    onProgress: (share: number, text: string) => void,
  ): Promise<void> {
    const { workshop, models, issues, scoring, issuing, sources } = this.deps;
    onProgress(0, 'Reading what was measured');
    const task = await this.taskOf(subject);
    if (!task) onProgress(1, TOO_LITTLE);
    if (!task || signal.aborted) return;
    const answer = await workshop.train(task, { signal, onProgress: (share, text) => onProgress(0.9 * share, text) });
    // The source may have gone meanwhile.
    if (!sources.byId(subject.sourceId)) return;
    if (!answer.card) return onProgress(1, TOO_LITTLE);
    await models.takeIn(subject, answer);
    for (let at = 0; at < answer.replays.length; at += REPLAYS_AT_ONCE) {
      issues.put(subject, answer.replays.slice(at, at + REPLAYS_AT_ONCE));
      await nextTurn();
    }
    this.keepState(subject, answer);
    onProgress(0.92, 'Judging what was forecast');
    await scoring.judge(subject, signal);
    onProgress(0.97, 'Forecasting');
    await issuing.issueNow([subject], { isWorthKeeping: true });
  }

  /** The weights of a new model, and the widths that replays have led to. */
  private keepState(subject: ForecastSubject, { serving, card, weights, widths }: TrainAnswer): void {
    const { scores, clock } = this.deps;
    const isNew = card !== null && serving?.version === card.version;
    if (!isNew && !widths) return;
    const before = scores.state(subject);
    scores.putState(subject, {
      date: before?.date ?? new Date(clock.now()).toISOString().slice(0, 10),
      weights: isNew ? weights : (before?.weights ?? null),
      widths: widths ?? before?.widths ?? usualWidths(),
    });
  }

  private async taskOf(subject: ForecastSubject): Promise<TrainTask | undefined> {
    const { data, models, issues, scores, clock } = this.deps;
    const [newest] = models.list(subject);
    const gathered = await data.forTraining(subject, newest ? MOST_DAYS : FIRST_DAYS);
    if (!gathered?.measured) return undefined;
    const now = clock.now();
    const replayed = { from: now - (REPLAY_DAYS + 1) * DAY_MS, to: now };
    // The history may come after the first training has looked: what counts is whether there is a record.
    const wantsReplays = issues.times(subject, { from: 0, to: now - DAY_MS }).length === 0;
    const told = wantsReplays ? await data.weather.toldIn(subject.sourceId, replayed) : [];
    const panels = stillSeen(newest?.card.panels, now);
    return {
      subject,
      data: gathered.data,
      champion: await models.serving(subject),
      version: versionAt(subject.quantity, now),
      madeAt: now,
      weather: gathered.weatherFacts,
      told,
      wantsReplays,
      ...(panels ? { panels } : {}),
      widths: scores.state(subject)?.widths ?? usualWidths(),
      ...(wantsReplays ? { mostTrialDays: REPLAY_DAYS } : {}),
    };
  }
}

/** `solar-20261125-022300`: sorted by time, and a name that any file system takes. */
function versionAt(quantity: ForecastQuantity, time: number): string {
  const digits = new Date(time).toISOString().replace(/\D/g, '');
  return `${quantity}-${digits.slice(0, 8)}-${digits.slice(8, 14)}`;
}
