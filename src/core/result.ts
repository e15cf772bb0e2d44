/**
 * The outcome of a use case that can be refused: broken things throw, refusals are values.
 * A refusal carries a sentence for the person, a machine code for programs and, where it helps, what to do.
 */
export type Result<T> = { ok: true; value: T } | { ok: false; error: Refusal };

/** Why something was refused. `field` names the input at fault; `hint` says what to do about it. */
export interface Refusal {
  code: RefusalCode;
  message: string;
  field?: string;
  hint?: string;
  /** Every field at fault, when there is more than one. */
  fields?: { field: string; message: string }[];
  /** Seconds until trying again makes sense (`rate_limited`). */
  retryAfterS?: number;
}

/** One code, one HTTP status (see `src/web/errors.tsx`). `not_found` also stands for "not yours". */
export type RefusalCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'too_large'
  | 'wrong_method'
  | 'wrong_type'
  | 'rate_limited'
  | 'unavailable'
  | 'no_room';

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse(
  code: RefusalCode,
  message: string,
  more: Omit<Refusal, 'code' | 'message'> = {},
): Result<never> {
  return { ok: false, error: { code, message, ...more } };
}

/** A refusal as an exception, for places where the caller cannot go on (start-up, command line). */
export class AmpraError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.message, options);
    this.name = 'AmpraError';
    this.refusal = refusal;
  }
}

/** The value of a result, or its refusal thrown. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new AmpraError(result.error);
}
