import { expect, test } from 'bun:test';
import { z } from '@hono/zod-openapi';
import { describing, json } from './describe.ts';
import { ask, testWeb } from './testing.ts';

test('the API page tells everybody the address that they use themselves, and is made once', async () => {
  const web = testWeb();
  for (let i = 0; i < 60; i++) {
    const route = describing('Things')(`get /api/v1/things${i}`, `listThings${i}`, {
      summary: 'List',
      responses: {
        200: json(z.object({ name: z.string().meta({ description: 'What it is called.' }) }), 'The things'),
      },
    });
    web.routes.api('public', route, (c) => c.json({ name: '' }, 200));
  }
  const page = async (host: string) => {
    const begun = performance.now();
    const text = await (await ask(web, '/api/docs', { headers: { Host: host } })).text();
    return { text, ms: performance.now() - begun };
  };
  const first = await page('192.168.1.20:8080');
  const later = [await page('ampra.local'), await page('house'), await page('192.168.1.20:8080')];
  expect(first.text).toContain('http://192.168.1.20:8080/api/v1/things7');
  expect(later[0]?.text).toContain('http://ampra.local/api/v1/things7');
  expect(later[1]?.text).toContain('http://house/api/v1/things7');
  expect(later[2]?.text).toContain('http://192.168.1.20:8080/api/v1/things7');
  expect(later.map(({ text }) => /invalid|192\.168/.test(text))).toEqual([false, false, true]);
  expect(Math.min(...later.map(({ ms }) => ms))).toBeLessThan(first.ms / 2);
});
