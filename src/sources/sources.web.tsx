import type { Context } from 'hono';
import { KeysPage } from '../../views/sources/setup.tsx';
import { SourceLive, SourcePage } from '../../views/sources/source.tsx';
import { DeleteSourcePage, RotateKeysPage } from '../../views/sources/source-end.tsx';
import type { Refusal } from '../core/result.ts';
import { idOf, viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { deviceOrigin } from '../web/device-origin.ts';
import { refusalPage, refusalStatus } from '../web/errors.tsx';
import { renderPage } from '../web/page.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import { fieldErrors, readForm } from './form-values.web.tsx';
import { type MessageView, viewMessage } from './message-view.ts';
import { OnceBox } from './once-box.ts';
import { refusedItems } from './refused.web.tsx';
import type { NewKeys } from './service.ts';
import type { SetupSecrets } from './setup-lines.ts';
import type { Source } from './source.ts';
import { addSourceForms } from './source-forms.web.tsx';
import { itemOf } from './source-items.web.tsx';
import { addSourceList } from './source-list.web.tsx';
import { upToSource, upToSources } from './source-page.ts';
import type { SourcesWebDeps } from './web-context.web.tsx';

type Answer = Response | Promise<Response>;
export const topicOf = (sourceId: string): string => `source:${sourceId}`;
const MESSAGES_SHOWN = 20;
const REASONS_SHOWN = 3;

/** Pages of sources: one source, keys, prices, deletion. The list is in `source-list.web.tsx`, forms in `source-forms.web.tsx`. */
export function addSourcePages(web: WebRoutes, deps: SourcesWebDeps): void {
  const once = new OnceBox<SetupSecrets>(deps.clock);
  const pages = new SourcePages(web, deps, once);
  addSourceList(web, deps);
  addSourceForms(web, deps, (c, keys) => pages.toKeys(c, keys));
  web.page('get', '/sources/:id', 'user', (c) => pages.show(c));
  web.page('get', '/sources/:id/events', 'user', (c) => pages.showEvents(c));
  web.page('get', '/sources/:id/icon', 'user', (c) => pages.icon(c));
  web.page('get', '/sources/:id/keys', 'user', (c) => pages.keys(c));
  web.page('get', '/sources/:id/rotate-keys', 'user', (c) => pages.askRotate(c));
  web.page('post', '/sources/:id/rotate-keys', 'user', (c) => pages.rotate(c));
  web.page('post', '/sources/:id/activate', 'user', (c) => pages.setActive(c, true));
  web.page('post', '/sources/:id/deactivate', 'user', (c) => pages.setActive(c, false));
  web.page('get', '/sources/:id/delete', 'user', (c) => pages.askDelete(c));
  web.page('post', '/sources/:id/delete', 'user', (c) => pages.remove(c));
  web.page('post', '/sources/:id/prices', 'user', (c) => pages.addPrice(c));
  web.page('post', '/sources/:id/prices/:from/delete', 'user', (c) => pages.removePrice(c));
}

type PriceForm = { values: Record<string, string>; errors: Record<string, string> };
const emptyPriceForm: PriceForm = { values: {}, errors: {} };

class SourcePages {
  constructor(
    private readonly web: WebRoutes,
    private readonly deps: SourcesWebDeps,
    private readonly once: OnceBox<SetupSecrets>,
  ) {}

  show(c: Context<AppEnv>): Answer {
    return this.withSource(c, (source) => this.renderSource(c, source, emptyPriceForm));
  }

  showEvents(c: Context<AppEnv>): Answer {
    return this.withSource(c, (source) => {
      const { id } = source;
      const newest = this.deps.newest?.()?.(c, source);
      return this.web.events.stream(c, {
        topics: [topicOf(id)],
        minIntervalMs: 1000,
        // Asked anew each time: it may be gone, or no longer the viewer's.
        render: async () => {
          const found = this.deps.directory.findFor(viewerOf(c), id);
          return found.ok ? (
            <SourceLive {...(await this.liveProps(c, found.value))} newest={newest?.() ?? null} />
          ) : null;
        },
      });
    });
  }

  async icon(c: Context<AppEnv>): Promise<Response> {
    return picture(c, await this.deps.service.icon(viewerOf(c), idOf(c)));
  }

  /** The keys that were just made, this once. */
  keys(c: Context<AppEnv>): Answer {
    return this.withSource(c, (source) => {
      const secrets = this.once.take(boxKey(c, source.id), c.req.query('ticket') ?? '');
      if (!secrets) return c.redirect(`/sources/${source.id}`, 303);
      const options = { title: `Keys of ${source.name}`, active: 'sources', styles: ['sources.css'] } as const;
      return renderPage(c, options, <KeysPage sourceId={source.id} {...this.setup(c, source, secrets)} />);
    });
  }

  /** To the page that shows new keys; they travel in memory, never in an address. */
  toKeys(c: Context<AppEnv>, { source, mqttApiKey, webhookSecret }: NewKeys): Response {
    const ticket = this.once.put(boxKey(c, source.id), { mqttApiKey, webhookSecret });
    return c.redirect(`/sources/${source.id}/keys?ticket=${ticket}`, 303);
  }

  askRotate(c: Context<AppEnv>): Answer {
    return this.withSource(c, (source) => {
      const options = {
        title: `New keys for ${source.name}`,
        up: upToSource(source),
        active: 'sources',
        styles: ['sources.css'],
      } as const;
      return renderPage(c, options, <RotateKeysPage source={source} />);
    });
  }

  rotate(c: Context<AppEnv>): Answer {
    const made = this.deps.service.rotateKeys(viewerOf(c), idOf(c));
    return made.ok ? this.toKeys(c, made.value) : refusalPage(c, made.error);
  }

  setActive(c: Context<AppEnv>, isActive: boolean): Answer {
    const changed = this.deps.service.setActive(viewerOf(c), idOf(c), isActive);
    if (!changed.ok) return refusalPage(c, changed.error);
    const text = isActive ? 'Switched on. The device is let in again.' : 'Switched off. Its history is kept.';
    flash(c, { kind: 'done', text });
    return c.redirect(`/sources/${changed.value.id}`, 303);
  }

  askDelete(c: Context<AppEnv>): Answer {
    return this.withSource(c, (source) => this.renderDelete(c, source, null));
  }

  remove(c: Context<AppEnv>): Answer {
    return this.withSource(c, async (source) => {
      const typed = (await readForm(c)).text('confirm').trim();
      if (typed !== source.name) return this.renderDelete(c, source, 'That is not its name. Nothing was deleted.');
      const removed = this.deps.service.remove(viewerOf(c), source.id);
      if (!removed.ok) return refusalPage(c, removed.error);
      flash(c, { kind: 'done', text: `“${source.name}” is gone. Its readings are being removed.` });
      return c.redirect('/sources', 303);
    });
  }

  addPrice(c: Context<AppEnv>): Answer {
    return this.withSource(c, async (source) => {
      const form = await readForm(c);
      const names = ['effectiveFrom', 'importPricePerKwh', 'exportPricePerKwh'] as const;
      const values = Object.fromEntries(names.map((name) => [name, form.text(name)]));
      const put = this.deps.prices.put(viewerOf(c), source.id, values);
      if (!put.ok) {
        const errors = fieldErrors(put.error, priceWords);
        return this.renderSource(c, source, { values, errors }, put.error);
      }
      flash(c, { kind: 'done', text: `The price from ${put.value.effectiveFrom} on is kept.` });
      return c.redirect(`/sources/${source.id}#prices`, 303);
    });
  }

  removePrice(c: Context<AppEnv>): Answer {
    const removed = this.deps.prices.remove(viewerOf(c), idOf(c), c.req.param('from') ?? '');
    if (!removed.ok) return refusalPage(c, removed.error);
    flash(c, { kind: 'done', text: `The price from ${removed.value.effectiveFrom} on is removed.` });
    return c.redirect(`/sources/${idOf(c)}#prices`, 303);
  }

  private withSource(c: Context<AppEnv>, answer: (source: Source) => Answer): Answer {
    const found = this.deps.directory.findFor(viewerOf(c), idOf(c));
    return found.ok ? answer(found.value) : refusalPage(c, found.error);
  }

  private renderDelete(c: Context<AppEnv>, source: Source, error: string | null): Answer {
    const status = error ? 400 : 200;
    const options = {
      title: `Delete ${source.name}`,
      up: upToSource(source),
      active: 'sources',
      status,
      styles: ['sources.css'],
    } as const;
    return renderPage(c, options, <DeleteSourcePage source={source} error={error} />);
  }

  private async renderSource(c: Context<AppEnv>, source: Source, priceForm: PriceForm, error?: Refusal) {
    const status = error ? refusalStatus[error.code] : 200;
    const group = source.groupId ? this.deps.groups.findGroupFor(viewerOf(c), source.groupId) : undefined;
    return renderPage(
      c,
      {
        title: source.name,
        up: upToSources,
        active: 'sources',
        status,
        styles: ['sources.css'],
        scripts: ['source.js'],
      },
      <SourcePage
        {...(await this.liveProps(c, source))}
        refused={refusedItems(this.deps, source.id, { offset: 0, limit: REASONS_SHOWN })}
        now={this.deps.clock.now()}
        groupName={group?.ok ? group.value.name : null}
        reading={this.deps.reading?.()?.noteOf(source.id) ?? null}
        setup={this.setup(c, source, null)}
        prices={this.deps.prices.pricesOf(source.id)}
        newest={this.deps.newest?.()?.(c, source)() ?? null}
        cards={(this.deps.cards?.() ?? []).map((card) => card(c, source))}
        priceForm={priceForm}
        eventsUrl={`/sources/${source.id}/events`}
      />,
    );
  }

  private async liveProps(c: Context<AppEnv>, source: Source) {
    const feed = this.deps.feeds?.()?.feedOf(source.id) ?? null;
    const turnedAway = this.deps.turnedAway?.()?.noteOf(source.id) ?? null;
    return { item: itemOf(c, this.deps, source), feed, turnedAway, messages: await this.messages(source.id) };
  }

  private async messages(sourceId: string): Promise<MessageView[]> {
    const newest = await this.deps.messages()?.newestOf(sourceId, MESSAGES_SHOWN);
    return (newest ?? []).map(viewMessage);
  }

  private setup(c: Context<AppEnv>, source: Source, secrets: SetupSecrets | null) {
    const { mqttPort, mqttTlsPort, ...where } = this.deps.connection();
    const { origin, isLocalhost } = deviceOrigin(c, where);
    const facts = {
      sourceId: source.id,
      host: origin.hostname.replace(/^\[|\]$/g, ''),
      mqttPort,
      mqttTlsPort,
      topic: source.mqttTopic,
      webhookUrl: `${origin.origin}/hooks/${source.id}`,
    };
    return { connectionType: source.connectionType, facts, secrets, isLocalhost };
  }
}

const priceWords = {
  effectiveFrom: 'The first day',
  importPricePerKwh: 'The price',
  exportPricePerKwh: 'The price',
  currency: 'The currency',
};

/** Bound to the session and the source. */
function boxKey(c: Context<AppEnv>, sourceId: string): string {
  const { via, userId } = viewerOf(c);
  return `${userId} ${via.kind === 'session' ? via.sessionId : via.kind} ${sourceId}`;
}

/** A stored picture. Its address changes with it, so the browser may keep it; nobody between may. */
export function picture(
  c: Context<AppEnv>,
  bytes: { ok: true; value: Uint8Array } | { ok: false; error: Refusal },
): Answer {
  if (!bytes.ok) return refusalPage(c, bytes.error);
  c.header('Content-Type', 'image/webp');
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Content-Disposition', 'inline');
  c.header('Cache-Control', 'private, max-age=31536000, immutable');
  return c.body(new Uint8Array(bytes.value));
}
