import type { MiddlewareHandler } from 'hono';
import { strictHeaders } from '../core/strict-headers.ts';
import type { AppEnv } from './routes.ts';

// What one person was shown is kept by nobody between; what is for all says so itself.
const always = Object.entries({ ...strictHeaders, 'Cache-Control': 'no-store' });

/**
 * The headers of every answer. COOP only over TLS: on plain http browsers complain. HSTS only with a certificate that
 * every browser trusts: with one made here it would lock out a device without our authority, and for months an owner
 * who switches TLS off again.
 */
export function securityHeaders(options: { hasTls: boolean; authorityPem?: string | null }): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    for (const [name, value] of always) if (!c.res.headers.has(name)) c.header(name, value);
    if (c.var.isSecure) c.header('Cross-Origin-Opener-Policy', 'same-origin');
    if (options.hasTls && !options.authorityPem) c.header('Strict-Transport-Security', 'max-age=15552000');
  };
}
