import type { Context } from 'hono';
import { isOwnHost } from '../core/own-host.ts';
import { isPrivateAddress } from '../core/private-address.ts';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import type { SystemReader } from './ports.ts';

/**
 * For service managers, containers and Prometheus; no sign-in. `/healthz`: the process answers. `/readyz`: 200 when every
 * part is ok, else 503 with what is wrong. `/metrics`: numbers only, and only for the house's own network and under a name of ours: from anywhere
 * else, and through a proxy that is not trusted to say for whom it asks, there is no such page.
 */
export function registerOperations(
  web: WebRoutes,
  deps: { system: SystemReader; trustProxy: boolean; publicUrl: string },
): void {
  const { system, trustProxy, publicUrl } = deps;
  const isOfTheHouse = (c: Context<AppEnv>): boolean => {
    const isForwarded = c.req.header('X-Forwarded-For') !== undefined || c.req.header('Forwarded') !== undefined;
    // A web page elsewhere that points its own name here (DNS rebinding) asks from a browser of the house.
    const isOurName = trustProxy || isOwnHost(c.req.header('Host') ?? '', { publicUrl });
    return isOurName && isPrivateAddress(c.var.clientAddress) && (trustProxy || !isForwarded);
  };
  web.hook('get', '/healthz', (c) => c.json({ status: 'ok' }, 200, noStore));
  web.hook('get', '/readyz', (c) => {
    const parts = system.parts();
    const wrong = parts.filter((p) => p.state !== 'ok');
    if (wrong.length === 0) return c.json({ status: 'ready', parts }, 200, noStore);
    const status = wrong.some((p) => p.state === 'broken') ? 'broken' : 'starting';
    // Whoever is not of the house learns that something is wrong, not what.
    const shown = isOfTheHouse(c) ? wrong : wrong.map(({ part, state }) => ({ part, state }));
    return c.json({ status, parts: shown }, 503, noStore);
  });
  web.hook('get', '/metrics', (c) => {
    if (!isOfTheHouse(c)) return c.notFound();
    return c.body(system.metricsText(), 200, { ...noStore, ...PROMETHEUS });
  });
}

const noStore = { 'cache-control': 'no-store' };
const PROMETHEUS = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
