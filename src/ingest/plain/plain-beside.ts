import { textOf } from '../announced/announced-entities.ts';
import { isOtherKind } from '../announced/announced-metric.ts';
import { bareIn } from '../announced/bare-entity.ts';
import { idByName } from '../announced/entity-name.ts';
import { NOTHING_SAID, type Said } from '../announced/said-beside.ts';
import type { DialectContext } from '../dialect.ts';
import { type MessageView, parseJson } from '../payload/message-view.ts';
import { type NumberStyle, quantityIn, styleOf } from '../payload/number-style.ts';
import { knownUnits } from '../words/described-name.ts';
import { deviceKind } from '../words/device-words.ts';
import { spelledUnit, unitBase } from './plain-entries.ts';
import { meaningAt, topicWords } from './plain-meaning.ts';
import { basesOf, isNobodys } from './plain-places.ts';

/** A topic that says the unit of the value beside it (Homie, Home Assistant's statestream, Wiren Board, SolisCloud). */
const UNIT_TOPIC = /^(.+?)(?:\/(?:meta\/units|\$unit|unit_of_measurement|units?)|Str)$/;
/** And one that says what it is (Home Assistant's statestream). */
const CLASS_TOPIC = /^(.*\bsensor\/[^/]+)\/(?:device|state)_class$/;
const LONGEST_SAID = 40;

/** What a message says of another one's value: under which topic that stands, and its unit or class; null for any other message. */
function saidBeside(message: MessageView): { base: string; said: Partial<Said> } | null {
  const last = message.tail(0);
  if (!/unit|class|Str$/.test(last) || message.looksLikeData) return null;
  const text = withoutQuotes((message.text ?? '').trim());
  if (text.length > LONGEST_SAID || text.includes('\n') || !Number.isNaN(Number(text))) return null;
  const word = /^(null|none)$/i.test(text) ? '' : text;
  const unitOf = UNIT_TOPIC.exec(message.topic)?.[1];
  if (unitOf !== undefined) {
    const unit = spelledUnit(word);
    // Most texts of such a name are how something is.
    return last.endsWith('Str') && !knownUnits.includes(unit) ? null : { base: unitOf, said: { unit } };
  }
  const classOf = CLASS_TOPIC.exec(message.topic)?.[1];
  if (classOf === undefined) return null;
  return { base: classOf, said: last === 'state_class' ? { stateClass: word } : { deviceClass: word } };
}

/** Remembers what people call an entity whose id tells nothing; where it stands by that name, null for any other message. */
function namedBeside(message: MessageView, { memory }: DialectContext): { base: string; said: Partial<Said> } | null {
  if (message.tail(0) !== 'friendly_name' || message.tail(2) !== 'sensor') return null;
  const id = idByName(message.tail(1), withoutQuotes((message.text ?? '').trim()));
  if (id === null) return null;
  const base = `${message.base(2)}/${id}`;
  memory?.parts.said.learnName(message.base(1), base);
  return { base, said: {} };
}

/** A text as Home Assistant writes it: `"\u00b0C"`. */
function withoutQuotes(text: string): string {
  const said = text.startsWith('"') ? parseJson(text) : text;
  return typeof said === 'string' ? said.trim() : text.replaceAll('"', '');
}

/** Remembers the unit, the class or the name of a value; true where that means something. */
export function learnSaid(message: MessageView, context: DialectContext): boolean {
  const told = saidBeside(message) ?? namedBeside(message, context);
  if (told === null) return false;
  const { base } = told;
  // Also of what means nothing: that a value is a price must stop what its name says.
  const said = context.memory?.parts.said.learn(base, told.said) ?? { ...NOTHING_SAID, ...told.said };
  const entry = { path: base, value: LEAST_PACK_V, unit: said.unit };
  return (
    meaningAt(base, { ...said, device: deviceKind(base), isPhased: false }) !== null ||
    (!isOtherKind(said) && bareIn(base, entry, context) !== null)
  );
}

/** What topics beside say of a message's value, or itself in Home Assistant's words. */
export function saidOf(message: MessageView, { memory }: DialectContext): Said {
  const { device_class: deviceClass, state_class: stateClass } = (message.looksLikeObject && message.json) || {};
  if (typeof deviceClass === 'string') return { unit: '', deviceClass, stateClass: textOf(stateClass) };
  return memory?.parts.said.at(unitBase(message)) ?? NOTHING_SAID;
}

const [CHARGE_AT, COUNTED_AT, PACK_AT] = ['plain-charge', 'plain-counted', 'plain-pack'];
const CHARGE = /^(battery )?soc$/;
const COUNTED =
  /^((charge )?cycles?|cycle count|remaining capacity|capacity remaining|soh|((min|max|average|avg|delta) )?cell voltage.*)$/;
const VOLTAGE = /^((total|pack|battery) )?voltage$/;
/** Of several cells, and no car's. */
const [LEAST_PACK_V, MOST_PACK_V] = [10, 64];

/**
 * True where a battery speaks that only what it says makes known: under its level stand a state of charge, a voltage of several
 * cells, and what only a battery counts that somebody watches closely.
 */
export function isUnnamedBattery(message: MessageView, { memory }: DialectContext): boolean {
  const [base = ''] = basesOf(message);
  if (!memory || base === '' || isNobodys(base) || message.segments.length < 2) return false;
  const { parts } = memory;
  const words = topicWords(message.tail(/^(state|value)$/.test(message.tail(0)) ? 1 : 0));
  if (CHARGE.test(words)) parts.learnBase(CHARGE_AT, base);
  else if (COUNTED.test(words)) parts.learnBase(COUNTED_AT, base);
  else if (VOLTAGE.test(words)) {
    const volts = quantityIn(message.text ?? '', 'unknown')?.value ?? 0;
    if (volts >= LEAST_PACK_V && volts <= MOST_PACK_V) parts.learnBase(PACK_AT, base);
  }
  return [CHARGE_AT, COUNTED_AT, PACK_AT].every((what) => parts.knowsBase(what, base));
}

/** How the texts beside write their numbers; each that can be read one way only is remembered. */
export function styleIn(message: MessageView, { memory }: DialectContext): NumberStyle {
  const { scalar } = message;
  if (!memory || typeof scalar !== 'string' || !/\d[.,]\d/.test(scalar)) return 'unknown';
  const { parts } = memory;
  const bases = basesOf(message);
  const own = styleOf([scalar]);
  for (const base of bases) if (own !== 'unknown') parts.learnBase(`${STYLE}${own}`, base);
  const isHeard = (style: NumberStyle) => bases.some((base) => parts.knowsBase(`${STYLE}${style}`, base));
  const [isPoint, isComma] = [isHeard('point'), isHeard('comma')];
  return isPoint && isComma ? 'mixed' : isComma ? 'comma' : isPoint ? 'point' : 'unknown';
}

const STYLE = 'plain-style-';
