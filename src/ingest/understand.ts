import type { MetricValues } from '../core/reading.ts';
import { NOBODY_KNOWS, STANDS_FOR_UNKNOWN } from '../sources/refused-words.ts';
import type { Dialect, DialectContext, Recognition } from './dialect.ts';
import { interpretView } from './dialects.ts';
import type { MessageView } from './payload/message-view.ts';

/** What was made of a message. */
export interface Understanding {
  dialect: string | null;
  recognition: Recognition | null;
  values: MetricValues;
  problem: string | null;
}

/** What the surest dialect makes of a message. */
export function understand(
  view: MessageView,
  context: DialectContext,
  known: readonly Dialect[],
): Understanding & { isAnnouncement?: boolean | undefined } {
  const found = interpretView(view, context, known);
  if (!found) return { dialect: null, recognition: null, values: {}, problem: NOBODY_KNOWS };
  const { readings, rejected, isAnnouncement } = found.interpretation;
  const values = Object.assign({}, ...readings.map((reading) => reading.values));
  const wrong = rejected.find(({ message }) => message !== STANDS_FOR_UNKNOWN);
  const problem = wrong ? `${wrong.field} ${wrong.message}`.trim() : null;
  return { dialect: found.dialect, recognition: found.recognition, values, problem, isAnnouncement };
}
