import { createRoute, z } from '@hono/zod-openapi';
import { unwrap } from '../core/result.ts';
import { notFoundProblem, usualProblems } from '../web/problem-schema.ts';
import type { WebRoutes } from '../web/routes.ts';
import { viewerOn } from './form.web.ts';
import type { AccountsService } from './service.ts';
import type { AccessToken } from './token.ts';
import type { User } from './user.ts';

const moment = z.string().openapi({ format: 'date-time', example: '2026-06-21T10:00:00.000Z' });
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

/** A JSON answer for the API's description. */
const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const body = <S extends z.ZodType>(schema: S) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

/** `/api/v1/me`, `/api/v1/tokens`, `/api/v1/users`. */
export function addAccountsApi(web: WebRoutes, service: AccountsService): void {
  addMe(web, service);
  addTokens(web, service);
  addUsers(web, service);
  addUserChanges(web, service);
}

function addMe(web: WebRoutes, service: AccountsService): void {
  const tags = ['Account'];
  const get = createRoute({
    method: 'get',
    path: '/api/v1/me',
    operationId: 'getMe',
    tags,
    summary: 'Who this token or session is',
    responses: { 200: json(meSchema, 'You'), ...usualProblems },
  });
  web.api('user', get, (c) => c.json(asMe(unwrap(service.profile.get(viewerOn(c)))), 200));

  const patch = createRoute({
    method: 'patch',
    path: '/api/v1/me',
    operationId: 'changeMe',
    tags,
    summary: 'Change your name and settings',
    request: body(
      z
        .object({ name, ...settings, version: z.number().int() })
        .partial()
        .strict(),
    ),
    responses: { 200: json(meSchema, 'You, after it'), ...usualProblems },
  });
  web.api('user', patch, (c) =>
    c.json(asMe(unwrap(service.profile.update(viewerOn(c), defined(c.req.valid('json')), addressOf(c)))), 200),
  );
}

function addTokens(web: WebRoutes, service: AccountsService): void {
  const tags = ['Access tokens'];
  const list = createRoute({
    method: 'get',
    path: '/api/v1/tokens',
    operationId: 'listTokens',
    tags,
    summary: 'Your access tokens',
    responses: { 200: json(z.object({ items: z.array(tokenSchema) }), 'Newest first'), ...usualProblems },
  });
  web.api('user', list, (c) => c.json({ items: service.tokens.list(viewerOn(c)).map(asToken) }, 200));

  const wish = z.object({
    name,
    scope: z.enum(['read', 'write', 'admin']),
    expiresInDays: z.number().int().min(1).max(3650).nullable().optional(),
  });
  const create = createRoute({
    method: 'post',
    path: '/api/v1/tokens',
    operationId: 'createToken',
    tags,
    summary: 'Make an access token',
    description: 'The answer alone holds the token. A token makes no token that may more than itself.',
    request: body(wish),
    responses: { 201: json(tokenSchema.extend({ token: z.string() }), 'The token, shown once'), ...usualProblems },
  });
  web.api('user', create, (c) => {
    const { expiresInDays = null, ...rest } = c.req.valid('json');
    const made = unwrap(service.tokens.create(viewerOn(c), { ...rest, expiresInDays }, addressOf(c)));
    return c.json({ ...asToken(made.token), token: made.secret }, 201);
  });

  const remove = createRoute({
    method: 'delete',
    path: '/api/v1/tokens/{id}',
    operationId: 'revokeToken',
    tags,
    summary: 'Revoke an access token',
    request: { params: id },
    responses: { 204: { description: 'Revoked' }, ...usualProblems, ...notFoundProblem },
  });
  web.api('user', remove, (c) => {
    unwrap(service.tokens.revoke(viewerOn(c), c.req.valid('param').id, addressOf(c)));
    return c.body(null, 204);
  });
}

function addUsers(web: WebRoutes, service: AccountsService): void {
  const tags = ['Users'];
  const list = createRoute({
    method: 'get',
    path: '/api/v1/users',
    operationId: 'listUsers',
    tags,
    summary: 'Everybody you look after',
    responses: { 200: json(z.object({ items: z.array(userSchema) }), 'By name'), ...usualProblems },
  });
  web.api('admin', list, (c) => c.json({ items: service.users.list(viewerOn(c)).map(asUser) }, 200));

  const wish = z.object({ name, email: z.string(), role, password: z.string().optional() });
  const create = createRoute({
    method: 'post',
    path: '/api/v1/users',
    operationId: 'createUser',
    tags,
    summary: 'Make an account',
    description: 'Without a password the answer holds the path of a one-time link, with which its owner chooses one.',
    request: body(wish),
    responses: { 201: json(userSchema.extend({ invitePath: z.string().nullable() }), 'The user'), ...usualProblems },
  });
  web.api('admin', create, async (c) => {
    const { password = '', ...rest } = c.req.valid('json');
    const { user, inviteSecret } = unwrap(await service.users.create(viewerOn(c), { ...rest, password }, addressOf(c)));
    const invitePath = inviteSecret === null ? null : `/invite/${inviteSecret}`;
    return c.json({ ...asUser(user), invitePath }, 201);
  });

  const get = createRoute({
    method: 'get',
    path: '/api/v1/users/{id}',
    operationId: 'getUser',
    tags,
    summary: 'One user',
    request: { params: id },
    responses: { 200: json(userSchema, 'The user'), ...usualProblems, ...notFoundProblem },
  });
  web.api('admin', get, (c) => c.json(asUser(unwrap(service.users.get(viewerOn(c), c.req.valid('param').id))), 200));
}

function addUserChanges(web: WebRoutes, service: AccountsService): void {
  const tags = ['Users'];
  const change = z.object({ name, role, isActive: z.boolean(), version: z.number().int() }).partial().strict();
  const patch = createRoute({
    method: 'patch',
    path: '/api/v1/users/{id}',
    operationId: 'changeUser',
    tags,
    summary: 'Change name, role or whether somebody may sign in',
    request: { params: id, ...body(change) },
    responses: { 200: json(userSchema, 'The user, after it'), ...usualProblems, ...notFoundProblem },
  });
  web.api('admin', patch, (c) => {
    const edit = defined(c.req.valid('json'));
    return c.json(asUser(unwrap(service.users.update(viewerOn(c), c.req.valid('param').id, edit, addressOf(c)))), 200);
  });

  const remove = createRoute({
    method: 'delete',
    path: '/api/v1/users/{id}',
    operationId: 'deleteUser',
    tags,
    summary: 'Delete somebody and all that is theirs',
    request: { params: id },
    responses: { 204: { description: 'Deleted' }, ...usualProblems, ...notFoundProblem },
  });
  web.api('admin', remove, async (c) => {
    const user = unwrap(service.users.get(viewerOn(c), c.req.valid('param').id));
    unwrap(await service.users.delete(viewerOn(c), user.id, user.email, addressOf(c)));
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

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

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
