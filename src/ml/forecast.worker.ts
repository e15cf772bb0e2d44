import { getPriority, setPriority } from 'node:os';
import { onPause, pause } from '../core/pause.ts';
import type { ServeAnswer, ServeTask } from '../forecast/ports.ts';
import { serve } from '../forecast/serve/serve.ts';
import { train } from '../forecast/train/train.ts';
import { walkForward } from '../forecast/walk-forward.ts';
import type { ForecastJob, ForecastResults, WorkerMessage } from './forecast-job.ml.ts';
import { loadXgboost } from './xgboost.ml.ts';

/** The thread in which forecasters learn: takes one job, says how far it is, answers, and is ended by who started it. */
declare const self: Worker;

/** Nice values: a thread with five more gets a third of another's processor time while both want it (setpriority(2), sched(7)). */
const STEPS_BACK = 5;
const LEAST_PRIORITY = 19;

type Say = (message: WorkerMessage) => void;

self.onmessage = (event: MessageEvent<ForecastJob>) => {
  const say: Say = (message) => self.postMessage(message);
  run(event.data, say).then(
    (result) => say({ kind: 'done', result }),
    (error: unknown) => say({ kind: 'failed', message: messageOf(error) }),
  );
};

async function run(job: ForecastJob, say: Say): Promise<ForecastResults[ForecastJob['kind']]> {
  staySmall();
  if (job.kind === 'serve') return serveAll(job.tasks, say);
  stepBack();
  const learner = await loadXgboost();
  if (job.kind === 'train')
    return train(job.task, learner, (share, text) => say({ kind: 'progress', done: share, of: 1, text }));
  const { data, quantiles, testMonths } = job;
  return walkForward({
    data,
    learner,
    quantiles,
    testMonths,
    onProgress: (done, of) => say({ kind: 'progress', done, of }),
  });
}

/** Others go first: learning has time. On Linux this concerns the calling thread alone (setpriority(2), notes on NPTL). */
function stepBack(): void {
  if (process.platform === 'linux') setPriority(Math.min(LEAST_PRIORITY, getPriority() + STEPS_BACK));
}

/** Garbage of so much is collected. */
const MUCH_BYTES = 25e6;
/** How much there is is asked no more often than this: each time costs a fifth of a millisecond. */
const ASK_EACH_MS = 20;

/**
 * What learning and forecasting leave behind is collected as it goes: the engine would let a few hundred megabytes lie, which the appliance
 * needs itself.
 */
function staySmall(): void {
  let [after, askedAt] = [process.memoryUsage.rss(), performance.now()];
  onPause(() => {
    if (performance.now() - askedAt < ASK_EACH_MS) return;
    const bytes = process.memoryUsage.rss();
    askedAt = performance.now();
    after = Math.min(after, bytes);
    if (bytes - after < MUCH_BYTES) return;
    Bun.gc(true);
    after = process.memoryUsage.rss();
  });
}

function serveAll(tasks: readonly ServeTask[], say: Say): ServeAnswer[] {
  return tasks.map((task, at) => {
    pause();
    const answer = serveOne(task);
    say({ kind: 'progress', done: at + 1, of: tasks.length });
    return answer;
  });
}

function serveOne(task: ServeTask): ServeAnswer {
  try {
    return { subject: task.subject, issue: serve(task) };
  } catch (error) {
    return { subject: task.subject, problem: messageOf(error) };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
