import type { Principal } from './ports.ts';

/** A client that may in, and under which name. */
export interface Admitted {
  ok: true;
  principal: Principal;
  space: string;
  clientId: string;
  /** The client id in its principal's name space: two owners' clients of the same id do not know of each other. */
  sessionId: string;
  isIdAssigned: boolean;
  /** Seconds; 0 when the client's own keep-alive holds. */
  serverKeepAliveS: number;
}
