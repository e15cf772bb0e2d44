import { formatDate, formatDuration } from '../../src/core/format.ts';
import { startOfDay } from '../../src/core/wall-clock.ts';
import type { HistoryContext, HistoryRequest, RangeName } from '../../src/telemetry/history-query.ts';

const rangeTitles: Record<RangeName, string> = {
  '24h': 'The last 24 hours',
  '7d': 'The last 7 days',
  '30d': 'The last 30 days',
  year: 'The last year',
  all: 'All there is',
  custom: '',
};

/** A whole day is called by its date; anything else by its length. */
function ownTitle({ range, look }: HistoryRequest, zone: string): string {
  if (range.from === startOfDay(range.from, zone) && range.to === startOfDay(range.from, zone, 1)) {
    return formatDate(range.from, zone, 'date');
  }
  return look === 'energy' ? 'Chosen days' : `A window of ${formatDuration(range.to - range.from)}`;
}

/** Which time is shown, in the zone of what is shown. */
export function HistoryHead({ request, context }: { request: HistoryRequest; context: HistoryContext }) {
  const { from, to } = request.range;
  const zone = context.timeZone;
  const isDays = request.look === 'energy';
  const end = isDays ? to - 1 : to;
  const style = isDays || to - from > 8 * 86_400_000 ? 'date' : 'dateTime';
  return (
    <header class="history-head">
      <h1>{rangeTitles[request.rangeName] || ownTitle(request, zone)}</h1>
      <p class="history-span">
        {formatDate(from, zone, style)} to {formatDate(end, zone, style)}{' '}
        <span class="history-zone">{zone.replaceAll('_', ' ')}</span>
      </p>
    </header>
  );
}
