import { withoutNode } from '../announced/bare-entity.ts';
import type { DialectContext } from '../dialect.ts';
import type { MessageView } from '../payload/message-view.ts';
import type { PlainMeaning } from '../words/words-meaning.ts';
import type { PlainEntry } from './plain-entries.ts';
import { meaningAt, type Named, topicWords } from './plain-meaning.ts';
import { basesOf, isNobodys } from './plain-places.ts';

/** What an inverter puts out, where its name or the level above calls it so. */
const POWER_OUT = /^(?=.*\boutput\b)(ac |active |output )*power$/;
const [VOLTAGE, LOAD] = ['plain-output-voltage', 'plain-load-power'];
/** Under it is remembered where the share of an inverter's load was heard, and where a state of charge that is called so. */
export const [SHARE, CHARGE] = ['plain-load-share', 'plain-charge-said'];

/** Remembers what of an off-grid inverter was heard. */
export function learnOutput({ metric }: Named, message: MessageView, { memory }: DialectContext): void {
  const isCharge = metric === 'stateOfCharge' && /\bbattery soc\b/.test(topicWords(message.topic));
  const what = isCharge
    ? CHARGE
    : { outputVoltage: VOLTAGE, loadPercentage: SHARE, apparentPower: SHARE, loadPower: LOAD }[metric as string];
  if (what === undefined || (what === LOAD && isOutput(message))) return;
  for (const base of basesOf(message)) memory?.parts.learnBase(what, base);
}

/**
 * What an off-grid inverter puts out is the load: beside a battery, a mains, the voltage of its output and what share of its power
 * that is, and where nobody says the load itself.
 */
export function outputBeside(
  { unit }: PlainEntry,
  message: MessageView,
  { memory }: DialectContext,
): PlainMeaning | null {
  const parts = memory?.parts;
  if (!parts || !/^W?$/.test(unit) || !isOutput(message)) return null;
  const bases = [...basesOf(message), `${message.base(2)}/+`];
  const knows = (what: string) => bases.some((base) => !isNobodys(base) && parts.knowsBase(what, base));
  const isOffGrid = ['plain-battery', 'plain-grid', VOLTAGE, SHARE].every(knows) && !knows(LOAD);
  return isOffGrid ? meaningAt('load power', { device: 'inverter', unit, isPhased: false }) : null;
}

const isOutput = (message: MessageView): boolean =>
  [message.tail(0), `${message.tail(1)}/${message.tail(0)}`, withoutNode(message.topic)].some((name) =>
    POWER_OUT.test(topicWords(name)),
  );
