import type { Context } from 'hono';
import { raw } from 'hono/html';
import { ApiDocs } from '../../views/api-docs.tsx';
import { describeApi, type OpenApiDocument } from './api-description.ts';
import { renderPage, renderText } from './page.tsx';
import type { AppEnv, WebApp, WebRoutes } from './routes.ts';

/** Groups of the API in the order in which they are shown. Routes name one of them in `tags`. */
export const apiTags = [
  { name: 'Sources', description: 'What measures: inverters, charge controllers, meters, and their groups.' },
  { name: 'Groups', description: 'Sources that belong together.' },
  { name: 'Telemetry', description: 'What was measured: newest values, readings, history and energy.' },
  { name: 'Account', description: 'You, your sessions and access tokens.' },
  { name: 'Users', description: 'People who may sign in.' },
  { name: 'System', description: 'The appliance itself.' },
];

/** `/api/v1/openapi.json` and the page that shows it; both made from the schemas that validate. */
export function addApiDocs(app: WebApp, routes: WebRoutes, options: { version: string }): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A personal access token with the scope read, write or admin.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'ampra_session',
    description: 'A signed-in browser; changes also need X-CSRF-Token.',
  });
  let text: string | null = null;
  const documentText = (): string => {
    text ??= JSON.stringify(makeDocument(app, options.version));
    return text;
  };
  routes.hook('get', '/api/v1/openapi.json', (c) =>
    c.body(documentText(), 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' }),
  );
  // Making it takes longer than any other page, and it is the same for everybody but for the address that they use.
  let made: Promise<string> | null = null;
  routes.page('get', '/api/docs', 'public', async (c) => {
    made ??= makePage(c, documentText(), options.version);
    const html = (await made).replaceAll(ANY_BASE, escaped(baseOf(c)));
    const page = { title: 'API', lead: 'What programs can ask and do.', width: 'wide', styles: ['api.css'] } as const;
    return renderPage(c, page, raw(html));
  });
}

/** Stands for the address in the page that is kept. */
const ANY_BASE = 'http://address.of.this.ampra.invalid';

function makePage(c: Context<AppEnv>, document: string, version: string): Promise<string> {
  const groups = describeApi(JSON.parse(document) as OpenApiDocument, ANY_BASE);
  return renderText(c, <ApiDocs version={version} groups={groups} baseUrl={ANY_BASE} />);
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function makeDocument(app: WebApp, version: string): unknown {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Ampra', version, description: 'The energy computer of this house.' },
    servers: [{ url: '/' }],
    tags: apiTags,
  });
}

function baseOf(c: Context<AppEnv>): string {
  return `${c.var.isSecure ? 'https' : 'http'}://${c.req.header('Host') ?? new URL(c.req.url).host}`;
}
