import type { Context } from 'hono';
import { LiveWithoutSources } from '../../../views/telemetry/live.tsx';
import { TelemetryTrouble } from '../../../views/telemetry/trouble.tsx';
import { Totals, type TotalsProps } from '../../../views/totals/totals.tsx';
import type { Viewer } from '../../accounts/viewer.ts';
import { viewerOf } from '../../web/asking.ts';
import { refused } from '../../web/errors.tsx';
import { renderFragment, renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import { soon } from '../soon.ts';
import { daysCsv, totalsCsv } from './totals-csv.ts';
import type { TotalsService } from './totals-service.ts';

export interface TotalsPageDeps {
  totals: TotalsService;
  /** False while what was measured before cannot be read. */
  isReadable(): boolean;
}

/** Data that takes longer does not hold up the first byte: the browser asks for it once the page stands. ms. */
const FIRST_BYTE_PATIENCE_MS = 10;
const LOOK_UP_PATIENCE_MS = 5;

/** Registers the Totals page, its fragment for the browser's steps, and the CSV of what is shown. */
export function registerTotals(web: WebRoutes, deps: TotalsPageDeps): void {
  web.page('get', '/totals', 'user', (c) => showTotals(c, deps));
  web.page('get', '/totals.csv', 'user', (c) => downloadCsv(c, deps));
}

const noSuchScope = { code: 'not_found', message: 'There is no such source or group.' } as const;
const noSuchParts = {
  code: 'invalid',
  message: 'The file is by the bars as shown, or by day.',
  field: 'by',
} as const;
const page = { title: 'Totals', heading: null, active: 'totals', width: 'wide' } as const;

async function showTotals(c: Context<AppEnv>, deps: TotalsPageDeps): Promise<Response> {
  const { totals } = deps;
  const viewer = viewerOf(c);
  const isFragment = c.req.header('HX-Request') === 'true';
  if (!deps.isReadable()) return showTrouble(c, viewer, isFragment);
  // Whoever has no scripts follows a link that waits.
  const waits = isFragment || c.req.query('wait') !== undefined;
  const frame = await totals.frame(viewer, c.req.query(), waits ? undefined : LOOK_UP_PATIENCE_MS);
  if (!frame) return refused(c, noSuchScope);
  if (frame.choice.sources.length === 0) return renderPage(c, page, <LiveWithoutSources />);
  const isEmpty = frame.isKnown && !frame.context.span;
  const asked = frame.isKnown && !isEmpty && !frame.request.problem ? totals.view(frame) : null;
  const view = asked && (waits ? await asked : await soon(asked, FIRST_BYTE_PATIENCE_MS));
  const props: TotalsProps = {
    request: frame.request,
    context: frame.context,
    scopes: frame.choices.map(({ key, label }) => ({ key, label })),
    sourceNames: new Map(frame.choice.sources.map(({ id, name }) => [id, name])),
    isEmpty,
    remadeShare: frame.remadeShare,
    view,
  };
  const status = frame.request.problem ? 400 : 200;
  if (isFragment) return renderFragment(c, <Totals {...props} />, status);
  const assets = { styles: ['chart.css', 'totals.css'], scripts: ['totals.js'] } as const;
  return renderPage(
    c,
    { ...page, ...assets, status },
    <div class="totals" id="totals">
      <Totals {...props} />
    </div>,
  );
}

function showTrouble(c: Context<AppEnv>, viewer: Viewer, isFragment: boolean): Response | Promise<Response> {
  const notice = <TelemetryTrouble isAdmin={viewer.role !== 'user'} />;
  if (isFragment) return renderFragment(c, notice);
  return renderPage(c, { title: 'Totals', active: 'totals' }, notice);
}

async function downloadCsv(c: Context<AppEnv>, { totals }: TotalsPageDeps): Promise<Response> {
  const frame = await totals.frame(viewerOf(c), c.req.query());
  if (!frame) return refused(c, noSuchScope);
  const { problem } = frame.request;
  if (problem) return refused(c, { code: 'invalid', ...problem });
  const by = c.req.query('by');
  if (by && by !== 'day') return refused(c, noSuchParts);
  const view = await totals.view(frame);
  const { timeZone, now } = frame.context;
  const isByDay = by === 'day';
  const text = isByDay ? daysCsv(view, timeZone, now) : totalsCsv(view, timeZone);
  return c.body(text, 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="ampra-totals-${frame.request.period.key}${isByDay ? '-days' : ''}.csv"`,
    'Cache-Control': 'no-store',
  });
}
