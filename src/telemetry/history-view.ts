import { type AxisScale, axisScale } from '../core/axis.ts';
import { formatDate, formatNumber, type TemperatureUnit } from '../core/format.ts';
import { findMetric, type MetricUnit, type NumericMetric } from '../core/metrics.ts';
import { nightsWithin } from '../core/solar/day.ts';
import type { SunPlace } from '../core/solar/place.ts';
import { type TimeSpan, type TimeTick, timeTicks } from '../core/time-range.ts';
import type { HistorySeries } from './figures.ts';
import { isLong } from './history-combine.ts';

/** Which palette entry a line wears; several of one kind are told apart by their pattern. */
export type LineColour = 'solar' | 'battery' | 'load' | 'grid' | 'generator' | 'plain';

export interface ChartLine {
  metric: NumericMetric;
  label: string;
  colour: LineColour;
  /** 0 solid, 1 dashed, 2 dotted: within one colour, and for eyes that see no colours. */
  pattern: 0 | 1 | 2;
  hasArea: boolean;
  values: (number | null)[];
  /** Mean of the week around each bucket, drawn in place of the values where single days would be a thicket. */
  smooth: (number | null)[] | null;
  lows: (number | null)[] | null;
  highs: (number | null)[] | null;
}

/** Lines of one unit: one axis. Over months each power has a panel of its own. */
export interface ChartPanel {
  unit: MetricUnit;
  /** "kW", "°C": what the axis counts in. */
  axisUnit: string;
  /** The axis shows value / divisor. */
  divisor: number;
  scale: AxisScale;
  tickTexts: string[];
  lines: ChartLine[];
  size: PanelSize;
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
  history: HistorySeries;
  metrics: readonly NumericMetric[];
  range: TimeSpan;
  now: number;
  timeZone: string;
  place: SunPlace;
  temperatureUnit: TemperatureUnit;
  /** Usual time between readings [ms], when known. */
  intervalMs: number | null;
}

/** How tall a panel is: the style sheet knows the pixels, so that phone and wall each get their own. */
export type PanelSize = 'alone' | 'tall' | 'low';

/** Which metrics share a panel: those of one unit; over months each power is alone, so that its band can be read. */
export function panelMetrics(metrics: readonly NumericMetric[], range: TimeSpan): NumericMetric[][] {
  const unitOf = (name: NumericMetric): MetricUnit => findMetric(name)?.unit ?? 'W';
  return [...new Set(metrics.map(unitOf))].flatMap((unit) => {
    const names = metrics.filter((name) => unitOf(name) === unit);
    return isLong(range) && isPower(unit) ? names.map((name) => [name]) : [names];
  });
}

const isPower = (unit: MetricUnit): boolean => unit === 'W' || unit === 'VA';

/** Its size from its place among `count` panels. */
export function panelSize(index: number, count: number): PanelSize {
  if (count === 1) return 'alone';
  return index === 0 ? 'tall' : 'low';
}

/** Everything that draws the lines of a range: panels by unit, axes, ticks on the zone's clock, nights. */
export function buildChart(input: ChartInput): ChartModel {
  const { history, range, now, timeZone } = input;
  const plan = panelMetrics(input.metrics, range);
  const panels = plan.map((names, index) => buildPanel(input, names, panelSize(index, plan.length)));
  return {
    range,
    now,
    timeZone,
    temperatureUnit: input.temperatureUnit,
    bucketMs: history.bucketMs,
    maxGapMs: Math.max(900_000, 3 * (input.intervalMs ?? 0), 1.5 * history.bucketMs),
    times: history.times,
    ticks: ticksOf(range, timeZone, 6),
    wideTicks: ticksOf(range, timeZone, 12),
    nights: nightsWithin(range, input.place),
    panels,
    isEmpty: panels.every((panel) => panel.lines.every((line) => line.values.every((value) => value === null))),
  };
}

const ticksOf = (range: TimeSpan, timeZone: string, most: number): ChartTick[] =>
  timeTicks(range, timeZone, most).map((tick) => ({
    time: tick.time,
    text: tickText(tick, timeZone),
    isMajor: tick.isMajor,
  }));

/** "06:00", at midnight the day; "Mon 16"; "16 Nov"; "Nov", in January the year; "2026". */
function tickText(tick: TimeTick, timeZone: string): string {
  if (tick.style === 'time') return formatDate(tick.time, timeZone, tick.isMajor ? 'weekday' : 'time');
  if (tick.style === 'month' && !tick.isMajor) return formatDate(tick.time, timeZone, 'month').split(' ')[0] ?? '';
  if (tick.style === 'month') return formatDate(tick.time, timeZone, 'year');
  return formatDate(tick.time, timeZone, tick.style);
}

