import { networkInterfaces } from 'node:os';
import { isPrivateAddress } from '../core/private-address.ts';

/** Interfaces of containers and tunnels, where no device of the house is. */
const INNER = /^(docker|br-|veth|virbr|tun|tap|wg|tailscale|zt)/;

/**
 * The address by which devices of the house reach this machine; null when it listens only to itself or has none.
 * `host` is the address that a port listens on.
 */
export function lanAddress(host: string, interfaces = networkInterfaces()): string | null {
  if (host === '127.0.0.1' || host === '::1' || host === 'localhost') return null;
  if (host !== '0.0.0.0' && host !== '::') return host;
  const candidates = Object.entries(interfaces).flatMap(([name, list]) =>
    (list ?? [])
      .filter((a) => a.family === 'IPv4' && !a.internal)
      .map((a) => ({ address: a.address, rank: (INNER.test(name) ? 2 : 0) + (isPrivateAddress(a.address) ? 0 : 1) })),
  );
  return candidates.sort((a, b) => a.rank - b.rank)[0]?.address ?? null;
}
