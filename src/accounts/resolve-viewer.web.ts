import { serialize } from 'hono/utils/cookie';
import type { ResolveViewer } from '../web/app-env.ts';
import { cookieName, cookieOf } from '../web/cookies.ts';
import { sessionCookie, sessionCookieS } from './form.web.ts';
import type { Viewer } from './viewer.ts';
import type { ViewerService } from './viewer-service.ts';

export type { ResolveViewer } from '../web/app-env.ts';

/**
 * Who is asking: `Authorization: Bearer` alone when it is there (a wrong token is not rescued by a cookie), else the
 * session's cookie, whose end moves along with the session's. Other schemes belong to a proxy in front.
 */
export function createResolveViewer(viewers: ViewerService): ResolveViewer {
  return async (request, { isSecure, clientAddress, setCookie }): Promise<Viewer | null> => {
    const authorization = request.headers.get('Authorization') ?? '';
    if (/^Bearer\b/i.test(authorization)) {
      const token = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
      return (token && viewers.fromToken(token, clientAddress)) || null;
    }
    const cookie = cookieOf(request, sessionCookie, isSecure);
    const found = cookie ? await viewers.fromCookie(cookie, clientAddress) : undefined;
    if (!cookie || !found) return null;
    if (found.renewedUntil !== null) {
      const name = cookieName(sessionCookie, isSecure);
      setCookie(
        serialize(name, cookie, {
          path: '/',
          httpOnly: true,
          secure: isSecure,
          sameSite: 'Lax',
          maxAge: sessionCookieS,
        }),
      );
    }
    return found.viewer;
  };
}
