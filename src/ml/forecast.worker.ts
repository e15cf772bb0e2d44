import { walkForward } from '../forecast/walk-forward.ts';
import type { ForecastJob, ForecastResults, WorkerMessage } from './forecast-job.ml.ts';
import { loadXgboost } from './xgboost.ml.ts';

/** The thread in which forecasters learn: takes one job, says how far it is, answers, and is ended by who started it. */
declare const self: Worker;

self.onmessage = (event: MessageEvent<ForecastJob>) => {
  const say = (message: WorkerMessage): void => self.postMessage(message);
  run(event.data, say).then(
    (result) => say({ kind: 'done', result }),
    (error: unknown) => say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
};

async function run(
  job: ForecastJob,
  say: (message: WorkerMessage) => void,
): Promise<ForecastResults[ForecastJob['kind']]> {
  const learner = await loadXgboost();
  const { data, quantiles, testMonths } = job;
  return walkForward({
    data,
    learner,
    quantiles,
    testMonths,
    onProgress: (done, of) => say({ kind: 'progress', done, of }),
  });
}
