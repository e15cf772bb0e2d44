import { dayQuantile, type ForecastIssue, type ForecastQuantity } from '../issue.ts';

/** Today and tomorrow in figures, for pages that have room for a line or two. */
export interface Outlook {
  quantity: ForecastQuantity;
  days: readonly OutlookDay[];
}

export interface OutlookDay {
  /** ms UTC, half-open. */
  from: number;
  to: number;
  p10Kwh: number;
  p50Kwh: number;
  p90Kwh: number;
  /** What had come of it when the forecast was made; null of days that have not begun. */
  cameKwh: number | null;
}

/** Adds up the days that all forecasts speak of, from the running one on, level by level as `combineForecasts` does. */
export function outlookOf(quantity: ForecastQuantity, issues: readonly ForecastIssue[], now: number): Outlook | null {
  const [first, ...others] = issues;
  if (!first) return null;
  const days = first.days
    .filter(({ to }) => to > now)
    .slice(0, 2)
    .flatMap((day): OutlookDay[] => {
      const same = [day, ...others.flatMap((issue) => issue.days.find(({ date }) => date === day.date) ?? [])];
      if (same.length < issues.length) return [];
      const sum = (level: number): number => same.reduce((total, one) => total + dayQuantile(one, level), 0);
      const cameKwh = day.from <= now ? same.reduce((total, one) => total + one.soFarKwh, 0) : null;
      return [{ from: day.from, to: day.to, p10Kwh: sum(0.1), p50Kwh: sum(0.5), p90Kwh: sum(0.9), cameKwh }];
    });
  return days.length > 0 ? { quantity, days } : null;
}
