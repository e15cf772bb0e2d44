import { findMetric, type ListMetric, type NumericMetric, type TextMetric } from '../../core/metrics.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import { STANDS_FOR_UNKNOWN } from '../../sources/refused-words.ts';
import type { Dialect } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { type JsonPath, parsePath, valueAt } from '../payload/json-path.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';
import { tidy, toCatalogue, unitsFor } from '../payload/unit-conversion.ts';
import { isUnknownNumber, numberOf, quantityOf } from '../payload/written-number.ts';
import { matchPattern, parsePattern, type TopicPattern } from './topic-pattern.ts';

/** One line of a mapping: what stands where is which metric. */
export interface MappingRule {
  /** `shed/+/power`; `{name}` keeps a level apart, so that phases or strings can be added. */
  topic: string;
  /** `ENERGY.Power`; `''` when the payload is the value itself. */
  path: string;
  /** A metric of the catalogue, or `timestamp`. */
  metric: string;
  /** `''` for the catalogue's own. */
  unit: string;
  /** The device's value times this, the sign included, plus `offset`, is in `unit`. */
  factor: number;
  offset: number;
  /** Values of different topics are parts that are added up, not newer words for the same thing. */
  adds: boolean;
}

export const MOST_RULES = 200;
export const emptyRule: MappingRule = {
  topic: '',
  path: '',
  metric: '',
  unit: '',
  factor: 1,
  offset: 0,
  adds: false,
};
const TIMESTAMP = 'timestamp';

/** Checks rules from a form or file. Each fault names its field: `rules[2].unit`. */
export function readRules(raw: unknown): Result<MappingRule[]> {
  const fields: { field: string; message: string }[] = [];
  if (!Array.isArray(raw)) return refuse('invalid', 'rules must be a list.', { field: 'rules' });
  if (raw.length > MOST_RULES)
    return refuse('invalid', `A mapping has at most ${MOST_RULES} lines.`, { field: 'rules' });
  const rules = raw.map((item, i) =>
    readRule(item, (field, message) => {
      fields.push({ field: `rules[${i}]${field === '' ? '' : `.${field}`}`, message });
    }),
  );
  const [first] = fields;
  if (first) return refuse('invalid', `${first.field} ${first.message}.`, { fields });
  return ok(rules);
}

type Fault = (field: string, message: string) => void;

function readRule(raw: unknown, fault: Fault): MappingRule {
  const rule = asObject(raw);
  if (!rule) {
    fault('', 'must be an object');
    return emptyRule;
  }
  for (const name of Object.keys(rule)) if (!Object.hasOwn(emptyRule, name)) fault(name.slice(0, 64), 'is not known');
  const read: MappingRule = {
    topic: textOf(rule, 'topic', fault),
    path: textOf(rule, 'path', fault),
    metric: textOf(rule, 'metric', fault),
    unit: textOf(rule, 'unit', fault),
    factor: figureOf(rule, 'factor', 1, fault),
    offset: figureOf(rule, 'offset', 0, fault),
    adds: rule.adds === true,
  };
  if (rule.adds !== undefined && typeof rule.adds !== 'boolean') fault('adds', 'must be true or false');
  const pattern = parsePattern(read.topic);
  if (typeof pattern === 'string') fault('topic', pattern);
  if (parsePath(read.path) === null) fault('path', 'must be names and indices like ENERGY.Power or phases[0]');
  if (read.factor === 0) fault('factor', 'must not be 0');
  const metric = findMetric(read.metric);
  if (!metric && read.metric !== TIMESTAMP) fault('metric', 'must be a metric of the catalogue');
  else if (read.unit !== '' && !unitsFor(read.metric).includes(read.unit))
    fault('unit', metric?.unit ? `must be one of ${unitsFor(read.metric).join(', ')}` : 'must be empty');
  return read;
}

function textOf(rule: Record<string, unknown>, name: 'topic' | 'path' | 'metric' | 'unit', fault: Fault): string {
  const value = rule[name];
  if (typeof value === 'string') return value.trim();
  if (value !== undefined || name === 'topic' || name === 'metric') fault(name, 'must be a text');
  return '';
}

function figureOf(rule: Record<string, unknown>, name: string, usual: number, fault: Fault): number {
  const value = rule[name];
  if (value === undefined) return usual;
  if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= 1e9) return value;
  fault(name, 'must be a number');
  return usual;
}

interface CompiledRule extends MappingRule {
  pattern: TopicPattern;
  steps: JsonPath;
}

/** The rules as a dialect that is sure of itself: what the owner says goes before what Ampra would guess. */
export function mappingDialect(rules: readonly MappingRule[]): Dialect {
  const compiled = rules.flatMap((rule) => {
    const pattern = parsePattern(rule.topic);
    const steps = parsePath(rule.path);
    return typeof pattern === 'string' || steps === null ? [] : [{ ...rule, pattern, steps }];
  });
  return {
    name: 'mapping',
    recognise(message) {
      const root = new Root(message);
      const fits = compiled.some((rule) => fit(rule, message) !== null && root.at(rule) !== undefined);
      return fits ? { sureness: 1, reason: 'your mapping of this source' } : null;
    },
    interpret(message, context) {
      if (message.text === null) return nothingMeasured();
      const root = new Root(message);
      const draft = new Draft(context, message.receivedAt);
      let time: number | null = null;
      for (const rule of compiled) {
        const captured = fit(rule, message);
        const raw = captured === null ? undefined : root.at(rule);
        if (raw === undefined) continue;
        if (rule.metric === TIMESTAMP) time = draft.time(raw) ?? time;
        else take(draft, rule, raw, captured || (rule.adds ? message.topic : ''));
      }
      return draft.finish(time, time === null && root.isScalar);
    },
  };
}

const fit = (rule: CompiledRule, message: MessageView) => matchPattern(rule.pattern, message.segments);

function take(draft: Draft, rule: CompiledRule, raw: unknown, id: string): void {
  const metric = findMetric(rule.metric);
  if (metric?.kind === 'text') draft.text(rule.metric as TextMetric, raw);
  else if (metric?.kind === 'list') draft.codes(rule.metric as ListMetric, raw);
  else {
    const to = rule.metric as NumericMetric;
    // A unit behind the number says more than the line does.
    const quantity = quantityOf(raw);
    const number = quantity?.value ?? numberOf(raw);
    if (isUnknownNumber(raw)) draft.reject(to, STANDS_FOR_UNKNOWN);
    const value =
      number === null
        ? null
        : toCatalogue(rule.metric, quantity?.unit ?? rule.unit, tidy(number * rule.factor + rule.offset));
    // What does not add up is the newest word, whichever topic it came by.
    if (rule.adds) draft.take({ to, how: 'sum' }, value, { id: `${id} ${rule.path}`, order: 1 });
    else draft.take({ to }, value);
  }
}

/** A payload as rules look at it: JSON is parsed once, and only when a rule has a path. */
class Root {
  private parsed: unknown;

  constructor(private readonly message: MessageView) {}

  get isScalar(): boolean {
    return !/^\s*[[{]/.test(this.message.text ?? '');
  }

  at({ steps }: CompiledRule): unknown {
    if (steps.length === 0) return this.isScalar ? (this.message.text ?? undefined) : undefined;
    this.parsed ??= this.message.json ?? parsed(this.message.text);
    return valueAt(this.parsed, steps);
  }
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
