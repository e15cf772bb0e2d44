import { backtestInput } from '../../src/forecast/backtest-input.ts';
import { isDaylight } from '../../src/forecast/daylight.ts';
import { endedBy, firstFrom, slotsPerDay, slotsPerHour } from '../../src/forecast/interval-grid.ts';
import { noNowcast } from '../../src/forecast/online/nowcast.ts';
import type { ProductionData } from '../../src/forecast/production-model.ts';
import { seenLoad, serveSeenLoad } from '../../src/forecast/recipe/consumption-serving.ts';
import { trainConsumption } from '../../src/forecast/recipe/consumption-training.ts';
import { seenBy, serveSeen } from '../../src/forecast/recipe/production-serving.ts';
import { trainProduction } from '../../src/forecast/recipe/production-training.ts';
import { lastMonths, nextMonth, startOfMonth } from '../../src/forecast/walk-months.ts';
import { loadXgboost } from '../../src/ml/xgboost.ml.ts';
import { type IntradayScore, ISSUE_REACH_H, intradayScore } from './intraday-score.ts';
import { type LoadSet, loadSets } from './load-sets.ts';
import { type PvSet, pvSets } from './pv-sets.ts';

/**
 * What the last hours teach about the next ones: each recorded set is forecast as the appliance does, at each hour of each
 * day of the last months, learned at the start of each month from the past alone:
 * `AMPRA_TEST_DATA=... bun bench/forecast/intraday.ts [months] [names as a pattern]`. Weather is what the set has.
 */
const root = process.env.AMPRA_TEST_DATA;
if (!root) throw new Error('AMPRA_TEST_DATA must name the folder of the test data');
const testMonths = Number(process.argv[2] ?? 2);
const wanted = new RegExp(process.argv[3] ?? '.');
const learner = await loadXgboost();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const names = ['corrected', 'uncorrected', 'reference', 'persistence', 'carried'] as const;
type Name = (typeof names)[number];
type Simple = Pick<Record<Name, number>, 'persistence' | 'carried'>;
type Recorded = Pick<ProductionData, 'grid' | 'powerW'>;

const row = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);
row(['set', 'ahead', 'error', 'saved of uncorrected', 'of reference', 'of persistence', 'of persistence carried over']);
row(['---', '---', ...new Array<string>(5).fill('---:')]);
for (const set of pvSets(root))
  if (wanted.test(set.name) && !set.name.includes('daily'))
    print(set.name, set.site.installedCapacityW, production(set));
for (const set of loadSets(root))
  if (wanted.test(`${set.name}, consumption`)) print(`${set.name}, consumption`, null, consumption(set));

function print(name: string, capacityW: number | null, score: IntradayScore<Name>): void {
  for (const line of score.lines()) {
    const { corrected } = line.mae;
    const saved = (than: Name): string => {
      const { share, error } = line.saved('corrected', than);
      return `${(100 * share).toFixed(1)} ± ${(100 * error).toFixed(1)}`;
    };
    const error = capacityW === null ? `${corrected.toFixed(0)} W` : `${((100 * corrected) / capacityW).toFixed(2)} %`;
    row([name, line.label, error, ...names.slice(1).map(saved)]);
  }
}

/** A model for a month, as it serves and as it would if it did not follow the last hours. */
interface MonthModel {
  serve(isFollowing: boolean, now: number, until: number): { from: number; powerW: number; referenceW: number }[];
  /** What is said without a model; null where the interval does not count. */
  simple(now: number, index: number): Simple | null;
}

