import { NewUserPage, type NewUserTyped } from '../../views/accounts/new-user.tsx';
import { DeleteUserPage, UserPage } from '../../views/accounts/user.tsx';
import { InvitePage, UsersPage } from '../../views/accounts/users.tsx';
import { LinkButton } from '../../views/parts/index.ts';
import { type Refusal, unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { renderPage } from '../web/page.tsx';
import type { WebRoutes } from '../web/routes.ts';
import { type Ctx, formOf, statusOf, versionOf } from './form.web.ts';
import { formErrors, noErrors } from './form-errors.ts';
import { rolesToGive } from './roles.ts';
import type { AccountsService } from './service.ts';
import type { User } from './user.ts';

const upToUsers = { href: '/users', label: 'Users' } as const;

/** People, for those who look after them. */
export function addUsersRoutes(web: WebRoutes, service: AccountsService): void {
  addListRoutes(web, service);
  addUserRoutes(web, service);
  addDeletionRoutes(web, service);
}

function addListRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/users', 'admin', (c) => {
    const { registration } = service;
    const props = {
      now: service.now(),
      users: service.users.list(viewerOf(c)),
      viewerId: viewerOf(c).userId,
      isOpen: registration.isSwitchedOn(),
      hasMail: service.hasMail,
    };
    const actions = (
      <LinkButton href="/users/new" kind="primary" icon="plus">
        Add a user
      </LinkButton>
    );
    return renderPage(c, { title: 'Users', active: 'users', actions }, <UsersPage {...props} />);
  });

  web.page('post', '/users/registration', 'admin', async (c) => {
    const { isOpen } = await formOf(c, 'isOpen');
    unwrap(service.registration.setOpen(viewerOf(c), isOpen === 'yes', c.var.clientAddress));
    flash(c, { kind: 'done', text: isOpen === 'yes' ? 'People can register now.' : 'Only admins make accounts now.' });
    return c.redirect('/users', 303);
  });
}

function addUserRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/users/new', 'admin', (c) => showNew(c, { name: '', email: '', role: 'user', way: 'invite' }));

  web.page('post', '/users', 'admin', async (c) => {
    const typed = await formOf(c, 'name', 'email', 'role', 'way', 'password');
    const isInvite = typed.way !== 'password';
    const shown = {
      name: typed.name,
      email: typed.email,
      role: typed.role,
      way: isInvite ? 'invite' : 'password',
    } as const;
    if (!isInvite && typed.password === '')
      return showNew(c, shown, { code: 'invalid', message: 'Choose a password.', field: 'password' });
    const password = isInvite ? '' : typed.password;
    const result = await service.users.create(viewerOf(c), { ...typed, password }, c.var.clientAddress);
    if (!result.ok) return showNew(c, shown, result.error);
    const { user, inviteSecret } = result.value;
    if (inviteSecret !== null) return showInvite(c, user, inviteSecret);
    flash(c, { kind: 'done', text: `${user.name} can sign in now.` });
    return c.redirect('/users', 303);
  });

  web.page('get', '/users/:id', 'admin', (c) => {
    const user = unwrap(service.users.get(viewerOf(c), c.req.param('id') ?? ''));
    return showUser(c, service, user);
  });

  web.page('post', '/users/:id', 'admin', async (c) => {
    const id = c.req.param('id') ?? '';
    const typed = await formOf(c, 'name', 'role', 'isActive', 'version');
    const user = unwrap(service.users.get(viewerOf(c), id));
    const isSelf = user.id === viewerOf(c).userId;
    const version = versionOf(typed.version);
    const rights = isSelf ? {} : { role: typed.role, isActive: typed.isActive !== '' };
    const edit = { name: typed.name, ...rights, ...(version === undefined ? {} : { version }) };
    const result = service.users.update(viewerOf(c), id, edit, c.var.clientAddress);
    if (!result.ok) return showUser(c, service, unwrap(service.users.get(viewerOf(c), id)), result.error);
    flash(c, { kind: 'done', text: 'Saved.' });
    return c.redirect('/users', 303);
  });

  web.page('post', '/users/:id/invite', 'admin', (c) => {
    const { user, inviteSecret } = unwrap(
      service.users.invite(viewerOf(c), c.req.param('id') ?? '', c.var.clientAddress),
    );
    return showInvite(c, user, inviteSecret);
  });
}

function addDeletionRoutes(web: WebRoutes, service: AccountsService): void {
  web.page('get', '/users/:id/delete', 'admin', (c) =>
    showDelete(c, unwrap(service.users.get(viewerOf(c), c.req.param('id') ?? ''))),
  );

  web.page('post', '/users/:id/delete', 'admin', async (c) => {
    const id = c.req.param('id') ?? '';
    const { confirmation } = await formOf(c, 'confirmation');
    const user = unwrap(service.users.get(viewerOf(c), id));
    const result = await service.users.delete(viewerOf(c), id, confirmation, c.var.clientAddress);
    if (!result.ok) return showDelete(c, user, result.error);
    flash(c, { kind: 'done', text: `${user.name} and all that was theirs is deleted.` });
    return c.redirect('/users', 303);
  });
}

function showNew(c: Ctx, typed: NewUserTyped, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const roles = rolesToGive(viewerOf(c).role);
  return renderPage(
    c,
    { title: 'Add a user', up: upToUsers, active: 'users', ...status },
    <NewUserPage typed={typed} roles={roles} errors={errors} />,
  );
}

/** The link is built from the address that this admin uses; it is shown to nobody else. */
function showInvite(c: Ctx, user: User, secret: string) {
  const link = `${c.var.isSecure ? 'https' : 'http'}://${c.req.header('Host') ?? 'localhost'}/invite/${secret}`;
  const lead = `Hand this link to ${user.name}. It is shown here once, works once, and for a week.`;
  return renderPage(c, { title: 'One-time link', lead, active: 'users' }, <InvitePage user={user} link={link} />);
}

function showUser(c: Ctx, service: AccountsService, user: User, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const isSelf = user.id === viewerOf(c).userId;
  const props = { user, errors, isSelf, roles: rolesToGive(viewerOf(c).role), now: service.now() };
  return renderPage(
    c,
    { title: user.name, lead: user.email, up: upToUsers, active: 'users', ...status },
    <UserPage {...props} />,
  );
}

function showDelete(c: Ctx, user: User, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  return renderPage(
    c,
    { title: `Delete ${user.name}?`, active: 'users', ...status },
    <DeleteUserPage user={user} errors={errors} />,
  );
}
