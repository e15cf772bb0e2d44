import { ForgotPage, ResetPage, type ResetPageProps } from '../../views/accounts/password.tsx';
import type { Refusal } from '../core/result.ts';
import { dropCookie, flash } from '../web/cookies.ts';
import { renderPage } from '../web/page.tsx';
import type { WebRoutes } from '../web/routes.ts';
import { type Ctx, formOf, sessionCookie, statusOf } from './form.web.ts';
import { formErrors, noErrors } from './form-errors.ts';
import type { AccountsService } from './service.ts';

/** Choosing a password without knowing the old one: by mail, or by the link that an admin handed over. */
export function addPasswordRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/forgot', 'public', (c) => showForgot(c, service, ''));

  web.page('post', '/forgot', 'public', async (c) => {
    const { email } = await formOf(c, 'email');
    const result = service.passwords.forgot(email, c.var.clientAddress);
    if (!result.ok) return showForgot(c, service, email, result.error);
    flash(c, {
      kind: 'done',
      text: `If ${email.trim().slice(0, 254)} has an account here, a code is on its way to it.`,
    });
    return c.redirect('/reset', 303);
  });

  web.page('get', '/reset', 'public', (c) =>
    showReset(c, { code: c.req.query('code') ?? '', person: null, isInvite: false }),
  );

  web.page('post', '/reset', 'public', async (c) => {
    const typed = await formOf(c, 'code', 'next');
    const result = await service.passwords.reset(typed.code, typed.next, c.var.clientAddress);
    const shown = { code: typed.code, person: null, isInvite: false };
    return result.ok ? chosen(c) : showReset(c, shown, result.error);
  });

  web.page('get', '/invite/:code', 'public', (c) => {
    const code = c.req.param('code') ?? '';
    const link = service.passwords.inspect(code, c.var.clientAddress);
    if (!link.ok) return showReset(c, { code: '', person: null, isInvite: true }, link.error);
    return showReset(c, { code, person: { name: link.value.name, email: link.value.email }, isInvite: true });
  });
}

function chosen(c: Ctx) {
  dropCookie(c, sessionCookie);
  flash(c, { kind: 'done', text: 'Your new password is set. Sign in with it.' });
  return c.redirect('/login', 303);
}

function showForgot(c: Ctx, service: AccountsService, email: string, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  return renderPage(
    c,
    { title: 'Forgot your password?', width: 'bare', ...status },
    <ForgotPage
      email={email}
      errors={errors}
      canMail={service.passwords.canMail}
      resetCommand={service.commandLine('user reset-password --email you@example.org')}
    />,
  );
}

function showReset(c: Ctx, shown: Omit<ResetPageProps, 'errors'>, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const title = shown.person ? `Welcome, ${shown.person.name}` : 'Choose a new password';
  return renderPage(c, { title, width: 'bare', ...status }, <ResetPage {...shown} errors={errors} />);
}
