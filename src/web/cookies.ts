import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Theme } from '../../views/page-context.ts';
import type { FlashMessage } from '../../views/parts/flash.tsx';
import type { AppEnv } from './app-env.ts';

/**
 * Cookies that work on https and, on a LAN, on plain http. A browser drops `Secure` and `__Host-` cookies that come
 * over http, so both marks are there only when the page is secure; the two kinds have different names, so that a
 * session begun over http is never taken for one over https.
 */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-ampra_${name}` : `ampra_${name}`;
}

export interface CookieOptions {
  /** Seconds; without it the cookie ends with the browser. */
  maxAgeS?: number;
  sameSite?: 'Lax' | 'Strict';
}

/** Sets `name` (without prefix) as HttpOnly, SameSite=Lax, Path=/. */
export function writeCookie(c: Context<AppEnv>, name: string, value: string, options: CookieOptions = {}): void {
  setCookie(c, cookieName(name, c.var.isSecure), value, {
    path: '/',
    httpOnly: true,
    secure: c.var.isSecure,
    sameSite: options.sameSite ?? 'Lax',
    ...(options.maxAgeS !== undefined ? { maxAge: options.maxAgeS } : {}),
  });
}

export function readCookie(c: Context<AppEnv>, name: string): string | undefined {
  return getCookie(c, cookieName(name, c.var.isSecure));
}

export function dropCookie(c: Context<AppEnv>, name: string): void {
  deleteCookie(c, cookieName(name, c.var.isSecure), { path: '/', secure: c.var.isSecure });
}

/** The value of a cookie straight from a request, for `resolveViewer`. */
export function cookieOf(request: Request, name: string, isSecure: boolean): string | undefined {
  const wanted = `${cookieName(name, isSecure)}=`;
  const pair = (request.headers.get('Cookie') ?? '').split('; ').find((p) => p.startsWith(wanted));
  return pair?.slice(wanted.length);
}

/** Leaves a message for the next page, usually just before a redirect. */
export function flash(c: Context<AppEnv>, message: FlashMessage): void {
  const text = message.text.slice(0, 400);
  writeCookie(c, 'flash', encodeURIComponent(JSON.stringify([message.kind, text])), { maxAgeS: 60 });
}

/** The message left for this page, taken away. */
export function takeFlash(c: Context<AppEnv>): FlashMessage | undefined {
  const raw = readCookie(c, 'flash');
  if (!raw) return undefined;
  dropCookie(c, 'flash');
  try {
    const [kind, text] = JSON.parse(decodeURIComponent(raw)) as unknown[];
    if ((kind === 'done' || kind === 'problem' || kind === 'note') && typeof text === 'string') return { kind, text };
  } catch {
    // A damaged cookie says nothing.
  }
  return undefined;
}

export function readTheme(c: Context<AppEnv>): Theme {
  const theme = getCookie(c, 'ampra_theme');
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

/** A year; readable by nobody but us, as it changes only the colours. */
export function writeTheme(c: Context<AppEnv>, theme: Theme): void {
  setCookie(c, 'ampra_theme', theme, { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 31_536_000 });
}
