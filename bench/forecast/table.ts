import { walkConsumption } from '../../src/forecast/consumption/consumption-walk.ts';
import { loadXgboost } from '../../src/ml/xgboost.ml.ts';
import { loadSets } from './load-sets.ts';
import { type Measured, measureSet } from './measure.ts';
import { pvSets } from './pv-sets.ts';

/**
 * The tables of docs/forecasting.md, out of the recorded sets of the test data:
 * `AMPRA_TEST_DATA=... bun bench/forecast/table.ts [months] [names as a pattern]`. Each line as soon as it is known.
 */
const root = process.env.AMPRA_TEST_DATA;
if (!root) throw new Error('AMPRA_TEST_DATA must name the folder of the test data');
const testMonths = Number(process.argv[2] ?? 3);
const wanted = new RegExp(process.argv[3] ?? '.');
const learner = await loadXgboost();

const row = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);
const head = (cells: readonly string[]): void => {
  row(cells);
  row(cells.map((_, at) => (at === 0 ? '---' : '---:')));
};
const percent = (share: number): string => (Number.isFinite(share) ? (100 * share).toFixed(1) : '-');

head([
  ...['production', 'step, min', 'months', 'MAE', 'clear-sky persistence', 'physics', 'saved', 'saved of physics'],
  ...['p10 to p90 holds', 'width', 'unconditional, known before', 'holds', 'known afterwards', 'loss, % of it'],
]);
for (const set of pvSets(root)) if (wanted.test(set.name)) productionLine(measureSet(set, { learner, testMonths }));

console.log();
head([
  'consumption',
  'step, min',
  'MAE, W',
  'the day before',
  'the usual',
  'saved',
  'saved of the usual',
  'p10 to p90 holds',
]);
for (const { name, data } of loadSets(root)) {
  if (!wanted.test(`${name}, consumption`)) continue;
  const { overall, baselines, skill } = walkConsumption({ data, learner, quantiles: [0.1, 0.5, 0.9], testMonths });
  const watts = [overall.mae, baselines.yesterday, baselines.usual].map((value) => value.toFixed(0));
  const shares = [skill.yesterday, skill.usual, overall.coverage].map(percent);
  row([name, data.grid.stepMs / 60_000, ...watts, ...shares]);
}

/** Powers in percent of the installed power. */
function productionLine({ result, capacityW, ...set }: Measured): void {
  const { before, afterwards } = set.unconditional ?? {};
  const { overall, baselines, skill } = result;
  const ofCapacity = (watts: number): string => (Number.isFinite(watts) ? ((100 * watts) / capacityW).toFixed(2) : '-');
  row([
    set.hasWeather ? set.name : `${set.name}, no weather`,
    set.stepMin,
    set.historyMonths.toFixed(0),
    ...[overall.mae, baselines.clearSkyPersistence, baselines.physics].map(ofCapacity),
    ...[skill.clearSkyPersistence, skill.physics, overall.coverage].map(percent),
    ...[overall.width, before?.widthW ?? Number.NaN].map(ofCapacity),
    percent(before?.holds ?? Number.NaN),
    ofCapacity(afterwards?.widthW ?? Number.NaN),
    percent(set.ofUnconditionalLoss),
  ]);
}
