import { describe, expect, test } from 'bun:test';
import { createRoute, z } from '@hono/zod-openapi';
import type { Access, Role, TokenScope, Viewer } from '../accounts/viewer.ts';
import { AmpraError } from '../core/result.ts';
import { ask, testViewer, testWeb } from './testing.ts';

const roles: Role[] = ['user', 'admin', 'overseer'];
const scopes: TokenScope[] = ['read', 'write', 'admin'];
const accesses: Access[] = ['public', 'user', 'admin', 'overseer'];

const viewers: Record<string, Viewer> = {};
for (const role of roles) {
  viewers[role] = testViewer({ role, via: { kind: 'session', sessionId: role } });
  for (const scope of scopes)
    viewers[`${role}-${scope}`] = testViewer({ role, via: { kind: 'token', tokenId: 't', scope } });
}

const answer = {
  200: { description: 'ok', content: { 'application/json': { schema: z.object({ done: z.boolean() }) } } },
};

function web() {
  const one = testWeb(viewers);
  for (const access of accesses) {
    one.routes.page('get', `/page/${access}`, access, (c) => c.html('what is inside'));
    for (const method of ['get', 'post'] as const)
      one.routes.api(access, createRoute({ method, path: `/api/v1/${access}`, responses: answer }), (c) =>
        c.json({ done: true }, 200),
      );
  }
  return one;
}

/** Who may use what, written out: the rule of `mayUse` must not be the only thing that says so. */
const allowedRoles: Record<Access, readonly string[]> = {
  public: ['', 'user', 'admin', 'overseer'],
  user: ['user', 'admin', 'overseer'],
  admin: ['admin', 'overseer'],
  overseer: ['overseer'],
};

