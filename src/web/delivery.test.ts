import { describe, expect, test } from 'bun:test';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { allAssets, assetUrl } from './assets.ts';
import { chooseEncoding } from './compression.ts';
import { renderPage } from './page.tsx';
import { ask, testViewer, testWeb } from './testing.ts';

function web() {
  const one = testWeb({ ada: testViewer() });
  one.routes.page('get', '/long', 'user', (c) => renderPage(c, { title: 'Long' }, 'words '.repeat(1000)));
  one.routes.page('get', '/short', 'user', (c) => c.text('ok'));
  return one;
}

const unpack = { br: brotliDecompressSync, gzip: gunzipSync, zstd: zstdDecompressSync };

describe('pages', () => {
  test.each(['br', 'gzip', 'zstd'] as const)('come compressed with %s', async (encoding) => {
    const response = await ask(web(), '/long', { viewer: 'ada', headers: { 'Accept-Encoding': encoding } });
    expect(response.headers.get('Content-Encoding')).toBe(encoding);
    expect(response.headers.get('Vary')).toContain('Accept-Encoding');
    const packed = await response.bytes();
    expect(packed.byteLength).toBeLessThan(3500);
    expect(unpack[encoding](packed).toString()).toContain('words words');
  });

  test('come as they are to those who take no encoding, and when they are short', async () => {
    expect((await ask(web(), '/long', { viewer: 'ada' })).headers.get('Content-Encoding')).toBeNull();
    const short = await ask(web(), '/short', { viewer: 'ada', headers: { 'Accept-Encoding': 'br' } });
    expect(short.headers.get('Content-Encoding')).toBeNull();
    expect(await short.text()).toBe('ok');
  });

  test('are kept by no cache', async () => {
    expect((await ask(web(), '/long', { viewer: 'ada' })).headers.get('Cache-Control')).toBe('no-store');
  });
});

test.each([
  ['gzip, br', ['br', 'gzip'], 'br'],
  ['br;q=0, gzip;q=0.5', ['br', 'gzip'], 'gzip'],
  ['', ['br', 'gzip'], null],
  ['identity', ['br'], null],
] as const)('of "%s" the best is chosen', (accept, preferred, expected) =>
  expect(chooseEncoding(accept, preferred)).toBe(expected),
);

describe('assets', () => {
  test('are immutable, typed, and answer 304 to those who have them', async () => {
    const url = assetUrl('app.css');
    expect(url).toMatch(/^\/assets\/app\.[0-9a-f]{12}\.css$/);
    const first = await ask(web(), url, { headers: { 'Accept-Encoding': 'gzip, br' } });
    expect(first.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(first.headers.get('Content-Type')).toStartWith('text/css');
    expect(first.headers.get('Content-Encoding')).toBe('br');
    expect(brotliDecompressSync(await first.bytes()).toString()).toContain('--solar');
    const etag = first.headers.get('ETag') ?? '';
    const again = await ask(web(), url, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  test.each([
    '/assets/../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/assets//etc/passwd',
    '/assets/app.css',
    '/assets/app.css%00.js',
  ])('do not include %s', async (path) => {
    const response = await ask(web(), path, { viewer: 'ada' });
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('devDependencies');
  });

  test('and a first page weigh at most 150 kB together, compressed, charts included', async () => {
    const one = web();
    const weigh = async (path: string) => {
      const response = await ask(one, path, { viewer: 'ada', headers: { 'Accept-Encoding': 'br' } });
      return (await response.bytes()).byteLength;
    };
    const sizes = await Promise.all(allAssets().map((asset) => weigh(asset.url)));
    const total = sizes.reduce((sum, size) => sum + size, await weigh('/long'));
    expect(total).toBeLessThan(150_000);
  });
});

describe('the description of the API', () => {
  test('is served to anybody, with the ways to sign in', async () => {
    const response = await ask(web(), '/api/v1/openapi.json');
    expect(await response.json()).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Ampra' },
      components: { securitySchemes: { bearer: { type: 'http' } } },
    });
  });
});
