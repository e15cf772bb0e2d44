import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { refused } from './errors.tsx';
import type { AppEnv } from './routes.ts';

/** Refuses a body above `maxBytes`, by its announced length at once, else as soon as it has grown too long. */
export function bodyLimits({ maxBytes }: { maxBytes: number }): MiddlewareHandler<AppEnv> {
  const megabytes = Math.round(maxBytes / 1024 / 1024);
  return bodyLimit({
    maxSize: maxBytes,
    onError: (c) =>
      refused(c, {
        code: 'too_large',
        message: `At most ${megabytes} MB at once. Nothing was stored.`,
        hint: 'Send it in smaller parts.',
      }),
  });
}
