import type { Context } from 'hono';
import type { Access } from '../accounts/viewer.ts';
import { formatBytes } from '../core/bytes.ts';
import type { Refusal, Result } from '../core/result.ts';
import { problem } from '../web/errors.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import type { UploadStore } from './ports.ts';

type Ctx = Context<AppEnv>;

export interface UploadRoutes {
  /** Where it begins; the pieces follow under it. */
  path: string;
  access: Access;
  uploads: UploadStore;
  /** Size of a piece: well below what a request may have. */
  pieceBytes: number;
  /** Asked before anything is taken, and again at the end. */
  allow?(c: Ctx): Promise<Result<void>>;
  /** The whole file is there: gives where the browser goes next. */
  onEnd(c: Ctx, upload: { path: string; isSealed: boolean }): Promise<Result<string>>;
}

/** Left free on the disk while a file comes in. */
const MARGIN_BYTES = 64 * 1024 * 1024;

/** A large file in pieces: begin, as many pieces as it takes, end. Answers in JSON, for backups.js. */
export function addUploadRoutes(web: WebRoutes, routes: UploadRoutes): void {
  const { path, access, uploads, pieceBytes } = routes;
  web.page('post', path, access, async (c) => {
    const allowed = await routes.allow?.(c);
    if (allowed && !allowed.ok) return problem(c, allowed.error);
    const bytes = Number((await c.req.parseBody()).bytes);
    const free = uploads.freeBytes();
    if (!Number.isSafeInteger(bytes) || bytes < 1024) return problem(c, noBackup);
    if (bytes + MARGIN_BYTES > free) return problem(c, noRoom(bytes, free));
    return c.json({ id: uploads.begin(bytes), pieceBytes });
  });
  web.page('post', `${path}/:id/pieces/:offset`, access, async (c) => {
    const piece = new Uint8Array(await c.req.arrayBuffer());
    const received = uploads.add(c.req.param('id') ?? '', Number(c.req.param('offset')), piece);
    return received === null ? problem(c, lost) : c.json({ received });
  });
  web.page('post', `${path}/:id/end`, access, async (c) => {
    const allowed = await routes.allow?.(c);
    if (allowed && !allowed.ok) return problem(c, allowed.error);
    const finished = uploads.finish(c.req.param('id') ?? '');
    if (finished === null) return problem(c, lost);
    const ended = await routes.onEnd(c, finished);
    return ended.ok ? c.json({ location: ended.value }) : problem(c, ended.error);
  });
}

const noBackup: Refusal = { code: 'invalid', message: 'This is no backup: it is too small.', field: 'file' };
const lost: Refusal = {
  code: 'conflict',
  message: 'The upload was interrupted, or another one began.',
  hint: 'Begin again.',
};

function noRoom(bytes: number, free: number): Refusal {
  return {
    code: 'no_room',
    message: `The file has ${formatBytes(bytes)}; ${formatBytes(free)} are free on this Ampra's disk.`,
    hint: 'Free some space, or put the file there and use: ampra restore FILE.',
  };
}
