import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
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
    return masked(this.sign(this.visitor(c) ?? this.newVisitor(c)));
  }

  /** Why the request is refused, or null. Reads the form, which Hono keeps for the handler. */
  async problem(c: Context<AppEnv>, allowedHosts: readonly string[]): Promise<'origin' | 'token' | null> {
    if (!comesFromHere(c, allowedHosts)) return 'origin';
    const visitor = this.visitor(c);
    const given = c.req.header('X-CSRF-Token') ?? (await formToken(c));
    if (!visitor || !given || !isSame(unmasked(given), this.sign(visitor))) return 'token';
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

  private sign(visitor: string): Buffer {
    return createHmac('sha256', this.secret).update(visitor).digest();
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

/**
 * A token looks different on each page: pages are compressed, and what stands in all of them could be guessed letter by
 * letter from their lengths by who sees the encrypted traffic and can have words shown on a page (BREACH).
 */
function masked(signature: Buffer): string {
  const pad = randomBytes(signature.length);
  return Buffer.concat([pad, exclusiveOr(signature, pad)]).toString('base64url');
}

function unmasked(token: string): Buffer {
  const bytes = Buffer.from(token, 'base64url');
  const half = bytes.length / 2;
  return exclusiveOr(bytes.subarray(half), bytes.subarray(0, half));
}

function exclusiveOr(bytes: Buffer, pad: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ (pad[i] ?? 0)));
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
