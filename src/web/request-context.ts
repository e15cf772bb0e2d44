import type { MiddlewareHandler } from 'hono';
import { clientAddress } from '../core/client-address.ts';
import { type Clock, type ClockStatus, houseTimeOf } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { AppEnv } from './routes.ts';

export interface RequestContextOptions {
  log: Log;
  trustProxy: boolean;
  hasTls: boolean;
  newRequestId(): string;
  clock: Clock;
}

/** Who the peer is, whether the page is secure, and a name for this request in logs and answers. */
export function requestContext(options: RequestContextOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const peer = (c.env as { peer?: string } | undefined)?.peer ?? '';
    const requestId = options.newRequestId();
    c.set('requestId', requestId);
    c.set('log', options.log.for('web'));
    c.set('viewer', null);
    c.set('clock', troubleOf(options.clock));
    c.set('csrfToken', '');
    c.set('clientAddress', clientAddress(peer, options.trustProxy ? c.req.header('X-Forwarded-For') : undefined));
    c.set('isSecure', isSecure(options, c.req.header('X-Forwarded-Proto')));
    await next();
    c.header('X-Request-Id', requestId);
  };
}

function troubleOf(clock: Clock): ClockStatus | null {
  const status = houseTimeOf(clock)?.status();
  return status && (!status.isSet || status.doubt) ? status : null;
}

function isSecure(options: RequestContextOptions, forwardedProto: string | undefined): boolean {
  if (options.trustProxy && forwardedProto) return forwardedProto.split(',').at(-1)?.trim() === 'https';
  return options.hasTls;
}
