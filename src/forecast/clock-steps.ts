import { sunCoordinates } from '../core/solar/ephemeris.ts';
import { median } from '../core/stats.ts';
import type { DayEdges } from './day-edges.ts';

/** From `time` on stamps run ahead of those of the latest days by so many minutes. */
export interface ClockStep {
  /** ms UTC, to about a week. */
  time: number;
  aheadMin: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const STEP_MIN = 60;
/** What a window may cost at most, and what a step costs, in minutes of deviation. */
const CAP_MIN = 45;
const STEP_COST_MIN = 75;
const states = [-1, 0, 1];

/**
 * Steps of an hour in the stamps, as a log in local time with summer time shows them: solar noon jumps, and first and last
 * light with it. The cheapest course over the states "an hour early", "as usual", "an hour late" (Viterbi, 1967); a step
 * holds only when the length of the day went on as before. Empty when the clock kept still, as a rule.
 */
export function clockSteps(edges: readonly DayEdges[], stepMs: number): ClockStep[] {
  if (edges.length < 6) return [];
  const noons = solarNoons(edges);
  const middle = median(noons);
  const bases = Array.from({ length: 25 }, (_, index) => middle - 60 + index * 5);
  const courses = bases.map((base) => cheapest(noons, base));
  const best = courses.reduce((a, b) => (b.cost < a.cost ? b : a));
  const states = confirmed(edges, best.states, 45 + (0.75 * stepMs) / MINUTE_MS);
  const latest = states.at(-1) ?? 0;
  return states.flatMap((state, index) => {
    const before = states[index - 1] ?? latest;
    const isStep = index === 0 ? state !== latest : state !== before;
    return isStep ? [{ time: edges[index]?.time ?? 0, aheadMin: (state - latest) * STEP_MIN }] : [];
  });
}

/** Minutes that the stamps at `time` run ahead of the latest days. */
export function aheadMinAt(steps: readonly ClockStep[], time: number): number {
  return steps.findLast((step) => step.time <= time + 4 * DAY_MS)?.aheadMin ?? 0;
}

/** The edges on the clock of the latest days; windows that a step cuts through are left out. */
export function onOneClock(edges: readonly DayEdges[], steps: readonly ClockStep[]): DayEdges[] {
  if (steps.length === 0) return [...edges];
  return edges
    .filter(({ time }) => !steps.some((step) => Math.abs(step.time - time) < 9 * DAY_MS))
    .map((edge) => {
      const shift = aheadMinAt(steps, edge.time) * MINUTE_MS;
      return { ...edge, firstLight: edge.firstLight - shift, lastLight: edge.lastLight - shift };
    });
}

/** Mean solar noon of each window, minutes around the first one. */
function solarNoons(edges: readonly DayEdges[]): number[] {
  const first = edges[0]?.time ?? 0;
  return edges.map(({ time, firstLight, lastLight }) => {
    const noon = (firstLight + lastLight) / 2 + sunCoordinates(time).equationOfTimeMin * MINUTE_MS;
    const gap = noon - first;
    return (gap - Math.round(gap / DAY_MS) * DAY_MS) / MINUTE_MS;
  });
}

function cheapest(noons: readonly number[], base: number): { cost: number; states: number[] } {
  let paths = states.map((state) => ({ cost: state === 0 ? 0 : 1, states: [] as number[] }));
  for (const noon of noons) {
    paths = states.map((state, index) => {
      const from = paths.map((path, other) => ({ ...path, cost: path.cost + (other === index ? 0 : STEP_COST_MIN) }));
      const best = from.reduce((a, b) => (b.cost < a.cost ? b : a));
      const deviation = Math.min(CAP_MIN, Math.abs(noon - base - state * STEP_MIN));
      return { cost: best.cost + deviation, states: [...best.states, state] };
    });
  }
  return paths.reduce((a, b) => (b.cost < a.cost ? b : a));
}

/** Undoes steps at which the day's length jumped too: a tree that throws a winter's shadow on one edge, not a clock. */
function confirmed(edges: readonly DayEdges[], found: readonly number[], toleranceMin: number): number[] {
  const kept = [...found];
  for (let index = 1; index < kept.length; index++) {
    const step = (found[index] ?? 0) - (found[index - 1] ?? 0);
    const isClock = step !== 0 && Math.abs(lengthJumpMin(edges, index)) < toleranceMin;
    kept[index] = (kept[index - 1] ?? 0) + (isClock ? step : 0);
  }
  return kept;
}

/** How much longer the days are from a window on than the windows before and after it lead to expect, minutes. */
function lengthJumpMin(edges: readonly DayEdges[], index: number): number {
  const length = (at: number): number => {
    const pair = edges.slice(Math.max(0, at), Math.max(0, at) + 2);
    const sum = pair.reduce((total, { firstLight, lastLight }) => total + lastLight - firstLight, 0);
    return sum / Math.max(1, pair.length) / MINUTE_MS;
  };
  const across = length(index) - length(index - 2);
  const before = length(index - 2) - length(index - 4);
  const after = length(index + 2) - length(index);
  const trends = [...(index >= 4 ? [before] : []), ...(index + 4 <= edges.length ? [after] : [])];
  return across - trends.reduce((sum, trend) => sum + trend, 0) / Math.max(1, trends.length);
}
