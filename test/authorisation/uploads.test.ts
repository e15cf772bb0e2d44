import { afterAll, beforeAll, expect, test } from 'bun:test';
import { png } from '../../src/testing/images.ts';
import { House } from './house.ts';

/** Pictures that people upload, through the form and back to a browser. What is taken apart is in `images.test.ts`. */
let house: House;
beforeAll(async () => {
  house = await House.start();
});
afterAll(() => house?.dispose());

const EVIL = '<script>alert(1)</script>';
const post = (bytes: Uint8Array, name: string, type: string) => {
  const logo = new File([new Uint8Array(bytes)], name, { type });
  return house.ask('owner', 'POST', '/groups', { form: { name: 'Barn', logo } });
};
const groups = async () => JSON.parse((await house.ask('owner', 'GET', '/api/v1/groups')).text).items;

const refused: [string, Uint8Array, string, string, number][] = [
  ['an SVG', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${EVIL}</svg>`), 'a.svg', 'image/svg+xml', 400],
  [
    'an SVG that is called a picture',
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
    'a.png',
    'image/png',
    400,
  ],
  ['a page', Buffer.from(`<!doctype html>${EVIL}`), 'a.png', 'image/png', 400],
  ['ten megabytes', Buffer.concat([png(9, 9), Buffer.alloc(10_000_000)]), 'a.png', 'image/png', 413],
  ['seven megabytes', Buffer.concat([png(9, 9), Buffer.alloc(7_000_000)]), 'a.png', 'image/png', 413],
  [
    'a few bytes that claim billions of pixels',
    png(60_000, 60_000, { pixels: Buffer.alloc(9) }),
    'a.png',
    'image/png',
    413,
  ],
];
test.each(refused)('%s is refused and nothing is kept', async (_what, bytes, name, type, status) => {
  expect((await post(bytes, name, type)).status).toBe(status);
  expect(await groups()).toEqual([]);
});

test('a picture with a page behind it comes back as bare pixels that no browser takes for anything else', async () => {
  const polyglot = Buffer.concat([png(30, 30), Buffer.from(`<!doctype html>${EVIL}`)]);
  expect((await post(polyglot, '../../evil.html', 'text/html')).status).toBe(303);
  const [{ logoUrl }] = await groups();
  expect(logoUrl).not.toContain('evil');
  const { status, headers, text } = await house.ask('owner', 'GET', logoUrl);
  expect(status).toBe(200);
  expect(text).not.toContain('script');
  expect(headers.get('Content-Type')).toBe('image/webp');
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('Content-Security-Policy')).toStartWith("default-src 'none'");
  expect(headers.get('Cache-Control')).toContain('private');
  expect(headers.get('Content-Disposition')).toBe('inline');
});