describe('pages', () => {
  for (const access of accesses) {
    for (const role of ['', ...roles]) {
      const isAllowed = allowedRoles[access].includes(role);
      test(`${access} page ${isAllowed ? 'opens' : 'does not open'} for ${role || 'nobody'}`, async () => {
        const response = await ask(web(), `/page/${access}`, { viewer: role });
        expect(response.status).toBe(isAllowed ? 200 : role ? 403 : 303);
        if (!isAllowed) expect(await response.text()).not.toContain('what is inside');
      });
    }
  }

  test('send an anonymous visitor to sign in, and back to where he was', async () => {
    const response = await ask(web(), '/page/user?day=2026-03-29&x=a%26b');
    expect(response.headers.get('Location')).toBe('/login?next=%2Fpage%2Fuser%3Fday%3D2026-03-29%26x%3Da%2526b');
  });

  test('send an anonymous visitor to set up while nobody has an account', async () => {
    const one = testWeb({}, { onboarding: () => '/setup' });
    one.routes.page('get', '/', 'user', (c) => c.html('live'));
    expect((await ask(one, '/')).headers.get('Location')).toBe('/setup');
  });

  test('tell htmx to leave the page when the session is over', async () => {
    const response = await ask(web(), '/page/user', { headers: { 'HX-Request': 'true' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('HX-Redirect')).toBe('/login');
  });

  test('are not for tokens', async () => {
    expect((await ask(web(), '/page/user', { token: 'overseer-admin' })).status).toBe(403);
  });
});

describe('the API', () => {
  const cases: { access: Access; method: 'GET' | 'POST'; token: string; status: number }[] = [];
  for (const access of accesses)
    for (const method of ['GET', 'POST'] as const)
      for (const role of roles)
        for (const scope of scopes) {
          const scopeReaches =
            access === 'public' || scope === 'admin' || (access === 'user' && (method === 'GET' || scope === 'write'));
          const isAllowed = allowedRoles[access].includes(role) && scopeReaches;
          cases.push({ access, method, token: `${role}-${scope}`, status: isAllowed ? 200 : 403 });
        }
  test.each(cases)('$method of a $access route with the token $token answers $status', async (one) => {
    const response = await ask(web(), `/api/v1/${one.access}`, { method: one.method, token: one.token });
    expect(response.status).toBe(one.status);
  });

  test('answers 401 to nobody and to a token that is not valid, even on a public route', async () => {
    const none = await ask(web(), '/api/v1/user');
    expect(none.status).toBe(401);
    expect(none.headers.get('WWW-Authenticate')).toStartWith('Bearer');
    expect(await none.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await ask(web(), '/api/v1/public', { token: 'stolen' })).status).toBe(401);
    expect((await ask(web(), '/api/v1/public')).status).toBe(200);
  });
});

describe('the table of routes', () => {
  test('holds every route with its access', () => {
    const paths = web().routes.registered;
    expect(paths).toContainEqual({ method: 'get', path: '/page/admin', access: 'admin', kind: 'page' });
    expect(paths).toContainEqual({ method: 'post', path: '/api/v1/user', access: 'user', kind: 'api' });
    const open = paths.filter((r) => r.access === 'public' && !r.path.endsWith('/public')).map((r) => r.path);
    expect(open.sort()).toEqual([
      '/api/docs',
      '/api/v1/openapi.json',
      '/favicon.ico',
      '/favicon.svg',
      '/robots.txt',
      '/theme',
    ]);
  });

  test('refuses the same route twice', () => {
    const one = web();
    expect(() => one.routes.page('get', '/page/user', 'public', (c) => c.html(''))).toThrow('registered twice');
  });
});

describe('errors of the API', () => {
  const path = createRoute({
    method: 'post',
    path: '/api/v1/things/{id}',
    request: {
      params: z.object({ id: z.string() }),
      body: {
        required: true,
        content: {
          'application/json': {
            schema: z.object({ watts: z.number().max(10), place: z.object({ zone: z.string() }) }),
          },
        },
      },
    },
    responses: answer,
  });
  const withHandler = (fail: () => void) => {
    const one = testWeb(viewers);
    one.routes.api('user', path, (c) => {
      fail();
      return c.json({ done: true }, 200);
    });
    return one;
  };
  const send = (one: ReturnType<typeof web>, body: string) =>
    ask(one, '/api/v1/things/7', {
      method: 'POST',
      token: 'user-write',
      headers: { 'Content-Type': 'application/json' },
      body,
    });

  test('name every field that does not fit', async () => {
    const response = await send(
      withHandler(() => undefined),
      '{"watts":11,"place":{}}',
    );
    expect(response.status).toBe(400);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    const body = (await response.json()) as { errors: { field: string }[] };
    expect(body).toMatchObject({ status: 400, code: 'invalid', title: 'Some values are not right' });
    expect(body.errors.map((e) => e.field)).toEqual(['watts', 'place.zone']);
  });

  test('say that the body is no JSON', async () => {
    const response = await send(
      withHandler(() => undefined),
      '{"watts":',
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid' });
  });

  test('refuse a body of another type than the schema', async () => {
    const response = await ask(
      withHandler(() => undefined),
      '/api/v1/things/7',
      {
        method: 'POST',
        token: 'user-write',
        headers: { 'Content-Type': 'text/plain' },
        body: '{"watts":1}',
      },
    );
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      code: 'wrong_type',
      hint: 'Send it with Content-Type: application/json.',
    });
  });

  test('name the ways that there are when asked in another', async () => {
    const one = withHandler(() => undefined);
    for (const method of ['GET', 'DELETE']) {
      const response = await ask(one, '/api/v1/things/7', { method, token: 'user-write' });
      expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST']);
      expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    }
    expect((await ask(one, '/api/v1/nothing', { method: 'DELETE', token: 'user-write' })).status).toBe(404);
  });

  const refusals = [
    ['not_found', 404],
    ['conflict', 409],
    ['stale', 412],
    ['too_large', 413],
    ['rate_limited', 429],
    ['unavailable', 503],
    ['forbidden', 403],
    ['invalid', 400],
  ] as const;
  test.each(refusals)('turn the refusal %s into %d', async (code, status) => {
    const one = withHandler(() => {
      throw new AmpraError({ code, message: 'No.', hint: 'Do this.', retryAfterS: 6.2, field: 'watts' });
    });
    const response = await send(one, '{"watts":1,"place":{"zone":"UTC"}}');
    expect(response.status).toBe(status);
    expect(response.headers.get('Retry-After')).toBe('7');
    expect(await response.json()).toMatchObject({
      status,
      code,
      detail: 'No.',
      hint: 'Do this.',
      errors: [{ field: 'watts', message: 'No.' }],
    });
  });

  test('say nothing of what broke inside, but give its reference', async () => {
    const one = withHandler(() => {
      throw new Error('SELECT secret FROM users');
    });
    const response = await send(one, '{"watts":1,"place":{"zone":"UTC"}}');
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('SELECT');
    expect(JSON.parse(text).requestId).toBe(response.headers.get('X-Request-Id'));
  });

  test('are problems for unknown paths too', async () => {
    const response = await ask(web(), '/api/v1/none', { token: 'user-read' });
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  });
});

describe('errors of pages', () => {
  test('are a page with a way back', async () => {
    const response = await ask(web(), '/nowhere', { viewer: 'user' });
    expect(response.status).toBe(404);
    const html = await response.text();
    expect(html).toStartWith('<!doctype html>');
    expect(html).toContain('There is no such page');
    expect(html).toContain('href="/history"');
  });

  test('give a reference for what broke, and a fragment to htmx', async () => {
    const one = testWeb(viewers);
    one.routes.page('get', '/broken', 'user', () => {
      throw new Error('disk on fire');
    });
    const page = await ask(one, '/broken', { viewer: 'user' });
    expect(page.status).toBe(500);
    const html = await page.text();
    expect(html).toContain(page.headers.get('X-Request-Id') ?? 'none');
    expect(html).not.toContain('disk on fire');
    const fragment = await ask(one, '/broken', { viewer: 'user', headers: { 'HX-Request': 'true' } });
    expect(await fragment.text()).not.toContain('<html');
  });
});
