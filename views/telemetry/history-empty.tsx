import type { RangeProblem } from '../../src/telemetry/history/chosen-range.ts';
import type { HistoryLook } from '../../src/telemetry/history/history-query.ts';
import { EmptyState, LinkButton } from '../parts/index.ts';

/** No value is chosen, or the house has none of this look. `energyHref` leads to the bars of what counters alone told. */
export function NothingChosen({ look, energyHref }: { look: HistoryLook; energyHref: string | null }) {
  if (look === 'own')
    return (
      <EmptyState title="Choose what to show">
        Pick one or more values below; values of one unit share an axis.
      </EmptyState>
    );
  if (energyHref !== null)
    return (
      <EmptyState
        title="Counted, not measured as a power"
        action={
          <LinkButton kind="primary" href={energyHref}>
            Energy in bars
          </LinkButton>
        }
      >
        Counters alone tell of this time, and say how much flowed, not how strongly at each moment.
      </EmptyState>
    );
  return (
    <EmptyState title="Nothing of this is measured">
      No value of this view was ever reported. Choose shows everything that was.
    </EmptyState>
  );
}

/** The chosen range cannot be, or the view is none: why, and where to put it right. Nothing else is shown in its place. */
export function ImpossibleRange({ problem, usualHref }: { problem: RangeProblem; usualHref: string }) {
  const { field, message } = problem;
  if (field === 'range' || field === 'view')
    return (
      <EmptyState
        title="Nothing is shown"
        action={
          <LinkButton kind="primary" href={usualHref}>
            {field === 'view' ? 'Power' : 'Up to now'}
          </LinkButton>
        }
      >
        {message} Choose another {field === 'view' ? 'one' : 'time'}.
      </EmptyState>
    );
  return (
    <EmptyState title="Nothing is shown">
      {field === 'from' ? 'From' : 'To'}: {message} What you chose is still below, ready to be changed.
    </EmptyState>
  );
}

/** No source has ever reported. */
export function NothingStored() {
  return (
    <EmptyState
      title="No history yet"
      isPage
      action={
        <LinkButton kind="primary" href="/sources">
          To the sources
        </LinkButton>
      }
    >
      As soon as a source has reported, you find here what happened: hour by hour, and in time over years.
    </EmptyState>
  );
}
