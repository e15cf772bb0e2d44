import type { Context } from 'hono';
import { NoQuality, QualityPage } from '../../../views/quality/quality.tsx';
import { TelemetryTrouble } from '../../../views/telemetry/trouble.tsx';
import type { Clock } from '../../core/clock.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import { upToSource } from '../../sources/source-page.ts';
import type { SourceTrouble } from '../../sources/trouble.ts';
import { idOf, viewerOf } from '../../web/asking.ts';
import { refusalPage } from '../../web/errors.tsx';
import { renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import type { TelemetryReader } from '../ports.ts';
import { readQualityPeriod } from './quality-query.ts';
import { viewQuality } from './quality-view.ts';

export interface QualityPageDeps {
  reader: Pick<TelemetryReader, 'quality' | 'span'>;
  sources: Pick<SourceDirectory, 'findFor'>;
  clock: Clock;
  /** False while what was measured before cannot be read. */
  isReadable(): boolean;
  /** Why a source that should report does not; null when nothing is known of that. */
  troubleOf(source: Source): SourceTrouble | null;
}

/** Registers the page that says how well a source's data came. */
export function registerQuality(web: WebRoutes, deps: QualityPageDeps): void {
  web.page('get', '/sources/:id/data', 'user', (c) => showQuality(c, deps));
}

async function showQuality(c: Context<AppEnv>, deps: QualityPageDeps): Promise<Response> {
  const viewer = viewerOf(c);
  const found = deps.sources.findFor(viewer, idOf(c));
  if (!found.ok) return refusalPage(c, found.error);
  const source = found.value;
  const page = {
    title: `Data of ${source.name}`,
    up: upToSource(source),
    active: 'sources',
    styles: ['data.css'],
  } as const;
  if (!deps.isReadable()) return renderPage(c, page, <TelemetryTrouble isAdmin={viewer.role !== 'user'} />);
  const now = deps.clock.now();
  const { timeZone } = source;
  const context = { now, timeZone, span: await deps.reader.span(source.id) };
  const period = readQualityPeriod(c.req.query('month'), context);
  const view = viewQuality(await deps.reader.quality(source.id, period.range), { ...context, place: source });
  if (context.span === null)
    return renderPage(c, page, <NoQuality source={source} trouble={deps.troubleOf(source)?.words ?? null} />);
  const status = period.problem === null ? 200 : 400;
  return renderPage(c, { ...page, status }, <QualityPage {...{ source, period, view }} />);
}
