import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { newSecretHex } from '../core/ids.ts';
import type { AppEnv } from './app-env.ts';
import { readCookie, writeCookie } from './cookies.ts';

/**
 * Two checks against forged requests: where the request says it comes from (`Sec-Fetch-Site`, `Origin`), and a token
 * that only a page of this session knows. Programs with a bearer token carry no ambient cookie and are exempt.
 */
export class Csrf {
  constructor(private readonly secret: string) {}

  /** The token for this visitor: bound to the session, or before sign-in to a random cookie. */
  tokenFor(c: Context<AppEnv>): string {
    return this.sign(this.visitor(c) ?? this.newVisitor(c));
  }

  /** Why the request is refused, or null. Reads the form, which Hono keeps for the handler. */
  async problem(c: Context<AppEnv>, allowedHosts: readonly string[]): Promise<'origin' | 'token' | null> {
    if (!comesFromHere(c, allowedHosts)) return 'origin';
    const visitor = this.visitor(c);
    const given = c.req.header('X-CSRF-Token') ?? (await formToken(c));
    if (!visitor || !given || !sameText(given, this.sign(visitor))) return 'token';
    return null;
  }

  private visitor(c: Context<AppEnv>): string | undefined {
    const via = c.var.viewer?.via;
    if (via?.kind === 'session') return `session:${via.sessionId}`;
    const anonymous = readCookie(c, 'visitor');
    return anonymous ? `visitor:${anonymous}` : undefined;
  }

  private newVisitor(c: Context<AppEnv>): string {
    const id = newSecretHex(16);
    writeCookie(c, 'visitor', id);
    return `visitor:${id}`;
  }

  private sign(visitor: string): string {
    return createHmac('sha256', this.secret).update(visitor).digest('base64url');
  }
}

/** False when the browser says that another site sent this. Old clients and programs say nothing. */
function comesFromHere(c: Context<AppEnv>, allowedHosts: readonly string[]): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site && site !== 'same-origin' && site !== 'none') return false;
  const origin = c.req.header('Origin');
  if (!origin) return true;
  return URL.canParse(origin) && allowedHosts.includes(new URL(origin).host);
}

async function formToken(c: Context<AppEnv>): Promise<string | undefined> {
  const type = c.req.header('Content-Type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded') && !type.startsWith('multipart/form-data'))
    return undefined;
  const form = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>);
  const token = form._csrf;
  return typeof token === 'string' ? token : undefined;
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
