import type { MetricValues } from '../core/reading.ts';
import { type FoundNumber, numbersIn } from './device-look.ts';
import type { DialectContext } from './dialect.ts';
import { recogniseMessage } from './dialects.ts';
import { parsePath } from './json-path.ts';
import { type MappingRule, mappingDialect } from './mapping.ts';
import { without } from './mapping-over.ts';
import type { MessageView } from './message-view.ts';

const MOST_FREE = 20;

/**
 * The numbers of a message of which nothing is made: no line names them, and the dialect that knows the message would
 * say the same without them. What it refused (a voltage in millivolts) is among them: a line can say how to read it.
 */
export function freeNumbers(
  view: MessageView,
  rules: readonly MappingRule[],
  context: DialectContext,
): { path: string; value: number }[] {
  const unnamed = numbersIn(view).filter(({ path }) => !isNamed(path, rules, view, context));
  return unnamed.filter(isUnread(view, context)).slice(0, MOST_FREE);
}

function isNamed(path: string, rules: readonly MappingRule[], view: MessageView, context: DialectContext): boolean {
  return mappingDialect(rules.filter((rule) => rule.path === path)).recognise(view, context) !== null;
}

function isUnread(view: MessageView, { memory: _, ...context }: DialectContext): (number: FoundNumber) => boolean {
  const owner = recogniseMessage(view, context)?.dialect;
  if (!owner) return () => true;
  const said = (message: MessageView) => {
    const { readings } = owner.interpret(message, context);
    const values: MetricValues = Object.assign({}, ...readings.map((reading) => reading.values));
    return JSON.stringify([values, readings.map(({ time }) => time)]);
  };
  const whole = said(view);
  return ({ path }) => {
    const steps = parsePath(path);
    // A bare value that a dialect knows is read as a whole.
    const rest = steps && steps.length > 0 ? without([steps], view) : null;
    return rest !== null && said(rest) === whole;
  };
}
