import { runForecastJob } from '../ml/forecast-worker.ml.ts';
import type { ForecastWorkshop, WorkOptions } from './ports.ts';

/** The workshop in threads that are thrown away: each call starts one, and its memory goes with it. */
export function createWorkshop(): ForecastWorkshop {
  const options = ({ onProgress, signal }: WorkOptions = {}) => ({
    ...(onProgress ? { onProgress: (done: number, _: number, text = '') => onProgress(done, text) } : {}),
    ...(signal ? { signal } : {}),
  });
  return {
    serve: (tasks, own) => runForecastJob({ kind: 'serve', tasks }, options(own)),
    train: (task, own) => runForecastJob({ kind: 'train', task }, options(own)),
  };
}
