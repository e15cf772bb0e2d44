import { findMetric, type MetricName, type NumericMetric } from '../core/metrics.ts';
import { panRange, type TimeSpan, zoomRange } from '../core/time-range.ts';
import { startOfDay, startOfMonth, startOfYear } from '../core/wall-clock.ts';
import { EARLIEST_YEAR, type RangeProblem, readChosenRange } from './chosen-range.ts';

/** What the History page can show: two sets of lines that most ask for, energy as bars, or any metrics. */
export type HistoryLook = 'power' | 'battery' | 'energy' | 'own';
export type RangeName = '24h' | '7d' | '30d' | 'year' | 'all' | 'custom';

/** The metrics of the looks made ready. */
export const lookMetrics: Record<'power' | 'battery', readonly NumericMetric[]> = {
  power: ['solarPower', 'loadPower', 'gridPower', 'batteryPower', 'generatorPower'],
  battery: ['stateOfCharge', 'batteryPower', 'batteryVoltage', 'batteryTemperature'],
};

/** Most metrics in one picture: more than these nobody tells apart. */
export const MAX_METRICS = 8;

export interface HistoryRequest {
  scope: string;
  look: HistoryLook;
  metrics: readonly NumericMetric[];
  range: TimeSpan;
  rangeName: RangeName;
  /** Set when the chosen range cannot be: nothing is shown then, and what was typed stays. */
  problem: RangeProblem | null;
  /** True if the range went on into days to come and ends today instead. */
  isCut: boolean;
  /** The width of the bars of energy. */
  period: 'day' | 'month' | 'year';
  isTable: boolean;
}

export interface HistoryContext {
  now: number;
  timeZone: string;
  /** What the chosen sources have ever reported. */
  available: readonly MetricName[];
  /** First and last time stored; null when there is nothing. */
  span: TimeSpan | null;
}

export const isHistoryLook = (text: string | undefined): text is HistoryLook =>
  text === 'power' || text === 'battery' || text === 'energy' || text === 'own';

/**
 * Reads the address: whatever is missing takes its usual value, so that every link shows something. A range that cannot
 * be is not replaced by another one: `problem` says what is wrong with it.
 */
export function readHistoryQuery(query: Record<string, string | undefined>, context: HistoryContext): HistoryRequest {
  const look = isHistoryLook(query.view) ? query.view : 'power';
  const picked = pickedMetrics(query.metrics, context.available);
  const chosen = readChosenRange({ from: query.from, to: query.to }, context);
  const { range, rangeName } = chosen?.ok ? customRange(chosen.range, look, context) : usualRange(query, look, context);
  return {
    scope: query.show ?? 'house',
    look,
    metrics: metricsOfLook(look, picked, context.available),
    range,
    rangeName,
    problem: chosen && !chosen.ok ? chosen.problem : null,
    isCut: chosen?.ok ? chosen.isCut : false,
    period: periodFor(range),
    isTable: query.as === 'table',
  };
}

function pickedMetrics(text: string | undefined, available: readonly MetricName[]): NumericMetric[] {
  const names = (text ?? '').split(',').filter(Boolean);
  const known = names.filter((name): name is NumericMetric => {
    const metric = findMetric(name);
    return metric !== undefined && metric.kind !== 'text' && metric.kind !== 'list';
  });
  return [...new Set(known)].filter((name) => available.includes(name)).slice(0, MAX_METRICS);
}

function metricsOfLook(
  look: HistoryLook,
  picked: readonly NumericMetric[],
  available: readonly MetricName[],
): readonly NumericMetric[] {
  if (look === 'energy') return [];
  if (look === 'own') return picked;
  return lookMetrics[look].filter((name) => available.includes(name));
}

/** Lines as chosen, at least five minutes of them; bars of whole days. */
function customRange(
  range: TimeSpan,
  look: HistoryLook,
  context: HistoryContext,
): Pick<HistoryRequest, 'range' | 'rangeName'> {
  const fitting = look === 'energy' ? wholeDays(range, context.timeZone) : zoomRange(range, 1, range.to);
  return { range: fitting, rangeName: 'custom' };
}

