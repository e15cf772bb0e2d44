import { request } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { type Appliance, createSource, signIn } from './appliance.ts';
import { quantile, type Results } from './lib.ts';
import { fillHistory } from './webhook.ts';

const PAGES = [
  '/',
  '/history',
  '/history?range=7d',
  '/totals',
  '/totals?period=all',
  '/sources',
  '/account',
  '/users',
  '/system',
];
/** Batches of 1,000 readings a minute apart: about two weeks. */
const HISTORY_BATCHES = 20;
const REQUESTS = 40;

interface Answer {
  status: number;
  firstByteMs: number;
  /** As it came over the wire: headers left out, body compressed. */
  bytes: number;
  text: string;
  location: string | null;
}

/** Time to the first byte of the pages, and the weight of a first visit. */
export async function benchPages(appliance: Appliance, results: Results): Promise<void> {
  const source = await createSource(appliance, 'Roof', 'webhook');
  await fillHistory(appliance, source, HISTORY_BATCHES);
  const cookie = await signIn(appliance);
  const times: number[] = [];
  for (const path of PAGES) {
    const first = await get(appliance.url, path, cookie);
    if (first.status !== 200) {
      console.log(`    ${path} answered ${first.status}: left out`);
      continue;
    }
    const mine: number[] = [];
    for (let i = 0; i < REQUESTS; i++) mine.push((await get(appliance.url, path, cookie)).firstByteMs);
    console.log(`    ${path}: p95 ${quantile(mine, 0.95).toFixed(1)} ms`);
    times.push(...mine);
  }
  results.add('Pages, first byte, p95', quantile(times, 0.95), 'ms', { atMost: 30 });
  results.add('Pages, first visit, compressed', (await firstVisitBytes(appliance, cookie)) / 1000, 'kB', {
    atMost: 150,
  });
}

/** The Live page and everything that it loads. */
async function firstVisitBytes(appliance: Appliance, cookie: string): Promise<number> {
  const page = await get(appliance.url, '/', cookie);
  const html = page.text;
  const loaded = new Set([
    ...[...html.matchAll(/<(?:script|img|source)[^>]*\ssrc="(\/[^"]+)"/g)].map((m) => m[1] ?? ''),
    ...[...html.matchAll(/<link[^>]*\srel="(?:stylesheet|icon|preload|manifest|modulepreload)"[^>]*>/g)].map(
      (m) => /href="(\/[^"]+)"/.exec(m[0])?.[1] ?? '',
    ),
  ]);
  let bytes = page.bytes;
  for (const path of loaded) if (path) bytes += (await get(appliance.url, path, cookie)).bytes;
  return bytes;
}

function get(base: string, path: string, cookie: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const headers = { cookie, 'accept-encoding': 'gzip, br, zstd', accept: 'text/html,*/*' };
    const outgoing = request(new URL(path, base), { headers }, (response) => {
      const parts: Buffer[] = [];
      let firstByteMs = 0;
      response.on('data', (part: Buffer) => {
        firstByteMs ||= performance.now() - startedAt;
        parts.push(part);
      });
      response.on('end', () => {
        const body = Buffer.concat(parts);
        const text = decode(body, response.headers['content-encoding']);
        const location = response.headers.location ?? null;
        resolve({ status: response.statusCode ?? 0, firstByteMs, bytes: body.length, text, location });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function decode(body: Buffer, encoding: string | undefined): string {
  if (encoding === 'gzip') return new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(body)));
  if (encoding === 'zstd') return Bun.zstdDecompressSync(body).toString();
  if (encoding === 'br') return brotliDecompressSync(body).toString();
  return body.toString();
}
