import { panRange, type TimeSpan, zoomRange } from '../../core/time-range.ts';
import { startOfDay } from '../../core/wall-clock.ts';
import { periodAs, periodOfKey, totalsSteps } from '../totals/totals-query.ts';
import { EARLIEST_YEAR } from './chosen-range.ts';
import { type HistoryContext, type HistoryRequest, historyUrl } from './history-query.ts';

/** Where the buttons around the chart lead. Null when there is nothing further that way. */
export interface HistorySteps {
  earlier: string | null;
  later: string | null;
  closer: string | null;
  wider: string | null;
}

const DAY = 86_400_000;
const EARLIEST = Date.UTC(EARLIEST_YEAR, 0, 1);

/**
 * Addresses of half a width back and forth, or of the period of the calendar before and after, and of twice as near and
 * far; none leads past now or to before all readings.
 */
export function historySteps(request: HistoryRequest, context: HistoryContext): HistorySteps {
  const latest = request.look === 'energy' ? startOfDay(context.now, context.timeZone, 1) : context.now;
  const to = (range: TimeSpan): string =>
    historyUrl(request, { range: clampStart(clampEnd(range, latest)), rangeName: 'custom', periodKey: null });
  const { from, to: end } = request.range;
  return {
    ...(periodSteps(request, context) ?? rangeSteps(request, context, latest, to)),
    closer: end - from > (request.look === 'energy' ? 2 * DAY : 600_000) ? to(zoomRange(request.range, 0.5)) : null,
    wider: from > EARLIEST ? to(zoomRange(request.range, 2)) : null,
  };
}

function periodSteps(request: HistoryRequest, context: HistoryContext): Pick<HistorySteps, 'earlier' | 'later'> | null {
  const period = request.periodKey === null ? null : periodOfKey(request.periodKey, context);
  if (!period) return null;
  const { earlier, later } = totalsSteps({ period }, context);
  const url = (next: { key: string } | null) => next && historyUrl(request, { periodKey: next.key });
  return { earlier: url(earlier), later: url(later) };
}

function rangeSteps(
  request: HistoryRequest,
  context: HistoryContext,
  latest: number,
  to: (range: TimeSpan) => string,
): Pick<HistorySteps, 'earlier' | 'later'> {
  const share = request.look === 'energy' ? 1 : 0.5;
  const { from, to: end } = request.range;
  const first = context.span?.from ?? context.now;
  return {
    earlier: from > Math.max(first, EARLIEST) ? to(panRange(request.range, -share, latest)) : null,
    later: end < latest - 60_000 ? to(panRange(request.range, share, latest)) : null,
  };
}

/** The day, month or year of the calendar that shows the end of what is shown. */
export function calendarKey(
  kind: 'day' | 'month' | 'year',
  { range }: HistoryRequest,
  context: HistoryContext,
): string {
  return periodAs(kind, { kind: 'all', key: 'all', ...range }, context).key;
}

function clampEnd(range: TimeSpan, latest: number): TimeSpan {
  const over = Math.max(0, range.to - latest);
  return { from: range.from - over, to: range.to - over };
}

const clampStart = (range: TimeSpan): TimeSpan => ({ ...range, from: Math.max(EARLIEST, range.from) });
