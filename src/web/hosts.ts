import type { Context, MiddlewareHandler } from 'hono';
import { hostName, isHostHeader, isOwnHost } from '../core/own-host.ts';
import { refused } from './errors.tsx';
import type { AppEnv } from './routes.ts';

export interface HostOptions {
  trustProxy: boolean;
  publicUrl: string;
}

/** Hosts (with port) that a form on this page may name as its origin. */
export function allowedHosts(c: Context<AppEnv>, options: HostOptions): string[] {
  const hosts = [c.req.header('Host') ?? new URL(c.req.url).host];
  const forwarded = options.trustProxy ? c.req.header('X-Forwarded-Host') : undefined;
  if (forwarded) hosts.push(forwarded.split(',').at(-1)?.trim() ?? '');
  if (options.publicUrl) hosts.push(new URL(options.publicUrl).host);
  return hosts.filter(Boolean).flatMap((h) => [h, h.replace(/:(80|443)$/, '')]);
}

/** Pages and sessions answer only under a name of ours, everything under what can be a name. Programs with a token or a signature carry no ambient rights. */
export function checkHost(options: HostOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const host = c.req.header('Host') ?? '';
    if (host !== '' && !isHostHeader(host))
      return refused(c, { code: 'invalid', message: 'The header Host is no name or address.', field: 'Host' });
    if (isOwnHost(host, options) || options.trustProxy || isForPrograms(c)) return next();
    return refused(c, {
      code: 'forbidden',
      message: `This Ampra does not know the name ${hostName(host)}.`,
      hint: 'Open it by its address, or set publicUrl (AMPRA_PUBLIC_URL) to the address you use.',
    });
  };
}

function isForPrograms(c: Context<AppEnv>): boolean {
  const path = c.req.path;
  if (path.startsWith('/hooks/') || path === '/healthz' || path === '/readyz' || path === '/metrics') return true;
  return c.req.header('Authorization')?.startsWith('Bearer ') === true;
}
