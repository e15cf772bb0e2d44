import type { OpenAPIHono, RouteConfig, RouteHandler } from '@hono/zod-openapi';
import type { Handler } from 'hono';
import type { Access, Viewer } from '../accounts/viewer.ts';
import type { Log } from '../core/log.ts';
import type { LiveEvents } from './events.ts';

/** What every handler finds in `c.var`. */
export interface AppEnv {
  Variables: {
    requestId: string;
    log: Log;
    /** Null only on `public` routes. */
    viewer: Viewer | null;
    /** Token to be sent back by every form (`_csrf`) and by htmx (`X-CSRF-Token`). */
    csrfToken: string;
    /** Address of the peer, or of the client behind a trusted proxy. */
    clientAddress: string;
    /** True if the page came over https, so that cookies are marked Secure. */
    isSecure: boolean;
  };
}

export type WebApp = OpenAPIHono<AppEnv>;
export type PageHandler = Handler<AppEnv>;
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A route that was registered, for the authorisation table and its test. */
export interface RegisteredRoute {
  method: Method;
  path: string;
  access: Access;
  kind: 'page' | 'api' | 'hook' | 'operations';
}

/**
 * The only way to add a route: each names who may use it, so that nothing is open by omission.
 * `page` routes are for browsers (session cookie, CSRF on changes); `api` routes live under /api/v1, take a session or
 * a bearer token and appear in the OpenAPI document; `hook` routes check their own signature.
 */
export interface WebRoutes {
  page(method: Method, path: string, access: Access, handler: PageHandler): void;
  api<R extends RouteConfig>(access: Access, route: R, handler: RouteHandler<R, AppEnv>): void;
  hook(method: Method, path: string, handler: PageHandler): void;
  readonly registered: readonly RegisteredRoute[];
  /** Live pages: answer with `events.stream`, tell them with `events.publish`. */
  readonly events: LiveEvents;
}
