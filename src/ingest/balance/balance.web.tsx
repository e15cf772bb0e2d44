import { BalancePage } from '../../../views/ingest/balance.tsx';
import { upToSource } from '../../sources/source-page.ts';
import { idOf, viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { refusalPage } from '../../web/errors.tsx';
import { renderPage } from '../../web/page.tsx';
import type { WebRoutes } from '../../web/routes.ts';
import type { Balance } from './balance-service.ts';

/** Whether a source's figures add up: its owner's and Overseers' only, as the source itself. */
export function addBalancePages(web: WebRoutes, balance: Balance): void {
  web.page('get', '/sources/:id/balance', 'user', (c) => {
    const found = balance.view(viewerOf(c), idOf(c));
    if (!found.ok) return refusalPage(c, found.error);
    const options = {
      title: `Balance of ${found.value.source.name}`,
      up: upToSource(found.value.source),
      active: 'sources',
      styles: ['sources.css'],
    } as const;
    return renderPage(c, options, <BalancePage {...found.value} />);
  });

  web.page('post', '/sources/:id/balance/check', 'user', async (c) => {
    const checked = await balance.checkFor(viewerOf(c), idOf(c));
    return checked.ok ? c.redirect(`/sources/${idOf(c)}/balance`, 303) : refusalPage(c, checked.error);
  });

  web.page('post', '/sources/:id/balance/correct', 'user', async (c) => {
    const form = await c.req.parseBody();
    const corrected = balance.correct(viewerOf(c), idOf(c), String(form.metric), Number(form.factor));
    if (!corrected.ok) return refusalPage(c, corrected.error);
    flash(c, { kind: 'done', text: 'Done. It counts for what comes from now on, and is checked again.' });
    return c.redirect(`/sources/${idOf(c)}/balance`, 303);
  });
}
