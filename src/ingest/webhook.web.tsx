import type { Context } from 'hono';
import type { Clock } from '../core/clock.ts';
import { minutes } from '../core/durations.ts';
import { addressKey, RateLimiter } from '../core/rate-limit.ts';
import type { RejectedValue } from '../core/reading.ts';
import type { Refusal } from '../core/result.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { problem } from '../web/errors.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import { AnsweredPosts } from './answered-posts.ts';
import { type Accepted, IngestRefusal, type IngestService } from './ports.ts';
import { isSignedBy } from './webhook-signature.ts';

export interface WebhookDeps {
  ingest: IngestService;
  sources: SourceDirectory;
  clock: Clock;
  maxBodyBytes: number;
}

const WINDOW_MS = minutes(5);
/** Signed posts of one source: bursts of 1,000, 200 a second. */
const POSTS = { capacity: 1000, refillMs: 5 };
/** Wrong signatures from one address: bursts of 30, one in 2 seconds. */
const GUESSES = { capacity: 30, refillMs: 2000 };
/** Used for sources that are not there, so that they answer like a wrong signature, and as slowly. */
const NOBODYS_SECRET = '0'.repeat(64);
const MOST_NAMED = 1000;

type Outcome = { refusal: Refusal } | { accepted: Accepted };

const notSigned: Refusal = {
  code: 'unauthenticated',
  message: 'The signature does not fit this source, timestamp and body.',
  hint: 'X-Ampra-Signature is sha256= and the hex HMAC-SHA256 of "<X-Ampra-Timestamp>.<raw body>" under the secret of the source.',
};

/** `POST /hooks/<source id>`: signed batches of readings, answered with 202 once they are on disk. */
export function registerWebhook(web: WebRoutes, deps: WebhookDeps): void {
  const posts = new RateLimiter({ ...POSTS, clock: deps.clock });
  const guesses = new RateLimiter({ ...GUESSES, clock: deps.clock });
  const answered = new AnsweredPosts<Outcome>({ keepMs: 2 * WINDOW_MS, most: 20_000 });

  web.hook('post', '/hooks/:id', async (c) => {
    const address = addressKey(c.var.clientAddress);
    const id = c.req.param('id') ?? '';
    const body = await readBody(c, deps.maxBodyBytes);
    if (body === null) return problem(c, tooLarge(deps.maxBodyBytes));
    const guess = guesses.take(address);
    if (!guess.isAllowed) return problem(c, tooMany(guess.retryAfterS));
    const signed = await checkSignature(c, id, body);
    if ('refusal' in signed) return problem(c, signed.refusal);
    guesses.refund(address);
    const post = posts.take(id);
    if (!post.isAllowed) return problem(c, tooMany(post.retryAfterS));
    const key = `${id} ${signed.signature}`;
    const outcome = await answered.once(key, deps.clock.now(), () => take(signed.source, body));
    if (!('refusal' in outcome)) return c.json(trimmed(outcome.accepted), 202);
    if (outcome.refusal.code === 'unavailable') answered.forget(key);
    return problem(c, outcome.refusal);
  });

  async function checkSignature(
    c: Context<AppEnv>,
    id: string,
    body: Uint8Array,
  ): Promise<{ refusal: Refusal } | { source: Source; signature: string }> {
    const timestamp = c.req.header('x-ampra-timestamp')?.trim() ?? '';
    const header = c.req.header('x-ampra-signature') ?? '';
    const source = deps.sources.byId(id);
    const secret = source && deps.sources.webhookSecret(id);
    const isValid = await isSignedBy(secret ?? NOBODYS_SECRET, { timestamp, body, header });
    if (!isValid || !source || !secret) return { refusal: notSigned };
    const age = deps.clock.now() - Number(timestamp) * 1000;
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(age) > WINDOW_MS) return { refusal: outsideWindow(age) };
    return { source, signature: header.trim().toLowerCase() };
  }

  function take(source: Source, body: Uint8Array): Promise<Outcome> {
    return new Promise((resolve) => {
      const topic = `hooks/${source.id}`;
      const message = { topic, payload: body, receivedAt: deps.clock.now(), isRetained: false };
      deps.ingest.receive(source, 'webhook', message, (error, accepted) => {
        if (error) resolve({ refusal: refusalOf(error) });
        else if (accepted.accepted === 0) resolve({ refusal: nothingGood(accepted.rejected) });
        else resolve({ accepted });
      });
    });
  }
}

/** The body, or null when it is larger than allowed; what is too large is not read to its end. */
async function readBody(c: Context<AppEnv>, most: number): Promise<Uint8Array | null> {
  if (Number(c.req.header('content-length') ?? 0) > most) return null;
  if (c.req.header('content-length') !== undefined) {
    const body = new Uint8Array(await c.req.arrayBuffer());
    return body.length > most ? null : body;
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of c.req.raw.body ?? []) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

/** A list of everything wrong in a large batch would be larger than the batch. */
function trimmed({ accepted, rejected }: Accepted) {
  if (rejected.length <= MOST_NAMED) return { accepted, rejected };
  return { accepted, rejected: rejected.slice(0, MOST_NAMED), rejectedInAll: rejected.length };
}

function nothingGood(rejected: readonly RejectedValue[]): Refusal {
  const fields = rejected
    .slice(0, MOST_NAMED)
    .map(({ index, field, message }) => ({ field: field === '' ? `[${index}]` : `[${index}].${field}`, message }));
  const first = rejected[0];
  const detail = first ? `: ${first.field ? `${first.field} ` : ''}${first.message}` : '';
  return { code: 'invalid', message: `Nothing in the body could be stored${detail}.`, fields };
}

function refusalOf(error: Error): Refusal {
  if (error instanceof IngestRefusal && error.reason === 'inactive')
    return { code: 'forbidden', message: error.message, hint: 'Its owner can switch it on again on its page.' };
  return {
    code: 'unavailable',
    message: 'The readings could not be written to disk, so they were not taken. Send them again later.',
    retryAfterS: 10,
  };
}

const tooMany = (retryAfterS: number): Refusal => ({
  code: 'rate_limited',
  message: 'Too many posts; send more readings in each.',
  retryAfterS,
});

const tooLarge = (most: number): Refusal => ({
  code: 'too_large',
  message: `The body is larger than ${Math.floor(most / 1024 / 1024)} MB.`,
  hint: 'Send it in several posts.',
});

const outsideWindow = (ageMs: number): Refusal => ({
  code: 'unauthenticated',
  field: 'X-Ampra-Timestamp',
  message: Number.isFinite(ageMs)
    ? `X-Ampra-Timestamp is ${Math.round(Math.abs(ageMs) / 1000)} s ${ageMs > 0 ? 'old' : 'ahead'}; 300 s are allowed.`
    : 'X-Ampra-Timestamp must be whole seconds since 1970.',
  hint: 'Set the clock of the sender.',
});
