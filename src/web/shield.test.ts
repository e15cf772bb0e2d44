import { describe, expect, test } from 'bun:test';
import { isOwnHost } from '../core/own-host.ts';
import { readCookie, writeCookie } from './cookies.ts';
import { loggedPath } from './errors.tsx';
import { renderPage } from './page.tsx';
import { localPath } from './server.ts';
import { ask, type TestRequest, testViewer, testWeb } from './testing.ts';

const viewers = {
  ada: testViewer(),
  bob: testViewer({ userId: 'user-2', via: { kind: 'session', sessionId: 'session-2' } }),
  program: testViewer({ via: { kind: 'token', tokenId: 't', scope: 'write' } }),
};

function web(more: Parameters<typeof testWeb>[1] = {}) {
  const one = testWeb(viewers, more);
  let changes = 0;
  one.routes.page('get', '/form', 'user', (c) => renderPage(c, { title: 'Form' }, c.var.csrfToken));
  one.routes.page('post', '/form', 'user', async (c) => {
    changes++;
    const form = await c.req.parseBody();
    return c.text(`saved ${String(form.name)}`);
  });
  one.routes.page('get', '/sign-in', 'public', (c) => c.text(c.var.csrfToken));
  one.routes.page('post', '/sign-in', 'public', (c) => c.text('signed in'));
  return { one, changes: () => changes };
}

async function tokenOf(one: ReturnType<typeof testWeb>, viewer: string): Promise<string> {
  const html = await (await ask(one, '/form', { viewer })).text();
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

const form = (fields: Record<string, string>, more: TestRequest = {}): TestRequest => ({
  method: 'POST',
  viewer: 'ada',
  ...more,
  headers: {
    'Content-Type': 'application/x-www-form-urlencoded',
    Origin: 'http://192.168.1.20:8080',
    ...more.headers,
  },
  body: new URLSearchParams(fields).toString(),
});

describe('a form', () => {
  test('is taken with the token of its session', async () => {
    const { one } = web();
    const response = await ask(one, '/form', form({ _csrf: await tokenOf(one, 'ada'), name: 'Roof' }));
    expect(await response.text()).toBe('saved Roof');
  });

  test('is taken as multipart too, and htmx may send the token as a header', async () => {
    const { one } = web();
    const _csrf = await tokenOf(one, 'ada');
    const body = new FormData();
    body.set('_csrf', _csrf);
    body.set('name', 'Barn');
    const multipart = await ask(one, '/form', { method: 'POST', viewer: 'ada', body });
    expect(await multipart.text()).toBe('saved Barn');
    const htmx = await ask(one, '/form', form({ name: 'Shed' }, { headers: { 'X-CSRF-Token': _csrf } }));
    expect(await htmx.text()).toBe('saved Shed');
  });

  test("is refused without a token, with another session's, and after the token was changed", async () => {
    const { one, changes } = web();
    const foreign = await tokenOf(one, 'bob');
    for (const _csrf of ['', foreign, `${foreign}x`]) {
      const response = await ask(one, '/form', form({ _csrf, name: 'Roof' }));
      expect([response.status, response.headers.get('Location')]).toEqual([303, '/form']);
    }
    const silent = await ask(one, '/form', form({ _csrf: foreign, name: 'Roof' }, { headers: { Origin: '' } }));
    expect(silent.status).toBe(403);
    expect(await silent.text()).toContain('Nothing was changed');
    expect(changes()).toBe(0);
  });

  test('has another token each time it is shown, and every one of them is good', async () => {
    const { one } = web();
    const tokens = [await tokenOf(one, 'ada'), await tokenOf(one, 'ada')];
    expect(tokens[0]).not.toBe(tokens[1]);
    for (const _csrf of tokens)
      expect(await (await ask(one, '/form', form({ _csrf, name: 'Roof' }))).text()).toBe('saved Roof');
    for (const _csrf of ['x', 'AAAA', tokens[0]?.slice(2) ?? '', 'A'.repeat(86), 'A'.repeat(1_000_000)])
      expect((await ask(one, '/form', form({ _csrf, name: 'Roof' }))).status).not.toBe(200);
  });

  const elsewhere: [string, Record<string, string>][] = [
    ['another site', { Origin: 'https://evil.example' }],
    ['no origin at all, as from a sandbox', { Origin: 'null' }],
    ['another port of this machine', { Origin: 'http://192.168.1.20:9000' }],
    ['a page that the browser calls cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sister domain', { 'Sec-Fetch-Site': 'same-site' }],
  ];
  test.each(elsewhere)('from %s is refused even with the right token', async (_, headers) => {
    const { one, changes } = web();
    const response = await ask(one, '/form', form({ _csrf: await tokenOf(one, 'ada') }, { headers }));
    expect(response.status).toBe(403);
    expect(changes()).toBe(0);
  });

  test('before sign-in is bound to a cookie of the visitor', async () => {
    const { one } = web();
    const page = await ask(one, '/sign-in');
    const cookie = page.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    const _csrf = await page.text();
    const headers = { Cookie: cookie };
    expect((await ask(one, '/sign-in', form({ _csrf }, { viewer: '', headers }))).status).toBe(200);
    expect((await ask(one, '/sign-in', form({ _csrf }, { viewer: '' }))).status).toBe(303);
  });

  test('behind a trusted proxy may come from the address that owners type', async () => {
    const { one } = web({ trustProxy: true, publicUrl: 'https://house.example.org' });
    const headers = { Origin: 'https://house.example.org', 'X-Forwarded-Proto': 'https' };
    const page = await ask(one, '/form', { viewer: 'ada', headers });
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    expect((await ask(one, '/form', form({ _csrf }, { headers }))).status).toBe(200);
  });
});

describe('every answer', () => {
  test('carries the strict headers', async () => {
    const { one } = web();
    for (const path of ['/form', '/nowhere', '/api/v1/openapi.json', '/assets/none.js']) {
      const { headers } = await ask(one, path, { viewer: 'ada' });
      const csp = headers.get('Content-Security-Policy') ?? '';
      expect(csp).toStartWith("default-src 'none'");
      for (const part of ["frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"])
        expect(csp).toContain(part);
      expect(csp).not.toContain('unsafe');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Referrer-Policy')).toBe('same-origin');
      expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('Strict-Transport-Security')).toBeNull();
    }
  });

  test('asks for https for good only when this port speaks TLS with a certificate that all trust', async () => {
    const { one } = web({ hasTls: true });
    const { headers } = await ask(one, 'https://192.168.1.20:8080/form', { viewer: 'ada' });
    expect(headers.get('Strict-Transport-Security')).toContain('max-age=');
    expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    const { one: local } = web({ hasTls: true, authorityPem: 'made here' });
    const answer = await ask(local, 'https://192.168.1.20:8080/form', { viewer: 'ada' });
    expect(answer.headers.get('Strict-Transport-Security')).toBeNull();
  });
});

