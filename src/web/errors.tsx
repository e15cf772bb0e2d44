import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ErrorNotice, ErrorPage } from '../../views/error.tsx';
import { navAround } from '../../views/nav.ts';
import { diskTrouble, diskWords } from '../core/disk-trouble.ts';
import { isId } from '../core/ids.ts';
import { AmpraError, type Refusal, type RefusalCode } from '../core/result.ts';
import type { AppEnv } from './app-env.ts';
import { renderPage } from './page.tsx';
import { problemsOf, type ZodIssue } from './zod-words.ts';

/** The one table from refusal to HTTP status. */
export const refusalStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  wrong_method: 405,
  too_large: 413,
  wrong_type: 415,
  rate_limited: 429,
  unavailable: 503,
  no_room: 507,
} as const satisfies Record<RefusalCode, number>;

const titles: Record<RefusalCode, string> = {
  invalid: 'Some values are not right',
  unauthenticated: 'Sign in first',
  forbidden: 'This is not open to you',
  not_found: 'Nothing here',
  conflict: 'This does not go with what is there',
  stale: 'Someone else changed this meanwhile',
  wrong_method: 'Not in this way',
  too_large: 'This is too large',
  wrong_type: 'Not of this type',
  rate_limited: 'Too many tries',
  unavailable: 'Not ready yet',
  no_room: 'This could not be saved',
};

/** RFC 9457 body. `errors` names each field at fault. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: RefusalCode | 'internal';
  requestId: string;
  hint?: string;
  errors?: { field: string; message: string }[];
}

/** What a boundary of its own says otherwise than the pages and the API. */
export interface ProblemWords {
  title?: string;
  /** Other than the refusal's own, where HTTP has a finer one. */
  status?: ContentfulStatusCode;
  /** How to authenticate (`WWW-Authenticate` of a 401). Default: with a bearer token. */
  challenge?: string;
}

/** Answers a program: `application/problem+json`. API handlers usually throw through `unwrap(result)` and land here. */
export function problem(c: Context<AppEnv>, refusal: Refusal, words: ProblemWords = {}): Response {
  const errors = refusal.fields ?? (refusal.field ? [{ field: refusal.field, message: refusal.message }] : undefined);
  if (refusal.code === 'unauthenticated') c.header('WWW-Authenticate', words.challenge ?? 'Bearer realm="ampra"');
  return problemResponse(c, refusal, {
    type: 'about:blank',
    title: words.title ?? titles[refusal.code],
    status: words.status ?? refusalStatus[refusal.code],
    detail: refusal.message,
    code: refusal.code,
    requestId: c.var.requestId ?? '',
    ...(refusal.hint ? { hint: refusal.hint } : {}),
    ...(errors ? { errors } : {}),
  });
}

