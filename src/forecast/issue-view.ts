import type { CameStep, DayView, StepView } from './forecast-view.ts';
import { dayQuantile, type ForecastIssue, issueLevels, quantileAt, stepCount, stepLength, stepStart } from './issue.ts';

const HOUR_MS = 3_600_000;

/** The steps of a forecast that share time with a range. */
export function stepViews(issue: ForecastIssue, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) {
  const views: StepView[] = [];
  for (let step = 0; step < stepCount(issue.steps); step++) {
    const start = stepStart(issue.steps, step);
    const end = start + stepLength(issue.steps, step);
    if (end > from && start < to) views.push(stepView(issue, step, start, end));
  }
  return views;
}

function stepView(issue: ForecastIssue, step: number, from: number, to: number): StepView {
  const at = (place: number): number => issue.quantilesW[place]?.[step] ?? 0;
  const hour = Math.floor(from / HOUR_MS) - Math.floor(issue.steps.from / HOUR_MS);
  return {
    from,
    to,
    quantilesW: issueLevels.map((_, place) => at(place)),
    p10W: quantileAt(0.1, at),
    p50W: quantileAt(0.5, at),
    p90W: quantileAt(0.9, at),
    referenceW: issue.referenceW[step] ?? 0,
    hasWeather: issue.weatherAt !== null && from < issue.weatherUntil,
    reasons: issue.reasons[hour] ?? [],
  };
}

/** Days of a forecast with what has come of them by `now`. `came` reaches from the first of them on. */
export function dayViews(issue: ForecastIssue, came: readonly CameStep[], now: number): DayView[] {
  return issue.days.map((day, daysAhead) => {
    const parts = came.filter(({ from }) => from >= day.from && from < day.to);
    const kwh = parts.reduce((sum, { from, to, powerW }) => sum + (powerW * (to - from)) / HOUR_MS / 1000, 0);
    return {
      date: day.date,
      from: day.from,
      to: day.to,
      daysAhead,
      quantilesKwh: day.kwh,
      p10Kwh: dayQuantile(day, 0.1),
      p50Kwh: dayQuantile(day, 0.5),
      p90Kwh: dayQuantile(day, 0.9),
      soFarKwh: day.soFarKwh,
      cameKwh: day.from < now && parts.length > 0 ? kwh : null,
    };
  });
}
