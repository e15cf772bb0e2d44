import type { MetricValues } from '../core/reading.ts';
import { NOBODY_KNOWS } from '../sources/refused-words.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { recogniseMessage } from './dialects.ts';
import type { MessageView } from './message-view.ts';

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
  context: Parameters<Dialect['interpret']>[1],
  known: readonly Dialect[],
): Understanding & { isAnnouncement?: boolean | undefined } {
  const found = recogniseMessage(view, context, known);
  if (!found) return { dialect: null, recognition: null, values: {}, problem: NOBODY_KNOWS };
  context.memory?.parts.turnTo(view.topic, found.dialect.name);
  const { readings, rejected, isAnnouncement } = found.dialect.interpret(view, context);
  const values = Object.assign({}, ...readings.map((reading) => reading.values));
  const wrong = rejected[0];
  const problem = wrong ? `${wrong.field} ${wrong.message}`.trim() : null;
  return { dialect: found.dialect.name, recognition: found.recognition, values, problem, isAnnouncement };
}
