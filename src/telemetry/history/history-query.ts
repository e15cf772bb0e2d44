import type { MetricName, NumericMetric } from '../../core/metrics.ts';
import { type TimeSpan, zoomRange } from '../../core/time-range.ts';
import { type ChosenRange, type RangeProblem, readChosenRange } from './chosen-range.ts';
import { type AskedLine, leftOut, lineKey, linesOf, readLines, scopesNamed } from './history-lines.ts';
import {
  barsOf,
  type NamedRange,
  namedRangeProblem,
  type RangeName,
  readNamedRange,
  wholeBars,
} from './history-range.ts';

/** What the History page can show: two sets of lines that most ask for, energy as bars, or any metrics. */
export type HistoryLook = 'power' | 'battery' | 'energy' | 'own';

/** The metrics of the looks made ready. */
export const lookMetrics: Record<'power' | 'battery', readonly NumericMetric[]> = {
  power: ['solarPower', 'loadPower', 'gridPower', 'batteryPower', 'generatorPower'],
  battery: ['stateOfCharge', 'batteryPower', 'batteryVoltage', 'batteryTemperature'],
};

/** How chosen lines lie: over each other in time, with an axis on either side for two units; each unit apart; or one against the other. */
export type AxesLook = 'over' | 'apart' | 'against';

export interface HistoryRequest extends NamedRange {
  /** `house`, `group:<id>` or `source:<id>`. */
  scope: string;
  look: HistoryLook;
  lines: readonly AskedLine[];
  /** What the address names beside them, and nobody has reported: said, and not drawn. */
  leftOut: readonly string[];
  /** Whose values are offered to choose from; of any look but `own` it is what is shown. */
  offered: string;
  axes: AxesLook;
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
  /** The same of the others that the address names, by key. */
  others?: ReadonlyMap<string, readonly MetricName[]>;
  /** First and last time stored; null when there is nothing. */
  span: TimeSpan | null;
  /** True while what was reported is still being looked up: whatever is asked for may be there. */
  isLookingUp?: boolean;
}

type Query = Readonly<Record<string, string | undefined>>;

export const isHistoryLook = (text: string | undefined): text is HistoryLook =>
  text === 'power' || text === 'battery' || text === 'energy' || text === 'own';

const isAxesLook = (text: string | undefined): text is AxesLook =>
  text === 'over' || text === 'apart' || text === 'against';

/** True if each time is a dot, at what the first line was and the second: that takes two of them. */
export const isAgainst = ({ look, axes, lines }: Pick<HistoryRequest, 'look' | 'axes' | 'lines'>): boolean =>
  look === 'own' && axes === 'against' && lines.length === 2;

/** The scopes beside the one shown of which an address needs to know what they reported. */
export function otherScopes(query: Query): string[] {
  const shown = query.show ?? 'house';
  const named = query.view === 'own' ? [...scopesNamed(query.metrics), ...(query.of ? [query.of] : [])] : [];
  return [...new Set(named)].filter((scope) => scope !== shown);
}

/**
 * Reads the address: whatever is missing takes its usual value, so that every link shows something. A range that cannot
 * be is not replaced by another one, nor a view that is none: `problem` says what is wrong with it.
 */
export function readHistoryQuery(query: Query, context: HistoryContext): HistoryRequest {
  const look = isHistoryLook(query.view) ? query.view : 'power';
  const scope = query.show ?? 'house';
  const { from, to, fromOffset, toOffset } = query;
  const chosen = readChosenRange({ from, to, fromOffset, toOffset }, context);
  const named = chosen?.ok
    ? customRange(chosen.range, look, context)
    : readNamedRange(query.range, look === 'energy', context);
  const lines = linesOfLook(look, query.metrics, scope, context);
  const isOffered = look === 'own' && query.of !== undefined && context.others?.has(query.of);
  return {
    scope,
    look,
    lines,
    leftOut: look === 'own' ? leftOut(query.metrics, scope, lines) : [],
    offered: isOffered ? (query.of ?? scope) : scope,
    axes: look === 'own' && isAxesLook(query.axes) ? query.axes : 'over',
    ...named,
    problem: problemOf(chosen) ?? (chosen ? null : namedRangeProblem(query.range, context)) ?? viewProblem(query.view),
    isCut: chosen?.ok ? chosen.isCut : false,
    period: barsOf(named.range),
    isTable: query.as === 'table',
  };
}

const problemOf = (chosen: ChosenRange | null): RangeProblem | null => (chosen && !chosen.ok ? chosen.problem : null);

/** What is wrong with the view that the address names; null where nothing is, or none is named. */
function viewProblem(view: string | undefined): RangeProblem | null {
  if (!view || isHistoryLook(view)) return null;
  return { field: 'view', message: `“${view.slice(0, 40)}” is no view of History.`, typed: { from: '', to: '' } };
}

function linesOfLook(look: HistoryLook, text: string | undefined, shown: string, context: HistoryContext): AskedLine[] {
  const { available, others, isLookingUp = false } = context;
  if (look === 'energy') return [];
  if (look !== 'own') return linesOf(lookMetrics[look].filter((name) => available.includes(name)));
  return readLines(
    text,
    shown,
    (scope, metric) => isLookingUp || ((scope === null ? available : others?.get(scope))?.includes(metric) ?? false),
  );
}

/** Lines as chosen, at least five minutes of them; whole bars. */
function customRange(range: TimeSpan, look: HistoryLook, context: HistoryContext): NamedRange {
  const fitting = look === 'energy' ? wholeBars(range, context) : zoomRange(range, 1, range.to);
  return { range: fitting, rangeName: 'custom', periodKey: null };
}

/** A change of the range by name alone leaves no period of the calendar behind. */
type Change = Partial<HistoryRequest>;

/** The address of a request with some of it changed; a moving range stays named so that a bookmark moves with the time. */
export function historyUrl(request: HistoryRequest, change: Change = {}, path = '/history'): string {
  const next = { ...request, ...change };
  const query = new URLSearchParams();
  if (next.scope !== 'house') query.set('show', next.scope);
  query.set('view', next.look);
  if (next.look === 'own') {
    if (next.lines.length > 0) query.set('metrics', next.lines.map(lineKey).join(','));
    if (next.offered !== next.scope) query.set('of', next.offered);
    if (next.axes !== 'over') query.set('axes', next.axes);
  }
  for (const [name, value] of rangeQuery(next)) query.set(name, value);
  if (next.isTable) query.set('as', 'table');
  return `${path}?${query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%40', '@')}`;
}

function rangeQuery({ rangeName, periodKey, range }: NamedRange): [name: string, value: string][] {
  if (rangeName === 'custom')
    return [
      ['from', toSecondIso(range.from)],
      ['to', toSecondIso(range.to)],
    ];
  return [['range', rangeName === 'period' ? (periodKey ?? '24h') : rangeName]];
}

const toSecondIso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** What the range of an address is changed to by its name. */
export const toRange = (rangeName: Exclude<RangeName, 'period' | 'custom'>): Change => ({ rangeName, periodKey: null });
export const toPeriod = (periodKey: string): Change => ({ rangeName: 'period', periodKey });
