import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { unwrap } from '../core/result.ts';
import { goodPassword } from '../testing/accounts.ts';
import { AccountsBrowser, type AccountsWeb, accountsWeb } from '../testing/accounts-web.ts';

let world: AccountsWeb;
beforeEach(() => {
  world = accountsWeb({ hasMail: true });
});
afterEach(() => world.stop());

const browser = (address = '192.168.1.7') => new AccountsBrowser(world, address);

describe('who may use which page', () => {
  const pages = [
    ['/account', 'user'],
    ['/account/security', 'user'],
    ['/account/tokens', 'user'],
    ['/users', 'admin'],
    ['/users/new', 'admin'],
  ] as const;
  const mighty = { user: 0, admin: 1, overseer: 2 };

  test.each(pages)('%s without a session leads to signing in', async (path) => {
    await world.person('over@example.org', 'overseer');
    const answer = await browser().get(path);
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `/login?next=${encodeURIComponent(path)}`]);
  });

  test.each(pages)('%s is for %s and above', async (path, needed) => {
    await world.person('over@example.org', 'overseer');
    for (const role of ['user', 'admin', 'overseer'] as const) {
      const who = browser();
      await world.person(`${role}2@example.org`, role);
      await who.signIn(`${role}2@example.org`);
      const answer = await who.get(path);
      expect([role, answer.status]).toEqual([role, mighty[role] >= mighty[needed] ? 200 : 403]);
    }
  });

  test('every change is refused without a session and without the form token', async () => {
    await world.person('over@example.org', 'overseer');
    const { user } = await world.person('anna@example.org');
    const who = browser();
    await who.signIn('over@example.org');
    const posts = world.web.routes.registered.filter((r) => r.kind === 'page' && r.method === 'post');
    expect(posts.length).toBeGreaterThan(15);
    for (const { path } of posts) {
      const url = path.replace(':id', user.id);
      const forged = await who.post(url, { email: 'x' }, { token: 'forged' });
      expect([path, forged.status]).toEqual([path, 403]);
      const foreign = await who.post(url, { email: 'x' }, { headers: { Origin: 'https://evil.example' } });
      expect([path, foreign.status]).toEqual([path, 403]);
    }
    expect(world.service.user(user.id)).toBeDefined();
  });

  test('a user of others is 404 for an Admin when it is an Overseer, and for everybody when there is none', async () => {
    const { user: over } = await world.person('over@example.org', 'overseer');
    await world.person('admin@example.org', 'admin');
    const who = browser();
    await who.signIn('admin@example.org');
    for (const id of [over.id, crypto.randomUUID(), 'nonsense'])
      for (const path of [`/users/${id}`, `/users/${id}/delete`]) expect((await who.get(path)).status).toBe(404);
    expect((await who.post(`/users/${over.id}/delete`, { confirmation: over.email })).status).toBe(404);
    expect((await who.post(`/users/${over.id}/invite`, {})).status).toBe(404);
    expect(world.service.user(over.id)).toBeDefined();
  });
});

