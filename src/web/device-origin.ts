import type { Context } from 'hono';
import type { AppEnv } from './app-env.ts';

/** Where devices find this appliance. */
export interface DeviceOriginFacts {
  /** Address that owners type behind a proxy; '' when it is the one in the request. It wins. */
  publicUrl: string;
  /** This machine's address on the local network; null when it listens only to itself, or has none. */
  lanAddress: string | null;
}

/**
 * `http://192.168.1.20:8080`: as the owner reached us, so that the device on the same network does too. Whoever sits at this
 * machine gets its address on the network. `isLocalhost` when there is none: a device elsewhere cannot use it.
 */
export function deviceOrigin(c: Context<AppEnv>, facts: DeviceOriginFacts): { origin: URL; isLocalhost: boolean } {
  if (facts.publicUrl) return { origin: new URL(new URL(facts.publicUrl).origin), isLocalhost: false };
  const host = c.req.header('Host') ?? new URL(c.req.url).host;
  const origin = new URL(`${c.var.isSecure ? 'https' : 'http'}://${host}`);
  const isLocal = /^(localhost$|127\.|\[::1\])/.test(origin.hostname);
  if (isLocal && facts.lanAddress) origin.hostname = facts.lanAddress;
  return { origin, isLocalhost: isLocal && !facts.lanAddress };
}
