import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './routes.ts';

export type Encoding = 'br' | 'zstd' | 'gzip';

const brotli = promisify(brotliCompress);
const zstd = promisify(zstdCompress);
const gz = promisify(gzip);
const compressible = /^(text\/(?!event-stream)|application\/(json|problem\+json|javascript|manifest\+json)|image\/svg)/;
const leastBytes = 860;
/** Above this an answer is made small quickly rather than well: a network at home takes it sooner than a small board packs it. */
const largeBytes = 256 * 1024;

/** The best encoding that the browser takes and, for fresh answers, is quick on a small board. */
export function chooseEncoding(accept: string | undefined, preferred: readonly Encoding[]): Encoding | null {
  const accepted = new Map(
    (accept ?? '').split(',').map((part) => {
      const [name = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters.map((p) => /^\s*q=([\d.]+)/.exec(p)?.[1]).find(Boolean);
      return [name, q === undefined ? 1 : Number(q)] as const;
    }),
  );
  return preferred.find((encoding) => (accepted.get(encoding) ?? 0) > 0) ?? null;
}

/** `thorough` for what is compressed once and kept. */
export async function compress(
  body: Uint8Array,
  encoding: Encoding,
  thorough = false,
): Promise<Uint8Array<ArrayBuffer>> {
  if (encoding === 'zstd') {
    const level = body.byteLength > largeBytes ? 1 : 3;
    return new Uint8Array(await zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: level } }));
  }
  if (encoding === 'gzip') return new Uint8Array(await gz(body, { level: thorough ? 9 : 5 }));
  const quality = thorough ? 11 : 4;
  return new Uint8Array(await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }));
}

/** Compresses pages and API answers. Streams (events, downloads) pass as they are. */
export function compression(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const type = c.res.headers.get('Content-Type') ?? '';
    if (!c.res.body || c.req.method === 'HEAD' || !compressible.test(type)) return;
    if (c.res.headers.has('Content-Encoding') || c.res.headers.has('Content-Disposition')) return;
    c.header('Vary', 'Accept-Encoding', { append: true });
    const encoding = chooseEncoding(c.req.header('Accept-Encoding'), ['zstd', 'br', 'gzip']);
    if (!encoding) return;
    const body = new Uint8Array(await c.res.arrayBuffer());
    const { status, headers } = c.res;
    if (body.byteLength < leastBytes) {
      c.res = new Response(body, { status, headers });
      return;
    }
    const packed = await compress(body, encoding);
    c.res = new Response(packed, { status, headers });
    c.res.headers.set('Content-Encoding', encoding);
    c.res.headers.delete('Content-Length');
  };
}