describe('a page', () => {
  test('has no inline script, style or handler, and loads nothing from another host', async () => {
    const { one } = web();
    const html = await (await ask(one, '/form', { viewer: 'ada' })).text();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc="\/assets\/)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  test('escapes what people typed', async () => {
    const { one } = web();
    one.routes.page('get', '/named', 'user', (c) => renderPage(c, { title: '<b>&"', lead: '<script>' }, '<img>'));
    const html = await (await ask(one, '/named', { viewer: 'ada' })).text();
    expect(html).toContain('<h1>&lt;b&gt;&amp;&quot;</h1>');
    expect(html).not.toContain('<img>');
  });
});

describe('cookies', () => {
  const through = async (hasTls: boolean) => {
    const { one } = web({ hasTls });
    one.routes.page('get', '/set', 'public', (c) => {
      writeCookie(c, 'session', 'abc', { maxAgeS: 60 });
      return c.text(readCookie(c, 'session') ?? 'none');
    });
    return one;
  };

  test('work over plain http on the LAN', async () => {
    const one = await through(false);
    const cookie = (await ask(one, '/set')).headers.getSetCookie().find((one) => one.includes('session'));
    expect(cookie).toBe('ampra_session=abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax');
    expect(await (await ask(one, '/set', { headers: { Cookie: 'ampra_session=abc' } })).text()).toBe('abc');
  });

  test('are Secure and bound to the host over https, and those from http do not count there', async () => {
    const one = await through(true);
    const cookie = (await ask(one, '/set')).headers.getSetCookie().find((one) => one.includes('session'));
    expect(cookie).toBe('__Host-ampra_session=abc; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax');
    expect(await (await ask(one, '/set', { headers: { Cookie: 'ampra_session=abc' } })).text()).toBe('none');
  });
});

describe('the name in Host', () => {
  const options = { publicUrl: 'https://house.example.org' };
  test.each([
    '192.168.1.20:8080',
    '[fd00::5]:8080',
    'localhost',
    'ampra:8080',
    'ampra.local',
    'pi.fritz.box',
    'House.Example.org:443',
  ])('%s is ours', (host) => expect(isOwnHost(host, options)).toBe(true));
  test.each(['evil.example', 'house.example.org.evil.com', '192.168.1.20.nip.io:8080', 'local.evil.com'])(
    '%s is not ours',
    (host) => expect(isOwnHost(host, options)).toBe(false),
  );

  test('of a stranger opens no page, but programs with a token or a signature go on', async () => {
    const { one } = web();
    one.routes.hook('post', '/hooks/:id', (c) => c.text('taken'));
    const headers = { Host: 'evil.example:8080' };
    const page = await ask(one, '/sign-in', { headers });
    expect(page.status).toBe(403);
    expect(await page.text()).toContain('publicUrl');
    expect((await ask(one, '/hooks/1', { method: 'POST', headers })).status).toBe(200);
    expect((await ask(one, '/api/v1/none', { token: 'program', headers })).status).toBe(404);
  });
});

