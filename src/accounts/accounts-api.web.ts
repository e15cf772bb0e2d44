import { z } from '@hono/zod-openapi';
import { unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { body, describing, iso, isoOrNull, json, list as listOf, moment } from '../web/describe.ts';
import type { WebRoutes } from '../web/routes.ts';
import type { AccountsService } from './service.ts';
import type { AccessToken } from './token.ts';
import type { User } from './user.ts';

const role = z.enum(['overseer', 'admin', 'user']);
const name = z.string().min(1).max(100);
const id = z.object({ id: z.string().openapi({ format: 'uuid', description: 'Id of the user or token.' }) });

const settings = {
  temperatureUnit: z.enum(['celsius', 'fahrenheit']),
  weatherAutoUpdate: z.boolean(),
  predictionAutoRun: z.boolean(),
};
const userSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    isActive: z.boolean(),
    isVerified: z.boolean(),
    createdAt: moment,
    lastSeenAt: moment.nullable(),
    version: z.number().int().describe('Send it back with a change: an edit of an older version is refused (412).'),
  })
  .openapi('User');
const meSchema = userSchema.extend(settings).openapi('Me');
const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scope: z.enum(['read', 'write', 'admin']),
    hint: z.string().describe('Its first characters.'),
    createdAt: moment,
    expiresAt: moment.nullable(),
    lastUsedAt: moment.nullable(),
  })
  .openapi('AccessToken');

/** `/api/v1/me`, `/api/v1/tokens`, `/api/v1/users`. */
export function addAccountsApi(web: WebRoutes, service: AccountsService): void {
  addMe(web, service);
  addTokens(web, service);
  addUsers(web, service);
  addUserChanges(web, service);
}

function addMe(web: WebRoutes, service: AccountsService): void {
  const route = describing('Account');
  const get = route('get /api/v1/me', 'getMe', {
    summary: 'Who this token or session is',
    responses: { 200: json(meSchema, 'You') },
  });
  web.api('user', get, (c) => c.json(asMe(unwrap(service.profile.get(viewerOf(c)))), 200));

  const patch = route('patch /api/v1/me', 'changeMe', {
    summary: 'Change your name and settings',
    request: {
      body: body(
        z
          .object({ name, ...settings, version: z.number().int() })
          .partial()
          .strict(),
      ),
    },
    responses: { 200: json(meSchema, 'You, after it') },
  });
  web.api('user', patch, (c) =>
    c.json(asMe(unwrap(service.profile.update(viewerOf(c), defined(c.req.valid('json')), addressOf(c)))), 200),
  );
}

function addTokens(web: WebRoutes, service: AccountsService): void {
  const route = describing('Access tokens');
  const list = route('get /api/v1/tokens', 'listTokens', {
    summary: 'Your access tokens',
    responses: { 200: listOf(tokenSchema, 'Newest first') },
  });
  web.api('user', list, (c) => c.json({ items: service.tokens.list(viewerOf(c)).map(asToken) }, 200));

  const wish = z.object({
    name,
    scope: z.enum(['read', 'write', 'admin']),
    expiresInDays: z.number().int().min(1).max(3650).nullable().optional(),
  });
  const create = route('post /api/v1/tokens', 'createToken', {
    summary: 'Make an access token',
    description: 'The answer alone holds the token. A token makes no token that may more than itself.',
    request: { body: body(wish) },
    responses: { 201: json(tokenSchema.extend({ token: z.string() }), 'The token, shown once') },
  });
  web.api('user', create, (c) => {
    const { expiresInDays = null, ...rest } = c.req.valid('json');
    const made = unwrap(service.tokens.create(viewerOf(c), { ...rest, expiresInDays }, addressOf(c)));
    return c.json({ ...asToken(made.token), token: made.secret }, 201);
  });

  const remove = route('delete /api/v1/tokens/{id}', 'revokeToken', {
    summary: 'Revoke an access token',
    request: { params: id },
    responses: { 204: { description: 'Revoked' } },
  });
  web.api('user', remove, (c) => {
    unwrap(service.tokens.revoke(viewerOf(c), c.req.valid('param').id, addressOf(c)));
    return c.body(null, 204);
  });
}

