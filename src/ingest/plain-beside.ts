import { bareIn } from './bare-entity.ts';
import { knownUnits } from './described-name.ts';
import { deviceKind } from './device-words.ts';
import type { DialectContext } from './dialect.ts';
import type { MessageView } from './message-view.ts';
import { type NumberStyle, quantityIn, styleOf } from './number-style.ts';
import { unitBase, unitSaid } from './plain-entries.ts';
import { meaningAt, topicWords } from './plain-meaning.ts';
import { basesOf, isNobodys } from './plain-places.ts';

const UNIT_OF = 'plain-unit';

/** Remembers the unit of a value that means something; false for any other message. */
export function learnUnit(message: MessageView, context: DialectContext): boolean {
  const said = unitSaid(message);
  const device = said === null ? 'foreign' : deviceKind(said.base);
  if (said === null) return false;
  const entry = { path: said.base, value: LEAST_PACK_V, unit: said.unit };
  const meaning =
    meaningAt(said.base, { device, unit: said.unit, isPhased: false }) ?? bareIn(said.base, entry, context);
  if (!meaning) return false;
  context.memory?.parts.learnBase(`${UNIT_OF} ${said.unit}`, said.base);
  context.memory?.parts.learnBase(UNIT_OF, said.base);
  return true;
}

/** The unit that a topic beside says of a message's value; ''. */
export function unitOf(message: MessageView, context: DialectContext): string {
  const { parts } = context.memory ?? {};
  const base = unitBase(message);
  if (!parts?.knowsBase(UNIT_OF, base)) return '';
  return knownUnits.find((unit) => parts.knowsBase(`${UNIT_OF} ${unit}`, base)) ?? '';
}

const [CHARGE_AT, COUNTED_AT, PACK_AT] = ['plain-charge', 'plain-counted', 'plain-pack'];
const CHARGE = /^(battery )?soc$/;
const COUNTED = /^(cycles?|cycle count|remaining capacity|capacity remaining|soh|cell voltage.*)$/;
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
  else if (words === 'voltage') {
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
