import { findMetric, type MetricName, type NumericMetric } from '../core/metrics.ts';
import {
  fromLocalInput,
  panRange,
  startOfDay,
  startOfMonth,
  startOfYear,
  type TimeSpan,
  zoomRange,
} from '../core/time-range.ts';

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

/** Reads the address: whatever is missing or makes no sense takes its usual value, so that every link shows something. */
export function readHistoryQuery(query: Record<string, string | undefined>, context: HistoryContext): HistoryRequest {
  const look = isHistoryLook(query.view) ? query.view : 'power';
  const picked = pickedMetrics(query.metrics, context.available);
  const { range, rangeName } = readRange(query, look, context);
  return {
    scope: query.show ?? 'house',
    look,
    metrics: metricsOfLook(look, picked, context.available),
    range,
    rangeName,
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

function readRange(
  query: Record<string, string | undefined>,
  look: HistoryLook,
  context: HistoryContext,
): { range: TimeSpan; rangeName: RangeName } {
  const from = readMoment(query.from, context.timeZone);
  const to = readMoment(query.to, context.timeZone);
  if (from !== null && to !== null && to > from) {
    const widest = zoomRange({ from, to }, 1, to);
    return { range: look === 'energy' ? wholeDays({ from, to }, context.timeZone) : widest, rangeName: 'custom' };
  }
  const asked = query.range;
  const usual = look === 'energy' ? '30d' : '24h';
  const rangeName = isRangeName(asked) && !(look === 'energy' && asked === '24h') ? asked : usual;
  return { range: namedRange(rangeName, look, context), rangeName };
}

const isRangeName = (text: string | undefined): text is Exclude<RangeName, 'custom'> =>
  text === '24h' || text === '7d' || text === '30d' || text === 'year' || text === 'all';

/** Milliseconds, ISO 8601 with its zone, or a time on the source's clock; null for anything else or before 2000. */
function readMoment(text: string | undefined, timeZone: string): number | null {
  if (!text || text.length > 40) return null;
  const time = /^\d{12,14}$/.test(text)
    ? Number(text)
    : /(?:Z|[+-]\d\d:\d\d)$/.test(text)
      ? Date.parse(text)
      : fromLocalInput(text, timeZone);
  return time !== null && Number.isFinite(time) && time > 946_684_800_000 && time < 4_102_444_800_000 ? time : null;
}

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
  wider: string;
}

/** Addresses of half a width back and forth, and of twice as near and far. */
export function historySteps(request: HistoryRequest, context: HistoryContext): HistorySteps {
  const latest = request.look === 'energy' ? startOfDay(context.now, context.timeZone, 1) : context.now;
  const share = request.look === 'energy' ? 1 : 0.5;
  const to = (range: TimeSpan): string => historyUrl(request, { range, rangeName: 'custom' });
  const width = request.range.to - request.range.from;
  const first = context.span?.from ?? context.now;
  return {
    earlier: request.range.from > first ? to(panRange(request.range, -share, latest)) : null,
    later: request.range.to < latest - 60_000 ? to(panRange(request.range, share, latest)) : null,
    closer: width > (request.look === 'energy' ? 2 * DAY : 600_000) ? to(zoomRange(request.range, 0.5)) : null,
    wider: to(clampEnd(zoomRange(request.range, 2), latest)),
  };
}

function clampEnd(range: TimeSpan, latest: number): TimeSpan {
  const over = Math.max(0, range.to - latest);
  return { from: range.from - over, to: range.to - over };
}