function buildPanel(input: ChartInput, names: readonly NumericMetric[], size: PanelSize): ChartPanel {
  const unit = findMetric(names[0] ?? 'solarPower')?.unit ?? 'W';
  const seen = new Map<LineColour, number>();
  const lines = names.map((name): ChartLine => {
    const colour = colourOf(name);
    const pattern = Math.min(2, seen.get(colour) ?? 0) as 0 | 1 | 2;
    seen.set(colour, (seen.get(colour) ?? 0) + 1);
    return { ...lineOf(input, name, names.length <= 2), colour, pattern };
  });
  const all = lines.flatMap((line) => [...line.values, ...(line.lows ?? []), ...(line.highs ?? [])]);
  const scale = axisScale(all, {
    hasZero: isPower(unit) || unit === 'A' || unit === 'kWh',
    steps: size === 'low' ? 3 : 5,
    ...(unit === '%' ? { bounds: [0, 100] as const, steps: size === 'low' ? 2 : 4 } : {}),
  });
  const isKilo = isPower(unit) && Math.max(Math.abs(scale.min), Math.abs(scale.max)) >= 1000;
  const divisor = isKilo ? 1000 : 1;
  return {
    unit,
    axisUnit: isKilo ? `k${unit}` : unitText(unit, input.temperatureUnit),
    divisor,
    scale,
    tickTexts: scale.ticks.map((tick) => tickNumber(tick / divisor, scale, divisor)),
    lines,
    size,
  };
}

function lineOf(
  { history, range, temperatureUnit }: ChartInput,
  name: NumericMetric,
  hasBand: boolean,
): Omit<ChartLine, 'colour' | 'pattern'> {
  const convert = unitConverter(findMetric(name)?.unit ?? 'W', temperatureUnit);
  const take = (list: (number | null)[] | undefined) => (list ?? history.times.map(() => null)).map(convert);
  const isBand = hasBand && !isCounter(name);
  const values = take(history.series[name]);
  const isSmooth = isLong(range) && isBand && history.bucketMs < WEEK;
  return {
    metric: name,
    label: shortLabel(name),
    hasArea: name === 'solarPower' && !isLong(range),
    values,
    smooth: isSmooth ? smoothOver(values, Math.floor(WEEK / history.bucketMs)) : null,
    lows: isBand && history.lows[name] ? take(history.lows[name]) : null,
    highs: isBand && history.highs[name] ? take(history.highs[name]) : null,
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

function tickNumber(value: number, scale: AxisScale, divisor: number): string {
  const step = ((scale.ticks[1] ?? 1) - (scale.ticks[0] ?? 0)) / divisor;
  return formatNumber(value, step >= 1 && Number.isInteger(step) ? 0 : step >= 0.1 ? 1 : 2);
}

const isCounter = (name: NumericMetric): boolean => findMetric(name)?.kind !== 'gauge';

function unitConverter(unit: MetricUnit, temperature: TemperatureUnit): (value: number | null) => number | null {
  const isFahrenheit = unit === 'degC' && temperature === 'fahrenheit';
  return (value) => (value === null ? null : Math.round((isFahrenheit ? value * 1.8 + 32 : value) * 1000) / 1000);
}

export function unitText(unit: MetricUnit | null, temperature: TemperatureUnit): string {
  if (unit === 'degC') return temperature === 'fahrenheit' ? '°F' : '°C';
  return unit ?? '';
}

/** The palette entry of a metric. */
export function colourOf(name: NumericMetric): LineColour {
  const group = findMetric(name)?.group;
  if (group === 'solar' || group === 'battery' || group === 'load' || group === 'grid' || group === 'generator')
    return group;
  if (/Produced$/.test(name)) return 'solar';
  if (/Consumed$/.test(name)) return 'load';
  if (/Grid/.test(name)) return 'grid';
  return /Battery/.test(name) ? 'battery' : 'plain';
}

/** "Solar" for solar power and so on: beside the others the unit says the rest. */
export function shortLabel(name: NumericMetric): string {
  const short: Partial<Record<NumericMetric, string>> = {
    solarPower: 'Solar',
    loadPower: 'House',
    gridPower: 'Grid',
    batteryPower: 'Battery',
    generatorPower: 'Generator',
    stateOfCharge: 'Charge',
    batteryVoltage: 'Voltage',
    batteryTemperature: 'Temperature',
  };
  return short[name] ?? findMetric(name)?.label ?? name;
}
