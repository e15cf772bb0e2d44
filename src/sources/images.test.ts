import { afterEach, beforeEach, expect, test } from 'bun:test';
import { readdirSync, rmSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { unwrap } from '../core/result.ts';
import { tempDir } from '../testing/app.ts';
import { png, pngChunk } from '../testing/images.ts';
import { FileImageStore, IMAGE_MAX_BYTES, shrink } from './images.fs.ts';

let dir: string;
let store: FileImageStore;
beforeEach(() => {
  dir = tempDir();
  store = new FileImageStore(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const EVIL = '<script>alert(1)</script>';

test('a picture is shrunk to 256 px on its longer side, keeps its shape and is written as WebP', async () => {
  const bytes = unwrap(await shrink(png(600, 300), 'icon'));
  expect(await new Bun.Image(bytes).metadata()).toEqual({ width: 256, height: 128, format: 'webp' });
});

test('a small picture is not blown up', async () => {
  const bytes = unwrap(await shrink(png(40, 30), 'icon'));
  expect(await new Bun.Image(bytes).metadata()).toMatchObject({ width: 40, height: 30 });
});

test('JPEG, PNG, WebP and GIF are taken', async () => {
  const jpeg = await new Bun.Image(png(20, 20)).jpeg().bytes();
  const webp = await new Bun.Image(png(20, 20)).webp().bytes();
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
  for (const bytes of [jpeg, webp, gif, png(20, 20)]) expect((await shrink(bytes, 'icon')).ok).toBe(true);
});

test('comments, colour profiles and files hidden behind the picture do not survive', async () => {
  const profile = Buffer.concat([Buffer.alloc(128), Buffer.from(EVIL.repeat(20))]);
  const icc = pngChunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), deflateSync(profile)]));
  const comment = pngChunk('tEXt', Buffer.from(`Comment\0${EVIL}`));
  const polyglot = Buffer.concat([png(30, 30, { extra: [icc, comment] }), Buffer.from(`PK\x03\x04<html>${EVIL}`)]);
  const bytes = unwrap(await shrink(polyglot, 'icon'));
  expect(text(bytes)).not.toContain('script');
  expect(text(bytes)).not.toContain('ICCP');
  expect((await new Bun.Image(bytes).metadata()).width).toBe(30);
});

const jpegHalf = async () => (await new Bun.Image(png(300, 300)).jpeg().bytes()).slice(0, 700);
const attacks: [what: string, make: () => Uint8Array | Promise<Uint8Array>, code: string][] = [
  ['a script named like a picture', () => Buffer.from(EVIL), 'invalid'],
  ['an SVG', () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${EVIL}</svg>`), 'invalid'],
  ['an empty file', () => new Uint8Array(0), 'invalid'],
  ['a PNG cut off in the middle', () => png(300, 300).subarray(0, 120), 'invalid'],
  ['a PNG with fewer pixels than it says', () => png(300, 300, { pixels: Buffer.alloc(9) }), 'invalid'],
  ['a JPEG cut off in the middle', jpegHalf, 'invalid'],
  ['a PNG header and then anything', () => Buffer.concat([png(9, 9).subarray(0, 40), Buffer.from(EVIL)]), 'invalid'],
  [
    'a few bytes that claim 60,000 x 60,000 pixels',
    () => png(60_000, 60_000, { pixels: Buffer.alloc(9) }),
    'too_large',
  ],
  ['more bytes than are taken', () => Buffer.concat([png(9, 9), Buffer.alloc(IMAGE_MAX_BYTES)]), 'too_large'],
];
for (const [what, make, code] of attacks) {
  test(`${what} is refused, naming the field`, async () => {
    const result = await store.add(await make(), 'logo');
    expect(result).toMatchObject({ ok: false, error: { code, field: 'logo' } });
    expect(readdirSync(dir)).toEqual([]);
  });
}

test('a profile that inflates to 300 MB is refused without that memory', async () => {
  const bomb = pngChunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), deflateSync(Buffer.alloc(300_000_000))]));
  const bytes = png(20, 20, { extra: [bomb] });
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  expect((await store.add(bytes, 'icon')).ok).toBe(false);
  expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
});

test('names are random, and only such names are ever read', async () => {
  const name = unwrap(await store.add(png(9, 9), 'icon'));
  expect(name).toMatch(/^[0-9a-f]{32}\.webp$/);
  expect(await store.read(name)).toBeInstanceOf(Uint8Array);
  for (const other of ['../ampra.db', '/etc/passwd', `${'0'.repeat(32)}.webp`, `${name}/../x`, ''])
    expect(await store.read(other)).toBeUndefined();
});

test('what nobody names any more is swept away', async () => {
  const kept = unwrap(await store.add(png(9, 9), 'icon'));
  await store.add(png(9, 9), 'icon');
  await Bun.write(`${dir}/notes.txt`, 'not ours');
  await store.sweep(new Set([kept]));
  expect(readdirSync(dir).sort()).toEqual([kept, 'notes.txt'].sort());
});
