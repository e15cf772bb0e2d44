import type { NumericMetric } from '../../core/metrics.ts';
import type { HistorySeries } from '../figures.ts';
import { valuesOnGrid } from './history-combine.ts';
import { type AskedLine, lineKey } from './history-lines.ts';
import type { ChartSeries } from './history-view.ts';

/** What is known over the same time of one scope. */
export interface ScopeHistory {
  /** Null for what the page shows. */
  scope: string | null;
  label: string;
  history: HistorySeries;
  /** True where the load is what the balance of the other powers leaves. */
  isLoadDerived?: boolean;
}

/** Lines of several scopes in the buckets of the finest of them, in the order in which they are asked for. */
export function gatherLines(
  lines: readonly AskedLine[],
  parts: readonly ScopeHistory[],
): { times: number[]; bucketMs: number; lines: ChartSeries[] } {
  const filled = parts.map((part) => part.history).filter((history) => history.times.length > 0);
  const finest = filled.reduce<HistorySeries | undefined>((a, b) => (a && a.bucketMs <= b.bucketMs ? a : b), undefined);
  if (!finest) return { times: [], bucketMs: parts[0]?.history.bucketMs ?? 300_000, lines: [] };
  const isOfSeveral = new Set(lines.map((line) => line.scope)).size > 1;
  const series = lines.flatMap((line): ChartSeries[] => {
    const part = parts.find((one) => one.scope === line.scope);
    if (!part) return [];
    const of = (lists: HistorySeries['series']) => listOn(finest, part.history, lists, line.metric);
    const { series, lows, highs } = part.history;
    return [
      {
        key: lineKey(line),
        metric: line.metric,
        isDerived: line.metric === 'loadPower' && part.isLoadDerived === true,
        whose: isOfSeveral || line.scope !== null ? part.label : null,
        values: of(series) ?? finest.times.map(() => null),
        lows: of(lows),
        highs: of(highs),
      },
    ];
  });
  return { times: finest.times, bucketMs: finest.bucketMs, lines: series };
}

function listOn(
  grid: HistorySeries,
  history: HistorySeries,
  lists: HistorySeries['series'],
  metric: NumericMetric,
): (number | null)[] | null {
  const values = lists[metric];
  if (!values) return null;
  return history === grid ? values : valuesOnGrid(grid, history, values);
}
