import { knownUnits } from './described-name.ts';
import { deviceKind } from './device-words.ts';
import type { DialectContext } from './dialect.ts';
import type { MessageView } from './message-view.ts';
import { type NumberStyle, styleOf } from './number-style.ts';
import { unitBase, unitSaid } from './plain-entries.ts';
import { meaningAt } from './plain-meaning.ts';
import { basesOf } from './plain-places.ts';

const UNIT_OF = 'plain-unit';

/** Remembers the unit of a value that means something; false for any other message. */
export function learnUnit(message: MessageView, context: DialectContext): boolean {
  const said = unitSaid(message);
  const device = said === null ? 'foreign' : deviceKind(said.base);
  if (said === null || !meaningAt(said.base, { device, unit: said.unit, isPhased: false })) return false;
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
