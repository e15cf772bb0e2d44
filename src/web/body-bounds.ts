import type { Context } from 'hono';
import { jsonBoundBroken } from '../core/json-bounds.ts';
import type { Refusal } from '../core/result.ts';
import type { AppEnv } from './app-env.ts';

/** The largest form, a mapping of 200 lines, has some 1,500. */
const MOST_FIELDS = 5000;
const AMPERSAND = 0x26;

/**
 * Why a body is not worth to be parsed, whoever sends it: eight megabytes of tiny fields, or of names that are all different,
 * stop everybody else for seconds. What is read here is kept for the handler.
 */
export async function brokenBound(c: Context<AppEnv>): Promise<Refusal | null> {
  const type = (c.req.header('Content-Type') ?? '').trim();
  const isForm = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type);
  if (!isForm && !/^application\/(?:[a-z0-9.-]+\+)?json\b/i.test(type)) return null;
  const bytes = await c.req.bytes().catch(() => null);
  // A body that breaks off is for whoever parses it to refuse.
  if (bytes === null) return null;
  if (isForm) return fieldCount(bytes, type) > MOST_FIELDS ? tooLarge(`has more than ${MOST_FIELDS} fields`) : null;
  const broken = jsonBoundBroken(bytes);
  return broken === null ? null : tooLarge(broken);
}

function fieldCount(bytes: Uint8Array, type: string): number {
  if (!/^multipart/i.test(type)) return bytes.reduce((count, byte) => count + (byte === AMPERSAND ? 1 : 0), 1);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const boundary = /boundary="?([^";]+)/i.exec(type)?.[1]?.trim();
  // A mark that cannot be found is no bound: then the name that each part needs is counted.
  const mark = boundary && buffer.includes(`--${boundary}`) ? `--${boundary}` : '; name=';
  let count = 0;
  for (let at = buffer.indexOf(mark); at !== -1 && count <= MOST_FIELDS; at = buffer.indexOf(mark, at + mark.length))
    count++;
  return count;
}

const tooLarge = (what: string): Refusal => ({ code: 'too_large', message: `The body ${what}. Nothing was stored.` });
