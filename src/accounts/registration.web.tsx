import { RegisterPage } from '../../views/accounts/register.tsx';
import { VerifyPage } from '../../views/accounts/verify.tsx';
import type { Refusal } from '../core/result.ts';
import { dropCookie, flash, readCookie } from '../web/cookies.ts';
import { refusalPage } from '../web/errors.tsx';
import { renderPage } from '../web/page.tsx';
import type { WebRoutes } from '../web/routes.ts';
import { type Ctx, formOf, statusOf, ticketCookie } from './form.web.ts';
import { formErrors, noErrors } from './form-errors.ts';
import type { AccountsService } from './service.ts';
import { writeTicket } from './sign-in.web.tsx';

/** Registering by oneself, and the code that proves an address. */
export function addRegistrationRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/register', 'public', (c) => {
    if (c.var.viewer) return c.redirect('/', 303);
    if (!service.registration.isOpen()) return closed(c);
    return showRegister(c, { name: '', email: '' });
  });

  web.page('post', '/register', 'public', async (c) => {
    const typed = await formOf(c, 'name', 'email', 'password');
    const result = await service.registration.register(typed, c.var.clientAddress);
    if (!result.ok && result.error.code === 'not_found') return closed(c);
    if (!result.ok) return showRegister(c, typed, result.error);
    writeTicket(c, result.value.ticket);
    return c.redirect('/verify', 303);
  });

  web.page('get', '/verify', 'public', (c) =>
    readCookie(c, ticketCookie) ? showVerify(c) : c.redirect('/login', 303),
  );

  web.page('post', '/verify', 'public', async (c) => {
    const { code } = await formOf(c, 'code');
    const result = service.verification.confirm(readCookie(c, ticketCookie) ?? '', code, c.var.clientAddress);
    if (!result.ok && result.error.code === 'not_found') return startAgain(c);
    if (!result.ok) return showVerify(c, result.error);
    dropCookie(c, ticketCookie);
    flash(c, { kind: 'done', text: `${result.value.email} is confirmed.${c.var.viewer ? '' : ' Sign in to begin.'}` });
    return c.redirect(c.var.viewer ? '/account/security' : '/login', 303);
  });

  web.page('post', '/verify/resend', 'public', (c) => {
    const result = service.verification.resend(readCookie(c, ticketCookie) ?? '', c.var.clientAddress);
    if (!result.ok && result.error.code === 'not_found') return startAgain(c);
    if (!result.ok) return showVerify(c, result.error);
    flash(c, { kind: 'done', text: 'A new code is on its way. The old one does not count any more.' });
    return c.redirect('/verify', 303);
  });
}

function showRegister(c: Ctx, typed: { name: string; email: string }, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const lead = 'We send you a code, to see that the address is yours.';
  return renderPage(
    c,
    { title: 'Make an account', lead, width: 'bare', ...status },
    <RegisterPage name={typed.name} email={typed.email} errors={errors} />,
  );
}

function showVerify(c: Ctx, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const lead = 'We sent six digits to your e-mail address. They are good for 10 minutes.';
  return renderPage(c, { title: 'Type the code', lead, width: 'bare', ...status }, <VerifyPage errors={errors} />);
}

function closed(c: Ctx) {
  return refusalPage(c, {
    code: 'not_found',
    message: 'Nobody can register here by themselves.',
    hint: 'Ask whoever looks after this Ampra for an account.',
  });
}

function startAgain(c: Ctx) {
  dropCookie(c, ticketCookie);
  flash(c, { kind: 'problem', text: 'This try has ended. Sign in or register again to get a new code.' });
  return c.redirect('/login', 303);
}
