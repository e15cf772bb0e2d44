import { type Result, refuse } from '../core/result.ts';

/** The refusal for an edit of something that changed meanwhile. */
export function stale(what: 'source' | 'group'): Result<never> {
  return refuse('stale', `This ${what} was changed by somebody else since you opened it.`, {
    hint: 'Look at what it is now, then save again. What you typed is kept.',
  });
}
