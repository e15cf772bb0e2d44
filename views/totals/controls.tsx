import {
  periodAs,
  type TotalsContext,
  type TotalsKind,
  type TotalsRequest,
  totalsUrl,
} from '../../src/telemetry/totals/totals-query.ts';
import { LinkButton } from '../parts/index.ts';
import { dayLines } from './bars.tsx';

/** A source or group that can be added up alone, or the whole house. */
export interface TotalsScopeChoice {
  key: string;
  label: string;
}

const kinds: readonly [TotalsKind, string][] = [
  ['day', 'Day'],
  ['month', 'Month'],
  ['year', 'Year'],
  ['all', 'All'],
];

/** Which time, as what: links, so that they work without a script. */
export function TotalsControls({ request, context }: { request: TotalsRequest; context: TotalsContext }) {
  return (
    <div class="totals-controls">
      <nav class="tabs" aria-label="Period">
        {kinds.map(([kind, label]) => (
          <a
            href={totalsUrl(request, { period: periodAs(kind, request.period, context) })}
            data-totals={`kind-${kind}`}
            {...(request.period.kind === kind && !request.problem ? { 'aria-current': 'page' as const } : {})}
          >
            {label}
          </a>
        ))}
      </nav>
      <div class="totals-actions">
        {request.period.kind === 'day' && (
          <LinkButton href={dayLines(request, context)} kind="plain" small>
            Lines
          </LinkButton>
        )}
        {!request.problem && <AsFigures request={request} />}
      </div>
    </div>
  );
}

function AsFigures({ request }: { request: TotalsRequest }) {
  return (
    <>
      <a
        class="button button-plain button-small"
        href={totalsUrl(request, { isTable: !request.isTable })}
        data-totals="table"
      >
        {request.isTable ? 'Chart' : 'Table'}
      </a>
      <LinkButton href={totalsUrl(request, { isTable: false }, '/totals.csv')} kind="plain" small download>
        CSV
      </LinkButton>
    </>
  );
}

/** Whose totals: only where there is a choice. */
export function TotalsScope({ request, scopes }: { request: TotalsRequest; scopes: readonly TotalsScopeChoice[] }) {
  if (scopes.length <= 2) return null;
  return (
    <form class="totals-scope" method="get" action="/totals" data-totals-form="">
      <input type="hidden" name="period" value={request.period.key} />
      {request.subject !== 'together' && <input type="hidden" name="of" value={request.subject} />}
      {request.isTable && <input type="hidden" name="as" value="table" />}
      <label class="field">
        <span class="field-label">Whose totals</span>
        <select class="input" name="show" id="totals-show">
          {scopes.map((scope) => (
            <option value={scope.key} selected={scope.key === request.scope}>
              {scope.label}
            </option>
          ))}
        </select>
      </label>
      <button class="button button-plain" type="submit">
        Show
      </button>
    </form>
  );
}
