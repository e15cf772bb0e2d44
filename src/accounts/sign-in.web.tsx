import { SignInPage, type SignInPageProps } from '../../views/accounts/sign-in.tsx';
import type { Refusal } from '../core/result.ts';
import { dropKeptForm, keptFormOf } from '../web/come-back.tsx';
import { dropCookie, flash, writeCookie } from '../web/cookies.ts';
import { renderPage } from '../web/page.tsx';
import type { WebRoutes } from '../web/routes.ts';
import { localPath } from '../web/server.ts';
import {
  type Ctx,
  formOf,
  sessionCookie,
  sessionCookieOf,
  sessionCookieS,
  statusOf,
  ticketCookie,
  visitorOf,
} from './form.web.ts';
import { formErrors, noErrors } from './form-errors.ts';
import type { OpenedSession } from './ports.ts';
import type { AccountsService } from './service.ts';

/** Signing in and out. */
export function addSignInRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/login', 'public', (c) => {
    if (c.var.viewer) return c.redirect(localPath(c.req.query('next')), 303);
    if (service.setUp.stepFor(null) === 'account') return c.redirect('/setup', 303);
    return showSignIn(c, service, { email: '', next: localPath(c.req.query('next')) });
  });

  web.page('post', '/login', 'public', async (c) => {
    const typed = await formOf(c, 'email', 'password', 'next');
    const next = localPath(typed.next);
    const result = await service.signIn.signIn(typed, visitorOf(c), sessionCookieOf(c));
    if (!result.ok) return showSignIn(c, service, { email: typed.email, next }, result.error);
    if (result.value.kind === 'unverified') {
      writeTicket(c, result.value.ticket);
      return c.redirect('/verify', 303);
    }
    beginSession(c, result.value.session);
    const { user } = result.value;
    const viewer = await service.viewers.fromCookie(result.value.session.cookie, c.var.clientAddress);
    const step = viewer ? service.setUp.stepFor(viewer.viewer) : 'done';
    if (step !== 'done') return c.redirect(`/setup/${step}`, 303);
    c.var.log.info('signed in', { userId: user.id });
    return c.redirect(next, 303);
  });

  web.page('post', '/logout', 'public', (c) => {
    const cookie = sessionCookieOf(c);
    if (cookie) service.signIn.signOut(cookie, c.var.clientAddress);
    dropCookie(c, sessionCookie);
    dropKeptForm(c);
    flash(c, { kind: 'done', text: 'You are signed out.' });
    return c.redirect('/login', 303);
  });
}

/** Hands the new session to the browser. The id is always fresh: what the browser had before has ended. */
export function beginSession(c: Ctx, session: OpenedSession): void {
  writeCookie(c, sessionCookie, session.cookie, { maxAgeS: sessionCookieS });
}

export function writeTicket(c: Ctx, ticket: string): void {
  writeCookie(c, ticketCookie, ticket, { maxAgeS: 3600 });
}

function showSignIn(c: Ctx, service: AccountsService, typed: { email: string; next: string }, refusal?: Refusal) {
  const props: SignInPageProps = {
    ...typed,
    errors: refusal ? formErrors(refusal) : noErrors,
    canRegister: service.registration.isOpen(),
    canMail: service.passwords.canMail,
    ended: refusal ? null : endedSession(c),
  };
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  return renderPage(c, { title: 'Sign in', width: 'bare', ...status }, <SignInPage {...props} />);
}

/** Whether this browser was signed in and is no longer, and whether a form waits for it. */
function endedSession(c: Ctx): SignInPageProps['ended'] {
  const kept = keptFormOf(c);
  if (kept && kept.action !== '/login') return 'kept';
  return sessionCookieOf(c) === undefined ? null : 'plain';
}
