import type { MiddlewareHandler } from 'hono';
import { type Asset, findAsset } from './assets.ts';
import { chooseEncoding, compress, type Encoding } from './compression.ts';
import type { AppEnv } from './routes.ts';

/**
 * Serves the embedded files under /assets. The address holds the content's hash, so a browser keeps it for a year;
 * each encoding is made once, when it is first asked for.
 */
export function serveAssets(): MiddlewareHandler<AppEnv> {
  const packed = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const pack = (asset: Asset, encoding: Encoding) => {
    const key = `${encoding} ${asset.url}`;
    const known = packed.get(key) ?? compress(asset.body, encoding, true);
    packed.set(key, known);
    return known;
  };
  return async (c, next) => {
    if (!c.req.path.startsWith('/assets/') || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return next();
    const asset = findAsset(c.req.path);
    if (!asset) return next();
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('ETag', asset.etag);
    c.header('Vary', 'Accept-Encoding');
    if (c.req.header('If-None-Match')?.includes(asset.etag)) return c.body(null, 304);
    c.header('Content-Type', asset.contentType);
    const encoding = chooseEncoding(c.req.header('Accept-Encoding'), ['br', 'gzip']);
    if (!encoding) return c.body(asset.body);
    c.header('Content-Encoding', encoding);
    return c.body(await pack(asset, encoding));
  };
}
