import type { Context } from 'hono';
import { AccuracyPage } from '../../../views/forecast/accuracy.tsx';
import { ForecastWithoutSources } from '../../../views/forecast/empty.tsx';
import { NothingOfSource } from '../../../views/forecast/nothing-of-source.tsx';
import { viewerOf } from '../../web/asking.ts';
import { refused } from '../../web/errors.tsx';
import { renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import { noSuchChoice } from './forecast.web.tsx';
import { accuracySpans } from './frames.ts';
import { readForecastRequest } from './page-query.ts';
import type { ForecastPages } from './pages-service.ts';

const USUAL_DAYS = 30;

/** The Accuracy page: how often forecasts were right. */
export function addAccuracyPage(web: WebRoutes, { pages }: { pages: ForecastPages }): void {
  web.page('get', '/forecast/accuracy', 'user', (c) => showAccuracy(c, pages));
}

async function showAccuracy(c: Context<AppEnv>, pages: ForecastPages): Promise<Response> {
  const request = readForecastRequest(c.req.query());
  if (!request.ok) return refused(c, request.error);
  const viewer = viewerOf(c);
  const asked = c.req.query('days');
  const days = asked ? accuracySpans.find((span) => String(span) === asked) : USUAL_DAYS;
  if (!days)
    return refused(c, { code: 'invalid', message: `Of ${accuracySpans.join(', ')} days only.`, field: 'days' });
  const frame = await pages.accuracy(viewer, request.value, days);
  const page = { title: 'Forecast accuracy', heading: null, active: 'forecast', width: 'wide' } as const;
  if (frame) {
    const styles = ['chart.css', 'forecast.css', 'accuracy.css'] as const;
    const assets = { styles, scripts: ['accuracy.js'] } as const;
    return renderPage(c, { ...page, ...assets }, <AccuracyPage frame={frame} />);
  }
  const scope = pages.single(viewer, request.value);
  if (scope)
    return renderPage(
      c,
      { ...page, styles: ['forecast.css'] },
      <NothingOfSource scope={scope} page="forecast/accuracy" />,
    );
  if (request.value.show !== null) return refused(c, noSuchChoice);
  return renderPage(c, page, <ForecastWithoutSources />);
}
