import type { ProductionData } from '../forecast/production-model.ts';
import type { WalkForwardResult } from '../forecast/walk-forward.ts';

/** What the forecast worker can be asked to do. One job a worker: it is thrown away, because its memory is never returned. */
export interface BacktestJob {
  kind: 'backtest';
  data: ProductionData;
  quantiles: number[];
  testMonths: number;
}

export type ForecastJob = BacktestJob;

export interface ForecastResults {
  backtest: WalkForwardResult;
}

/** What the worker says. */
export type WorkerMessage =
  | { kind: 'progress'; done: number; of: number }
  | { kind: 'done'; result: ForecastResults[keyof ForecastResults] }
  | { kind: 'failed'; message: string };
