import type { Context } from 'hono';
import { History, type HistoryProps } from '../../../views/telemetry/history.tsx';
import { LiveWithoutSources } from '../../../views/telemetry/live.tsx';
import { TelemetryTrouble } from '../../../views/telemetry/trouble.tsx';
import type { Viewer } from '../../accounts/viewer.ts';
import { dayKey, localDayOf } from '../../core/zone.ts';
import { refused } from '../../web/errors.tsx';
import { renderFragment, renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import { newCorrectionUrl } from '../corrections/correction-form.ts';
import { soon } from '../soon.ts';
import { barsCsv, linesCsv } from './history-csv.ts';
import type { HistoryFrame, HistoryService } from './history-service.ts';

export interface HistoryPageDeps {
  history: HistoryService;
  /** False while what was measured before cannot be read. */
  isReadable(): boolean;
}

/** Data that takes longer does not hold up the first byte: the browser asks for it once the page stands. ms. */
const FIRST_BYTE_PATIENCE_MS = 8;
const LOOK_UP_PATIENCE_MS = 5;

/** Registers the History page, its fragment for the browser's zooming, and the CSV of what is shown. */
export function registerHistory(web: WebRoutes, deps: HistoryPageDeps): void {
  web.page('get', '/history', 'user', (c) => showHistory(c, deps));
  web.page('get', '/history.csv', 'user', (c) => downloadCsv(c, deps));
}

const noSuchScope = { code: 'not_found', message: 'There is no such source or group.' } as const;

async function showHistory(c: Context<AppEnv>, deps: HistoryPageDeps): Promise<Response> {
  const { history } = deps;
  const viewer = c.var.viewer as Viewer;
  const isFragment = c.req.header('HX-Request') === 'true';
  if (!deps.isReadable()) return showTrouble(c, viewer, isFragment);
  // Whoever has no scripts follows a link that waits.
  const waits = isFragment || c.req.query('wait') !== undefined;
  const frame = await history.frame(viewer, c.req.query(), waits ? undefined : LOOK_UP_PATIENCE_MS);
  if (!frame) return refused(c, noSuchScope);
  const page = { title: 'History', heading: null, active: 'history', width: 'wide', styles: ['chart.css'] } as const;
  if (frame.choice.sources.length === 0) return renderPage(c, page, <LiveWithoutSources />);
  const content = frame.isKnown && !frame.request.problem ? await contentSoon(history, frame, viewer, waits) : null;
  const props: HistoryProps = {
    request: frame.request,
    context: frame.context,
    scopes: frame.choices.map(({ key, label }) => ({ key, label })),
    correctUrl: correctUrlOf(frame),
    content,
    askedUrl: pathOf(c.req.url),
  };
  const status = frame.request.problem ? 400 : 200;
  if (isFragment) return renderFragment(c, <History {...props} />, status);
  return renderPage(
    c,
    { ...page, status, styles: ['uplot.css', 'chart.css'], scripts: ['uplot.js', 'chart.js'] },
    <div class="history" id="history">
      <History {...props} />
    </div>,
  );
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Where the readings of one source can be corrected: those of this time, and of this metric where there is one. */
function correctUrlOf({ choice, request, context }: HistoryFrame): string | null {
  const [source, ...others] = choice.sources;
  if (!source || others.length > 0 || request.look === 'energy') return null;
  const [line, ...more] = request.lines;
  return newCorrectionUrl(source.id, {
    metric: line && more.length === 0 && line.scope === null ? line.metric : '',
    from: new Date(request.range.from).toISOString(),
    to: new Date(Math.min(request.range.to, context.now)).toISOString(),
  });
}

function showTrouble(c: Context<AppEnv>, viewer: Viewer, isFragment: boolean): Response | Promise<Response> {
  const notice = <TelemetryTrouble isAdmin={viewer.role !== 'user'} />;
  if (isFragment) return renderFragment(c, notice);
  return renderPage(c, { title: 'History', active: 'history' }, notice);
}

/** A fragment and the table are what was asked for; a page with a chart must stand at once. */
async function contentSoon(history: HistoryService, frame: HistoryFrame, viewer: Viewer, waits: boolean) {
  const asked = readContent(history, frame, viewer);
  return waits || frame.request.isTable ? asked : soon(asked, FIRST_BYTE_PATIENCE_MS);
}

async function readContent(
  history: HistoryService,
  frame: HistoryFrame,
  viewer: Viewer,
): Promise<NonNullable<HistoryProps['content']>> {
  if (frame.request.look === 'energy') return { kind: 'bars', bars: await history.energy(frame) };
  const [model, energy] = await Promise.all([history.chart(frame, viewer.temperatureUnit), history.powerEnergy(frame)]);
  return { kind: 'lines', model, energy };
}

async function downloadCsv(c: Context<AppEnv>, { history }: HistoryPageDeps): Promise<Response> {
  const viewer = c.var.viewer as Viewer;
  const frame = await history.frame(viewer, c.req.query());
  if (!frame) return refused(c, noSuchScope);
  const { problem } = frame.request;
  if (problem) return refused(c, { code: 'invalid', message: problem.message, field: problem.field });
  const content = await readContent(history, frame, viewer);
  const { timeZone } = frame.context;
  const text = content.kind === 'bars' ? barsCsv(content.bars, timeZone) : linesCsv(content.model);
  const day = (time: number): string => dayKey(localDayOf(time, timeZone));
  const { look, range } = frame.request;
  const name = `ampra-${look}-${day(range.from)}-${day(range.to - 1)}.csv`;
  return c.body(text, 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'no-store',
  });
}
