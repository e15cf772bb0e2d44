import type { Viewer } from '../accounts/viewer.ts';
import type { ClockStatus } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { KeptForms } from './kept-forms.ts';

/** What every handler finds in `c.var`. */
export interface AppEnv {
  Variables: {
    requestId: string;
    log: Log;
    /** Null only on `public` routes. */
    viewer: Viewer | null;
    /** Token to be sent back by every form (`_csrf`) and by htmx (`X-CSRF-Token`). */
    csrfToken: string;
    /** Address of the peer, or of the client behind a trusted proxy. */
    clientAddress: string;
    /** What is wrong with the time; null when it is known and believed. */
    clock: ClockStatus | null;
    /** True if the page came over https, so that cookies are marked Secure. */
    isSecure: boolean;
    /** What was typed into forms of sessions that had ended; on pages. */
    keptForms?: KeptForms;
  };
}

/**
 * Who is asking. Given by accounts: the session cookie, or `Authorization: Bearer`. `setCookie` renews a session's cookie.
 */
export type ResolveViewer = (
  request: Request,
  context: { isSecure: boolean; clientAddress: string; setCookie(header: string): void },
) => Promise<Viewer | null>;