describe('limits', () => {
  test('a body that is too large is refused by its length and while it is read', async () => {
    const { one, changes } = web();
    const big = 'x'.repeat(70 * 1024);
    const announced = await ask(one, '/form', {
      ...form({ name: big }),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(big.length) },
    });
    expect(announced.status).toBe(413);
    const chunks = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 70; i++) controller.enqueue(new TextEncoder().encode('x'.repeat(1024)));
        controller.close();
      },
    });
    const streamed = await ask(one, '/hooks/1', { method: 'POST', body: chunks });
    expect(streamed.status).toBe(413);
    expect(await streamed.json()).toMatchObject({ code: 'too_large' });
    expect(changes()).toBe(0);
  });
});

describe('bodies', () => {
  const sent = (bytes: number, more: TestRequest = {}): TestRequest => ({
    ...{ method: 'POST', ...more, body: 'x'.repeat(bytes) },
    headers: { 'Content-Type': 'application/json', 'Content-Length': String(bytes), ...more.headers },
  });
  const KB = 1024;
  const roomy = { maxBodyBytes: 8 * 1024 * KB };

  test('a form of hundreds of thousands of fields is not read, whoever sends it', async () => {
    const { one, changes } = web(roomy);
    const fields = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`field${i}`, '']));
    const { body, ...rest } = form({ ...fields, _csrf: await tokenOf(one, 'ada') });
    const headers = { ...rest.headers, 'Content-Length': String(String(body).length) };
    const response = await ask(one, '/form', { ...rest, body: body ?? '', headers });
    expect([response.status, changes()]).toEqual([413, 0]);
    expect(await response.text()).toContain('At most 256 kB');
  });

  test('of those who are not signed in, only short forms are read', async () => {
    const { one } = web(roomy);
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json'])
      for (const path of ['/sign-in', '/form']) {
        const response = await ask(one, path, sent(65 * KB, { headers: { 'Content-Type': type } }));
        expect([type, path, response.status]).toEqual([type, path, 413]);
      }
  });

  test('without an announced length are short ones', async () => {
    const { one } = web(roomy);
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 65; i++) controller.enqueue(new Uint8Array(KB));
        controller.close();
      },
    });
    const response = await ask(one, '/hooks/1', { method: 'POST', body });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      code: 'too_large',
      detail: expect.stringContaining('Content-Length'),
    });
  });

  test('under way fill a bounded part of the memory, and of one address a smaller one', async () => {
    const { one } = web(roomy);
    const held = Promise.withResolvers<void>();
    one.routes.hook('post', '/hooks/slow', async (c) => {
      await held.promise;
      return c.body(null, 204);
    });
    const from = (i: number) => ask(one, '/hooks/slow', sent(7 * 1024 * KB, { peer: `192.168.1.${i}` }));
    const first = from(1);
    const second = await from(1);
    expect([second.status, second.headers.get('Retry-After')]).toEqual([429, '5']);
    const others = [2, 3, 4].map(from);
    expect((await from(6)).status).toBe(429);
    expect((await ask(one, '/hooks/1', sent(60 * KB, { peer: '192.168.1.6' }))).status).not.toBe(429);
    held.resolve();
    for (const response of await Promise.all([first, ...others])) expect(response.status).toBe(204);
    expect((await from(6)).status).toBe(204);
  });
});

describe('the client address', () => {
  test('cannot be claimed by a client when no proxy is trusted', async () => {
    const { one } = web();
    one.routes.page('get', '/who', 'public', (c) => c.text(c.var.clientAddress));
    const response = await ask(one, '/who', { headers: { 'X-Forwarded-For': '127.0.0.1' }, peer: '203.0.113.9' });
    expect(await response.text()).toBe('203.0.113.9');
  });
});

test.each([
  ['/history?day=1', '/history?day=1'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/..//evil.example', '/evil.example'],
  ['/.//evil.example/x?y', '/evil.example/x?y'],
  ['/a/..//evil.example', '/evil.example'],
  ['/a/..\\\\evil.example', '/evil.example'],
  ['/%2e%2e//evil.example', '/evil.example'],
  ['javascript:alert(1)', '/'],
  [undefined, '/'],
])('after signing in, %p leads to %s', (path, expected) => expect(localPath(path)).toBe(expected));

test('the certificate authority of the house can be fetched by phones, when there is one', async () => {
  const pem = '-----BEGIN CERTIFICATE-----';
  const response = await ask(testWeb({}, { hasTls: true, authorityPem: pem }), '/ampra-authority.crt');
  expect(response.headers.get('Content-Type')).toBe('application/x-x509-ca-cert');
  expect(await response.text()).toBe(pem);
  expect((await ask(testWeb(), '/ampra-authority.crt')).status).toBe(404);
});

test.each([
  ['/invite/ABCDEFGHJKLMNPQRSTUVWXYZ23456789', '/invite/…'],
  ['/sources/0b6f6a3e-3c1e-4f0a-9a3f-0a4b4d1c2e55/mapping', '/sources/0b6f6a3e-3c1e-4f0a-9a3f-0a4b4d1c2e55/mapping'],
  ['/account/sessions/end-others', '/account/sessions/end-others'],
])('in a log %s is %s', (path, logged) => expect(loggedPath(path)).toBe(logged));
