import type { OpenAPIHono, RouteConfig, RouteHandler } from '@hono/zod-openapi';
import type { Handler } from 'hono';
import type { Access } from '../accounts/viewer.ts';
import type { AppEnv } from './app-env.ts';
import type { LiveEvents } from './events.ts';
import type { Method, RegisteredRoute } from './registered-route.ts';

export type { AppEnv, Method, RegisteredRoute };
export type WebApp = OpenAPIHono<AppEnv>;
export type PageHandler = Handler<AppEnv>;

/**
 * The only way to add a route: each names who may use it, so that nothing is open by omission.
 * `page` routes are for browsers (session cookie, CSRF on changes); `api` routes live under /api/v1, take a session or
 * a bearer token and appear in the OpenAPI document; `hook` routes check their own signature.
 */
export interface WebRoutes {
  page(method: Method, path: string, access: Access, handler: PageHandler): void;
  api<R extends RouteConfig>(access: Access, route: R, handler: RouteHandler<R, AppEnv>): void;
  /** With a `description` it is in the OpenAPI document, although it checks for itself who may use it. */
  hook(method: Method, path: string, handler: PageHandler, description?: RouteConfig): void;
  readonly registered: readonly RegisteredRoute[];
  /** Live pages: answer with `events.stream`, tell them with `events.publish`. */
  readonly events: LiveEvents;
}