function production(set: PvSet): IntradayScore<Name> {
  const { powerCsv, weatherCsv, site } = set;
  const files = { powerCsv, ...(weatherCsv === null ? {} : { weatherCsv }), site };
  const input = backtestInput({ ...files, names: { power: 'power.csv', weather: 'weather.csv' } });
  if (!input.ok) throw new Error(`${set.name}: ${input.error.message}`);
  const { data } = input.value;
  return scoreMonths(data, function* (moments): Iterable<MonthModel> {
    for (const artefact of trainProduction({ data, moments, learner })) {
      const seen = seenBy(artefact, data);
      const without = { ...seen, artefact: { ...artefact, nowcast: noNowcast } };
      yield {
        serve: (isFollowing, now, until) =>
          serveSeen(isFollowing ? seen : without, now, until).intervals.map(({ from, powerW, physicsW }) => ({
            ...{ from, powerW, referenceW: physicsW },
          })),
        simple: (now, index) =>
          !isDaylight(seen.view.light, index)
            ? null
            : persisted(data, seen.view.clearW, 0.05 * artefact.model.scaleW, now, index),
      };
    }
  });
}

function consumption({ data }: LoadSet): IntradayScore<Name> {
  const even = new Float64Array(data.grid.count).fill(1);
  return scoreMonths(data, function* (moments): Iterable<MonthModel> {
    for (const artefact of trainConsumption({ data, moments, learner })) {
      const seen = seenLoad(artefact, data);
      const without = { ...seen, artefact: { ...artefact, nowcast: noNowcast } };
      yield {
        serve: (isFollowing, now, until) => serveSeenLoad(isFollowing ? seen : without, now, until).intervals,
        simple: (now, index) => {
          const yesterday = data.powerW[index - slotsPerDay(data.grid)] ?? Number.NaN;
          const last = persisted(data, even, 0, now, index);
          return last && !Number.isNaN(yesterday) ? { ...last, carried: yesterday } : null;
        },
      };
    }
  });
}

/** Errors at each hour of the last months, each forecast by the model that was learned at its start. */
function scoreMonths(
  { grid, powerW }: Recorded,
  modelsAt: (moments: number[]) => Iterable<MonthModel>,
): IntradayScore<Name> {
  const score = intradayScore(names);
  const starts = lastMonths(grid, powerW, testMonths).map(startOfMonth);
  let at = 0;
  for (const model of modelsAt(starts)) {
    const start = starts[at++] ?? 0;
    const end = starts[at] ?? nextMonth(start);
    for (let now = start; now < end; now += HOUR_MS) {
      const until = now + ISSUE_REACH_H * HOUR_MS;
      const [on, off] = [model.serve(true, now, until), model.serve(false, now, until)];
      on.forEach(({ from, powerW: corrected, referenceW: reference }, k) => {
        const index = firstFrom(grid, from);
        const actualW = powerW[index] ?? Number.NaN;
        const simple = Number.isNaN(actualW) ? null : model.simple(now, index);
        if (!simple) return;
        const own = { corrected, uncorrected: off[k]?.powerW ?? 0, reference };
        score.add((from - now) / HOUR_MS, Math.floor(now / DAY_MS), actualW, { ...own, ...simple });
      });
    }
  }
  return score;
}

/**
 * The last hour's mean, as it was and by the ratio to the clear sky; where there was no light in it the same time of the day
 * before. Null when nothing is known.
 */
function persisted(
  { grid, powerW }: Recorded,
  clearW: ArrayLike<number>,
  leastW: number,
  now: number,
  index: number,
): Simple | null {
  const known = endedBy(grid, now);
  const hour = slotsPerHour(grid);
  let [power, clear, seen] = [0, 0, 0];
  const take = (from: number, to: number): void => {
    for (let at = Math.max(0, from); at < to; at++) {
      if (Number.isNaN(powerW[at] ?? Number.NaN)) continue;
      power += powerW[at] ?? 0;
      clear += clearW[at] ?? 0;
      seen++;
    }
  };
  take(known - hour, known);
  if (seen === 0 || clear / seen < leastW) {
    [power, clear, seen] = [0, 0, 0];
    take(index - slotsPerDay(grid), index - slotsPerDay(grid) + 1);
  }
  if (seen === 0) return null;
  const ownW = clearW[index] ?? 0;
  return { persistence: power / seen, carried: clear > 0 ? Math.min(1.5, power / clear) * ownW : power / seen };
}
