import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestApp, type TestApp } from '../../src/testing/app.ts';
import type { RegisteredRoute } from '../../src/web/routes.ts';
import type { Web } from '../../src/web/server.ts';
import { ask, testViewer, testWeb } from '../../src/web/testing.ts';

/** Every route of the real features, asked by those who may not. Whoever adds an open route adds it here on purpose. */
const openRoutes = [
  'get /api/docs',
  'get /api/v1/openapi.json',
  'get /favicon.ico',
  'get /favicon.svg',
  'get /forgot',
  'get /healthz',
  'get /invite/:code',
  'get /login',
  'get /metrics',
  'get /readyz',
  'get /register',
  'get /reset',
  'get /robots.txt',
  'get /setup',
  'get /verify',
  'post /forgot',
  'post /hooks/:id',
  'post /login',
  'post /logout',
  'post /register',
  'post /reset',
  'post /setup',
  'post /theme',
  'post /verify',
  'post /verify/resend',
];

const viewers = {
  user: testViewer({ userId: crypto.randomUUID() }),
  reader: testViewer({
    userId: crypto.randomUUID(),
    role: 'overseer',
    via: { kind: 'token', tokenId: 't', scope: 'read' },
  }),
};

let app: TestApp;
let web: Web;
let routes: readonly RegisteredRoute[];

beforeAll(async () => {
  app = await startTestApp();
  web = testWeb(viewers);
  for (const feature of app.features.inOrder) feature.routes?.(web.routes);
  routes = web.routes.registered;
});
afterAll(() => app.dispose());

const name = (r: RegisteredRoute) => `${r.method} ${r.path}`;
const pathOf = (r: RegisteredRoute) => r.path.replaceAll(/:\w+(\{.*?\})?\??|\{\w+\}/g, () => crypto.randomUUID());
const send = (r: RegisteredRoute, who: { viewer?: string; token?: string }) =>
  ask(web, pathOf(r), { method: r.method.toUpperCase(), ...who });

describe('the routes of the appliance', () => {
  test('are open only where this list says so', () => {
    const open = routes.filter((r) => r.access === 'public').map(name);
    expect(open.sort()).toEqual(openRoutes);
  });

  test('ask an anonymous visitor to sign in', async () => {
    const wrong: string[] = [];
    for (const r of routes.filter((one) => one.access !== 'public')) {
      const { status } = await send(r, {});
      if (status !== (r.kind === 'api' ? 401 : 303)) wrong.push(`${name(r)} answered ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  test('for admins and overseers are closed to users', async () => {
    const closed = routes.filter((r) => r.access === 'admin' || r.access === 'overseer');
    const wrong: string[] = [];
    for (const r of closed) {
      const { status } = await send(r, { viewer: 'user' });
      if (status !== 403) wrong.push(`${name(r)} answered ${status}`);
    }
    expect(wrong).toEqual([]);
    expect(closed.length).toBeGreaterThan(5);
  });

  test('that change something refuse a form without a token and a token that may only read', async () => {
    const wrong: string[] = [];
    for (const r of routes.filter((one) => one.method !== 'get' && one.access === 'user')) {
      const forged = await send(r, { viewer: 'user' });
      const read = await send(r, { token: 'reader' });
      if (forged.status !== 403 || read.status !== 403) wrong.push(`${name(r)}: ${forged.status}, ${read.status}`);
    }
    expect(wrong).toEqual([]);
  });

  test('about things that are not there, or not yours, answer 404', async () => {
    const wrong: string[] = [];
    for (const r of routes.filter(
      (one) => one.method === 'get' && one.access === 'user' && /[:{]id\b/.test(one.path),
    )) {
      const { status } = await send(r, { viewer: 'user' });
      // 400: a query is missing, which is said before anything is looked up.
      if (status !== 404 && status !== 400) wrong.push(`${name(r)} answered ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});
