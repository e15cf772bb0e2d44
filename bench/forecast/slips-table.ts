import { loadXgboost } from '../../src/ml/xgboost.ml.ts';
import { measureSet } from './measure.ts';
import { pvSets } from './pv-sets.ts';
import { slips } from './slips.ts';

/**
 * What wrong files cost: mean absolute error beside that of the set as it is, and how much p10 to p90 holds.
 * `AMPRA_TEST_DATA=... bun bench/forecast/slips-table.ts [sets as a pattern] [slips as a pattern]`.
 */
const root = process.env.AMPRA_TEST_DATA;
if (!root) throw new Error('AMPRA_TEST_DATA must name the folder of the test data');
const [sets, named] = [2, 3].map((at) => new RegExp(process.argv[at] ?? '.'));
const learner = await loadXgboost();
const percent = (share: number): string => (100 * share).toFixed(1);

console.log('| set | slip | more error than without, % | saved, % | p10 to p90 holds |');
console.log('| --- | --- | ---: | ---: | ---: |');
for (const set of pvSets(root).filter(({ name }) => sets?.test(name))) {
  let plain = Number.NaN;
  for (const { name, of } of [{ name: 'none', of: () => set }, ...slips]) {
    const wrong = name === 'none' || named?.test(name) ? of(set) : null;
    if (!wrong) continue;
    const { overall, skill } = measureSet(wrong, { learner, testMonths: 3 }).result;
    if (name === 'none') plain = overall.mae;
    const shares = [overall.mae / plain - 1, skill.clearSkyPersistence, overall.coverage].map(percent);
    console.log(`| ${[set.name, name, ...shares].join(' | ')} |`);
  }
}
