import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { trimTrailingSlash } from 'hono/trailing-slash';
import type { Theme } from '../../views/page-context.ts';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { Refusal } from '../core/result.ts';
import { addApiDocs } from './api-docs.tsx';
import type { ResolveViewer } from './app-env.ts';
import { assetUrl } from './assets.ts';
import { serveAssets } from './assets.web.ts';
import { bodyLimits } from './body-limit.ts';
import { compression } from './compression.ts';
import { writeTheme } from './cookies.ts';
import { Csrf } from './csrf.ts';
import { nothingHere, onError, refused, validationProblem } from './errors.tsx';
import { EventHub } from './events.ts';
import { securityHeaders } from './headers.ts';
import { allowedHosts, checkHost } from './hosts.ts';
import { KeptForms } from './kept-forms.ts';
import { createWebRoutes, identify, methodsAt } from './registrar.ts';
import { requestContext } from './request-context.ts';
import type { AppEnv, WebApp, WebRoutes } from './routes.ts';

export interface WebOptions {
  clock: Clock;
  log: Log;
  resolveViewer: ResolveViewer;
  /** Where an anonymous visitor is sent while nobody has an account yet; null afterwards. */
  onboarding?: () => string | null;
  /** Believe X-Forwarded-For, -Proto and -Host. */
  trustProxy: boolean;
  /** The web port itself speaks TLS. */
  hasTls: boolean;
  /** Address that owners type behind a proxy; '' when unknown. */
  publicUrl: string;
  maxBodyBytes: number;
  /** Key for form tokens, kept across restarts so that open pages go on working; random when missing. */
  csrfSecret?: string;
  /** The house's own certificate authority (PEM), offered for download; null with other certificates. */
  authorityPem?: string | null;
  /** Version of the appliance, for the API's description. */
  version?: string;
}

export interface Web {
  routes: WebRoutes;
  /** Answers a request from `peer`, the address at the other end of the connection. */
  fetch(request: Request, peer: string): Promise<Response>;
  app: WebApp;
  /** Looks at once whether somebody's live pages may go on. */
  recheck(userId: string): void;
  /** Ends the live pages' streams. */
  stop(): void;
}

/** The web app with everything around the features' routes. Features add theirs through `routes`. */
export function createWeb(options: WebOptions): Web {
  const app: WebApp = new OpenAPIHono<AppEnv>({ defaultHook: validationProblem });
  const hosts = (c: Context<AppEnv>) => allowedHosts(c, options);
  app.use(trimTrailingSlash());
  app.use(requestContext({ ...options, newRequestId: newId }));
  app.use(securityHeaders(options));
  app.use(compression());
  app.use(serveAssets());
  app.use(checkHost(options));
  app.use(bodyLimits({ maxBytes: options.maxBodyBytes }));
  app.onError(onError);
  const { clock, log, resolveViewer } = options;
  const events = new EventHub({ clock, log: log.for('web'), resolveViewer });
  const csrf = new Csrf(options.csrfSecret ?? newId() + newId());
  app.notFound(async (c) => {
    await identify(c, options);
    c.set('csrfToken', csrf.tokenFor(c));
    const methods = methodsAt(routes.registered, c.req.path);
    // A route that says itself that there is nothing keeps its word.
    if (methods.length === 0 || methods.includes(c.req.method)) return refused(c, nothingHere);
    c.header('Allow', methods.join(', '));
    return refused(c, wrongMethod(c.req.method, methods));
  });
  const routes = createWebRoutes({
    app,
    events,
    resolveViewer,
    csrf,
    keptForms: new KeptForms(clock),
    allowedHosts: hosts,
    ...(options.onboarding ? { onboarding: options.onboarding } : {}),
  });
  addOwnRoutes(routes);
  if (options.authorityPem) addAuthorityDownload(routes, options.authorityPem);
  addApiDocs(app, routes, { version: options.version ?? '0.0.0' });
  return {
    app,
    routes,
    fetch: async (request, peer) => app.fetch(request, { peer }),
    recheck: (userId) => events.recheck(userId),
    stop: () => events.stop(),
  };
}

function wrongMethod(method: string, allowed: readonly string[]): Refusal {
  return { code: 'wrong_method', message: `${method} is not possible here.`, hint: `Possible: ${allowed.join(', ')}.` };
}

function addOwnRoutes(routes: WebRoutes): void {
  routes.page('post', '/theme', 'public', async (c) => {
    const form = await c.req.parseBody();
    const theme: Theme = form.theme === 'light' || form.theme === 'dark' ? form.theme : 'auto';
    writeTheme(c, theme);
    if (c.req.header('HX-Request')) return c.body(null, 204);
    return c.redirect(localPath(form.back), 303);
  });
  for (const path of ['/favicon.ico', '/favicon.svg'])
    routes.hook('get', path, (c) => {
      c.header('Cache-Control', 'public, max-age=3600');
      return c.redirect(assetUrl('favicon.svg'), 302);
    });
  routes.hook('get', '/robots.txt', (c) => c.text('User-agent: *\nDisallow: /\n'));
}

/** For phones and tablets of the house, so that they trust the certificate made here. Holds no secret. */
function addAuthorityDownload(routes: WebRoutes, pem: string): void {
  routes.hook('get', '/ampra-authority.crt', (c) =>
    c.body(pem, 200, {
      'Content-Type': 'application/x-x509-ca-cert',
      'Content-Disposition': 'attachment; filename="ampra-authority.crt"',
    }),
  );
}

/** A path on this appliance, for redirects from a form or `?next=`; anything else is the Live page. */
export function localPath(path: unknown): string {
  if (typeof path !== 'string' || !/^\/(?![/\\])/.test(path)) return '/';
  const url = new URL(path, 'http://ampra.invalid');
  // Steps upwards are gone by now, and may have left two slashes, which would name another host.
  const pathname = url.pathname.replace(/^\/{2,}/, '/');
  return url.origin === 'http://ampra.invalid' ? pathname + url.search : '/';
}