describe('the first visit', () => {
  test('from this machine needs no code and leads through the wizard, once', async () => {
    const who = new AccountsBrowser(world, '127.0.0.1', 'localhost:8080');
    expect((await who.get('/account')).headers.get('Location')).toBe('/setup');
    const form = await who.page('/setup');
    expect(form).not.toContain('Set-up code');
    const typed = { name: 'Anna', email: 'anna@example.org', password: 'short' };
    const refused = await who.post('/setup', typed);
    expect(refused.status).toBe(400);
    const again = await refused.text();
    expect(again).toContain('value="anna@example.org"');
    expect(again).toContain('Use at least 10 characters');
    const claimed = await who.post('/setup', { ...typed, password: goodPassword });
    expect(claimed.headers.get('Location')).toBe('/setup/site');
    await who.page('/setup/site');
    const wrong = await who.post('/setup/site', {
      name: 'Home',
      latitude: '91',
      longitude: '13.4',
      timeZone: 'Europe/Berlin',
    });
    expect(await wrong.text()).toContain('value="13.4"');
    const site = await who.post('/setup/site', {
      name: 'Home',
      latitude: '52.5',
      longitude: '13.4',
      timeZone: 'Europe/Berlin',
    });
    expect(site.headers.get('Location')).toBe('/setup/source');
    const done = await who.post('/setup/source', { name: 'Roof', connectionType: 'mqtt', installedCapacityW: '5' });
    const ready = await done.text();
    expect(ready).toContain('Roof is ready');
    expect(ready).toContain('the-api-key');
    // The device stands elsewhere: localhost would be the device itself.
    expect(ready).toContain('192.168.1.20');
    expect(ready).not.toMatch(/localhost|127\.0\.0\.1/);
    for (const path of ['/setup', '/setup/site', '/setup/source'])
      expect((await who.get(path)).headers.get('Location')).toBe('/');
    expect((await browser().get('/setup')).headers.get('Location')).toBe('/');
  });

  test('goes on where it stopped, after signing in again', async () => {
    const who = new AccountsBrowser(world, '127.0.0.1', 'localhost:8080');
    await who.page('/setup');
    await who.post('/setup', { name: 'Anna', email: 'anna@example.org', password: goodPassword });
    const other = browser();
    const answer = await other.signIn('anna@example.org');
    expect(answer.headers.get('Location')).toBe('/setup/site');
  });

  test.each([
    ['from another machine', '192.168.1.66', 'localhost:8080', {}],
    ['under a name that is not this machine', '127.0.0.1', 'ampra.local:8080', {}],
    ['through a proxy', '127.0.0.1', 'localhost:8080', { 'X-Forwarded-For': '10.0.0.9' }],
  ])('%s asks for the code', async (_name, address, host, headers) => {
    const who = new AccountsBrowser(world, address, host, headers);
    expect(await who.page('/setup')).toContain('Set-up code');
    const typed = { name: 'Eve', email: 'eve@example.org', password: goodPassword };
    expect((await who.post('/setup', typed)).status).toBe(400);
    expect((await who.post('/setup', { ...typed, code: 'AAAA-AAAA' })).status).toBe(400);
    expect(world.service.listUsers()).toEqual([]);
    const right = await who.post('/setup', { ...typed, code: world.service.setUp.setUpCode() ?? '' });
    expect(right.status).toBe(303);
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    await world.person('over@example.org', 'overseer');
  });

  test('leads to the page that was asked for, and never to another site', async () => {
    for (const [next, target] of [
      ['/users?x=1', '/users?x=1'],
      ['//evil.example', '/'],
      ['https://evil.example', '/'],
      ['/\\evil.example', '/'],
    ] as const) {
      const answer = await browser().signIn('over@example.org', goodPassword, next);
      expect(answer.headers.get('Location')).toBe(target);
    }
  });

  test('gives a cookie that scripts cannot read; over http without Secure', async () => {
    const answer = await browser().signIn('over@example.org');
    const cookie = answer.headers.getSetCookie().find((c) => c.startsWith('ampra_session='));
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).not.toContain('Secure');
  });

  test('keeps the address after a wrong password, and says the same for an unknown one', async () => {
    const who = browser();
    const texts: string[] = [];
    for (const email of ['over@example.org', 'nobody@example.org']) {
      const answer = await who.signIn(email, 'a wrong password');
      expect(answer.status).toBe(401);
      const text = await answer.text();
      expect(text).toContain(`value="${email}"`);
      expect(text).not.toContain('a wrong password');
      texts.push(text.replaceAll(email, 'X').replace(/value="[\w-]{86}"|&quot;[\w-]{86}&quot;/g, 'TOKEN'));
    }
    expect(texts[0]).toBe(texts[1] ?? '');
  });

  test('a planted cookie is not taken over', async () => {
    const who = browser();
    who.cookies.set('ampra_session', 'a'.repeat(40));
    await who.signIn('over@example.org');
    expect(who.cookies.get('ampra_session')).not.toBe('a'.repeat(40));
    expect((await who.get('/account')).status).toBe(200);
  });

  test('signing out ends the session, not only the cookie', async () => {
    const who = browser();
    await who.signIn('over@example.org');
    const stolen = new Map(who.cookies);
    await who.page('/account');
    expect((await who.post('/logout', {})).headers.get('Location')).toBe('/login');
    const thief = browser();
    for (const [name, value] of stolen) thief.cookies.set(name, value);
    expect((await thief.get('/account')).status).toBe(303);
  });

  test('too many tries are answered 429 with Retry-After', async () => {
    const who = browser();
    let last = await who.signIn('over@example.org', 'a wrong password');
    for (let i = 0; i < 6; i += 1) last = await who.signIn('over@example.org', 'a wrong password');
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('Retry-After'))).toBeGreaterThan(0);
  });
});

