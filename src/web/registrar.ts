import type { RouteConfig } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { type Access, mayUse, type Viewer } from '../accounts/viewer.ts';
import type { Refusal } from '../core/result.ts';
import type { AppEnv, ResolveViewer } from './app-env.ts';
import { brokenBound } from './body-bounds.ts';
import { isLongFromStranger, longFromStranger } from './body-limit.ts';
import { backToForm, type ComeBack, keepForm } from './come-back.tsx';
import type { Csrf } from './csrf.ts';
import { loggedPath, problem, refusalPage } from './errors.tsx';
import type { LiveEvents } from './events.ts';
import type { KeptForms } from './kept-forms.ts';
import { bodyProblems, notFoundProblem, staleProblem, usualProblems } from './problem-schema.ts';
import type { Method, RegisteredRoute, WebApp, WebRoutes } from './routes.ts';

export interface RegistrarOptions {
  app: WebApp;
  resolveViewer: ResolveViewer;
  csrf: Csrf;
  events: LiveEvents;
  /** What was typed into forms of sessions that had ended. */
  keptForms: KeptForms;
  /** Hosts that a form may come from, for this request. */
  allowedHosts(c: Context<AppEnv>): string[];
  /** Where an anonymous visitor is sent while nobody has an account yet (`/setup`); null afterwards. */
  onboarding?: () => string | null;
}

/** Adds routes, each behind the one access check. */
export function createWebRoutes(options: RegistrarOptions): WebRoutes {
  const { app } = options;
  const registered: RegisteredRoute[] = [];
  const comeBack: ComeBack = { forms: options.keptForms, allowedHosts: options.allowedHosts, registered };
  const add = (route: RegisteredRoute) => {
    if (registered.some((r) => r.method === route.method && r.path === route.path))
      throw new Error(`The route ${route.method.toUpperCase()} ${route.path} is registered twice.`);
    registered.push(route);
  };
  return {
    registered,
    events: options.events,
    page(method, path, access, handler) {
      add({ method, path, access, kind: 'page' });
      app.on(method.toUpperCase(), path, pageGuard(options, access, comeBack), handler);
    },
    api(access, route, handler) {
      add({ method: route.method as Method, path: route.path, access, kind: 'api' });
      app.openapi(withGuard(route, apiGuard(options, access, route), access), handler as never);
    },
    hook(method, path, handler, description) {
      add({ method, path, access: 'public', kind: path.startsWith('/hooks/') ? 'hook' : 'operations' });
      if (description) app.openAPIRegistry.registerPath(description);
      app.on(method.toUpperCase(), path, handler);
    },
  };
}

/** Answers 404 to nobody: an anonymous visitor of a page is sent to sign in, and comes back after it. */
function pageGuard(options: RegistrarOptions, access: Access, comeBack: ComeBack): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set('keptForms', options.keptForms);
    await identify(c, options);
    const viewer = c.var.viewer;
    if (viewer?.via.kind === 'token') return tokenOnPage(c);
    // Before any refusal: its page has forms too (signing out).
    if (viewer || access === 'public') c.set('csrfToken', options.csrf.tokenFor(c));
    if (isLongFromStranger(c)) return refusalPage(c, longFromStranger);
    if (!mayUse(viewer, access, changes(c))) return viewer ? notOpen(c) : toSignIn(c, options, comeBack);
    if (changes(c)) {
      const broken = await brokenBound(c);
      if (broken) return refusalPage(c, broken);
      const trouble = await options.csrf.problem(c, options.allowedHosts(c));
      if (trouble === 'token') return (await backToForm(c, comeBack)) ?? forged(c, trouble);
      if (trouble) return forged(c, trouble);
      if (!(await isReadable(c))) return refusalPage(c, unreadableForm);
    }
    return next();
  };
}

function apiGuard(options: RegistrarOptions, access: Access, route: RouteConfig): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await identify(c, options);
    const viewer = c.var.viewer;
    if (isLongFromStranger(c)) return problem(c, longFromStranger);
    if (!viewer && (access !== 'public' || c.req.header('Authorization')))
      return problem(c, { code: 'unauthenticated', message: 'Sign in, or send an access token that is still valid.' });
    if (!mayUse(viewer, access, changes(c))) return problem(c, { code: 'forbidden', message: whyNot(viewer, access) });
    const broken = changes(c) ? await brokenBound(c) : null;
    if (broken) return problem(c, broken);
    if (changes(c) && viewer?.via.kind !== 'token') {
      const trouble = await options.csrf.problem(c, options.allowedHosts(c));
      if (trouble)
        return problem(c, {
          code: 'forbidden',
          message: 'A session may change things only from a page of Ampra.',
          hint: 'Programs use an access token: Authorization: Bearer.',
        });
    }
    const types = Object.keys(route.request?.body?.content ?? {});
    const given = (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (types.length > 0 && !types.includes(given)) return problem(c, wrongType(types, given));
    return next();
  };
}

