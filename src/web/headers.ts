import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './routes.ts';

/** Everything comes from this appliance; nothing inline, nothing evaluated, no frame around it. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const always: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', contentSecurityPolicy],
  // 'same-origin' and not 'no-referrer': with the latter browsers send `Origin: null` with our own forms.
  ['Referrer-Policy', 'same-origin'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), microphone=(), geolocation=(self), payment=(), usb=()'],
  ['X-DNS-Prefetch-Control', 'off'],
];

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
