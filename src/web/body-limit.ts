import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { addressKey } from '../core/rate-limit.ts';
import type { Refusal } from '../core/result.ts';
import { BodyBudget } from './body-budget.ts';
import { refused } from './errors.tsx';
import type { AppEnv } from './routes.ts';

/** Larger bodies share a budget; those that do not say how long they are must stay below. */
export const SMALL_BODY_BYTES = 64 * 1024;
/** The longest form that people type has a few kilobytes. Reading a million fields takes seconds and half a gigabyte. */
const FORM_BYTES = 256 * 1024;
const BUDGET = { total: 32 * 1024 * 1024, ofOne: 8 * 1024 * 1024 };
const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\b/i;
const PARSED_TYPES = /^\s*(?:application\/(?:x-www-form-urlencoded|[a-z.+-]*json)|multipart\/form-data)\b/i;

/**
 * Refuses a body that is too long: by its announced length at once, one without as soon as it has grown too long. Bodies
 * under way share a budget, whoever sends them and however slowly: they are in memory until they are answered.
 */
export function bodyLimits({ maxBytes }: { maxBytes: number }): MiddlewareHandler<AppEnv> {
  const budget = new BodyBudget(BUDGET);
  const unannounced = Math.min(SMALL_BODY_BYTES, maxBytes);
  const whileItGrows = bodyLimit({ maxSize: unannounced, onError: (c) => refused(c, tooLong(unannounced, true)) });
  return async (c, next) => {
    if (!c.req.raw.body) return next();
    const bytes = announcedBytes(c);
    if (bytes === null) return whileItGrows(c, next);
    const isForm = FORM_TYPE.test(c.req.header('Content-Type') ?? '');
    const most = isForm ? Math.min(FORM_BYTES, maxBytes) : maxBytes;
    if (bytes > most) return refused(c, tooLong(most));
    if (bytes <= SMALL_BODY_BYTES) return next();
    const address = addressKey(c.var.clientAddress);
    if (!budget.take(address, bytes)) return refused(c, tooManyAtOnce);
    try {
      return await next();
    } finally {
      budget.giveBack(address, bytes);
    }
  };
}

/** True for a long form or JSON text of somebody whom nobody knows: it is not worth to be read. */
export function isLongFromStranger(c: Context<AppEnv>): boolean {
  if (c.var.viewer) return false;
  return (announcedBytes(c) ?? 0) > SMALL_BODY_BYTES && PARSED_TYPES.test(c.req.header('Content-Type') ?? '');
}

export const longFromStranger: Refusal = {
  code: 'too_large',
  message: `At most ${SMALL_BODY_BYTES / 1024} kB from somebody who is not signed in. Nothing was stored.`,
};

const tooManyAtOnce: Refusal = {
  code: 'rate_limited',
  message: 'Too much is being sent at once. Nothing was stored.',
  hint: 'Send it again when what is under way has arrived.',
  retryAfterS: 5,
};

function announcedBytes(c: Context): number | null {
  const length = c.req.header('Content-Length');
  return length === undefined || c.req.header('Transfer-Encoding') !== undefined ? null : Number(length);
}

function tooLong(most: number, isUnannounced = false): Refusal {
  const size = most >= 1024 * 1024 ? `${Math.round(most / 1024 / 1024)} MB` : `${Math.round(most / 1024)} kB`;
  return {
    code: 'too_large',
    message: `At most ${size} at once${isUnannounced ? ' without a Content-Length' : ''}. Nothing was stored.`,
    hint: isUnannounced ? 'Say how long it is, or send it in smaller parts.' : 'Send it in smaller parts.',
  };
}
