import type { Context } from 'hono';
import { type Clock, houseTimeOf, isClockSet } from '../../core/clock.ts';
import { minutes } from '../../core/durations.ts';
import { addressKey, RateLimiter } from '../../core/rate-limit.ts';
import type { Refusal } from '../../core/result.ts';
import { isPlausible } from '../../core/unset-time.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import { type ProblemWords, problem } from '../../web/errors.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import type { TurnedAwayMemory } from '../inbox/turned-away-service.ts';
import type { IngestService } from '../ports.ts';
import { AnsweredPosts } from './answered-posts.ts';
import { LongPosts } from './long-posts.ts';
import { PostPace } from './post-pace.ts';
import {
  type Answered,
  compressed,
  namedInOrder,
  noSignature,
  nothingGood,
  notSigned,
  notTaken,
  outsideWindow,
  tooLarge,
  tooManyPosts,
  tooManyWrong,
  tooMuchUnsigned,
} from './webhook-answers.web.ts';
import { webhookDescription } from './webhook-description.web.ts';
import { isSignature, isSignedBy } from './webhook-signature.ts';

export interface WebhookDeps {
  ingest: IngestService;
  sources: SourceDirectory;
  clock: Clock;
  maxBodyBytes: number;
  /** Told of posts that were turned away, and of those that came in. */
  turnedAway: Pick<TurnedAwayMemory, 'wrongPost' | 'cameIn'>;
}

const WINDOW_MS = minutes(5);
/** Signed posts of one source: bursts of 1,000, 200 a second. */
const POSTS = { capacity: 1000, refillMs: 5 };
/** Wrong signatures for one source from one address: bursts of 30, one in 2 seconds. */
const WRONG = { capacity: 30, refillMs: 2000 };
/** Megabytes that one address may have hashed for nothing: 64 at once, one a second. A Pi 4 hashes 100 and more a second. */
const WASTED = { capacity: 64, refillMs: 1000 };
const MEGABYTE = 1024 * 1024;
/** A body that costs next to nothing, and holds any device's readings; taken whatever else its address sent. */
const SMALL_BODY = 64 * 1024;
/** Used for sources that are not there, so that they answer like a wrong signature, and as slowly. */
const NOBODYS_SECRET = '0'.repeat(64);

type Outcome = { refusal: Refusal } | { answer: Answered };
/** Answers that are remembered; each thing that an answer names counts like one more. */
const MOST_ANSWERS = 20_000;
const answerWeight = (outcome: Outcome): number =>
  1 + ('refusal' in outcome ? (outcome.refusal.fields?.length ?? 0) : outcome.answer.rejected.length);

interface TurnedAwayPost {
  id: string;
  why: 'unsigned' | 'signature' | 'clock';
  address: string;
  ageMs?: number;
}

type Signed = { source: Source; body: Uint8Array; signature: string };

const UNSIGNED: ProblemWords = { title: 'The signature is not right', challenge: 'Ampra-Signature' };
const UNSUPPORTED: ProblemWords = { title: 'This encoding is not supported', status: 415 };

/** `POST /hooks/<source id>`: signed batches of readings, answered with 202 once they are on disk. */
export function registerWebhook(web: WebRoutes, deps: WebhookDeps): void {
  const posts = new RateLimiter({ ...POSTS, clock: deps.clock });
  const pace = new PostPace(deps);
  const long = new LongPosts({ room: deps.ingest.room?.bind(deps.ingest) });
  const door = new Door(deps);
  const answered = new AnsweredPosts<Outcome>({ keepMs: 2 * WINDOW_MS, most: MOST_ANSWERS, weightOf: answerWeight });

  web.hook(
    'post',
    '/hooks/:id',
    async (c) => {
      if (!/^(identity)?$/i.test(c.req.header('content-encoding')?.trim() ?? ''))
        return problem(c, compressed, UNSUPPORTED);
      const signed = await door.open(c);
      if ('refusal' in signed) {
        const { refusal } = signed;
        return problem(c, refusal, refusal.code === 'unauthenticated' ? UNSIGNED : {});
      }
      const { source, body, signature } = signed;
      const post = posts.take(source.id);
      if (!post.isAllowed) return problem(c, tooManyPosts(post.retryAfterS));
      const key = `${source.id} ${signature}`;
      await pace.turn(source.id, body.length);
      const work = () => answered.once(key, deps.clock.now(), () => take(source, body));
      const outcome = await long.run(body.length, work);
      if (!('refusal' in outcome)) return c.json(outcome.answer, 202);
      if (outcome.refusal.code === 'unavailable') answered.forget(key);
      return problem(c, outcome.refusal);
    },
    webhookDescription,
  );

  function take(source: Source, body: Uint8Array): Promise<Outcome> {
    return new Promise((resolve) => {
      const topic = `hooks/${source.id}`;
      const message = { topic, payload: body, receivedAt: deps.clock.now(), isRetained: false };
      deps.ingest.receive(source, 'webhook', message, (error, accepted) => {
        if (error) resolve({ refusal: notTaken(error) });
        else if (accepted.accepted === 0) resolve({ refusal: nothingGood(accepted.rejected, body) });
        else resolve({ answer: namedInOrder(accepted) });
      });
    });
  }
}

