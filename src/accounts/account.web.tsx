import { ProfilePage } from '../../views/accounts/profile.tsx';
import { SecurityPage } from '../../views/accounts/security.tsx';
import { TokensPage, type TokenTyped } from '../../views/accounts/tokens.tsx';
import { type Refusal, unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { renderPage } from '../web/page.tsx';
import type { WebRoutes } from '../web/routes.ts';
import { type Ctx, formOf, statusOf, versionOf } from './form.web.ts';
import { formErrors, noErrors } from './form-errors.ts';
import type { AccountsService } from './service.ts';
import { writeTicket } from './sign-in.web.tsx';
import { isTokenScope } from './token.ts';
import type { User } from './user.ts';

/** One's own account: profile and settings, password and sessions, access tokens. */
export function addAccountRoutes(web: WebRoutes, service: AccountsService): void {
  addProfileRoutes(web, service);
  addSecurityRoutes(web, service);
  addTokenRoutes(web, service);
}

function addProfileRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/account', 'user', (c) => showProfile(c, unwrap(service.profile.get(viewerOf(c)))));

  web.page('post', '/account', 'user', async (c) => {
    const typed = await formOf(c, 'name', 'temperatureUnit', 'weatherAutoUpdate', 'predictionAutoRun', 'version');
    const version = versionOf(typed.version);
    const result = service.profile.update(
      viewerOf(c),
      {
        name: typed.name,
        temperatureUnit: typed.temperatureUnit === 'fahrenheit' ? 'fahrenheit' : 'celsius',
        weatherAutoUpdate: typed.weatherAutoUpdate !== '',
        predictionAutoRun: typed.predictionAutoRun !== '',
        ...(version === undefined ? {} : { version }),
      },
      c.var.clientAddress,
    );
    if (!result.ok) return showProfile(c, unwrap(service.profile.get(viewerOf(c))), typed.name, result.error);
    flash(c, { kind: 'done', text: 'Saved.' });
    return c.redirect('/account', 303);
  });
}

function addSecurityRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/account/security', 'user', (c) => showSecurity(c, service));

  web.page('post', '/account/password', 'user', async (c) => {
    const typed = await formOf(c, 'current', 'next');
    const result = await service.passwords.change(viewerOf(c), typed, c.var.clientAddress);
    if (!result.ok) return showSecurity(c, service, { form: 'password', refusal: result.error });
    flash(c, { kind: 'done', text: 'Your password is changed. Every other place is signed out.' });
    return c.redirect('/account/security', 303);
  });

  web.page('post', '/account/email', 'user', async (c) => {
    const typed = await formOf(c, 'email', 'password');
    const result = await service.profile.changeEmail(viewerOf(c), typed, c.var.clientAddress);
    if (!result.ok) return showSecurity(c, service, { form: 'email', email: typed.email, refusal: result.error });
    if (result.value.ticket !== null) {
      writeTicket(c, result.value.ticket);
      return c.redirect('/verify', 303);
    }
    flash(c, { kind: 'done', text: 'From now on you sign in with the new address.' });
    return c.redirect('/account/security', 303);
  });

  web.page('post', '/account/sessions/end-others', 'user', (c) => {
    const count = service.signIn.endOthers(viewerOf(c), c.var.clientAddress);
    flash(c, {
      kind: 'done',
      text: count === 1 ? 'One other place is signed out.' : `${count} other places are signed out.`,
    });
    return c.redirect('/account/security', 303);
  });

  web.page('post', '/account/sessions/:id/end', 'user', (c) => {
    unwrap(service.signIn.endSession(viewerOf(c), c.req.param('id') ?? '', c.var.clientAddress));
    flash(c, { kind: 'done', text: 'That place is signed out.' });
    return c.redirect('/account/security', 303);
  });
}

function addTokenRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/account/tokens', 'user', (c) => showTokens(c, service, {}));

  web.page('post', '/account/tokens', 'user', async (c) => {
    const typed = await formOf(c, 'name', 'scope', 'expiresInDays');
    const scope = isTokenScope(typed.scope) ? typed.scope : 'read';
    const life = typed.expiresInDays === '' ? null : Number(typed.expiresInDays);
    const result = service.tokens.create(
      viewerOf(c),
      { name: typed.name, scope, expiresInDays: life },
      c.var.clientAddress,
    );
    if (!result.ok) return showTokens(c, service, { typed, refusal: result.error });
    return showTokens(c, service, { made: { name: result.value.token.name, secret: result.value.secret } });
  });

  web.page('post', '/account/tokens/:id/revoke', 'user', (c) => {
    unwrap(service.tokens.revoke(viewerOf(c), c.req.param('id') ?? '', c.var.clientAddress));
    flash(c, { kind: 'done', text: 'The token is revoked. Programs that use it are locked out now.' });
    return c.redirect('/account/tokens', 303);
  });
}

function showProfile(c: Ctx, user: User, typedName?: string, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  return renderPage(
    c,
    { title: 'Account', active: 'account', ...status },
    <ProfilePage user={user} name={typedName ?? user.name} errors={errors} />,
  );
}

interface SecurityRefusal {
  form: 'password' | 'email';
  email?: string;
  refusal: Refusal;
}

function showSecurity(c: Ctx, service: AccountsService, wrong?: SecurityRefusal) {
  const viewer = viewerOf(c);
  const errors = wrong ? formErrors(wrong.refusal) : noErrors;
  const props = {
    now: service.now(),
    timeZone: service.setUp.site()?.timeZone ?? 'UTC',
    user: unwrap(service.profile.get(viewer)),
    sessions: service.signIn.sessionsOf(viewer),
    currentSessionId: viewer.via.kind === 'session' ? viewer.via.sessionId : '',
    activity: service.audit.list({ actorId: viewer.userId, limit: 12 }),
    typedEmail: wrong?.email ?? '',
    passwordErrors: wrong?.form === 'password' ? errors : noErrors,
    emailErrors: wrong?.form === 'email' ? errors : noErrors,
    hasMail: service.hasMail,
  };
  const status = wrong ? { status: statusOf(c, wrong.refusal) } : {};
  const page = { title: 'Security, Account', heading: 'Account', active: 'account' } as const;
  return renderPage(c, { ...page, ...status }, <SecurityPage {...props} />);
}

interface TokensShown {
  typed?: TokenTyped;
  refusal?: Refusal;
  made?: { name: string; secret: string };
}

function showTokens(c: Ctx, service: AccountsService, { typed, refusal, made }: TokensShown) {
  const viewer = viewerOf(c);
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const props = {
    now: service.now(),
    timeZone: service.setUp.site()?.timeZone ?? 'UTC',
    tokens: service.tokens.list(viewer),
    typed: typed ?? { name: '', scope: 'read', expiresInDays: '' },
    errors: refusal ? formErrors(refusal) : noErrors,
    made: made ?? null,
    mayAdmin: viewer.role !== 'user',
  };
  const page = { title: 'Access tokens, Account', heading: 'Account', active: 'account' } as const;
  return renderPage(c, { ...page, ...status }, <TokensPage {...props} />);
}
