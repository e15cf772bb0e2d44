import { type Child, useContext } from 'hono/jsx';
import { type NavEntry, type NavKey, navFor, onPhone } from './nav.ts';
import { PageContext } from './page-context.ts';
import { ClockNotice } from './parts/clock-notice.tsx';
import { Flash, type FlashMessage } from './parts/flash.tsx';
import { Icon } from './parts/icon.tsx';

/** Another page, by the name that people know it by. */
export interface PageLink {
  href: string;
  label: string;
}

export interface LayoutProps {
  title: string;
  heading: string | null;
  lead?: string;
  up?: PageLink;
  active?: NavKey;
  actions?: Child;
  width: 'normal' | 'wide' | 'bare';
  flash?: FlashMessage;
  assets: { icon: string; manifest: string; styles: string[]; scripts: string[] };
  children?: Child;
}

/** htmx may neither inject styles nor evaluate code: the CSP forbids both. */
const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  extensions: 'sse',
  defaultTimeout: 20000,
  // What somebody opened stays open while what is in it changes.
  morphIgnore: ['data-htmx-powered', 'open'],
  sse: { reconnectDelay: 1000, reconnectMaxDelay: 10000 },
});

export function Layout(props: LayoutProps) {
  const { title, assets, width } = props;
  const { theme, csrfToken } = useContext(PageContext);
  return (
    <html lang="en" {...(theme === 'auto' ? {} : { 'data-theme': theme })}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>{title === 'Ampra' ? title : `${title} · Ampra`}</title>
        <meta name="color-scheme" content={theme === 'auto' ? 'light dark' : theme} />
        <meta name="htmx-config" content={htmxConfig} />
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="manifest" href={assets.manifest} />
        {assets.styles.map((href) => (
          <link rel="stylesheet" href={href} />
        ))}
        {assets.scripts.map((src) => (
          <script src={src} defer />
        ))}
      </head>
      <body class={`page-${width}`} hx-headers:inherited={JSON.stringify({ 'X-CSRF-Token': csrfToken })}>
        <a class="skip-link" href="#main">
          Skip to the page
        </a>
        {width === 'bare' ? <BareBrand /> : <Navigation {...(props.active ? { active: props.active } : {})} />}
        <main id="main" tabindex={-1}>
          {props.flash && <Flash message={props.flash} />}
          <ClockNotice />
          <PageHead {...props} />
          {props.children}
        </main>
        <p id="connection" class="connection" role="status" hidden>
          No connection to Ampra since <time />. It tries again by itself.
        </p>
      </body>
    </html>
  );
}

function PageHead({ heading, lead, up, actions }: LayoutProps) {
  if (heading === null && !actions) return null;
  return (
    <header class="page-head">
      <div>
        {up && (
          <a class="page-up" href={up.href}>
            <Icon name="back" /> {up.label}
          </a>
        )}
        {heading !== null && <h1>{heading}</h1>}
        {lead && <p class="page-lead">{lead}</p>}
      </div>
      {actions && <div class="page-actions button-row">{actions}</div>}
    </header>
  );
}

function Navigation({ active }: { active?: NavKey }) {
  const { viewer } = useContext(PageContext);
  const entries = navFor(viewer);
  return (
    <>
      <header class="rail">
        <Brand />
        <nav aria-label="Pages">
          {entries.map((entry) => (
            <NavLink entry={entry} isActive={entry.key === active} />
          ))}
        </nav>
        <div class="rail-foot">
          <ThemeChoice />
          {viewer && <SignOut name={viewer.name} />}
        </div>
      </header>
      {viewer && <TabBar entries={entries} {...(active ? { active } : {})} />}
    </>
  );
}

/** On a phone: the main pages under the thumb, the others behind More. */
function TabBar({ entries, active }: { entries: NavEntry[]; active?: NavKey }) {
  const { viewer } = useContext(PageContext);
  const shown = entries.slice(0, onPhone);
  const more = entries.slice(onPhone);
  const isInMore = more.some((entry) => entry.key === active);
  return (
    <nav class="tab-bar" aria-label="Pages">
      {shown.map((entry) => (
        <NavLink entry={entry} isActive={entry.key === active} />
      ))}
      <details class="tab-more">
        <summary class={isInMore ? 'nav-link is-active' : 'nav-link'}>
          <Icon name="more" />
          <span>More</span>
        </summary>
        <div class="tab-sheet">
          {more.map((entry) => (
            <NavLink entry={entry} isActive={entry.key === active} />
          ))}
          <ThemeChoice />
          {viewer && <SignOut name={viewer.name} />}
        </div>
      </details>
    </nav>
  );
}

function NavLink({ entry, isActive }: { entry: NavEntry; isActive: boolean }) {
  return (
    <a
      href={entry.href}
      class={isActive ? 'nav-link is-active' : 'nav-link'}
      {...(isActive ? { 'aria-current': 'page' as const } : {})}
    >
      <Icon name={entry.icon} />
      <span>{entry.label}</span>
    </a>
  );
}

function SignOut({ name }: { name: string }) {
  const { csrfToken } = useContext(PageContext);
  return (
    <form method="post" action="/logout" class="sign-out">
      <input type="hidden" name="_csrf" value={csrfToken} />
      <p class="sign-out-name">{name}</p>
      <button type="submit" class="nav-link">
        <Icon name="signOut" />
        <span>Sign out</span>
      </button>
    </form>
  );
}

/** Light, dark, or as the system says. Works without scripts; with them the page changes at once. */
export function ThemeChoice() {
  const { theme, csrfToken, path } = useContext(PageContext);
  const options = [
    ['auto', 'Auto'],
    ['light', 'Light'],
    ['dark', 'Dark'],
  ] as const;
  return (
    <form method="post" action="/theme" class="theme-choice" data-theme-choice="" aria-label="Colours">
      <input type="hidden" name="_csrf" value={csrfToken} />
      <input type="hidden" name="back" value={path} />
      {options.map(([value, label]) => (
        <button type="submit" name="theme" value={value} aria-pressed={theme === value ? 'true' : 'false'}>
          {label}
        </button>
      ))}
    </form>
  );
}

function Brand() {
  return (
    <a class="brand" href="/" aria-label="Ampra, to the Live page">
      <BrandMark />
      <span>Ampra</span>
    </a>
  );
}

function BareBrand() {
  return (
    <header class="bare-brand">
      <BrandMark />
      <span>Ampra</span>
    </header>
  );
}

function BrandMark() {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <path
        d="M5 26 16 6l11 20"
        fill="none"
        stroke="currentColor"
        stroke-width="3.2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      <circle class="brand-dot" cx="16" cy="23.5" r="3" />
    </svg>
  );
}