describe('the account pages', () => {
  beforeEach(async () => {
    await world.person('first@example.org', 'overseer');
  });

  test('two browsers: the second is told, and nothing of it is stored', async () => {
    await world.person('anna@example.org');
    const who = browser();
    await who.signIn('anna@example.org');
    const version = /name="version" value="(\d+)"/.exec(await who.page('/account'))?.[1] ?? '';
    const save = (name: string) => who.post('/account', { name, temperatureUnit: 'fahrenheit', version });
    expect((await save('Anna One')).status).toBe(303);
    const second = await save('Anna Two');
    expect(second.status).toBe(412);
    expect(await second.text()).toContain('Somebody else changed this meanwhile');
    const user = world.service.listUsers().find((u) => u.email === 'anna@example.org');
    expect(user).toMatchObject({ name: 'Anna One', temperatureUnit: 'fahrenheit', weatherAutoUpdate: false });
  });

  test('names with markup stay text', async () => {
    await world.person('anna@example.org');
    const who = browser();
    await who.signIn('anna@example.org');
    await who.page('/account');
    await who.post('/account', { name: '<img src=x onerror=alert(1)>', temperatureUnit: 'celsius' });
    const page = await who.page('/account');
    expect(page).not.toContain('<img src=x');
    expect(page).toContain('&lt;img src=x');
  });

  test('sessions are named in words and ended with a button; a token is shown once', async () => {
    await world.person('anna@example.org');
    const [who, other] = [browser(), browser('192.168.1.9')];
    await who.signIn('anna@example.org');
    await other.signIn('anna@example.org');
    const page = await who.page('/account/security');
    expect(page).toContain('Firefox on Linux');
    expect(page).toContain('192.168.1.9');
    expect((await who.post('/account/sessions/end-others', {})).status).toBe(303);
    expect((await other.get('/account')).status).toBe(303);
    await who.page('/account/tokens');
    const made = await (await who.post('/account/tokens', { name: 'HA', scope: 'read', expiresInDays: '' })).text();
    const secret = /amp_[\w-]{43}/.exec(made)?.[0] ?? '';
    expect(secret).not.toBe('');
    expect(await who.page('/account/tokens')).not.toContain(secret);
  });

  test('registration and its code work by page, and a mailed reset too', async () => {
    const { viewer } = await world.person('over@example.org', 'overseer');
    expect((await browser().get('/register')).status).toBe(404);
    unwrap(world.service.registration.setOpen(viewer, true, ''));
    const who = browser();
    await who.page('/register');
    const sent = await who.post('/register', { name: 'Ben', email: 'ben@example.org', password: goodPassword });
    expect(sent.headers.get('Location')).toBe('/verify');
    await world.jobs.runAll();
    await who.page('/verify');
    const code = world.mailbox.codeFor('ben@example.org');
    expect((await who.post('/verify', { code })).headers.get('Location')).toBe('/login');
    expect((await who.signIn('ben@example.org')).headers.get('Location')).toBe('/');
    const lost = browser();
    await lost.page('/forgot');
    expect((await lost.post('/forgot', { email: 'ben@example.org' })).headers.get('Location')).toBe('/reset');
    await world.jobs.runAll();
    const reset = /\b[2-9A-Z]{6}-[2-9A-Z]{6}\b/.exec(world.mailbox.mails.at(-1)?.text ?? '')?.[0] ?? '';
    await lost.page('/reset');
    expect((await lost.post('/reset', { code: reset, next: 'another long garden path' })).status).toBe(303);
    expect((await lost.signIn('ben@example.org', 'another long garden path')).status).toBe(303);
  });

  test('an admin makes an account with a one-time link that its owner opens', async () => {
    await world.person('over@example.org', 'overseer');
    const who = browser();
    await who.signIn('over@example.org');
    await who.page('/users/new');
    const made = await who.post('/users', { name: 'Ivo', email: 'ivo@example.org', role: 'user', way: 'invite' });
    const path = /http:\/\/192\.168\.1\.20:8080(\/invite\/[2-9A-Z]{32})/.exec(await made.text())?.[1] ?? '';
    const ivo = browser('192.168.1.9');
    expect(await ivo.page(path)).toContain('ivo@example.org');
    await ivo.post('/reset', { code: path.split('/')[2] ?? '', next: 'another long garden path' });
    expect((await ivo.signIn('ivo@example.org', 'another long garden path')).status).toBe(303);
    expect((await ivo.get(path)).status).toBe(400);
  });

  test('deleting asks for the address first', async () => {
    await world.person('over@example.org', 'overseer');
    const { user } = await world.person('anna@example.org');
    const who = browser();
    await who.signIn('over@example.org');
    await who.page(`/users/${user.id}/delete`);
    expect((await who.post(`/users/${user.id}/delete`, { confirmation: 'yes' })).status).toBe(400);
    expect(world.service.user(user.id)).toBeDefined();
    expect((await who.post(`/users/${user.id}/delete`, { confirmation: user.email })).status).toBe(303);
    expect(world.service.user(user.id)).toBeUndefined();
  });
});

