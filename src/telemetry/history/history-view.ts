import { formatDate, type TemperatureUnit } from '../../core/format.ts';
import { findMetric, type NumericMetric } from '../../core/metrics.ts';
import { nightsWithin } from '../../core/solar/day.ts';
import type { SunPlace } from '../../core/solar/place.ts';
import { type TimeSpan, type TimeTick, timeTicks } from '../../core/time-range.ts';
import { colourOf, type LineColour, shortLabel, unitOf } from '../metric-look.ts';
import { buildAxis, type ChartAxis } from './chart-axis.ts';
import { type PanelPlan, type PanelSize, panelSize, planPanels } from './chart-panels.ts';
import { isLong } from './history-combine.ts';

/** What is known of a line by buckets, in the catalogue's units. */
export interface ChartSeries {
  /** Names it on the page. */
  key: string;
  metric: NumericMetric;
  /** Whose it is, where lines of several are shown; else null. */
  whose: string | null;
  /** True where nothing measures it, and it follows from other lines. */
  isDerived?: boolean;
  values: (number | null)[];
  lows: (number | null)[] | null;
  highs: (number | null)[] | null;
}

export interface ChartLine extends ChartSeries {
  label: string;
  colour: LineColour;
  /** 0 solid, 1 dashed, 2 dotted: within one colour, and for eyes that see no colours. */
  pattern: 0 | 1 | 2;
  hasArea: boolean;
  /** Mean of the week around each bucket, drawn in place of the values where single days would be a thicket. */
  smooth: (number | null)[] | null;
  /** Which axis of the panel it counts by. */
  axis: 'left' | 'right';
}

/** Lines over each other; its own axis is the left one. Over months each power has a panel of its own. */
export interface ChartPanel extends ChartAxis {
  lines: ChartLine[];
  size: PanelSize;
  /** For lines of a second unit. */
  right: ChartAxis | null;
}

export interface ChartTick {
  time: number;
  text: string;
  isMajor: boolean;
}

export interface ChartModel {
  range: TimeSpan;
  now: number;
  timeZone: string;
  temperatureUnit: TemperatureUnit;
  bucketMs: number;
  /** Readings further apart than this are not joined by a line. ms. */
  maxGapMs: number;
  times: number[];
  ticks: ChartTick[];
  /** More of them, for a wide screen. */
  wideTicks: ChartTick[];
  nights: TimeSpan[];
  panels: ChartPanel[];
  isEmpty: boolean;
}

export interface ChartInput {
  /** Starts of the buckets, even, ascending. */
  times: number[];
  bucketMs: number;
  lines: readonly ChartSeries[];
  /** True if lines of two units lie over each other, with an axis on either side. */
  isTogether: boolean;
  /** True for the means alone: no bands, and no means of weeks. */
  isPlain?: boolean;
  range: TimeSpan;
  now: number;
  timeZone: string;
  place: SunPlace;
  temperatureUnit: TemperatureUnit;
  /** Usual time between readings [ms], when known. */
  intervalMs: number | null;
}

/** The axis that a line counts by. */
export const axisOf = (panel: ChartPanel, line: ChartLine): ChartAxis =>
  line.axis === 'right' ? (panel.right ?? panel) : panel;

/** All lines of a chart, each with its axis. */
export const linesWithAxis = (model: Pick<ChartModel, 'panels'>) =>
  model.panels.flatMap((panel) => panel.lines.map((line) => ({ line, axis: axisOf(panel, line) })));

/** Everything that draws the lines of a range: panels by unit, axes, ticks on the zone's clock, nights. */
export function buildChart(input: ChartInput): ChartModel {
  const { range, now, timeZone, times, bucketMs } = input;
  const plan = planPanels(input.lines, input);
  const panels = plan.map((of, index) => buildPanel(input, of, panelSize(index, plan.length)));
  return {
    range,
    now,
    timeZone,
    temperatureUnit: input.temperatureUnit,
    bucketMs,
    maxGapMs: Math.max(900_000, 3 * (input.intervalMs ?? 0), 1.5 * bucketMs),
    times,
    ticks: ticksOf(range, timeZone, panels.some((panel) => panel.right) ? 5 : 6).filter(hasRoom(range)),
    wideTicks: ticksOf(range, timeZone, 12),
    nights: nightsWithin(range, input.place),
    panels,
    isEmpty: input.lines.every((line) => line.values.every((value) => value === null)),
  };
}

