import type { MetricValues } from '../core/reading.ts';
import { type FoundNumber, numbersIn } from './device-look.ts';
import type { DialectContext } from './dialect.ts';
import { recogniseMessage } from './dialects.ts';
import { parsePath } from './json-path.ts';
import { type MappingRule, mappingDialect } from './mapping.ts';
import { without } from './mapping-over.ts';
import type { MessageView } from './message-view.ts';
import { meaningAt } from './plain-meaning.ts';
import { toCatalogue, unitsFor } from './unit-conversion.ts';

const MOST_FREE = 20;

/** A number of which nothing is made. */
export interface FreeNumber extends FoundNumber {
  /** What its name says that it may be, as a help for whoever knows it; null where it says nothing. */
  metric: string | null;
  /** '' for the metric's own unit. */
  unit: string;
}

/**
 * The numbers of a message of which nothing is made: no line names them, and the dialect that knows the message would
 * say the same without them. What it refused (a voltage in millivolts) is among them: a line can say how to read it.
 */
export function freeNumbers(view: MessageView, rules: readonly MappingRule[], context: DialectContext): FreeNumber[] {
  const unnamed = numbersIn(view).filter(({ path }) => !isNamed(path, rules, view, context));
  const free = unnamed.filter(isUnread(view, context)).map((one) => ({ ...one, ...guessOf(one, view) }));
  // What may be something comes before what nobody needs.
  return free.sort((a, b) => Number(a.metric === null) - Number(b.metric === null)).slice(0, MOST_FREE);
}

const NO_GUESS = { metric: null, unit: '' };
/** Last levels that say nothing. */
const SAYS_NOTHING = /^(state|value|telemetry|sensor|status|data|json)$/i;

/** What the name says by itself, whatever else is in doubt: the unit of a number, or its sign. */
function guessOf({ path, value }: FoundNumber, { segments }: MessageView): { metric: string | null; unit: string } {
  const levels = segments.filter((level) => !SAYS_NOTHING.test(level)).slice(-2);
  const place = [...levels, ...path.split(/[.[\]]+/)].filter((name) => name !== '').join('/');
  const meaning = meaningAt(place, { device: 'inverter', unit: '', isPhased: false });
  // One half of a quantity is not the whole of it.
  if (!meaning || meaning.isBare || meaning.field.side !== undefined) return NO_GUESS;
  const { metric, field } = meaning;
  if (metric === 'stateOfCharge' && value > 0 && value <= 1) return { metric, unit: '0..1' };
  const [own, ...others] = unitsFor(metric);
  const unit = others.find((one) => one !== own && toCatalogue(metric, one, 1) === (field.by ?? 1)) ?? '';
  return { metric, unit };
}

function isNamed(path: string, rules: readonly MappingRule[], view: MessageView, context: DialectContext): boolean {
  return mappingDialect(rules.filter((rule) => rule.path === path)).recognise(view, context) !== null;
}

function isUnread(view: MessageView, context: DialectContext): (number: FoundNumber) => boolean {
  const { memory } = context;
  // Each look begins with the same memory, or the second one would remember the first.
  const looking = (): DialectContext => (memory ? { ...context, memory: memory.glance() } : context);
  const owner = recogniseMessage(view, looking())?.dialect;
  if (!owner) return () => true;
  const said = (message: MessageView) => {
    const { readings } = owner.interpret(message, looking());
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
