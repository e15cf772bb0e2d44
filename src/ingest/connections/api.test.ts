import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ConnectionsBench, until } from '../../testing/connections.ts';
import { ada, bob, olga, viewer } from '../../testing/sources.ts';
import type { Web } from '../../web/server.ts';
import { ask, type TestRequest, testWeb } from '../../web/testing.ts';

let bench: ConnectionsBench;
let web: Web;
let id: string;
const viewers = {
  ...{ ada, bob, olga },
  'ada-read': viewer('ada', 'user', 'read'),
  'ada-write': viewer('ada', 'user', 'write'),
  'bob-write': viewer('bob', 'user', 'write'),
};

beforeAll(async () => {
  bench = new ConnectionsBench();
  web = testWeb(viewers);
  bench.connections.routes?.(web.routes);
  bench.base.sources.routes?.(web.routes);
  await bench.start();
  const { source } = await bench.base.create(ada);
  const input = { name: 'GX', host: 'gx.invalid', userName: 'gx', password: 'very secret', sourceId: source.id };
  id = (await call('POST', '/connections', 'ada-write', input)).body.id;
});
afterAll(async () => {
  web.stop();
  await bench.dispose();
});

async function call(method: string, path: string, token?: string, body?: unknown) {
  const request: TestRequest = { method, headers: { 'Content-Type': 'application/json' } };
  if (token) request.token = token;
  if (body !== undefined) request.body = JSON.stringify(body);
  const response = await ask(web, `/api/v1${path}`, request);
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: what the API says is what is tested
  return { status: response.status, text, body: (text ? JSON.parse(text) : null) as any };
}

const uses: [method: string, path: () => string, body?: unknown][] = [
  ['GET', () => `/connections/${id}`],
  ['PATCH', () => `/connections/${id}`, { name: 'Taken' }],
  ['DELETE', () => `/connections/${id}`],
  ['POST', () => '/connections/try', () => ({ id, host: 'gx.invalid' })],
];

for (const [method, path, given] of uses)
  describe(`${method} ${path().replace('undefined', '{id}')}`, () => {
    const body = () => (typeof given === 'function' ? given() : given);
    test('without a session is 401', async () => {
      expect((await call(method, path(), undefined, body())).status).toBe(401);
    });
    test('by another owner is 404', async () => {
      expect((await call(method, path(), 'bob-write', body())).status).toBe(404);
    });
    if (method !== 'GET')
      test('with a read token is 403', async () => {
        expect((await call(method, path(), 'ada-read', body())).status).toBe(403);
      });
  });

test('nobody sees another’s connection in the list, or feeds another’s source', async () => {
  expect((await call('GET', '/connections', 'bob-write')).body.items).toEqual([]);
  const { sourceId } = (await call('GET', `/connections/${id}`, 'ada-read')).body;
  const taken = await call('POST', '/connections', 'bob-write', { host: '10.0.0.9', sourceId });
  expect(taken.status).toBe(400);
  expect(taken.text).toContain('There is no such source');
});

test('the page of its source shows how it is, and leads there; and back', async () => {
  const { sourceId } = (await call('GET', `/connections/${id}`, 'ada-read')).body;
  const source = await (await ask(web, `/sources/${sourceId}`, { viewer: 'ada' })).text();
  expect(source).toContain(`<a href="/connections#connection-${id}">GX</a>`);
  expect(source).toContain('a broker of its own');
  await until(() => bench.stateOf(id).phase === 'broken');
  const broken = await (await ask(web, `/sources/${sourceId}`, { viewer: 'ada' })).text();
  expect(broken).toContain('Broken');
  expect(broken).toContain('gx.invalid');
  const form = await (await ask(web, `/connections/${id}/edit`, { viewer: 'ada' })).text();
  expect(form).toContain(`<a href="/sources/${sourceId}">Roof</a>`);
  const other = await bench.base.create(ada, { name: 'Alone' });
  const alone = await (await ask(web, `/sources/${other.source.id}`, { viewer: 'ada' })).text();
  expect(alone).not.toContain('/connections#');
});

test('the password never leaves, and is sealed on disk', async () => {
  const shown = await call('GET', `/connections/${id}`, 'ada-read');
  expect(shown.body).toMatchObject({ name: 'GX', hasPassword: true, port: 1883, kind: 'auto', version: 1 });
  expect(shown.text).not.toContain('very secret');
  const page = await (await ask(web, `/connections/${id}/edit`, { viewer: 'ada' })).text();
  expect(page).toContain('gx.invalid');
  expect(page).not.toContain('very secret');
  const row = bench.base.db
    .query<{ sealed: Uint8Array }, []>('SELECT password_sealed AS sealed FROM connections')
    .get();
  expect(Buffer.from(row?.sealed ?? []).includes('very secret')).toBe(false);
});

test('an edit of an older version is told', async () => {
  expect((await call('PATCH', `/connections/${id}`, 'ada-write', { name: 'GX 2', version: 1 })).status).toBe(200);
  const late = await call('PATCH', `/connections/${id}`, 'ada-write', { name: 'GX 3', version: 1 });
  expect(late.status).toBe(412);
});

test('another host wants the password again, so that nobody can have it sent elsewhere', async () => {
  const moved = await call('PATCH', `/connections/${id}`, 'ada-write', { host: '10.0.0.66' });
  expect(moved.status).toBe(400);
  expect(moved.text).toContain('password');
});

test('every field at fault is named', async () => {
  const bad = { host: 'mqtt://x', port: 70_000, topicFilters: ['a/#/b'], kind: 'auto', authorityPem: 'no' };
  const { status, text } = await call('POST', '/connections', 'ada-write', bad);
  expect(status).toBe(400);
  for (const field of ['host', 'port', 'topicFilters', 'authorityPem']) expect(text).toContain(field);
});

test('a User may not reach this machine, by form or by trial', async () => {
  for (const path of ['/connections', '/connections/try'])
    expect((await call('POST', path, 'ada-write', { host: '127.0.0.1', port: 22 })).status).toBe(400);
});

test('the pages show it, and escape what was typed', async () => {
  await call('PATCH', `/connections/${id}`, 'ada-write', { name: '<b>GX</b>' });
  const list = await (await ask(web, '/connections', { viewer: 'ada' })).text();
  expect(list).toContain('&lt;b&gt;GX&lt;/b&gt;');
  expect((await ask(web, '/connections/new', { viewer: 'ada' })).status).toBe(200);
  expect((await ask(web, `/connections/${id}/edit`, { viewer: 'bob' })).status).toBe(404);
  expect((await ask(web, `/connections/${id}/delete`, { viewer: 'bob' })).status).toBe(404);
});