function addUsers(web: WebRoutes, service: AccountsService): void {
  const route = describing('Users');
  const list = route('get /api/v1/users', 'listUsers', {
    summary: 'Everybody you look after',
    responses: { 200: listOf(userSchema, 'By name') },
  });
  web.api('admin', list, (c) => c.json({ items: service.users.list(viewerOf(c)).map(asUser) }, 200));

  const wish = z.object({ name, email: z.string(), role, password: z.string().optional() });
  const create = route('post /api/v1/users', 'createUser', {
    summary: 'Make an account',
    description: 'Without a password the answer holds the path of a one-time link, with which its owner chooses one.',
    request: { body: body(wish) },
    responses: { 201: json(userSchema.extend({ invitePath: z.string().nullable() }), 'The user') },
  });
  web.api('admin', create, async (c) => {
    const { password = '', ...rest } = c.req.valid('json');
    const { user, inviteSecret } = unwrap(await service.users.create(viewerOf(c), { ...rest, password }, addressOf(c)));
    const invitePath = inviteSecret === null ? null : `/invite/${inviteSecret}`;
    return c.json({ ...asUser(user), invitePath }, 201);
  });

  const get = route('get /api/v1/users/{id}', 'getUser', {
    summary: 'One user',
    request: { params: id },
    responses: { 200: json(userSchema, 'The user') },
  });
  web.api('admin', get, (c) => c.json(asUser(unwrap(service.users.get(viewerOf(c), c.req.valid('param').id))), 200));
}

function addUserChanges(web: WebRoutes, service: AccountsService): void {
  const route = describing('Users');
  const change = z.object({ name, role, isActive: z.boolean(), version: z.number().int() }).partial().strict();
  const patch = route('patch /api/v1/users/{id}', 'changeUser', {
    summary: 'Change name, role or whether somebody may sign in',
    request: { params: id, body: body(change) },
    responses: { 200: json(userSchema, 'The user, after it') },
  });
  web.api('admin', patch, (c) => {
    const edit = defined(c.req.valid('json'));
    return c.json(asUser(unwrap(service.users.update(viewerOf(c), c.req.valid('param').id, edit, addressOf(c)))), 200);
  });

  const remove = route('delete /api/v1/users/{id}', 'deleteUser', {
    summary: 'Delete somebody and all that is theirs',
    request: { params: id },
    responses: { 204: { description: 'Deleted' } },
  });
  web.api('admin', remove, async (c) => {
    const user = unwrap(service.users.get(viewerOf(c), c.req.valid('param').id));
    unwrap(await service.users.delete(viewerOf(c), user.id, user.email, addressOf(c)));
    return c.body(null, 204);
  });
}

function addressOf(c: { var: { clientAddress: string } }): string {
  return c.var.clientAddress;
}

/** Without the keys that were not sent. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}

function asUser(user: User) {
  const { id: userId, name: userName, email, role: userRole, isActive, version } = user;
  const times = { createdAt: iso(user.createdAt), lastSeenAt: isoOrNull(user.lastSeenAt) };
  return {
    id: userId,
    name: userName,
    email,
    role: userRole,
    isActive,
    isVerified: user.verifiedAt !== null,
    ...times,
    version,
  };
}

function asMe(user: User) {
  const { temperatureUnit, weatherAutoUpdate, predictionAutoRun } = user;
  return { ...asUser(user), temperatureUnit, weatherAutoUpdate, predictionAutoRun };
}

function asToken(token: AccessToken) {
  const { id: tokenId, name: tokenName, scope, hint } = token;
  const times = {
    createdAt: iso(token.createdAt),
    expiresAt: isoOrNull(token.expiresAt),
    lastUsedAt: isoOrNull(token.lastUsedAt),
  };
  return { id: tokenId, name: tokenName, scope, hint, ...times };
}
