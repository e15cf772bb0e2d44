import type { CameStep, DayView, ForecastState, ForecastView, StepView } from '../forecast-view.ts';
import { issueLevels, quantileAt } from '../issue.ts';
import type { ForecastReason } from '../reasons.ts';

/**
 * The forecast of several sources as one. Quantiles are added level by level, which is the sum's quantile when all err
 * together; under one sky they nearly do, and where they do not the bands are too wide, never too narrow.
 * Shown are the steps and days that all of them speak of. Needs at least one forecast.
 */
export function combineForecasts(views: readonly ForecastView[], timeZone: string): ForecastView {
  const [first, ...others] = views;
  if (!first) throw new RangeError('there is no forecast to combine');
  if (others.length === 0) return first;
  return {
    ...first,
    timeZone,
    issuedAt: Math.max(...views.map(({ issuedAt }) => issuedAt)),
    previousIssueAt: extreme(Math.max, views, (view) => view.previousIssueAt),
    nextIssueAt: extreme(Math.min, views, (view) => view.nextIssueAt),
    isNewest: views.every(({ isNewest }) => isNewest),
    isReplayed: views.some(({ isReplayed }) => isReplayed),
    state: stateOf(views.map(({ state }) => state)),
    steps: addSteps(views.map(({ steps }) => steps)),
    earlier: addSteps(views.map(({ earlier }) => earlier)),
    came: addCame(views.map(({ came }) => came)),
    days: addDays(views.map(({ days }) => days)),
    installedW: sumOrNull(views.map(({ installedW }) => installedW)),
  };
}

function extreme(
  pick: (...values: number[]) => number,
  views: readonly ForecastView[],
  of: (view: ForecastView) => number | null,
): number | null {
  const known = views.map(of).filter((value) => value !== null);
  return known.length > 0 ? pick(...known) : null;
}

function stateOf(states: readonly ForecastState[]): ForecastState {
  const least = (of: (state: ForecastState) => number | null): number | null => {
    const values = states.map(of).filter((value) => value !== null);
    return values.length === states.length ? Math.min(...values) : null;
  };
  return {
    basis: states.every(({ basis }) => basis === 'learned') ? 'learned' : 'physics',
    isWithoutWeather: states.some(({ isWithoutWeather }) => isWithoutWeather),
    weatherAt: least(({ weatherAt }) => weatherAt),
    weatherUntil: least(({ weatherUntil }) => weatherUntil),
    isLearning: states.some(({ isLearning }) => isLearning),
    problem: states.find(({ problem }) => problem !== null)?.problem ?? null,
  };
}

const sumOrNull = (values: readonly (number | null)[]): number | null =>
  values.every((value) => value !== null) ? values.reduce<number>((sum, value) => sum + (value ?? 0), 0) : null;

/** On the first one's steps; those of others that differ give the mean of the time that they share. */
function addSteps([first = [], ...others]: readonly (readonly StepView[])[]): StepView[] {
  return first.flatMap((step) => {
    const found = others.map((steps) => meanOver(steps, step.from, step.to));
    if (found.some((one) => one === null)) return [];
    return [found.reduce<StepView>((sum, one) => (one ? addStep(sum, one) : sum), step)];
  });
}

function addStep(a: StepView, b: StepView): StepView {
  const quantilesW = a.quantilesW.map((value, level) => value + (b.quantilesW[level] ?? 0));
  const at = (place: number): number => quantilesW[place] ?? 0;
  return {
    ...a,
    quantilesW,
    p10W: quantileAt(0.1, at),
    p50W: quantileAt(0.5, at),
    p90W: quantileAt(0.9, at),
    referenceW: a.referenceW + b.referenceW,
    hasWeather: a.hasWeather && b.hasWeather,
    reasons: addReasons(a.reasons, b.reasons),
  };
}

function addReasons(a: readonly ForecastReason[], b: readonly ForecastReason[]): ForecastReason[] {
  const sums = Map.groupBy([...a, ...b], ({ topic }) => topic);
  return [...sums]
    .map(([topic, parts]) => ({ topic, effectW: parts.reduce((sum, { effectW }) => sum + effectW, 0) }))
    .sort((x, y) => Math.abs(y.effectW) - Math.abs(x.effectW))
    .slice(0, 3);
}

/** The mean of steps over a time, by how much of it each shares; null where they do not fill it. */
export function meanOver(steps: readonly StepView[], from: number, to: number): StepView | null {
  const parts = steps.filter((step) => step.to > from && step.from < to);
  const [first] = parts;
  if (!first) return null;
  if (parts.length === 1 && first.from <= from && first.to >= to) return { ...first, from, to };
  const weights = parts.map((step) => (Math.min(to, step.to) - Math.max(from, step.from)) / (to - from));
  if (weights.reduce((sum, weight) => sum + weight, 0) < 0.99) return null;
  const mean = (of: (step: StepView) => number): number =>
    parts.reduce((sum, step, i) => sum + (weights[i] ?? 0) * of(step), 0);
  return {
    ...{ from, to },
    quantilesW: issueLevels.map((_, level) => mean((step) => step.quantilesW[level] ?? 0)),
    p10W: mean((step) => step.p10W),
    p50W: mean((step) => step.p50W),
    p90W: mean((step) => step.p90W),
    referenceW: mean((step) => step.referenceW),
    hasWeather: parts.every((step) => step.hasWeather),
    reasons: first.reasons,
  };
}

function addCame([first = [], ...others]: readonly (readonly CameStep[])[]): CameStep[] {
  return first.flatMap((step) => {
    const found = others.map((steps) => cameOver(steps, step.from, step.to));
    if (found.some((watts) => watts === null)) return [];
    return [{ ...step, powerW: found.reduce<number>((sum, watts) => sum + (watts ?? 0), step.powerW) }];
  });
}

/** Mean power that was measured over a time, W; null where some of it was not. */
export function cameOver(steps: readonly CameStep[], from: number, to: number): number | null {
  let [sum, covered] = [0, 0];
  for (const step of steps) {
    const shared = Math.min(to, step.to) - Math.max(from, step.from);
    if (shared <= 0) continue;
    sum += shared * step.powerW;
    covered += shared;
  }
  return covered >= 0.99 * (to - from) ? sum / covered : null;
}

function addDays([first = [], ...others]: readonly (readonly DayView[])[]): DayView[] {
  return first.flatMap((day) => {
    const same = others.map((days) => days.find(({ date }) => date === day.date));
    if (same.some((one) => one === undefined)) return [];
    return [same.reduce<DayView>((sum, one) => (one ? addDay(sum, one) : sum), day)];
  });
}

const addDay = (a: DayView, b: DayView): DayView => ({
  ...a,
  quantilesKwh: a.quantilesKwh.map((kwh, level) => kwh + (b.quantilesKwh[level] ?? 0)),
  p10Kwh: a.p10Kwh + b.p10Kwh,
  p50Kwh: a.p50Kwh + b.p50Kwh,
  p90Kwh: a.p90Kwh + b.p90Kwh,
  soFarKwh: a.soFarKwh + b.soFarKwh,
  cameKwh: sumOrNull([a.cameKwh, b.cameKwh]),
});
