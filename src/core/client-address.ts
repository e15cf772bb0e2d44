/**
 * Who is at the other end: the peer, or, behind a proxy that is trusted, the address that this proxy saw. That is the
 * last entry of `X-Forwarded-For`: those before it were sent by the client and may be invented.
 */
export function clientAddress(peer: string, forwardedFor: string | null | undefined): string {
  const last = forwardedFor?.split(',').at(-1)?.trim();
  return plainAddress(last || peer);
}

/** An IPv4 peer of a dual-stack socket in the usual spelling. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/**
 * True when a browser says that the page behind a request is not served by `host` (the request's `Host`). Programs that
 * are no browsers send no `Origin`.
 */
export function isFromForeignPage(origin: string | null, host: string | null): boolean {
  if (origin === null) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
