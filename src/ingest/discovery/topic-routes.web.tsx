import type { Context } from 'hono';
import type { Refusal } from '../../core/result.ts';
import { idOf, viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { refusalPage } from '../../web/errors.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import { type DeviceWish, deviceWishOf, renderDeviceForm } from './device-form.web.tsx';
import type { Discovery } from './discovery-service.ts';
import type { TopicRoutes } from './topic-routes-service.ts';

/** How a device that is heard as a part of a source becomes a source of its own: its owner's and Overseers' only. */
export function addTopicRoutePages(web: WebRoutes, discovery: Discovery, routes: TopicRoutes): void {
  web.page('get', '/sources/:id/part', 'user', (c) => render(c, { filter: c.req.query('filter') ?? '' }));

  web.page('post', '/sources/:id/part', 'user', async (c) => {
    const wish = await deviceWishOf(c);
    const made = await routes.add(viewerOf(c), idOf(c), { ...wish, toSourceId: wish.sourceId });
    if (!made.ok) return render(c, wish, made.error);
    flash(c, { kind: 'done', text: 'From now on it is a source of its own. What came before stays where it is.' });
    return c.redirect(`/sources/${made.value.toSourceId}`, 303);
  });

  web.page('post', '/sources/:id/part/end', 'user', async (c) => {
    const { filter } = await deviceWishOf(c);
    const ended = routes.end(viewerOf(c), idOf(c), filter);
    if (!ended.ok) return refusalPage(c, ended.error);
    flash(c, { kind: 'done', text: 'Ended. What comes on these topics counts here again.' });
    return c.redirect('/sources/discover', 303);
  });

  async function render(
    c: Context<AppEnv>,
    wish: Partial<DeviceWish> & { filter: string },
    error?: Refusal,
  ): Promise<Response> {
    const found = await discovery.part(viewerOf(c), idOf(c), wish.filter);
    if (!found.ok) return refusalPage(c, found.error);
    const { source, device, others } = found.value;
    const values = { name: device?.name ?? '', role: device?.role ?? 'system', sourceId: '', ...wish };
    return renderDeviceForm(c, {
      title: `A source of its own, out of ${source.name}`,
      action: `/sources/${source.id}/part`,
      ...{ device, values, error, sources: others },
    });
  }
}
