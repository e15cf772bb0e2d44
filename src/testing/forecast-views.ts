import type { DayView, ForecastView, StepView } from '../forecast/forecast-view.ts';
import { issueLevels } from '../forecast/issue.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Midnight in UTC of the day of the forecasts made here: Sunday, 21 June 2026. */
export const forecastDay = Date.UTC(2026, 5, 21);

/** A step of an hour around a median; p10 is half of it, p90 half as much again. */
export function stepView(from: number, watts: number, more: Partial<StepView> = {}): StepView {
  const quantilesW = issueLevels.map((level) => watts * (0.5 + (level - 0.1) * 1.25));
  return {
    ...{ from, to: from + HOUR, quantilesW, p10W: watts * 0.5, p50W: watts, p90W: watts * 1.5 },
    ...{ referenceW: watts * 1.1, hasWeather: true, reasons: [] },
    ...more,
  };
}

export function dayView(daysAhead: number, p50Kwh: number, more: Partial<DayView> = {}): DayView {
  const from = forecastDay + daysAhead * DAY;
  return {
    date: new Date(from).toISOString().slice(0, 10),
    ...{ from, to: from + DAY, daysAhead, p10Kwh: p50Kwh * 0.75, p50Kwh, p90Kwh: p50Kwh * 1.2 },
    quantilesKwh: issueLevels.map((level) => p50Kwh * (0.7 + 0.6 * level)),
    ...{ soFarKwh: 0, cameKwh: null },
    ...more,
  };
}

/** A forecast of a week, issued at ten in the morning: 1 kW from six to six. */
export function forecastView(more: Partial<ForecastView> = {}): ForecastView {
  const issuedAt = forecastDay + 10 * HOUR;
  const watts = (time: number): number => (time % DAY >= 6 * HOUR && time % DAY < 18 * HOUR ? 1000 : 0);
  const steps = (from: number, to: number): StepView[] =>
    Array.from({ length: (to - from) / HOUR }, (_, i) => stepView(from + i * HOUR, watts(from + i * HOUR)));
  return {
    subject: { sourceId: 'roof', quantity: 'solar' },
    timeZone: 'UTC',
    issuedAt,
    ...{ previousIssueAt: issuedAt - HOUR, nextIssueAt: null, isNewest: true, isReplayed: false },
    state: {
      ...{
        basis: 'learned',
        isWithoutWeather: false,
        weatherAt: issuedAt - HOUR / 2,
        weatherUntil: forecastDay + 7 * DAY,
      },
      ...{ isLearning: false, problem: null },
    },
    steps: steps(issuedAt, forecastDay + 7 * DAY),
    earlier: steps(forecastDay, issuedAt),
    came: steps(forecastDay, issuedAt).map(({ from, to, p50W }) => ({ from, to, powerW: p50W * 0.9 })),
    days: Array.from({ length: 7 }, (_, ahead) =>
      dayView(ahead, 16, ahead === 0 ? { soFarKwh: 3.6, cameKwh: 3.6 } : {}),
    ),
    installedW: 2000,
    ...more,
  };
}
