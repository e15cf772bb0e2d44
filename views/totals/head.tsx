import { formatDate } from '../../src/core/format.ts';
import {
  type TotalsContext,
  type TotalsPeriod,
  type TotalsRequest,
  totalsSteps,
  totalsUrl,
  yearBefore,
} from '../../src/telemetry/totals/totals-query.ts';
import type { TotalsView } from '../../src/telemetry/totals/totals-view.ts';
import { periodName, sayComparison, sayTotals } from '../../src/telemetry/totals/totals-words.ts';
import { Step } from '../parts/index.ts';
import { GoWhereThePageWaits } from '../telemetry/waiting.tsx';

interface HeadProps {
  request: TotalsRequest;
  context: TotalsContext;
  view: TotalsView | null;
}

/** Which time, how much, and how that compares; with the way to the time before and after. */
export function TotalsHead({ request, context, view }: HeadProps) {
  const steps = totalsSteps(request, context);
  const to = (period: TotalsPeriod | null): string | null => period && totalsUrl(request, { period });
  const comparison = view && sayComparison(view.comparison, yearBefore(request.period, context));
  return (
    <header class="totals-head">
      <div class="totals-title">
        <h1>{periodName(request.period.key)}</h1>
        {request.period.kind !== 'all' && (
          <div class="totals-steps">
            <Step href={to(steps.earlier)} data-totals="back" icon="back" label={`The ${request.period.kind} before`} />
            <Step
              href={to(steps.later)}
              data-totals="chevron"
              icon="chevron"
              label={`The ${request.period.kind} after`}
            />
          </div>
        )}
      </div>
      <p class="totals-span">
        {spanText(request.period, context)}
        <span class="totals-zone">{context.timeZone.replaceAll('_', ' ')}</span>
      </p>
      <p class="totals-story">
        {view ? (view.isEmpty ? 'Nothing was measured in this time.' : sayTotals(view)) : '\u00a0'}
        {comparison && ` ${comparison}`}
      </p>
      {!view && <GoWhereThePageWaits href={`${totalsUrl(request)}&wait=1`} what="Show the totals" />}
    </header>
  );
}

/** "1 to 25 Nov, so far · ", or nothing where the title says it all. */
function spanText(period: TotalsPeriod, { now, timeZone, span }: TotalsContext): string {
  if (period.kind === 'day') return period.to > now ? `Until ${formatDate(now, timeZone, 'time')} · ` : '';
  const from = period.kind === 'all' && span ? span.from : period.from;
  const last = Math.min(period.to - 1, now);
  const style = period.kind === 'all' ? 'date' : 'dayMonth';
  const isSoFar = period.to > now && period.kind !== 'all';
  return `${formatDate(from, timeZone, style)} to ${formatDate(last, timeZone, style)}${isSoFar ? ', so far' : ''} · `;
}
