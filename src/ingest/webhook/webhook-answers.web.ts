import { jsonBoundBroken } from '../../core/json-bounds.ts';
import type { RejectedValue } from '../../core/reading.ts';
import type { Refusal } from '../../core/result.ts';
import { type Accepted, IngestRefusal } from '../ports.ts';

const MOST_NAMED = 1000;

/** The same for a wrong signature and for a source that is not there. */
export const notSigned: Refusal = {
  code: 'unauthenticated',
  message: 'The signature does not fit this source, timestamp and body.',
  hint: 'X-Ampra-Signature is sha256= and the hex HMAC-SHA256 of "<X-Ampra-Timestamp>.<raw body>" under the secret of the source.',
};

/** For a post without a signature, or with something that cannot be one; told before the body is read. */
export const noSignature: Refusal = {
  code: 'unauthenticated',
  field: 'X-Ampra-Signature',
  message: 'X-Ampra-Signature must be sha256= and 64 hex digits.',
  ...(notSigned.hint ? { hint: notSigned.hint } : {}),
};

/** After many wrong signatures for one source from one address; who signs rightly never gets it. */
export const tooManyWrong = (retryAfterS: number): Refusal => ({
  code: 'rate_limited',
  message: 'The signature does not fit, again; many posts from this address for this source were signed wrongly.',
  hint: 'Check the secret in the device. A post that is signed rightly is taken at once.',
  retryAfterS,
});

/** Large bodies cost work before it is known whether they are signed. */
export const tooMuchUnsigned = (most: number, retryAfterS: number): Refusal => ({
  code: 'rate_limited',
  message: `Much that was signed wrongly came from this address; for a while only bodies up to ${most / 1024} kB are taken from it.`,
  hint: 'Send fewer readings in each post, or wait.',
  retryAfterS,
});

/** One source posts more often than any device has reason to. */
export const tooManyPosts = (retryAfterS: number): Refusal => ({
  code: 'rate_limited',
  message: 'Too many posts; send more readings in each.',
  retryAfterS,
});

/** The body is over the limit of bytes. */
export const tooLarge = (most: number): Refusal => ({
  code: 'too_large',
  message: `The body is larger than ${Math.floor(most / 1024 / 1024)} MB.`,
  hint: 'Send it in several posts.',
});

/** What is signed are the bytes as sent, and unpacking what a stranger packed is work for nothing. */
export const compressed: Refusal = {
  code: 'invalid',
  field: 'Content-Encoding',
  message: 'Compressed bodies are not accepted.',
  hint: 'Send the JSON as it is, without Content-Encoding.',
};

/** `ageMs` is NaN for what is no time at all. */
export const outsideWindow = (ageMs: number): Refusal => ({
  code: 'unauthenticated',
  field: 'X-Ampra-Timestamp',
  message: Number.isFinite(ageMs)
    ? `X-Ampra-Timestamp is ${Math.round(Math.abs(ageMs) / 1000)} s ${ageMs > 0 ? 'old' : 'ahead'}; 300 s are allowed.`
    : 'X-Ampra-Timestamp must be whole seconds since 1970.',
  hint: 'Set the clock of the sender.',
});

/** What was taken, and what not and why. */
export interface Answered extends Accepted {
  /** How many there were, where not all are named. */
  rejectedInAll?: number;
}

/** What the sender is told: by place in the batch; a list of everything wrong in a large one would be larger than it. */
export function namedInOrder({ accepted, rejected }: Accepted): Answered {
  const inOrder = rejected
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, field, message }) => ({ index, field, message }));
  if (inOrder.length <= MOST_NAMED) return { accepted, rejected: inOrder };
  return { accepted, rejected: inOrder.slice(0, MOST_NAMED), rejectedInAll: inOrder.length };
}

/** 400: each field at fault by the way to it, `[2].solarPower` in a batch, `solarPower` in one object, `body` for all. */
export function nothingGood(rejected: readonly RejectedValue[], body: Uint8Array): Refusal {
  const isBatch = isList(body, rejected);
  const inOrder = rejected.toSorted((a, b) => a.index - b.index).slice(0, MOST_NAMED);
  const fields = inOrder.map(({ index, field, message }) => ({ field: wayTo(isBatch, index, field), message }));
  const [first] = inOrder;
  const detail = first ? `: ${first.field ? `${first.field} ` : ''}${first.message}` : '';
  return { code: 'invalid', message: `Nothing in the body could be stored${detail}.`, fields };
}

function wayTo(isBatch: boolean, index: number, field: string): string {
  if (!isBatch) return field === '' ? 'body' : field;
  return field === '' ? `[${index}]` : `[${index}].${field}`;
}

const OPENING_BRACKET = 0x5b;
const SPACE = 0x20;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** True for a JSON array with something in it: only there does a place mean something. */
function isList(body: Uint8Array, rejected: readonly RejectedValue[]): boolean {
  const first = body.find((byte) => byte > SPACE && !BYTE_ORDER_MARK.includes(byte));
  if (first !== OPENING_BRACKET) return false;
  // It was read as a list already: reading eight megabytes again takes as much memory again.
  if (rejected.some(({ index, field }) => index > 0 || field !== '')) return true;
  if (jsonBoundBroken(body) !== null) return false;
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    return Array.isArray(json) && json.length > 0;
  } catch {
    return false;
  }
}

/** Why nothing was taken at all. */
export function notTaken(error: Error): Refusal {
  if (error instanceof IngestRefusal && error.reason === 'inactive')
    return { code: 'forbidden', message: error.message, hint: 'Its owner can switch it on again on its page.' };
  return {
    code: 'unavailable',
    message: 'The readings could not be written to disk, so they were not taken. Send them again later.',
    retryAfterS: 10,
  };
}
