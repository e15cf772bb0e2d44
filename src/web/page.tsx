import type { Context } from 'hono';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { Layout, type PageLink } from '../../views/layout.tsx';
import type { NavKey } from '../../views/nav.ts';
import { PageContext, type Theme } from '../../views/page-context.ts';
import type { AppEnv } from './app-env.ts';
import { type AssetName, assetUrl } from './assets.ts';
import { withKeptForm } from './come-back.tsx';
import { readTheme, takeFlash } from './cookies.ts';

export interface PageOptions {
  /** For the window title and, unless `heading` says otherwise, the page's heading. */
  title: string;
  /** The heading on the page; null for a page that has its own. Defaults to the title. */
  heading?: string | null;
  /** A short line under the heading. */
  lead?: string;
  /** Which entry of the navigation is marked. */
  active?: NavKey;
  /** The page that this one belongs to: a link above the heading. */
  up?: PageLink;
  /** Buttons beside the heading. */
  actions?: Child;
  /** `bare` has no navigation (sign-in, wizard); `wide` uses the whole width (Live, History, System). */
  width?: 'normal' | 'wide' | 'bare';
  /** Extra embedded scripts, after app.js and htmx. `app.css` and `app.js` are always there. */
  scripts?: readonly AssetName[];
  styles?: readonly AssetName[];
  status?: ContentfulStatusCode;
}

/** A whole page: layout, navigation, flash and theme around `body`. Parts find the CSRF token through `PageContext`. */
export async function renderPage(c: Context<AppEnv>, options: PageOptions, body: Child): Promise<Response> {
  const flash = takeFlash(c);
  const page = pageContext(c);
  c.header('Cache-Control', 'no-store');
  const html = (
    <>
      {raw('<!doctype html>')}
      <PageContext.Provider value={page}>
        <Layout
          {...layoutProps(options)}
          {...(flash ? { flash } : {})}
          assets={{
            icon: assetUrl('favicon.svg'),
            manifest: assetUrl('manifest.webmanifest'),
            styles: ['app.css' as const, ...(options.styles ?? [])].map(assetUrl),
            scripts: (['htmx.js', 'app.js', ...(options.scripts ?? [])] as const).map(assetUrl),
          }}
        >
          {body}
        </Layout>
      </PageContext.Provider>
    </>
  );
  return c.html(await withKeptForm(c, String(await html.toString())), options.status ?? 200);
}

/** A piece of a page for htmx, with the same context for its parts. */
export function renderFragment(
  c: Context<AppEnv>,
  body: Child,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  c.header('Cache-Control', 'no-store');
  return c.html(inContext(c, body), status);
}

/** The same as text, for event streams. */
export async function renderText(c: Context<AppEnv>, body: Child): Promise<string> {
  return String(await inContext(c, body).toString());
}

function inContext(c: Context<AppEnv>, body: Child) {
  return <PageContext.Provider value={pageContext(c)}>{body}</PageContext.Provider>;
}

function layoutProps(options: PageOptions) {
  const { title, active, actions, lead, up, width = 'normal' } = options;
  return {
    title,
    heading: options.heading === undefined ? title : options.heading,
    width,
    ...(lead !== undefined ? { lead } : {}),
    ...(active !== undefined ? { active } : {}),
    ...(up !== undefined ? { up } : {}),
    ...(actions !== undefined ? { actions } : {}),
  };
}

function pageContext(c: Context<AppEnv>): PageContext {
  const theme: Theme = readTheme(c);
  return {
    csrfToken: c.var.csrfToken ?? '',
    viewer: c.var.viewer ?? null,
    theme,
    path: c.req.path,
    clock: c.var.clock ?? null,
  };
}
