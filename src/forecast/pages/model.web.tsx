import type { Context } from 'hono';
import { ForecastWithoutSources } from '../../../views/forecast/empty.tsx';
import { ModelBody, ModelPage, PutBackPage } from '../../../views/forecast/model.tsx';
import { NothingOfSource } from '../../../views/forecast/nothing-of-source.tsx';
import type { Viewer } from '../../accounts/viewer.ts';
import { seconds } from '../../core/durations.ts';
import { idOf, viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { refused } from '../../web/errors.tsx';
import { renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import { forecastQuantities } from '../issue.ts';
import type { ForecastDesk, ForecastSubject } from '../ports.ts';
import { type ForecastPageDeps, noSuchChoice, topicOf } from './forecast.web.tsx';
import { forecastUrl, readForecastRequest } from './page-query.ts';

const EVENT_GAP_MS = seconds(1);
const noSuchModel = { code: 'not_found', message: 'There is no such model.' } as const;
const page = { title: 'Forecast model', heading: null, active: 'forecast', width: 'wide' } as const;

/** The Model page with the progress of a training, the button that starts one, and putting a model back. */
export function addModelPages(web: WebRoutes, deps: ForecastPageDeps): void {
  web.page('get', '/forecast/model', 'user', (c) => showModel(c, deps));
  web.page('get', '/forecast/model/events', 'user', (c) => streamModel(c, deps, web));
  web.page('post', '/sources/:id/forecast/train', 'user', (c) => train(c, deps));
  web.page('get', '/sources/:id/forecast/models/:version/put-back', 'user', (c) => askToPutBack(c, deps));
  web.page('post', '/sources/:id/forecast/models/:version/put-back', 'user', (c) => putBack(c, deps));
}

async function showModel(c: Context<AppEnv>, { pages }: ForecastPageDeps): Promise<Response> {
  const request = readForecastRequest(c.req.query());
  if (!request.ok) return refused(c, request.error);
  const viewer = viewerOf(c);
  const frame = await pages.model(viewer, request.value);
  const styles = ['forecast.css', 'accuracy.css'] as const;
  if (frame) return renderPage(c, { ...page, styles }, <ModelPage frame={frame} />);
  const scope = pages.single(viewer, request.value);
  if (scope) return renderPage(c, { ...page, styles }, <NothingOfSource scope={scope} page="forecast/model" />);
  if (request.value.show !== null) return refused(c, noSuchChoice);
  return renderPage(c, page, <ForecastWithoutSources />);
}

async function streamModel(c: Context<AppEnv>, { pages }: ForecastPageDeps, web: WebRoutes): Promise<Response> {
  const request = readForecastRequest(c.req.query());
  if (!request.ok) return refused(c, request.error);
  const viewer = viewerOf(c);
  const first = await pages.model(viewer, request.value);
  if (!first && request.value.show !== null && !pages.single(viewer, request.value)) return refused(c, noSuchChoice);
  return web.events.stream(c, {
    topics: first ? [topicOf(first.source.id)] : [],
    minIntervalMs: EVENT_GAP_MS,
    render: async () => {
      const frame = await pages.model(viewer, request.value);
      return frame ? <ModelBody frame={frame} /> : null;
    },
  });
}

async function train(c: Context<AppEnv>, { desk }: ForecastPageDeps): Promise<Response> {
  const id = idOf(c);
  const form = await c.req.parseBody();
  const quantity = forecastQuantities.find((one) => one === form.of);
  const asked = desk.trainNow(viewerOf(c), id, quantity, { address: c.var.clientAddress });
  if (!asked.ok && asked.error.code === 'not_found') return refused(c, asked.error);
  if (asked.ok)
    flash(c, {
      kind: 'note',
      text: 'Learning was asked for: see below how far it is. You may leave this page meanwhile.',
    });
  else flash(c, { kind: 'problem', text: [asked.error.message, asked.error.hint].filter(Boolean).join(' ') });
  return c.redirect(modelUrl({ sourceId: id, quantity: quantity ?? 'solar' }), 303);
}

const modelUrl = ({ sourceId, quantity }: ForecastSubject): string =>
  forecastUrl({ show: `source:${sourceId}`, quantity }, {}, 'forecast/model');

async function askToPutBack(c: Context<AppEnv>, { desk }: ForecastPageDeps): Promise<Response> {
  const found = await findModel(desk, viewerOf(c), c);
  if (!found) return refused(c, noSuchModel);
  const { subject, models, model } = found;
  const options = { ...page, title: 'Put a model back', width: 'normal', heading: undefined } as const;
  return renderPage(
    c,
    { ...options, heading: 'Put a model back' },
    <PutBackPage
      model={model}
      serving={models.serving}
      timeZone={models.timeZone}
      backUrl={modelUrl(subject)}
      sourceId={subject.sourceId}
    />,
  );
}

async function putBack(c: Context<AppEnv>, { desk }: ForecastPageDeps): Promise<Response> {
  const viewer = viewerOf(c);
  const found = await findModel(desk, viewer, c);
  if (!found) return refused(c, noSuchModel);
  const { subject, model } = found;
  const put = await desk.putBack(viewer, subject, model.version, { address: c.var.clientAddress });
  if (put.ok) flash(c, { kind: 'done', text: 'The model serves again, and a new forecast was made with it.' });
  else flash(c, { kind: 'problem', text: [put.error.message, put.error.hint].filter(Boolean).join(' ') });
  return c.redirect(modelUrl(subject), 303);
}

/** A version belongs to one quantity; what is not the viewer's has no models. */
async function findModel(desk: ForecastDesk, viewer: Viewer, c: Context<AppEnv>) {
  const version = c.req.param('version') ?? '';
  for (const quantity of forecastQuantities) {
    const subject = { sourceId: idOf(c), quantity };
    const models = await desk.models(viewer, subject);
    if (!models.ok) return undefined;
    const all = [models.value.serving, ...models.value.others];
    const model = all.find((one) => one?.version === version);
    if (model) return { subject, models: models.value, model };
  }
  return undefined;
}