function wrongType(types: readonly string[], given: string): Refusal {
  return {
    code: 'wrong_type',
    message: given ? `The body is ${given}, which is not taken here.` : 'The body has no Content-Type.',
    hint: `Send it with Content-Type: ${types.join(' or ')}.`,
  };
}

/** Finds out who is asking. Everything else that needs to know looks at `c.var.viewer`. */
export async function identify(c: Context<AppEnv>, options: Pick<RegistrarOptions, 'resolveViewer'>): Promise<void> {
  const viewer = await options.resolveViewer(c.req.raw, {
    isSecure: c.var.isSecure,
    clientAddress: c.var.clientAddress,
    setCookie: (header) => c.header('Set-Cookie', header, { append: true }),
  });
  c.set('viewer', viewer);
}

async function toSignIn(c: Context<AppEnv>, options: RegistrarOptions, comeBack: ComeBack): Promise<Response> {
  const onboarding = options.onboarding?.();
  const { page } = await keepForm(c, comeBack);
  const target = onboarding ?? (page === '/' ? '/login' : `/login?next=${encodeURIComponent(page)}`);
  if (c.req.header('HX-Request')) {
    c.header('HX-Redirect', target);
    return c.body(null, 401);
  }
  return c.redirect(target, 303);
}

function notOpen(c: Context<AppEnv>): Response | Promise<Response> {
  return refusalPage(c, {
    code: 'forbidden',
    message: 'Your account may not use this page.',
    hint: 'An Overseer of this Ampra can change that.',
  });
}

function tokenOnPage(c: Context<AppEnv>): Response {
  return problem(c, {
    code: 'forbidden',
    message: 'Access tokens are for the API under /api/v1; pages need a signed-in person.',
  });
}

const unreadableForm: Refusal = {
  code: 'invalid',
  message: 'The form could not be read, so nothing was changed.',
  hint: 'Go back, reload the page and send it again.',
};

/** False for a form that is damaged on its way. What was read is kept for the handler. */
async function isReadable(c: Context<AppEnv>): Promise<boolean> {
  return c.req.parseBody().then(
    () => true,
    () => false,
  );
}

function forged(c: Context<AppEnv>, trouble: 'origin' | 'token'): Response | Promise<Response> {
  c.var.log.warn('a form was refused', { reason: trouble, path: loggedPath(c.req.path), address: c.var.clientAddress });
  const isGone = trouble === 'token';
  return refusalPage(c, {
    code: 'forbidden',
    message: isGone
      ? 'This page was open for too long, or you signed in or out meanwhile. Nothing was changed.'
      : 'This form came from another site, so it was not carried out.',
    hint: isGone ? 'Go back, reload the page and send it again.' : 'Open the page on this Ampra and try there.',
  });
}

function whyNot(viewer: Viewer | null, access: Access): string {
  if (viewer?.via.kind === 'token')
    return `The token's scope (${viewer.via.scope}) or its owner's role does not allow this.`;
  return `This is open to the role ${access} and above.`;
}

function changes(c: Context<AppEnv>): boolean {
  return c.req.method !== 'GET' && c.req.method !== 'HEAD' && c.req.method !== 'OPTIONS';
}

function withGuard<R extends RouteConfig>(route: R, guard: MiddlewareHandler<AppEnv>, access: Access): R {
  const own = route.middleware === undefined ? [] : [route.middleware].flat();
  const security = access === 'public' ? {} : { security: [{ bearer: [] }, { session: [] }] };
  const aboutOneThing = route.path.includes('{') ? notFoundProblem : {};
  const responses = {
    ...(access === 'public' ? {} : usualProblems),
    ...aboutOneThing,
    ...(route.request?.body ? bodyProblems : {}),
    ...(takesVersion(route) ? staleProblem : {}),
    ...route.responses,
  };
  return { ...route, ...security, responses, middleware: [guard, ...own] };
}

/** True when the body may say which version of the thing was seen. */
function takesVersion(route: RouteConfig): boolean {
  return Object.values(route.request?.body?.content ?? {}).some((media) => {
    const schema = (media as { schema?: { shape?: Record<string, unknown> } } | undefined)?.schema;
    return schema?.shape?.version !== undefined;
  });
}

/** The methods by which there is something at this path: for one that was asked for in another way. */
export function methodsAt(registered: readonly RegisteredRoute[], path: string): string[] {
  const given = path.split('/');
  const fits = (pattern: string) => {
    const parts = pattern.split('/');
    return parts.length === given.length && parts.every((part, i) => /^[:{]/.test(part) || part === given[i]);
  };
  const methods = new Set(registered.filter((r) => fits(r.path)).map((r) => r.method.toUpperCase()));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}
