import type { DialectContext } from '../dialect.ts';
import type { MessageView } from '../payload/message-view.ts';
import type { PlainMeaning } from '../words/words-meaning.ts';
import type { PlainEntry } from './plain-entries.ts';
import { meaningAt, type Named, topicWords } from './plain-meaning.ts';
import { basesOf, isNobodys } from './plain-places.ts';

/** A battery that is called nothing more; a number beside says which of several. */
const BATTERY = /^battery$/;
const PERCENT = 100;
const [VOLTAGE, LEVEL] = ['plain-battery-voltage', 'plain-battery-level'];
/** Under it is remembered where what flows at a battery was heard. */
export const FLOW = 'plain-battery-flow';

/** What of a battery is said by its kind: then what has none is neither a voltage nor a power. */
function kindOf({ metric, isKindGuessed }: PlainMeaning): string | null {
  if (isKindGuessed) return null;
  if (metric === 'batteryVoltage') return VOLTAGE;
  if (metric === 'stateOfCharge') return LEVEL;
  return /^battery(Power|Current)$/.test(metric) ? FLOW : null;
}

const mayBeLevel = ({ path, unit, value }: PlainEntry): boolean =>
  unit === '' && value >= 0 && value <= PERCENT && BATTERY.test(topicWords(path.split('/').at(-1) ?? ''));

const asLevel = (): PlainMeaning | null => meaningAt('battery soc', { device: 'inverter', unit: '%', isPhased: false });

/** Remembers by what kinds a battery was spoken of. */
export function learnKind(named: Named, message: MessageView, { memory }: DialectContext): void {
  const kind = BATTERY.test(topicWords(message.tail(0))) ? null : kindOf(named);
  if (kind !== null) for (const base of basesOf(message)) memory?.parts.learnBase(kind, base);
}

/**
 * A battery without a kind is its state of charge, where its voltage and what flows stand beside and, for half an hour, nothing
 * else was called that.
 */
export function levelBeside(entry: PlainEntry, message: MessageView, { memory }: DialectContext): PlainMeaning | null {
  const parts = memory?.parts;
  if (!parts || !mayBeLevel(entry)) return null;
  const knows = (what: string) => basesOf(message).some((base) => !isNobodys(base) && parts.knowsBase(what, base));
  if (!knows(VOLTAGE) || !knows(FLOW) || knows(LEVEL)) return null;
  return parts.patience.hasWaited(message.topic, message.receivedAt) ? asLevel() : null;
}

/** The same among the values of an object. */
export function levelIn(entries: readonly PlainEntry[], found: readonly Named[]): Named[] {
  const kinds = new Set(found.map(kindOf));
  if (!kinds.has(VOLTAGE) || !kinds.has(FLOW) || kinds.has(LEVEL)) return [];
  const [entry, ...others] = entries.filter(mayBeLevel);
  const level = entry && others.length === 0 ? asLevel() : null;
  return entry && level ? [{ ...level, value: entry.value, path: entry.path }] : [];
}
