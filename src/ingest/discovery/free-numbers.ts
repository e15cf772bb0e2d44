import type { MetricValues } from '../../core/reading.ts';
import type { DialectContext } from '../dialect.ts';
import { recogniseMessage } from '../dialects.ts';
import { type MappingRule, mappingDialect } from '../mapping/mapping.ts';
import { without } from '../mapping/mapping-over.ts';
import { parsePath } from '../payload/json-path.ts';
import type { MessageView } from '../payload/message-view.ts';
import { toCatalogue, unitsFor } from '../payload/unit-conversion.ts';
import { meaningAt, topicWords } from '../plain/plain-meaning.ts';
import { describeName } from '../words/described-name.ts';
import { saysNothing } from '../words/name-words.ts';
import { type FoundNumber, numbersIn } from './device-look.ts';

const MOST_FREE = 20;

/** A number of which nothing is made. */
export interface FreeNumber extends FoundNumber {
  /** What its name says that it may be, as a help for whoever knows it; null where it says nothing. */
  metric: string | null;
  /** '' for the metric's own unit. */
  unit: string;
  /** True where the name calls it a power, even one that may be half of something: what most people come for. */
  isPower: boolean;
}

/**
 * The numbers of a message of which nothing is made: no line names them, and the dialect that knows the message would
 * say the same without them. What it refused (a voltage in millivolts) is among them: a line can say how to read it.
 */
export function freeNumbers(view: MessageView, rules: readonly MappingRule[], context: DialectContext): FreeNumber[] {
  const unnamed = numbersIn(view).filter(({ path }) => !isNamed(path, rules, view, context));
  const free = unnamed.filter(isUnread(view, context)).map((one) => ({ ...one, ...guessOf(one, view) }));
  // Powers come first, and what may be something before what nobody needs.
  return free.sort((a, b) => placeOf(a) - placeOf(b)).slice(0, MOST_FREE);
}

const placeOf = ({ isPower, metric }: FreeNumber): number => (isPower ? 0 : metric === null ? 2 : 1);

type Guess = Pick<FreeNumber, 'metric' | 'unit' | 'isPower'>;
const POWER = /^k?W$/;
/** What the name says by itself, whatever else is in doubt: the unit of a number, or its sign. */
function guessOf({ path, value, unit: said }: FoundNumber, { segments }: MessageView): Guess {
  const levels = segments.filter((level) => !saysNothing(level)).slice(-2);
  const names = [...levels, ...path.split(/[.[\]]+/)].filter((name) => name !== '');
  const isPower = POWER.test(said || (describeName(topicWords(names.at(-1) ?? ''))?.unit ?? ''));
  const meaning = meaningAt(names.join('/'), { device: 'inverter', unit: said, isPhased: false });
  // One half of a quantity is not the whole of it.
  if (!meaning || meaning.isBare || meaning.field.side !== undefined) return { metric: null, unit: '', isPower };
  const { metric, field } = meaning;
  if (metric === 'stateOfCharge' && said === '' && value > 0 && value <= 1) return { metric, unit: '0..1', isPower };
  const [own, ...others] = unitsFor(metric);
  const unit = others.find((one) => one !== own && toCatalogue(metric, one, 1) === (field.by ?? 1)) ?? '';
  return { metric, unit, isPower: isPower || /Power$/.test(metric) };
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
