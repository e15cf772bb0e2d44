import { type AxisScale, axisScale, tickDigits } from '../../core/axis.ts';
import { formatDate, formatNumber } from '../../core/format.ts';
import { nightsWithin } from '../../core/solar/day.ts';
import type { SunPlace } from '../../core/solar/place.ts';
import { type TimeSpan, type TimeTick, timeTicks } from '../../core/time-range.ts';
import type { CameStep, DayView, ForecastView, StepView } from '../forecast-view.ts';
import { issueLevels } from '../issue.ts';
import { cameOver, meanOver } from './combine-forecasts.ts';
import type { ForecastSpan } from './page-query.ts';

/** What the fan chart draws; W and ms UTC. */
export interface FanModel {
  range: TimeSpan;
  timeZone: string;
  now: number;
  /** The axis counts in this: kW, or W for small things. */
  axisUnit: 'W' | 'kW';
  scale: AxisScale;
  tickTexts: string[];
  ticks: FanTick[];
  /** More of them, for a wide screen. */
  wideTicks: FanTick[];
  nights: TimeSpan[];
  /** Steps within the range, ascending: those that were over when it was issued, then its own. */
  steps: StepView[];
  /** Between these two is the inner band: half of what comes. */
  inner: readonly [low: number, high: number];
  came: CameStep[];
  hours: FanHour[];
  /** Where its weather ends, if that is within the range; null else. */
  weatherEndsAt: number | null;
}

export interface FanTick {
  time: number;
  text: string;
  isMajor: boolean;
}

/** A column of the chart that can be read out and explained. */
export interface FanHour {
  from: number;
  to: number;
  /** Means over the hour. */
  step: StepView;
  cameW: number | null;
}

const HOUR_MS = 3_600_000;
const INNER = [issueLevels.indexOf(0.25), issueLevels.indexOf(0.75)] as const;

/** The days of a forecast that a span asks for; the first where it speaks of no such day. */
export function daysOfSpan(view: ForecastView, span: ForecastSpan): readonly DayView[] {
  const [first, second] = view.days;
  if (span === 'week') return view.days;
  if (span === 'tomorrow') return [second ?? first].filter((day) => day !== undefined);
  return [view.days.find(({ date }) => date === span) ?? first].filter((day) => day !== undefined);
}

/** Everything that draws a span of a forecast. `place` is where the sun's nights are taken from. */
export function fanModel(view: ForecastView, span: ForecastSpan, now: number, place: SunPlace): FanModel {
  const days = daysOfSpan(view, span);
  const range = { from: days[0]?.from ?? now, to: days.at(-1)?.to ?? now + 1 };
  const isInside = (step: { from: number; to: number }): boolean => step.to > range.from && step.from < range.to;
  const steps = [...view.earlier, ...view.steps].filter(isInside);
  const came = view.came.filter(isInside);
  const scale = axisScale([...steps.map(({ p90W }) => p90W), ...came.map(({ powerW }) => powerW)], {
    hasZero: true,
    steps: 5,
  });
  const divisor = scale.max >= 1000 ? 1000 : 1;
  const { weatherUntil } = view.state;
  return {
    ...{ range, timeZone: view.timeZone, now, scale, steps, came, inner: INNER },
    axisUnit: divisor === 1 ? 'W' : 'kW',
    tickTexts: scale.ticks.map((tick) => formatNumber(tick / divisor, tickDigits(scale, divisor))),
    ticks: ticksOf(range, view.timeZone, 6),
    wideTicks: ticksOf(range, view.timeZone, 12),
    nights: nightsWithin(range, place),
    hours: hoursOf(range, steps, came),
    weatherEndsAt:
      weatherUntil !== null && weatherUntil > range.from && weatherUntil < range.to - HOUR_MS ? weatherUntil : null,
  };
}

function ticksOf(range: TimeSpan, timeZone: string, most: number): FanTick[] {
  return timeTicks(range, timeZone, most).map((tick) => ({
    time: tick.time,
    text: tickText(tick, timeZone),
    isMajor: tick.isMajor,
  }));
}

const tickText = ({ time, style, isMajor }: TimeTick, timeZone: string): string =>
  formatDate(time, timeZone, style === 'time' && isMajor ? 'weekday' : style);

/** Hours as the clock on the wall has them, from the midnight at which the range begins, also in zones off the whole hour. */
function hoursOf({ from, to }: TimeSpan, steps: readonly StepView[], came: readonly CameStep[]): FanHour[] {
  const hours: FanHour[] = [];
  for (let at = from; at < to; at += HOUR_MS) {
    const hour = { from: at, to: Math.min(to, at + HOUR_MS) };
    const own = steps.filter((step) => step.to > hour.from && step.from < hour.to);
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last) continue;
    // The hour in which it was issued may be known in part.
    const known = { from: Math.max(hour.from, first.from), to: Math.min(hour.to, last.to) };
    const step = meanOver(own, known.from, known.to);
    if (step) hours.push({ ...hour, step, cameW: cameOver(came, hour.from, hour.to) });
  }
  return hours;
}

/** The hour that is explained: the one that was chosen, else the running one, else the strongest of the range. */
export function hourToExplain({ hours, now }: FanModel, chosen: number | null): FanHour | null {
  const holds = (time: number) => (hour: FanHour) => time >= hour.from && time < hour.to;
  const wanted = chosen === null ? undefined : hours.find(holds(chosen));
  const running = hours.find(holds(now));
  const strongest = hours.reduce<FanHour | null>(
    (best, hour) => (best && best.step.p50W >= hour.step.p50W ? best : hour),
    null,
  );
  return wanted ?? (running && running.step.reasons.length > 0 ? running : strongest);
}
