import { describe, expect, test } from 'bun:test';
import { z } from '@hono/zod-openapi';
import { body, describing, json } from './describe.ts';
import { ask, testViewer, testWeb } from './testing.ts';

const program = testViewer({ via: { kind: 'token', tokenId: 't', scope: 'write' } });
const ada = testViewer();
const MEGABYTES = 8 * 1024 * 1024;

function web() {
  const one = testWeb({ program, ada }, { maxBodyBytes: MEGABYTES });
  const route = describing('Things')('post /api/v1/things', 'addThing', {
    summary: 'Add',
    request: { body: body(z.strictObject({ name: z.string() })) },
    responses: { 200: json(z.object({}), 'Added') },
  });
  one.routes.api('user', route, (c) => c.json({ name: c.req.valid('json').name }, 200));
  one.routes.page('post', '/things', 'public', async (c) => c.text(Object.keys(await c.req.parseBody()).join()));
  const send = (path: string, text: string, type: string) => {
    const who = path.startsWith('/api') ? { token: 'program' } : { viewer: 'ada' };
    const headers = { 'Content-Type': type, 'Content-Length': String(text.length) };
    return ask(one, path, { method: 'POST', body: text, headers, ...who });
  };
  return send;
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',');

describe('JSON of a program', () => {
  test('of names that are all different is refused unread', async () => {
    const begun = performance.now();
    const answer = await web()('/api/v1/things', `{${names(500_000)}}`, 'application/json');
    expect([answer.status, (await answer.text()).length < 1000]).toEqual([413, true]);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test('with much that is wrong is told the first of it', async () => {
    const answer = await web()('/api/v1/things', `{"name":1,${names(2000)}}`, 'application/json');
    const { errors, detail } = (await answer.json()) as { errors: unknown[]; detail: string };
    expect([answer.status, errors.length]).toEqual([400, 100]);
    expect(detail).toEndWith('and 1901 more.');
  });

  test('as it should be is taken, however long', async () => {
    const name = 'x'.repeat(200_000);
    const answer = await web()('/api/v1/things', JSON.stringify({ name }), 'application/json; charset=utf-8');
    expect([answer.status, await answer.json()]).toEqual([200, { name }]);
  });
});

describe('a form', () => {
  const parts = (count: number, boundary = 'x') =>
    `${Array.from({ length: count }, (_, i) => `--${boundary}\r\nContent-Disposition: form-data; name="k${i}"\r\n\r\n1\r\n`).join('')}--${boundary}--\r\n`;

  test('of a hundred thousand fields is refused unread, whatever its boundary', async () => {
    const send = web();
    for (const boundary of ['x', 'UPPER', '"quoted"']) {
      const text = parts(100_000, boundary.replaceAll('"', ''));
      expect((await send('/things', text, `multipart/form-data; boundary=${boundary}`)).status).toBe(413);
    }
    const fields = Array.from({ length: 6000 }, (_, i) => `k${i}`).join('&');
    expect((await send('/things', fields, 'application/x-www-form-urlencoded')).status).toBe(413);
  });

  test('of a few is looked at', async () => {
    // Without the token of a page it is refused for that.
    expect((await web()('/things', parts(20), 'multipart/form-data; boundary=x')).status).toBe(403);
  });
});
