import { formatDate, formatDuration } from '../../src/core/format.ts';
import { startOfDay } from '../../src/core/wall-clock.ts';
import type { HistoryContext, HistoryRequest } from '../../src/telemetry/history/history-query.ts';
import type { RangeName } from '../../src/telemetry/history/history-range.ts';
import { periodName } from '../../src/telemetry/totals/totals-words.ts';

const rangeTitles: Record<RangeName, string> = {
  '24h': 'The last 24 hours',
  '7d': 'The last 7 days',
  '30d': 'The last 30 days',
  year: 'The last year',
  all: 'All there is',
  period: '',
  custom: '',
};

/** A whole day is called by its date; anything else by its length. */
function ownTitle({ range, look, periodKey }: HistoryRequest, zone: string): string {
  if (periodKey !== null) return periodName(periodKey);
  if (range.from === startOfDay(range.from, zone) && range.to === startOfDay(range.from, zone, 1)) {
    return formatDate(range.from, zone, 'date');
  }
  return look === 'energy' ? 'Chosen days' : `A window of ${formatDuration(range.to - range.from)}`;
}

interface HeadProps {
  request: HistoryRequest;
  context: HistoryContext;
  /** What happened, once it is known. */
  story: string | null;
}

/** What happened, and in which time, in the zone of what is shown. */
export function HistoryHead({ request, context, story }: HeadProps) {
  const zone = context.timeZone;
  const title = rangeTitles[request.rangeName] || ownTitle(request, zone);
  if (request.problem) return <ImpossibleHead what={request.problem.field === 'view' ? 'view' : 'range'} zone={zone} />;
  const span = spanText(request, zone);
  const isLong = request.look === 'battery' || request.range.to - request.range.from <= 26 * 3_600_000;
  return (
    <header class="history-head">
      <h1>{title}</h1>
      <p class="history-span">
        {span !== title && `${span} `}
        <span class="history-zone">
          {span !== title && '· '}
          {zone.replaceAll('_', ' ')}
        </span>
      </p>
      {request.look !== 'own' && <p class={`history-story${isLong ? ' is-long' : ''}`}>{story ?? '\u00a0'}</p>}
    </header>
  );
}

function ImpossibleHead({ what, zone }: { what: 'view' | 'range'; zone: string }) {
  return (
    <header class="history-head">
      <h1>{what === 'view' ? 'There is no such view' : 'This range cannot be'}</h1>
      <p class="history-span">
        <span class="history-zone">{zone.replaceAll('_', ' ')}</span>
      </p>
    </header>
  );
}

/** "Fri 20 Nov, 14:00 to Sat 21 Nov, 14:00", or the day when it is a whole one. */
function spanText({ range, look }: HistoryRequest, zone: string): string {
  const { from, to } = range;
  const isDays = look === 'energy' || (from === startOfDay(from, zone) && to === startOfDay(to, zone));
  const style = isDays || to - from > 8 * 86_400_000 ? 'date' : 'dateTime';
  const [first, last] = [formatDate(from, zone, style), formatDate(isDays ? to - 1 : to, zone, style)];
  return first === last ? first : `${first} to ${last}`;
}
