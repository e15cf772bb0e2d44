import { backtestInput } from '../../src/forecast/backtest-input.ts';
import { walkConsumption } from '../../src/forecast/consumption/consumption-walk.ts';
import { isDaylight } from '../../src/forecast/daylight.ts';
import { walkForward } from '../../src/forecast/walk-forward.ts';
import { loadXgboost } from '../../src/ml/xgboost.ml.ts';
import { cutConsumption, cutProduction, type Span, spanOf } from './cut-sets.ts';
import { type LoadSet, loadSets } from './load-sets.ts';
import { type PvSet, pvSets } from './pv-sets.ts';
import { type WindowOdds, watchOdds } from './window-measure.ts';

/**
 * How the odds hold at other times than the last three months of each recorded set, in place of data that nobody has seen:
 * `AMPRA_TEST_DATA=... bun bench/forecast/windows.ts [names as a pattern]`. Each set is cut as if its recording had ended some
 * months earlier, and its last three months are forecast; and production to a few weeks in all, of which every day is forecast
 * (consumption is not: between monthly trainings nothing would speak for it, which in the appliance its usual values do).
 */
const root = process.env.AMPRA_TEST_DATA;
if (!root) throw new Error('AMPRA_TEST_DATA must name the folder of the test data');
const wanted = new RegExp(process.argv[2] ?? '.');
const learner = await loadXgboost();
const DAY_MS = 86_400_000;
/** Whole months left out at the end, where four remain. */
const CUTS = [0, 3, 6];
const FEWEST_DAYS = 120;
const SHORT_DAYS = [30];
/** Short windows end so many days before the end of the data. */
const SHORT_CUTS_DAYS = [0, 75, 150, 225];
const [QUANTILES, TEST_MONTHS] = [[0.1, 0.5, 0.9], 3];

interface Window extends WindowOdds {
  /** How much smaller errors are than those of both simple forecasts: clear-sky persistence and physics, the day before and the usual. */
  saved: [number, number];
}

const row = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);
const percent = (share: number): string => (Number.isFinite(share) ? (100 * share).toFixed(1) : '-');
const inAll: number[] = [];
const months = [1, 2, 3].map(() => [] as number[]);

row([
  'set',
  'windows',
  'saved',
  'saved of physics or the usual',
  'hold',
  'of unconditional',
  'day totals hold',
  'weeks',
]);
row(['---', ...new Array<string>(7).fill('---:')]);
for (const set of pvSets(root)) {
  if (!wanted.test(set.name) || set.name.includes('daily')) continue;
  line(set.name, spanOf(set), SHORT_CUTS_DAYS, (span) => productionWindow(cutProduction(set, span)));
}
for (const set of loadSets(root)) {
  const name = `${set.name}, consumption`;
  if (!wanted.test(name)) continue;
  const { from, stepMs, count } = set.data.grid;
  line(name, { from, to: from + count * stepMs }, [], (span) => consumptionWindow(cutConsumption(set, span)));
}
console.log();
for (const [at, shares] of months.entries())
  console.log(`${at + 1} test months: ${inside(shares)} of ${shares.length} windows hold 77 to 83 %`);
console.log(`a few weeks in all: ${inside(inAll)} of ${inAll.length}`);

function line(name: string, span: Span, shortCuts: readonly number[], measure: (span: Span) => Window): void {
  const isLong = (to: number): boolean => to - span.from >= FEWEST_DAYS * DAY_MS;
  const ends = CUTS.map((cut) => monthsBefore(span.to, cut)).filter((to, at) => at === 0 || isLong(to));
  const long = ends.map((to) => measure({ from: span.from, to }));
  const short = shortCuts
    .flatMap((cut) => SHORT_DAYS.map((days) => ({ from: span.to - (cut + days) * DAY_MS, to: span.to - cut * DAY_MS })))
    .filter(({ from }) => from >= span.from)
    .map(measure);
  const held = long.map((one) => one.held.at(-1) ?? Number.NaN);
  const weeks = short.map((one) => one.held.at(-1) ?? Number.NaN);
  inAll.push(...weeks);
  for (const one of long) one.held.forEach((share, at) => void months[at]?.push(share));
  const sum = (of: (one: Window) => number): number => long.reduce((total, one) => total + of(one), 0);
  row([
    name,
    long.length,
    ...[0, 1].map((at) => percent(sum(({ saved }) => saved[at] ?? Number.NaN) / long.length)),
    range(held),
    range(long.map(({ ofUnconditional }) => ofUnconditional)),
    percent(sum(({ days }) => days.inside) / sum(({ days }) => days.judged)),
    range(weeks),
  ]);
}

function productionWindow({ powerCsv, weatherCsv, site }: PvSet): Window {
  const names = { power: 'power.csv', weather: 'weather.csv' };
  const input = backtestInput({ powerCsv, ...(weatherCsv === null ? {} : { weatherCsv }), site, names });
  if (!input.ok) throw new Error(input.error.message);
  const { data } = input.value;
  const lit = new Map<number, boolean>();
  const watch = watchOdds({ ...data, isJudged: (index) => lit.get(index) ?? false });
  const { skill } = walkForward({
    ...{ data, learner, quantiles: QUANTILES, testMonths: TEST_MONTHS },
    onInterval: (index, run) => {
      lit.set(index, isDaylight(run.view().light, index));
      const { limitW } = run.model().mix;
      watch.onInterval(index, run, { limitW });
    },
  });
  return { ...watch.odds(), saved: [skill.clearSkyPersistence, skill.physics] };
}

function consumptionWindow({ data }: LoadSet): Window {
  const watch = watchOdds({ ...data, isJudged: () => true });
  const { skill } = walkConsumption({
    ...{ data, learner, quantiles: QUANTILES, testMonths: TEST_MONTHS },
    onInterval: (index, run) => watch.onInterval(index, run, run.trained().model),
  });
  return { ...watch.odds(), saved: [skill.yesterday, skill.usual] };
}

/** The start of the month that is so many months before the one that a moment ends; the moment itself for none. */
function monthsBefore(time: number, count: number): number {
  const last = new Date(time - 1);
  return count === 0 ? time : Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + 1 - count, 1);
}

function inside(shares: readonly number[]): number {
  return shares.filter((share) => share >= 0.77 && share <= 0.83).length;
}

function range(shares: readonly number[]): string {
  if (shares.length === 0) return '-';
  return `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`;
}
