import { sayMeasured } from '../../src/telemetry/quality/coverage-words.ts';
import { type Amount, amounts, showAmount } from '../../src/telemetry/totals/amount.ts';
import { type TotalsRequest, totalsUrl } from '../../src/telemetry/totals/totals-query.ts';
import type { TotalsView } from '../../src/telemetry/totals/totals-view.ts';
import { amountDifference } from '../../src/telemetry/totals/totals-words.ts';
import { Derived, EnergyMark } from '../parts/index.ts';

interface FiguresProps {
  request: TotalsRequest;
  view: TotalsView | null;
}

/** The sums, each a way to see its bars alone. It is also the one place where the values of a bar are read out. */
export function TotalsFigures({ request, view }: FiguresProps) {
  const shown = amounts.filter((amount) => !view || isMeasured(amount, view));
  return (
    <div class="totals-figures">
      <p class="totals-figures-time" data-readout-time="" aria-live="off">
        {view ? sumTitle(view) : '\u00a0'}
      </p>
      <div class="totals-figures-row">
        {shown.map((amount) => (
          <Figure amount={amount} request={request} view={view} />
        ))}
      </div>
    </div>
  );
}

export function isMeasured(amount: Amount, view: TotalsView): boolean {
  if (amount.key === 'import' || amount.key === 'export' || amount.key === 'own') return view.hasGrid;
  return amount.key === 'charge' || amount.key === 'discharge' ? view.hasBattery : true;
}

function sumTitle({ total, leastMeasured, isSoFar }: TotalsView): string {
  return `${isSoFar ? 'Sum so far' : 'Sum'}, ${sayMeasured(total.coverage, [leastMeasured], total.rests)}`;
}

function Figure({ amount, request, view }: { amount: Amount } & FiguresProps) {
  const isChosen = request.subject === amount.key;
  const href = totalsUrl(request, { subject: isChosen ? 'together' : amount.key });
  const shown = showAmount(amount, view ? amount.of(view.total) : null);
  const difference = view && amountDifference(amount, view.comparison);
  return (
    <div class={`figure ${amount.colour}${isChosen ? ' is-chosen' : ''}`}>
      <a
        class="figure-link"
        href={href}
        data-totals={amount.key}
        {...(isChosen ? { 'aria-current': 'true' as const } : {})}
      >
        <span class="figure-name">
          {amount.colour !== 'plain' && <EnergyMark energy={amount.colour} />}
          {amount.label}
        </span>
        <span class="figure-value" data-readout={amount.key}>
          <span class="number">{shown.text}</span>
          {shown.text !== '-' && <span class="unit">{shown.unit}</span>}
        </span>
        <span class="figure-difference" data-difference={amount.key}>
          {difference ?? '\u00a0'}
        </span>
      </a>
      {amount.key === 'load' && view?.total.isLoadDerived && (
        <Derived why="Worked out from production and the grid meter" />
      )}
    </div>
  );
}
