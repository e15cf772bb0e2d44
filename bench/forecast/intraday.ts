import { backtestInput } from '../../src/forecast/backtest-input.ts';
import { firstFrom, type IntervalGrid, slotsPerDay, slotsPerHour, startOf } from '../../src/forecast/interval-grid.ts';
import { noNowcast } from '../../src/forecast/nowcast.ts';
import type { ProductionData } from '../../src/forecast/production-model.ts';
import { seenLoad, serveSeenLoad } from '../../src/forecast/recipe/consumption-serving.ts';
import { trainConsumption } from '../../src/forecast/recipe/consumption-training.ts';
import { seenBy, serveSeen } from '../../src/forecast/recipe/production-serving.ts';
import { trainProduction } from '../../src/forecast/recipe/production-training.ts';
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

function production(set: PvSet): IntradayScore<Name> {
  const { powerCsv, weatherCsv, site } = set;
  const files = { powerCsv, ...(weatherCsv === null ? {} : { weatherCsv }), site };
  const input = backtestInput({ ...files, names: { power: 'power.csv', weather: 'weather.csv' } });
  if (!input.ok) throw new Error(`${set.name}: ${input.error.message}`);
  const { data } = input.value;
  const score = intradayScore(names);
  const months = lastMonths(data.grid, data.powerW);
  let at = 0;
  for (const artefact of trainProduction({ data, moments: months.slice(0, -1), learner })) {
    const seen = seenBy(artefact, data);
    const without = { ...seen, artefact: { ...artefact, nowcast: noNowcast } };
    for (let now = months[at] ?? 0; now < (months[at + 1] ?? 0); now += HOUR_MS) {
      const until = now + ISSUE_REACH_H * HOUR_MS;
      const [on, off] = [serveSeen(seen, now, until).intervals, serveSeen(without, now, until).intervals];
      on.forEach(({ from, powerW, physicsW }, k) => {
        const index = firstFrom(data.grid, from);
        const actualW = data.powerW[index] ?? Number.NaN;
        if (Number.isNaN(actualW) || (seen.view.light.daylight[index] ?? 0) < 0.5) return;
        const simple = persisted(data, seen.view.clearW, 0.05 * artefact.model.scaleW, now, index);
        if (simple) {
          const own = { corrected: powerW, uncorrected: off[k]?.powerW ?? 0, reference: physicsW };
          score.add((from - now) / HOUR_MS, dayOf(now), actualW, { ...own, ...simple });
        }
      });
    }
    at++;
  }
  return score;
}

function consumption({ data }: LoadSet): IntradayScore<Name> {
  const score = intradayScore(names);
  const months = lastMonths(data.grid, data.powerW);
  const even = new Float64Array(data.grid.count).fill(1);
  let at = 0;
  for (const artefact of trainConsumption({ data, moments: months.slice(0, -1), learner })) {
    const seen = seenLoad(artefact, data);
    const without = { ...seen, artefact: { ...artefact, nowcast: noNowcast } };
    for (let now = months[at] ?? 0; now < (months[at + 1] ?? 0); now += HOUR_MS) {
      const until = now + ISSUE_REACH_H * HOUR_MS;
      const [on, off] = [serveSeenLoad(seen, now, until).intervals, serveSeenLoad(without, now, until).intervals];
      on.forEach(({ from, powerW, referenceW }, k) => {
        const index = firstFrom(data.grid, from);
        const actualW = data.powerW[index] ?? Number.NaN;
        const yesterday = data.powerW[index - slotsPerDay(data.grid)] ?? Number.NaN;
        const last = persisted(data, even, 0, now, index)?.persistence;
        if (Number.isNaN(actualW + yesterday) || last === undefined) return;
        const own = { corrected: powerW, uncorrected: off[k]?.powerW ?? 0, reference: referenceW };
        score.add((from - now) / HOUR_MS, dayOf(now), actualW, { ...own, persistence: last, carried: yesterday });
      });
    }
    at++;
  }
  return score;
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

/**
 * The last hour's mean, as it was and by the ratio to the clear sky; where there was no light in it the same time of the day
 * before. Null when nothing is known.
 */
function persisted(
  { grid, powerW }: Pick<ProductionData, 'grid' | 'powerW'>,
  clearW: ArrayLike<number>,
  leastW: number,
  now: number,
  index: number,
): Pick<Record<Name, number>, 'persistence' | 'carried'> | null {
  const known = Math.floor((now - grid.from) / grid.stepMs + 1e-9);
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

/** Starts of the last UTC months with data, and the end of the last one. */
function lastMonths(grid: IntervalGrid, powerW: Float64Array): number[] {
  const months = new Set<number>();
  for (let index = 0; index < grid.count; index++) {
    const date = new Date(startOf(grid, index));
    if (!Number.isNaN(powerW[index] ?? Number.NaN)) months.add(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
  }
  const starts = [...months].sort((a, b) => a - b).slice(-testMonths);
  const last = new Date(starts.at(-1) ?? 0);
  return [...starts, Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + 1, 1)];
}
