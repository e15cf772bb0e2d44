import { expect, setDefaultTimeout, test } from 'bun:test';
import type { BoostingTask } from '../../core/boosted-trees.ts';
import { days } from '../../core/durations.ts';
import { loadXgboost } from '../../ml/xgboost.ml.ts';
import { madeUpConsumption } from '../../testing/consumption.ts';
import { madeUpProduction } from '../../testing/production.ts';
import { artefactText } from './artefact-text.ts';
import { trainConsumption } from './consumption-training.ts';
import { trainProduction } from './production-training.ts';

setDefaultTimeout(300_000);

const learner = await loadXgboost();

/** How many trees have been asked for. */
function counting() {
  const counted = { rounds: 0, learner: ((task) => learner(counted.add(task))) as typeof learner, add: same };
  function same(task: BoostingTask): BoostingTask {
    counted.rounds += task.rounds * (1 + (task.more?.stages ?? 0));
    return task;
  }
  return counted;
}

const cases = [
  [
    'sun',
    ({ moments, learner: own }: Call) =>
      trainProduction({ data: madeUpProduction({ days: 90 }).data, moments, learner: own }),
  ],
  [
    'house',
    ({ moments, learner: own }: Call) =>
      trainConsumption({ data: madeUpConsumption({ days: 90 }).data, moments, learner: own }),
  ],
] as const;

interface Call {
  moments: number[];
  learner: typeof learner;
}

for (const [name, train] of cases) {
  const { from } = (name === 'sun' ? madeUpProduction({ days: 1 }) : madeUpConsumption({ days: 1 })).data.grid;
  const [trial, end] = [from + days(76), from + days(90)];

  test(`${name}: what is learned up to a moment is the same whether it goes on from there or not`, () => {
    const [alone] = train({ moments: [trial], learner });
    const [tried] = train({ moments: [trial, end], learner });
    expect(artefactText(tried ?? fail())).toBe(artefactText(alone ?? fail()));
  });

  test(`${name}: going on takes a fraction of learning anew, and is learned only when it is asked for`, () => {
    const counted = counting();
    const learning = train({ moments: [trial, end], learner: counted.learner })[Symbol.iterator]();
    const first = learning.next().value;
    const atTrial = counted.rounds;
    const whole = learning.next().value;
    expect(counted.rounds - atTrial).toBeLessThan(0.4 * atTrial);
    expect([first?.learnedUntil, whole?.learnedUntil]).toEqual([trial, end]);
    expect(learning.next().done).toBe(true);
  });
}

function fail(): never {
  throw new Error('nothing was learned');
}
