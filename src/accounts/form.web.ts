import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Refusal } from '../core/result.ts';
import { cookieOf } from '../web/cookies.ts';
import { refusalStatus } from '../web/errors.tsx';
import type { AppEnv } from '../web/routes.ts';

export type Ctx = Context<AppEnv>;

/** Names of the cookies, without their prefix. */
export const sessionCookie = 'session';
/**
 * Longer than a session lives unused, as long as browsers keep any cookie: when a session ends is the appliance's to say. A
 * page that stays open goes on with it without the browser being told.
 */
export const sessionCookieS = 400 * 86_400;
/** Holds the ticket that goes with a mailed code. */
export const ticketCookie = 'ticket';

/** Fields of a form as text; what is missing or a file is ''. */
export async function formOf<Name extends string>(c: Ctx, ...names: Name[]): Promise<Record<Name, string>> {
  const body = await c.req.parseBody();
  const text = (name: Name) => {
    const value = body[name];
    return typeof value === 'string' ? value.slice(0, 4000) : '';
  };
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, string>;
}

export function visitorOf(c: Ctx): { address: string; userAgent: string } {
  return { address: c.var.clientAddress, userAgent: c.req.header('User-Agent') ?? '' };
}

export function sessionCookieOf(c: Ctx): string | undefined {
  return cookieOf(c.req.raw, sessionCookie, c.var.isSecure);
}

/** The status of a form that is shown again with what is wrong. */
export function statusOf(c: Ctx, refusal: Refusal): ContentfulStatusCode {
  if (refusal.retryAfterS !== undefined) c.header('Retry-After', String(Math.ceil(refusal.retryAfterS)));
  return refusalStatus[refusal.code];
}

/** A whole number, or undefined: the version that an edit began from. */
export function versionOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
