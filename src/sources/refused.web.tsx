import { type RefusedItem, RefusedPage } from '../../views/sources/refused.tsx';
import { viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { refusalPage } from '../web/errors.tsx';
import { renderPage } from '../web/page.tsx';
import type { WebRoutes } from '../web/routes.ts';
import { readForm } from './form-values.web.tsx';
import { viewMessage } from './message-view.ts';
import type { RefusedGroup } from './ports.ts';
import { upToSource } from './source-page.ts';
import type { SourcesWebDeps } from './web-context.web.tsx';

const A_PAGE = 20;

/** What a source sent in vain: the page of all reasons, and dismissing them. */
export function addRefusedPages(web: WebRoutes, deps: SourcesWebDeps): void {
  const { directory } = deps;

  web.page('get', '/sources/:id/refused', 'user', (c) => {
    const found = directory.findFor(viewerOf(c), c.req.param('id') ?? '');
    if (!found.ok) return refusalPage(c, found.error);
    const source = found.value;
    const offset = pageOf(c.req.query('page')) * A_PAGE;
    const { items, total } = refusedItems(deps, source.id, { offset, limit: A_PAGE });
    const to = (page: number) => `/sources/${source.id}/refused?page=${page}`;
    const number = offset / A_PAGE + 1;
    const options = {
      title: `Not stored of ${source.name}`,
      up: upToSource(source),
      active: 'sources',
      styles: ['sources.css'],
    } as const;
    return renderPage(
      c,
      { ...options, lead: 'What this source sent and Ampra could not take, by reason.' },
      <RefusedPage
        {...{ source, items, total }}
        now={deps.clock.now()}
        previous={number > 1 ? to(number - 1) : undefined}
        next={offset + items.length < total ? to(number + 1) : undefined}
        position={`${offset + 1} to ${offset + items.length} of ${total}`}
      />,
    );
  });

  web.page('post', '/sources/:id/refused/dismiss', 'user', async (c) => {
    const found = directory.findFor(viewerOf(c), c.req.param('id') ?? '');
    if (!found.ok) return refusalPage(c, found.error);
    const { id } = found.value;
    const reason = (await readForm(c)).text('reason');
    const gone = deps.refused()?.dismiss(id, reason || undefined) ?? 0;
    const text = gone === 1 ? 'One message is dismissed.' : `${gone} messages are dismissed.`;
    flash(c, { kind: 'done', text });
    return c.redirect(`/sources/${id}`, 303);
  });
}

/** The reasons as pages show them. */
export function refusedItems(
  deps: Pick<SourcesWebDeps, 'refused'>,
  sourceId: string,
  page: { offset: number; limit: number },
): { items: RefusedItem[]; total: number } {
  const found = deps.refused()?.groupsOf(sourceId, page) ?? { groups: [], total: 0 };
  return { items: found.groups.map(itemOf), total: found.total };
}

function itemOf({ reason, count, firstAt, newestAt, example }: RefusedGroup): RefusedItem {
  return { reason, count, firstAt, newestAt, example: viewMessage(example), outcome: example.outcome ?? null };
}

/** The page asked for, from 0. */
function pageOf(text: string | undefined): number {
  return text && /^[1-9]\d{0,3}$/.test(text) ? Number(text) - 1 : 0;
}