const ticksOf = (range: TimeSpan, timeZone: string, most: number): ChartTick[] =>
  timeTicks(range, timeZone, most).map((tick) => ({
    time: tick.time,
    text: tickText(tick, timeZone),
    isMajor: tick.isMajor,
  }));

/** On a phone the text of a tick that is close to the end would be cut. */
const hasRoom =
  ({ from, to }: TimeSpan) =>
  ({ time }: ChartTick): boolean =>
    to - time > 0.04 * (to - from);

/** "06:00", at midnight the day; "Mon 16"; "16 Nov"; "Nov", in January the year; "2026". */
function tickText(tick: TimeTick, timeZone: string): string {
  if (tick.style === 'time') return formatDate(tick.time, timeZone, tick.isMajor ? 'weekday' : 'time');
  if (tick.style === 'month' && !tick.isMajor) return formatDate(tick.time, timeZone, 'month').split(' ')[0] ?? '';
  if (tick.style === 'month') return formatDate(tick.time, timeZone, 'year');
  return formatDate(tick.time, timeZone, tick.style);
}

function buildPanel(input: ChartInput, plan: PanelPlan<ChartSeries>, size: PanelSize): ChartPanel {
  const seen = new Map<LineColour, number>();
  const lines = (['left', 'right'] as const).flatMap((axis) =>
    plan[axis].map((series): ChartLine => {
      const colour = colourOf(series.metric);
      const count = seen.get(colour) ?? 0;
      seen.set(colour, count + 1);
      const line = lineOf(input, series, plan[axis].length <= 2 && !input.isPlain);
      return { ...line, axis, colour, pattern: Math.min(2, count) as 0 | 1 | 2 };
    }),
  );
  const axis = (side: 'left' | 'right', steps?: number): ChartAxis =>
    buildAxis(
      lines
        .filter((line) => line.axis === side)
        .flatMap((line) => [...line.values, ...(line.lows ?? []), ...(line.highs ?? [])]),
      {
        unit: unitOf(plan[side][0]?.metric ?? 'solarPower'),
        temperatureUnit: input.temperatureUnit,
        isLow: size === 'low',
        ...(steps === undefined ? {} : { steps }),
      },
    );
  const left = axis('left');
  const right = plan.right.length > 0 ? axis('right', left.scale.ticks.length - 1) : null;
  return { ...left, lines, size, right };
}

function lineOf(
  { range, bucketMs, temperatureUnit }: ChartInput,
  series: ChartSeries,
  hasBand: boolean,
): Omit<ChartLine, 'colour' | 'pattern' | 'axis'> {
  const convert = converter(series.metric, temperatureUnit);
  const isBand = hasBand && !isCounter(series.metric);
  const values = series.values.map(convert);
  const isSmooth = isLong(range) && isBand && bucketMs < WEEK;
  const label = shortLabel(series.metric);
  return {
    ...series,
    label: series.whose === null ? label : `${label}, ${series.whose}`,
    hasArea: series.metric === 'solarPower' && !isLong(range),
    values,
    smooth: isSmooth ? smoothOver(values, Math.floor(WEEK / bucketMs)) : null,
    lows: isBand && series.lows ? series.lows.map(convert) : null,
    highs: isBand && series.highs ? series.highs.map(convert) : null,
  };
}

const WEEK = 7 * 86_400_000;

/** The mean of `count` buckets around each, as far as they are known; where nothing was measured nothing is made up. */
export function smoothOver(values: readonly (number | null)[], count: number): (number | null)[] {
  const reach = Math.floor(count / 2);
  return values.map((value, i) => {
    if (value === null) return null;
    const known = values.slice(Math.max(0, i - reach), i + reach + 1).filter((one) => one !== null);
    return Math.round((1000 * known.reduce((a, b) => a + b, 0)) / known.length) / 1000;
  });
}

const isCounter = (name: NumericMetric): boolean => findMetric(name)?.kind !== 'gauge';

function converter(name: NumericMetric, temperature: TemperatureUnit): (value: number | null) => number | null {
  const isFahrenheit = unitOf(name) === 'degC' && temperature === 'fahrenheit';
  return (value) => (value === null ? null : Math.round((isFahrenheit ? value * 1.8 + 32 : value) * 1000) / 1000);
}
