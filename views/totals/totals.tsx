import { remakingNote } from '../../src/telemetry/remaking-words.ts';
import {
  type TotalsContext,
  type TotalsProblem,
  type TotalsRequest,
  totalsUrl,
} from '../../src/telemetry/totals/totals-query.ts';
import type { TotalsView } from '../../src/telemetry/totals/totals-view.ts';
import { EmptyState, LinkButton, Notice } from '../parts/index.ts';
import { TotalsBars } from './bars.tsx';
import { TotalsControls, TotalsScope, type TotalsScopeChoice } from './controls.tsx';
import { TotalsFigures } from './figures.tsx';
import { Follows } from './follows.tsx';
import { TotalsHead } from './head.tsx';
import { NumbersOrigin } from './origin.tsx';
import { DaysTable, PartsTable } from './tables.tsx';
import { YearMapCard } from './year-map.tsx';

export interface TotalsProps {
  request: TotalsRequest;
  context: TotalsContext;
  scopes: readonly TotalsScopeChoice[];
  /** Names by id of the source. */
  sourceNames: ReadonlyMap<string, string>;
  /** True if no source has ever reported. */
  isEmpty: boolean;
  /** While some of the energy is made anew by today's rules: the share of it that is, 0..1. */
  remadeShare: number | null;
  /** Null while the answer takes longer than the first byte may wait; the browser then asks for it. */
  view: TotalsView | null;
}

/** The whole of the Totals page below the navigation; also what the browser asks for at each step. */
export function Totals(props: TotalsProps) {
  const { request, context, view } = props;
  if (props.isEmpty) return <NothingCounted />;
  if (request.problem) return <NothingOfThis {...props} problem={request.problem} />;
  return (
    <>
      <TotalsHead request={request} context={context} view={view} />
      {props.remadeShare !== null && <Notice>{remakingNote(props.remadeShare)}</Notice>}
      <TotalsFigures request={request} view={view} />
      <section class="totals-chart" id="totals-chart" aria-label={chartName} {...loading(props)}>
        {view && request.isTable ? (
          <PartsTable view={view} timeZone={context.timeZone} />
        ) : (
          <TotalsBars request={request} context={context} view={view} />
        )}
      </section>
      <TotalsControls request={request} context={context} />
      {view && <Follows view={view} request={request} />}
      {view?.map && (request.isTable ? <DaysTable map={view.map} /> : <YearMapCard map={view.map} request={request} />)}
      {view && !view.isEmpty && <NumbersOrigin view={view} sourceNames={props.sourceNames} />}
      <TotalsScope request={request} scopes={props.scopes} />
    </>
  );
}

const chartName = 'Energy. Arrow keys walk from bar to bar, Enter looks closer, T shows the table.';

function loading({ view, request }: TotalsProps) {
  return view ? {} : { 'data-load': totalsUrl(request), 'aria-busy': 'true' as const };
}

/** What the address asks for cannot be: why, and where to choose another. Nothing else is shown in its place. */
function NothingOfThis({ request, context, scopes, problem }: TotalsProps & { problem: TotalsProblem }) {
  const isTime = problem.field === 'period';
  return (
    <>
      <header class="totals-head">
        <h1>{isTime ? 'This time cannot be shown' : 'This sum cannot be shown'}</h1>
      </header>
      <EmptyState
        title="Nothing is shown"
        action={
          <LinkButton kind="primary" href={totalsUrl(request)}>
            {isTime ? 'This month' : 'All sums'}
          </LinkButton>
        }
      >
        {problem.message} {isTime ? 'Choose another time.' : 'Choose another.'}
      </EmptyState>
      <TotalsControls request={request} context={context} />
      <TotalsScope request={request} scopes={scopes} />
    </>
  );
}

/** No source has ever reported. */
function NothingCounted() {
  return (
    <EmptyState
      title="Nothing to add up yet"
      isPage
      action={
        <LinkButton kind="primary" href="/sources">
          To the sources
        </LinkButton>
      }
    >
      As soon as a source has reported, you find here how much was produced and used: by the hour, the day, the month
      and the year.
    </EmptyState>
  );
}
