import type { DialectContext } from '../dialect.ts';
import type { PackSaid } from '../memory/pack-memory.ts';
import type { MessageView } from '../payload/message-view.ts';
import type { DeviceKind } from '../words/device-words.ts';
import type { PlainMeaning } from '../words/words-meaning.ts';
import type { PlainEntry } from './plain-entries.ts';
import { meaningAt, type Named, topicWords } from './plain-meaning.ts';
import { basesOf, isNobodys } from './plain-places.ts';

/** Names of capacities without a unit: Ah, Wh and percent are all usual. */
export const FULL =
  /^c full$|^(battery |bms |pack )?(full|design|nominal|rated|total|full charge|installed)? ?capacity$|^(battery |bms |pack )?capacity full$/;
export const REMAINING =
  /^c$|^(battery |bms |pack )?((remain|remaining|residual) capacity|capacity (remain|remaining|left))$/;
const ENDS_SO = [
  / ((remain|remaining|residual) capacity|capacity (remain|remaining|left))$/,
  / ((full|design|nominal|rated|full charge) capacity|capacity full)$/,
];
/** A pack of so many V that holds no more in Wh would be a toy. */
const [LEAST_V, LEAST_AH, MOST_AH, TOY_AH] = [40, 20, 1000, 8];
/** What a remaining capacity and the state of charge may differ by, as a share of the full one. */
const SHARE = 0.06;
/** What is alone must be further from every other reading: no pack of a house holds so many kWh, and none less in Wh. */
const [LEAST_ALONE_AH, FROM_PERCENT] = [50, 10];
const PERCENT = 100;

/** True where so many Wh would be a toy's, at that voltage. */
const isPack = (volts: number, full: number): boolean => volts >= LEAST_V || full <= volts * TOY_AH;
/** True where what remains is the share of the whole that the state of charge says, in Ah. */
export function isInAh({ volts, charge, remaining }: PackSaid, full: number): boolean {
  if (volts === undefined || !isPack(volts, full) || charge === undefined || remaining === undefined) return false;
  return Math.abs(remaining - (full * charge) / PERCENT) <= SHARE * full && full >= LEAST_AH && full <= MOST_AH;
}

/** Which of a battery's capacities is called so; null for none. */
export const capacityNamed = (words: string): 'remainingCapacity' | 'batteryCapacity' | null =>
  REMAINING.test(words) || ENDS_SO[0]?.test(words)
    ? 'remainingCapacity'
    : FULL.test(words) || ENDS_SO[1]?.test(words)
      ? 'batteryCapacity'
      : null;

/** Remembers what a battery said that tells in what its capacities are. */
export function learnPack({ metric, value, field }: Named, message: MessageView, { memory }: DialectContext): void {
  const base = basesOf(message)[0];
  if (base === undefined || isNobodys(base)) return;
  const measured = value * (field.by ?? 1);
  if (metric === 'batteryVoltage') memory?.parts.packs.note(base, { volts: measured });
  if (metric === 'stateOfCharge') memory?.parts.packs.note(base, { charge: measured });
}

/** A battery's capacity on a topic of its own without a unit, in Ah where its voltage and its state of charge leave no other reading. */
export function capacityBeside(
  { value, unit }: PlainEntry,
  device: DeviceKind,
  message: MessageView,
  { memory }: DialectContext,
): PlainMeaning | null {
  const base = basesOf(message)[0];
  if (!memory || base === undefined || isNobodys(base) || unit !== '' || !/^(storage|battery)$/.test(device))
    return null;
  const words = topicWords(message.tail(/^(state|value)$/.test(message.tail(0)) ? 1 : 0));
  const { packs } = memory.parts;
  const as = (name: string) => meaningAt(`battery/${name}`, { device, unit: 'Ah', isPhased: false });
  const named = capacityNamed(words);
  if (named === 'remainingCapacity') {
    packs.note(base, { remaining: value });
    return isAlone(packs.at(base), value) ? as('remaining_capacity') : null;
  }
  return named === 'batteryCapacity' && isInAh(packs.at(base), value) ? as('capacity') : null;
}

/** True for what remains in Ah, by itself: far from every other reading. */
export function isAlone({ volts = 0, charge = 0 }: PackSaid, remaining: number): boolean {
  const full = (PERCENT * remaining) / charge;
  if (!isPack(volts, full) || full < LEAST_ALONE_AH || full > MOST_AH) return false;
  return Math.abs(remaining - charge) > FROM_PERCENT;
}
