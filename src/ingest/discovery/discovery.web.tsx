import type { Context } from 'hono';
import { DiscoverBody, DiscoverPage } from '../../../views/ingest/discover.tsx';
import type { Refusal } from '../../core/result.ts';
import { upToSources } from '../../sources/source-page.ts';
import { viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { refusalPage } from '../../web/errors.tsx';
import { renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import { type DeviceWish, deviceWishOf, renderDeviceForm } from './device-form.web.tsx';
import type { Discovery } from './discovery-service.ts';

/** Live pages of discovery are told by it. */
export const DISCOVERY_TOPIC = 'discovery';
const styles = ['sources.css'] as const;

/** What is heard, and how it becomes a source. Must be registered before `/sources/:id`. */
export function addDiscoveryPages(web: WebRoutes, discovery: Discovery): void {
  web.page('get', '/sources/discover', 'user', async (c) => {
    const options = {
      ...({ title: 'Discover devices', up: upToSources, active: 'sources', styles } as const),
      lead: 'What your sources sent of late, and what waits to be added.',
    };
    return renderPage(c, options, <DiscoverPage {...(await discovery.heardNow(viewerOf(c)))} />);
  });

  web.page('get', '/sources/discover/events', 'user', (c) =>
    web.events.stream(c, {
      topics: [DISCOVERY_TOPIC],
      minIntervalMs: 2000,
      render: async () => <DiscoverBody {...(await discovery.heardNow(viewerOf(c)))} />,
    }),
  );

  web.page('get', '/sources/discover/add', 'overseer', (c) => {
    const found = discovery.device(viewerOf(c), c.req.query('filter') ?? '');
    if (!found.ok) return refusalPage(c, found.error);
    const { filter, name, role } = found.value;
    return renderAdd(c, { filter, name, role, sourceId: '' });
  });

  web.page('post', '/sources/discover/add', 'overseer', async (c) => {
    const values = await deviceWishOf(c);
    const added = await discovery.add(viewerOf(c), values);
    if (!added.ok) return renderAdd(c, values, added.error);
    flash(c, { kind: 'done', text: 'Added. What it sent before follows into its place.' });
    return c.redirect(`/sources/${added.value.sourceId}`, 303);
  });

  web.page('post', '/sources/discover/dismiss', 'overseer', async (c) => {
    const { filter } = await deviceWishOf(c);
    const dismissed = await discovery.dismiss(viewerOf(c), filter);
    if (!dismissed.ok) return refusalPage(c, dismissed.error);
    flash(c, { kind: 'done', text: 'Nothing is kept of it any more. It appears again when it sends again.' });
    return c.redirect('/sources/discover', 303);
  });

  web.page('post', '/sources/discover/release', 'overseer', async (c) => {
    const { filter } = await deviceWishOf(c);
    const released = discovery.release(viewerOf(c), filter);
    if (!released.ok) return refusalPage(c, released.error);
    flash(c, { kind: 'done', text: 'Ended. What comes on these topics waits here again.' });
    return c.redirect('/sources/discover', 303);
  });

  async function renderAdd(c: Context<AppEnv>, values: DeviceWish, error?: Refusal): Promise<Response> {
    const device = discovery.device(viewerOf(c), values.filter);
    const { sources } = await discovery.heardNow(viewerOf(c));
    return renderDeviceForm(c, {
      title: `Add ${values.name || 'a device'}`,
      action: '/sources/discover/add',
      ...{ device: device.ok ? device.value : null, values, sources, error },
    });
  }
}
