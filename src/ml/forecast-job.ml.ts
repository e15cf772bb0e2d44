import type { ServeAnswer, ServeTask, TrainAnswer, TrainTask } from '../forecast/ports.ts';
import type { ProductionData } from '../forecast/production-model.ts';
import type { WalkForwardResult } from '../forecast/walk-forward.ts';

/** What the forecast worker can be asked to do. One job a worker: it is thrown away, because its memory is never returned. */
export interface BacktestJob {
  kind: 'backtest';
  data: ProductionData;
  quantiles: number[];
  testMonths: number;
}

/** Forecasts of several sources, one after the other; what is wrong with one is no trouble of the others. */
export interface ServeJob {
  kind: 'serve';
  tasks: readonly ServeTask[];
}

export interface TrainJob {
  kind: 'train';
  task: TrainTask;
}

export type ForecastJob = BacktestJob | ServeJob | TrainJob;

export interface ForecastResults {
  backtest: WalkForwardResult;
  serve: ServeAnswer[];
  train: TrainAnswer;
}

/** What the worker says. */
export type WorkerMessage =
  | { kind: 'progress'; done: number; of: number; text?: string }
  | { kind: 'done'; result: ForecastResults[keyof ForecastResults] }
  | { kind: 'failed'; message: string };