/**
 * Who may come in. What costs nothing is looked at first, then the body is read and hashed. A right signature is taken
 * however many wrong ones came from the same address: a household is one address to us behind a proxy, and one device with
 * an old key must not lock the others out. What strangers can make us hash is bounded by bytes instead.
 */
class Door {
  private readonly wrong: RateLimiter;
  private readonly wasted: RateLimiter;

  constructor(private readonly deps: WebhookDeps) {
    this.wrong = new RateLimiter({ ...WRONG, clock: deps.clock });
    this.wasted = new RateLimiter({ ...WASTED, clock: deps.clock });
  }

  async open(c: Context<AppEnv>): Promise<{ refusal: Refusal } | Signed> {
    const timestamp = c.req.header('x-ampra-timestamp')?.trim() ?? '';
    const header = c.req.header('x-ampra-signature')?.trim() ?? '';
    const [id, address] = [c.req.param('id') ?? '', c.var.clientAddress];
    if (!isSignature(header)) return this.turnAway({ id, address, why: 'unsigned' }, noSignature);
    const age = /^\d{1,12}$/.test(timestamp) ? this.deps.clock.now() - Number(timestamp) * 1000 : Number.NaN;
    if (!(Math.abs(age) <= WINDOW_MS) && !this.isWitness(Number(timestamp) * 1000))
      return this.turnAway({ id, address, why: 'clock', ageMs: age }, outsideWindow(age));
    const read = await this.read(c, addressKey(address));
    return 'refusal' in read ? read : this.check({ id, address, timestamp, header, ...read });
  }

  /** The page of the source says so; of a source that is not there nothing is kept. */
  private turnAway({ id, why, address, ageMs }: TurnedAwayPost, refusal: Refusal): { refusal: Refusal } {
    if (this.deps.sources.byId(id)) this.deps.turnedAway.wrongPost(id, why, address, ageMs);
    return { refusal };
  }

  /** While nobody knows the time, a device that signs one is not sent away, but listened to. */
  private isWitness(time: number): boolean {
    return !isClockSet(this.deps.clock) && isPlausible(time);
  }

  private async read(c: Context<AppEnv>, address: string): Promise<{ refusal: Refusal } | { body: Uint8Array }> {
    const { maxBodyBytes } = this.deps;
    const trust = this.wasted.peek(address);
    const most = trust.isAllowed ? maxBodyBytes : Math.min(SMALL_BODY, maxBodyBytes);
    const body = await readBody(c, most);
    if (body !== null) return { body };
    return { refusal: trust.isAllowed ? tooLarge(maxBodyBytes) : tooMuchUnsigned(most, trust.retryAfterS) };
  }

  private async check(of: {
    id: string;
    address: string;
    timestamp: string;
    header: string;
    body: Uint8Array;
  }): Promise<{ refusal: Refusal } | Signed> {
    const { id, address, timestamp, header, body } = of;
    const source = this.deps.sources.byId(id);
    const secret = this.deps.sources.webhookSecret(id);
    const isValid = await isSignedBy(secret ?? NOBODYS_SECRET, { timestamp, body, header });
    if (isValid && source && secret) {
      houseTimeOf(this.deps.clock)?.witness(`hook ${id}`, Number(timestamp) * 1000);
      this.deps.turnedAway.cameIn(id, 'webhook');
      return { source, body, signature: header.toLowerCase() };
    }
    this.wasted.charge(addressKey(address), body.length / MEGABYTE);
    const guess = this.wrong.take(`${addressKey(address)} ${id.slice(0, 64)}`);
    return this.turnAway(
      { id, address, why: 'signature' },
      guess.isAllowed ? notSigned : tooManyWrong(guess.retryAfterS),
    );
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