function problemResponse(c: Context<AppEnv>, refusal: Refusal, body: Problem): Response {
  const headers = new Headers({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  if (refusal.retryAfterS !== undefined) headers.set('Retry-After', String(Math.ceil(refusal.retryAfterS)));
  headers.forEach((value, name) => {
    c.header(name, value);
  });
  return c.body(JSON.stringify(body), body.status as ContentfulStatusCode);
}

/** Answers a person: a whole page, or a notice when htmx asked for a fragment. Page handlers return this. */
export function refusalPage(c: Context<AppEnv>, refusal: Refusal): Response | Promise<Response> {
  const status = refusalStatus[refusal.code];
  if (refusal.retryAfterS !== undefined) c.header('Retry-After', String(Math.ceil(refusal.retryAfterS)));
  const more = refusal.hint ? { hint: refusal.hint } : {};
  if (c.req.header('HX-Request'))
    return c.html(<ErrorNotice title={titles[refusal.code]} message={refusal.message} {...more} />, status);
  // Not by a URL: a request without a host has none, and is answered all the same.
  const asked = { path: c.req.path, hasQuery: c.req.url.includes('?') };
  const addressIsWrong = refusal.code === 'not_found' || (refusal.code === 'invalid' && c.req.method === 'GET');
  const near = addressIsWrong ? navAround(c.var.viewer ?? null, asked) : undefined;
  return renderPage(
    c,
    { title: titles[refusal.code], status, ...(near ? { active: near.key } : {}) },
    <ErrorPage
      {...{ status, title: titles[refusal.code], message: refusal.message, ...more }}
      {...(near ? { near } : {})}
    />,
  );
}

/** Programs get problem+json, people a page. */
export function refused(c: Context<AppEnv>, refusal: Refusal): Response | Promise<Response> {
  return wantsJson(c) ? problem(c, refusal) : refusalPage(c, refusal);
}

export const nothingHere: Refusal = {
  code: 'not_found',
  message: 'There is no such page. It may have been moved or deleted.',
};

/** The boundary: what handlers threw becomes an answer, and is logged once with its request id. */
export function onError(error: Error, c: Context<AppEnv>): Response | Promise<Response> {
  if (error instanceof AmpraError) return refused(c, error.refusal);
  if (error instanceof HTTPException && error.status < 500) return refused(c, unreadable(error));
  const trouble = diskTrouble(error);
  if (trouble !== null) {
    c.var.log?.warn('the disk did not take a change', { path: loggedPath(c.req.path), error });
    const { message, hint } = diskWords[trouble];
    return refused(c, { code: 'no_room', message: `${message} Nothing was changed.`, hint });
  }
  c.var.log?.error('a request failed', {
    requestId: c.var.requestId,
    method: c.req.method,
    path: loggedPath(c.req.path),
    error,
    stack: error.stack,
  });
  const requestId = c.var.requestId ?? '';
  const detail = 'Something broke on our side. What was stored before is safe.';
  if (wantsJson(c)) {
    const body: Problem = {
      type: 'about:blank',
      title: 'Something broke',
      status: 500,
      detail,
      code: 'internal',
      requestId,
    };
    return c.body(JSON.stringify(body), 500, { 'Content-Type': 'application/problem+json' });
  }
  if (c.req.header('HX-Request')) return c.html(<ErrorNotice title="Something broke" message={detail} />, 500);
  return renderPage(
    c,
    { title: 'Something broke', status: 500 },
    <ErrorPage
      status={500}
      title="Something broke"
      message={detail}
      hint="Try again. If it stays, send the reference below with the diagnostics bundle."
      requestId={requestId}
    />,
  );
}

/** A path as it may stand in a log: an invitation's code in it is a secret. Ids stay, for they lead to the fault. */
export function loggedPath(path: string): string {
  return path
    .split('/')
    .map((part) => (part.length > 24 && !isId(part) ? '…' : part))
    .join('/');
}

function wantsJson(c: Context<AppEnv>): boolean {
  const path = c.req.path;
  if (path.startsWith('/api/v1') || path.startsWith('/hooks/')) return true;
  return (c.req.header('Accept') ?? '').includes('application/json');
}

/** What Hono's validators throw: a body that is no JSON, or of another type than described. */
function unreadable(error: HTTPException): Refusal {
  if (error.status === 413) return { code: 'too_large', message: 'The body is too large.' };
  return {
    code: 'invalid',
    message: `The body could not be read: ${error.message || 'it is not what the description says'}.`,
    hint: 'Send it as described at /api/docs, with its Content-Type.',
  };
}

/** A list of everything that is wrong with a long body would be longer than it. */
const MOST_NAMED = 100;

/** Answers what the schema of an API route did not accept: every field with its message. */
export function validationProblem(
  result: { success: true } | { success: false; error: { issues: readonly ZodIssue[] }; target?: string },
  c: Context,
): Response | undefined {
  if (result.success) return undefined;
  const all = problemsOf(result.error.issues, result.target ?? 'body');
  const fields = all.slice(0, MOST_NAMED);
  const [first] = fields;
  const names = [...new Set(fields.map((one) => one.field))];
  const more = all.length > fields.length ? ` and ${all.length - fields.length} more` : '';
  const message =
    first && names.length === 1 && more === ''
      ? `${first.field} ${first.message}.`
      : `${names.length} values are not right: ${names.join(', ')}${more}.`;
  return problem(c as Context<AppEnv>, { code: 'invalid', message, fields });
}