describe('the API', () => {
  const call = (path: string, token?: string, init: { method?: string; body?: unknown } = {}) =>
    world.web.fetch(
      new Request(`http://192.168.1.20:8080/api/v1${path}`, {
        method: init.method ?? 'GET',
        headers: {
          Host: '192.168.1.20:8080',
          'Content-Type': 'application/json',
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
        },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      }),
      '192.168.1.7',
    );
  const tokenOf = async (email: string, role: 'user' | 'admin' | 'overseer', scope: 'read' | 'write' | 'admin') => {
    if (!world.service.listUsers().some((u) => u.email === email)) await world.person(email, role);
    return unwrap(world.service.addToken({ email, name: scope, scope }));
  };

  test('answers 401 without and with a wrong token, 403 for a lesser role or scope', async () => {
    await world.person('over@example.org', 'overseer');
    const user = await tokenOf('anna@example.org', 'user', 'write');
    const reader = await tokenOf('admin@example.org', 'admin', 'read');
    const rows: [string, string | undefined, string, number][] = [
      ['/me', undefined, 'GET', 401],
      ['/me', `amp_${'x'.repeat(43)}`, 'GET', 401],
      ['/users', undefined, 'GET', 401],
      ['/users', user, 'GET', 403],
      ['/users', reader, 'GET', 403],
      ['/me', user, 'GET', 200],
      ['/me', reader, 'PATCH', 403],
      ['/tokens', reader, 'POST', 403],
    ];
    for (const [path, token, method, status] of rows) {
      const answer = await call(path, token, {
        method,
        ...(method === 'GET' ? {} : { body: { name: 'x', scope: 'read' } }),
      });
      expect([path, method, answer.status]).toEqual([path, method, status]);
      if (status !== 200) expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    }
  });

  test('a wrong token is not rescued by a good cookie', async () => {
    await world.person('over@example.org', 'overseer');
    const who = browser();
    await who.signIn('over@example.org');
    for (const header of ['Bearer nonsense', 'Bearer ', 'bearer'])
      expect((await who.get('/api/v1/me', { Authorization: header })).status).toBe(401);
  });

  test("a proxy's own sign-in (Basic) does not hide the session", async () => {
    await world.person('over@example.org', 'overseer');
    const who = browser();
    await who.signIn('over@example.org');
    expect((await who.get('/account', { Authorization: 'Basic YTpi' })).status).toBe(200);
  });

  test('me, tokens and users do what they say', async () => {
    const token = await tokenOf('over@example.org', 'overseer', 'admin');
    const me = (await (await call('/me', token)).json()) as { version: number; email: string };
    expect(me).toMatchObject({ email: 'over@example.org', role: 'overseer', temperatureUnit: 'celsius' });
    const changed = await call('/me', token, { method: 'PATCH', body: { name: 'Over', version: me.version } });
    expect(await changed.json()).toMatchObject({ name: 'Over', version: me.version + 1 });
    expect((await call('/me', token, { method: 'PATCH', body: { name: 'Two', version: me.version } })).status).toBe(
      412,
    );
    expect((await call('/me', token, { method: 'PATCH', body: { role: 'user' } })).status).toBe(400);
    const made = await call('/users', token, {
      method: 'POST',
      body: { name: 'Ivo', email: 'ivo@example.org', role: 'user' },
    });
    expect(made.status).toBe(201);
    const ivo = (await made.json()) as { id: string; invitePath: string };
    expect(ivo.invitePath).toStartWith('/invite/');
    const twice = await call('/users', token, {
      method: 'POST',
      body: { name: 'Ivo', email: 'IVO@example.org', role: 'user' },
    });
    expect(twice.status).toBe(409);
    expect((await call(`/users/${ivo.id}`, token, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/users/${ivo.id}`, token)).status).toBe(404);
    const made2 = await call('/tokens', token, { method: 'POST', body: { name: 'x', scope: 'read' } });
    const other = (await made2.json()) as { id: string; token: string };
    expect((await call('/me', other.token)).status).toBe(200);
    expect((await call(`/tokens/${other.id}`, token, { method: 'DELETE' })).status).toBe(204);
    expect((await call('/me', other.token)).status).toBe(401);
  });
});
