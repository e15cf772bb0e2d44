import { fitNonnegative } from '../../src/core/nonnegative-fit.ts';
import { slotsPerDay } from '../../src/forecast/interval-grid.ts';
import { type ExpertName, expertNames } from '../../src/forecast/production-experts.ts';
import { loadXgboost } from '../../src/ml/xgboost.ml.ts';
import { measureSet } from './measure.ts';
import { type PvSet, pvSets } from './pv-sets.ts';

/**
 * How much memory alone could have saved: `AMPRA_TEST_DATA=... bun bench/forecast/memory-bound.ts [names as a pattern]`. For each
 * recorded set, without its weather, what is saved of clear-sky persistence over the last three months by the forecast, and by
 * the weights of yesterday, the last week's median, the fortnight's bright days and a constant that would have had the smallest
 * absolute error: for each time of the day its own four, fitted on the very days that are judged. Nobody can know these
 * beforehand. Where the UTC day begins in the light, as in Australia, its first hours are known and say more than all of that.
 */
const root = process.env.AMPRA_TEST_DATA;
if (!root) throw new Error('AMPRA_TEST_DATA must name the folder of the test data');
const wanted = new RegExp(process.argv[2] ?? '.');
const TEST_MONTHS = 3;
const MEMORIES: readonly ExpertName[] = ['yesterday', 'median7', 'high14'];
const learner = await loadXgboost();

/** A judged interval: what the days before it were, and what came. */
interface Judged {
  memories: number[];
  actualW: number;
}

for (const set of pvSets(root)) if (wanted.test(set.name) && !set.name.includes('daily')) console.log(line(set));

function line(set: PvSet): string {
  const bySlot = new Map<number, Judged[]>();
  const { result } = measureSet(
    { ...set, weatherCsv: null },
    {
      ...{ learner, testMonths: TEST_MONTHS },
      watch: (index, run, { grid, powerW }) => {
        const memories = MEMORIES.map((name) => run.ledger.experts[expertNames.indexOf(name)]?.[index] || 0);
        const slot = index % slotsPerDay(grid);
        const judged = bySlot.get(slot) ?? [];
        judged.push({ memories, actualW: powerW[index] ?? 0 });
        bySlot.set(slot, judged);
      },
    },
  );
  const slots = [...bySlot.values()];
  const count = slots.reduce((sum, judged) => sum + judged.length, 0);
  const bestMae = slots.reduce((sum, judged) => sum + leastError(judged), 0) / count;
  const saved = (mae: number): string => (100 * (1 - mae / result.baselines.clearSkyPersistence)).toFixed(1);
  return `${set.name.padEnd(16)} saved ${saved(result.overall.mae)}, at most ${saved(bestMae)}`;
}

/** Sum of the absolute errors that the best weights leave, of either sign: each column is there twice, the second time negative. */
function leastError(judged: readonly Judged[]): number {
  const target = judged.map(({ actualW }) => actualW);
  const size = Math.max(1, ...target);
  const positive = [...MEMORIES.map((_, k) => judged.map(({ memories }) => memories[k] ?? 0)), target.map(() => size)];
  const columns = positive.flatMap((column) => [column, column.map((value) => -value)]);
  const weights = fitNonnegative({ columns, target, priorRows: 1e-6, rounds: 40 });
  return target.reduce((sum, actual, row) => {
    const fitted = columns.reduce((all, column, k) => all + (weights[k] ?? 0) * (column[row] ?? 0), 0);
    return sum + Math.abs(actual - fitted);
  }, 0);
}
