import type { Dialect, DialectContext, IncomingMessage, Interpretation } from './dialect.ts';
import { ownFormat } from './own-format.ts';

/** Every device family that Ampra understands. A new one is a file of its own and a line here. */
export const dialects: readonly Dialect[] = [ownFormat];

/** What the dialect that is surest of the message makes of it; null when none knows it. */
export function interpretMessage(
  message: IncomingMessage,
  context: DialectContext,
  known: readonly Dialect[] = dialects,
): { dialect: string; interpretation: Interpretation } | null {
  let best: Dialect | null = null;
  let surest = 0;
  for (const dialect of known) {
    const sureness = dialect.recognise(message);
    if (sureness > surest) {
      best = dialect;
      surest = sureness;
    }
    if (surest >= 1) break;
  }
  return best ? { dialect: best.name, interpretation: best.interpret(message, context) } : null;
}
