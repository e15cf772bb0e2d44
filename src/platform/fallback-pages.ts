import { policyWithStyle, strictHeaders } from '../core/strict-headers.ts';
import type { PartHealth } from './feature.ts';

/** What the web port says before the web app stands, and when it cannot stand because the relational database is broken. */

const STYLE = `:root{color-scheme:light dark}body{font:1.05rem/1.5 system-ui,sans-serif;max-width:38rem;margin:12vh auto;padding:0 1.25rem}
h1{font-size:1.5rem;line-height:1.2}dt{font-weight:600;margin-top:1rem}dd{margin:0}p{max-width:60ch}input,button{font:inherit;padding:.5rem .75rem;max-width:100%}small{opacity:.75}`;

/** Answers while the appliance starts. */
export async function startingAnswer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/healthz') return json({ status: 'ok' });
  if (pathname === '/readyz') return readyz([{ part: 'start', state: 'starting' }]);
  return page(
    { title: 'Ampra is starting', body: '<p>This takes a moment. The page reloads by itself.</p>' },
    { 'retry-after': '1', refresh: '2' },
  );
}

/** Answers when no account can be read, so that nobody can sign in: only what is wrong and what to do. */
export function troubleAnswer(options: {
  health: () => PartHealth[];
  commandLine: (command: string) => string;
  /** It goes on by itself once there is room on the disk. */
  isTriedAgain: boolean;
  rescue: RescueOffer | null;
}): (request: Request, peer: string) => Promise<Response> {
  const { health, commandLine, isTriedAgain, rescue } = options;
  return async (request, peer) => {
    const taken = await rescue?.take(request, peer);
    if (taken) return taken;
    const { pathname } = new URL(request.url);
    if (pathname === '/healthz') return json({ status: 'ok' });
    if (pathname === '/readyz') return readyz(health());
    const broken = health().filter((p) => p.state === 'broken');
    const items = broken.map((p) => `<dt>${escapeHtml(p.part)}</dt><dd>${escapeHtml(p.message ?? 'is broken')}</dd>`);
    const restore = `<b>${escapeHtml(commandLine('restore FILE --force'))}</b>`;
    const advice = isTriedAgain
      ? '<p>Nothing was deleted or overwritten. It is tried again every few seconds.</p>'
      : `<p>Nothing was deleted or overwritten: every file is as it was found. Copy the data directory first, then restore a backup with ${restore}, or find out more with <b>${escapeHtml(commandLine('doctor'))}</b>.</p>`;
    const body = `<p>A part that everything else needs is broken, so nobody can sign in for now.</p><dl>${items.join('')}</dl>
${rescue?.offer(request, peer) ?? ''}${advice}`;
    return page({ title: 'Ampra needs a hand', body }, isTriedAgain || rescue?.isBusy() ? { refresh: '3' } : {});
  };
}

/** What the page can offer to mend it. */
export interface RescueOffer {
  /** HTML. */
  offer(request: Request, peer: string): string;
  isBusy(): boolean;
  /** Takes its form; null for other requests. */
  take(request: Request, peer: string): Promise<Response | null>;
}

/** 200 when every part is ok, else 503 with what is wrong. */
export function readyz(parts: readonly PartHealth[]): Response {
  const wrong = parts.filter((p) => p.state !== 'ok');
  const status = wrong.length === 0 ? 'ready' : wrong.some((p) => p.state === 'broken') ? 'broken' : 'starting';
  return json({ status, parts: wrong.length === 0 ? parts : wrong }, status === 'ready' ? 200 : 503);
}

function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { ...strictHeaders, 'Cache-Control': 'no-store' } });
}

function page(content: { title: string; body: string }, headers: Record<string, string>): Response {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${content.title}</title><style>${STYLE}</style></head><body><main><h1>${content.title}</h1>${content.body}</main></body></html>`;
  const hash = new Bun.CryptoHasher('sha256').update(STYLE).digest('base64');
  const own = {
    'Content-Security-Policy': policyWithStyle(`'sha256-${hash}'`),
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
  };
  return new Response(html, { status: 503, headers: { ...strictHeaders, ...own, ...headers } });
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
