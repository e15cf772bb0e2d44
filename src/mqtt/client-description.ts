import type { Link } from './link.ts';
import type { BrokerClient } from './ports.ts';

/** A connection as pages and metrics show it; null before its client was let in. `connectedAt` in ms UTC. */
export function describeClient(link: Link, connectedAt: number): BrokerClient | null {
  const { principal, clientId, transport, version, messagesIn, messagesOut, lastMessageAt } = link;
  if (!principal) return null;
  const protocol = version === 3 ? '3.1' : version === 4 ? '3.1.1' : '5';
  const { address, kind } = transport;
  const counts = { connectedAt, messagesIn, messagesOut, lastMessageAt };
  return { clientId, principal, address, protocol, transport: kind, ...counts };
}
