import type { Context } from 'hono';
import { Notice } from '../../views/parts/notice.tsx';
import type { AppEnv } from './app-env.ts';
import { dropCookie, flash, readCookie, writeCookie } from './cookies.ts';
import { fillForm } from './fill-form.ts';
import { isNeverKept, type KeptForm, type KeptForms, keptForS } from './kept-forms.ts';
import type { RegisteredRoute } from './registered-route.ts';

/**
 * What happens to a form that cannot be accepted because the session it belongs to has ended: what was typed is kept,
 * the person signs in, and finds the form filled. Only for what surely comes from a page of this Ampra: else another
 * site could put words into a form here.
 */
export interface ComeBack {
  forms: KeptForms;
  allowedHosts(c: Context<AppEnv>): string[];
  registered: readonly RegisteredRoute[];
}

const cookie = 'kept';
/** A form with pictures may be larger; what is above this is not even read. Bytes. */
const MOST_READ = 8 * 1024 * 1024;

/** Keeps the form that was sent, and gives the page to come back to: that of the form, or the one that was looked at. */
export async function keepForm(c: Context<AppEnv>, to: ComeBack): Promise<{ page: string; isKept: boolean }> {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  const seen = pageSeen(c, to);
  if (isRead) {
    const isPage = !c.req.header('HX-Request');
    return { page: isPage ? c.req.path + new URL(c.req.url).search : (seen ?? '/'), isKept: false };
  }
  const page = pageOfForm(c.req.path, seen, to.registered) ?? '/';
  const form = surelyFromHere(c, to) ? await readForm(c, page) : null;
  const id = form && to.forms.keep(form, c.var.clientAddress);
  if (id) writeCookie(c, cookie, id, { maxAgeS: keptForS });
  return { page, isKept: Boolean(id) };
}

/** The page of a form whose token is not of this session, filled again; null when it may come from somewhere else. */
export async function backToForm(c: Context<AppEnv>, to: ComeBack): Promise<Response | null> {
  if (!surelyFromHere(c, to)) return null;
  const { page, isKept } = await keepForm(c, to);
  if (!isKept)
    flash(c, { kind: 'problem', text: 'That page was from before you signed in, so nothing was changed. Try again.' });
  if (!c.req.header('HX-Request')) return c.redirect(page, 303);
  c.header('HX-Redirect', page);
  return c.body(null, 403);
}

/** What waits for this browser, wherever it belongs. */
export function keptFormOf(c: Context<AppEnv>): KeptForm | undefined {
  const id = readCookie(c, cookie);
  return id ? c.var.keptForms?.find(id) : undefined;
}

export function dropKeptForm(c: Context<AppEnv>): void {
  const id = readCookie(c, cookie);
  if (!id) return;
  c.var.keptForms?.drop(id);
  dropCookie(c, cookie);
}

/** The page with what waits for it filled in; then it waits no longer. */
export async function withKeptForm(c: Context<AppEnv>, html: string): Promise<string> {
  const kept = c.req.method === 'GET' ? keptFormOf(c) : undefined;
  if (!kept || kept.page.split('?')[0] !== c.req.path) return html;
  const notice = (
    <Notice title="What you typed is here again">
      <p>
        It was not sent yet, because this page was from before you signed in. Look through it and send it again.
        {kept.hasLeftOut && ' Passwords and files are not kept: enter or choose them anew.'}
      </p>
    </Notice>
  );
  const filled = fillForm(html, kept, String(await notice.toString()));
  if (filled.isFound) dropKeptForm(c);
  return filled.html;
}

async function readForm(c: Context<AppEnv>, page: string): Promise<KeptForm | null> {
  const type = c.req.header('Content-Type') ?? '';
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type)) return null;
  const length = Number(c.req.header('Content-Length') ?? 0);
  if (!(length <= MOST_READ)) return null;
  const data = await c.req.formData().catch(() => null);
  if (!data) return null;
  const fields: [string, string][] = [];
  let hasLeftOut = false;
  for (const [name, value] of data.entries()) {
    if (name.startsWith('_')) continue;
    if (typeof value !== 'string') hasLeftOut ||= (value as File).size > 0;
    else if (isNeverKept(name)) hasLeftOut ||= value !== '';
    else fields.push([name, value]);
  }
  return { action: c.req.path, page, fields, hasLeftOut };
}

/** Path and query of the page that the browser says it was on; htmx names it itself. */
function pageSeen(c: Context<AppEnv>, to: ComeBack): string | undefined {
  const text = c.req.header('HX-Current-URL') ?? c.req.header('Referer') ?? '';
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return to.allowedHosts(c).includes(url.host) ? url.pathname + url.search : undefined;
}

/**
 * The page that shows the form sent to `action`. Usually the one it was sent from; a form that was shown again with an
 * error stands at its own action, where there may be another page, or none.
 */
function pageOfForm(
  action: string,
  seen: string | undefined,
  registered: readonly RegisteredRoute[],
): string | undefined {
  const shown = seen === undefined || seen.split('?')[0] === action ? [] : [seen];
  const parent = action.replace(/\/[^/]+$/, '') || '/';
  const isPage = (path: string) =>
    registered.some((r) => r.method === 'get' && r.kind === 'page' && matches(r.path, path.split('?')[0] ?? ''));
  return [...shown, `${action}/new`, `${action}/edit`, action, parent].find((path) => isPage(path));
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  return (
    parts.length === given.length && parts.every((part, i) => (part.startsWith(':') ? given[i] : part === given[i]))
  );
}

/** Stricter than the check against forged requests: the browser must say so, silence does not count. */
function surelyFromHere(c: Context<AppEnv>, to: ComeBack): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site && site !== 'same-origin') return false;
  const origin = c.req.header('Origin') ?? '';
  return URL.canParse(origin) && to.allowedHosts(c).includes(new URL(origin).host);
}