function usualRange(
  query: Record<string, string | undefined>,
  look: HistoryLook,
  context: HistoryContext,
): Pick<HistoryRequest, 'range' | 'rangeName'> {
  const asked = query.range;
  const usual = look === 'energy' ? '30d' : '24h';
  const rangeName = isRangeName(asked) && !(look === 'energy' && asked === '24h') ? asked : usual;
  return { range: namedRange(rangeName, look, context), rangeName };
}

const isRangeName = (text: string | undefined): text is Exclude<RangeName, 'custom'> =>
  text === '24h' || text === '7d' || text === '30d' || text === 'year' || text === 'all';

const DAY = 86_400_000;

/** Lines end now; bars hold whole days, months and years, this one included. */
function namedRange(name: Exclude<RangeName, 'custom'>, look: HistoryLook, context: HistoryContext): TimeSpan {
  const { now, timeZone, span } = context;
  const first = span?.from ?? now - 365 * DAY;
  if (look !== 'energy') {
    const width = { '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY, year: 365 * DAY, all: Math.max(DAY, now - first) }[
      name
    ];
    return { from: now - width, to: now };
  }
  const tomorrow = startOfDay(now, timeZone, 1);
  if (name === 'year') return { from: startOfMonth(now, timeZone, -11), to: startOfMonth(now, timeZone, 1) };
  if (name === 'all') return { from: startOfYear(first, timeZone), to: startOfYear(now, timeZone, 1) };
  return { from: startOfDay(now, timeZone, name === '7d' ? -6 : -29), to: tomorrow };
}

function wholeDays(range: TimeSpan, timeZone: string): TimeSpan {
  const from = startOfDay(range.from, timeZone);
  const to = startOfDay(range.to - 1, timeZone, 1);
  return { from, to };
}

function periodFor(range: TimeSpan): 'day' | 'month' | 'year' {
  const days = (range.to - range.from) / DAY;
  if (days <= 93) return 'day';
  return days <= 5.1 * 366 ? 'month' : 'year';
}

/** The address of a request with some of it changed; a named range stays named so that a bookmark moves with the time. */
export function historyUrl(request: HistoryRequest, change: Partial<HistoryRequest> = {}, path = '/history'): string {
  const next = { ...request, ...change };
  const query = new URLSearchParams();
  if (next.scope !== 'house') query.set('show', next.scope);
  query.set('view', next.look);
  if (next.look === 'own' && next.metrics.length > 0) query.set('metrics', next.metrics.join(','));
  if (next.rangeName !== 'custom') query.set('range', next.rangeName);
  else {
    query.set('from', toMinuteIso(next.range.from));
    query.set('to', toMinuteIso(next.range.to));
  }
  if (next.isTable) query.set('as', 'table');
  return `${path}?${query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')}`;
}

const toMinuteIso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Where the buttons around the chart lead. Null when there is nothing further that way. */
export interface HistorySteps {
  earlier: string | null;
  later: string | null;
  closer: string | null;
  wider: string | null;
}

/** Addresses of half a width back and forth, and of twice as near and far; none leads past now or to before all readings. */
export function historySteps(request: HistoryRequest, context: HistoryContext): HistorySteps {
  const latest = request.look === 'energy' ? startOfDay(context.now, context.timeZone, 1) : context.now;
  const share = request.look === 'energy' ? 1 : 0.5;
  const to = (range: TimeSpan): string =>
    historyUrl(request, { range: clampStart(clampEnd(range, latest)), rangeName: 'custom' });
  const { from, to: end } = request.range;
  const first = context.span?.from ?? context.now;
  return {
    earlier: from > Math.max(first, EARLIEST) ? to(panRange(request.range, -share, latest)) : null,
    later: end < latest - 60_000 ? to(panRange(request.range, share, latest)) : null,
    closer: end - from > (request.look === 'energy' ? 2 * DAY : 600_000) ? to(zoomRange(request.range, 0.5)) : null,
    wider: from > EARLIEST ? to(zoomRange(request.range, 2)) : null,
  };
}

const EARLIEST = Date.UTC(EARLIEST_YEAR, 0, 1);

function clampEnd(range: TimeSpan, latest: number): TimeSpan {
  const over = Math.max(0, range.to - latest);
  return { from: range.from - over, to: range.to - over };
}

const clampStart = (range: TimeSpan): TimeSpan => ({ ...range, from: Math.max(EARLIEST, range.from) });
