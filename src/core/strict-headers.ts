/** Everything comes from this appliance; nothing inline, nothing evaluated, no frame around it. */
export const contentSecurityPolicy = policyWithStyle("'self'");

/** The same for a page that has no stylesheet to load but one style of its own, named by its hash. */
export function policyWithStyle(style: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style}`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** What every answer says to a browser, whoever gives it. */
export const strictHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  // 'same-origin' and not 'no-referrer': with the latter browsers send `Origin: null` with our own forms.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(self), payment=(), usb=()',
  'X-DNS-Prefetch-Control': 'off',
} as const;
