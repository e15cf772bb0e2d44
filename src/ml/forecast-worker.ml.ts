import type { TrainTask } from '../forecast/ports.ts';
import { isExecutable } from '../platform/runtime.ts';
import type { ForecastJob, ForecastResults, WorkerMessage } from './forecast-job.ml.ts';

export interface WorkerOptions {
  onProgress?: (done: number, of: number, text?: string) => void;
  /** Ends the work early; the promise then rejects. */
  signal?: AbortSignal;
}

/** In the executable everything else is one file, and the workers lie beside it by their place under `src` (scripts/build.ts). */
const workerFile = isExecutable ? './ml/forecast.worker.ts' : new URL('./forecast.worker.ts', import.meta.url).href;

/**
 * Does a job in a thread of its own, which ends with it. Rejects with what went wrong in there. The history that a training
 * learns from moves over: who started it cannot use it any more.
 */
export function runForecastJob<J extends ForecastJob>(
  job: J,
  options: WorkerOptions = {},
): Promise<ForecastResults[J['kind']]> {
  if (options.signal?.aborted) return Promise.reject(calledOff());
  // Learning takes its time anyway; with a small heap it takes no memory that the appliance needs.
  const worker = new Worker(workerFile, { smol: true });
  const finished = new Promise<ForecastResults[J['kind']]>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.kind === 'progress') options.onProgress?.(data.done, data.of, data.text);
      // The worker answers with what its kind of job gives.
      else if (data.kind === 'done') resolve(data.result as ForecastResults[J['kind']]);
      else reject(new Error(data.message));
    };
    worker.onerror = (event) => reject(new Error(`the forecast worker failed: ${event.message}`));
    options.signal?.addEventListener('abort', () => reject(calledOff()), { once: true });
  });
  worker.postMessage(job, job.kind === 'train' ? buffersOf(job.task) : []);
  return finished.finally(() => worker.terminate());
}

const calledOff = (): Error => new Error('the work was called off');

/** The memory of what a training learns from. */
function buffersOf({ data, told }: TrainTask): ArrayBuffer[] {
  const tables = [data.weather, ...told.map(({ table }) => table)].filter((table) => table !== null);
  const columns = tables.flatMap(({ times, columns }) => [times, ...Object.values(columns)]);
  const buffers = [data.powerW, data.excluded, ...columns].map(({ buffer }) => buffer);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
