import type { DialectContext } from '../dialect.ts';
import type { MessageView } from '../payload/message-view.ts';
import type { DeviceKind } from '../words/device-words.ts';
import { GROUPS, groupOf } from './plain-doubts.ts';
import { type Named, topicWords } from './plain-meaning.ts';
import { basesOf, isNobodys } from './plain-places.ts';

/** Voltages of a mains, V: a socket never has another one, and panels pass through. */
const MAINS_V: readonly (readonly [number, number])[] = [
  [95, 135],
  [195, 260],
];
/** A voltage or current of panels that may as well be measured at the socket of a balcony's inverter. */
const BARE =
  /^(?!.*\b(pv\d+|mppt\d*|string\d*|dc|panels?|array|input|\d+)\b).*\b(solar|pv|photovoltaic)\b.*\b(voltage|current)$/;
/** Under it is remembered where panels were heard whose voltage no mains has. */
const DIRECT = 'plain-direct';

const isMains = (volts: number): boolean => MAINS_V.some(([low, high]) => volts >= low && volts <= high);
const isBare = ({ metric, words }: Named): boolean => /^solar(Voltage|Current)$/.test(metric) && BARE.test(words);
const isOther = (one: Named): boolean => groupOf(one) !== 'solar';
const isVoltage = ({ metric, value }: Named): boolean => metric === 'solarVoltage' && value !== 0;

/**
 * Without a voltage and current that a plug named after the panels behind it may have measured: of what speaks of nothing else than panels,
 * and is no inverter, they are taken once the voltage is one that no mains has. `isAlternating` where a name says so.
 */
export function withoutMains(
  found: readonly Named[],
  device: DeviceKind,
  isAlternating: boolean,
  message: MessageView,
  { memory }: DialectContext,
): Named[] {
  if (device === 'inverter' || !found.some(isBare)) return [...found];
  // What says the mains' voltage in other words, too, is no plug.
  if (found.some((one) => isOther(one) && (!isAlternating || /^(grid|output)Voltage$/.test(one.metric))))
    return [...found];
  const isDirect = !isAlternating && found.some((one) => isBare(one) && isVoltage(one) && !isMains(one.value));
  if (isDirect) memory?.parts.learnBase(DIRECT, message.topic);
  const isKnown = isDirect || (!isAlternating && memory?.parts.knowsBase(DIRECT, message.topic) === true);
  return isKnown ? [...found] : found.filter((one) => !isBare(one));
}

/** The same of what a device announced, by what it is called. */
export const isBareOfPanels = (metric: string, words: string): boolean =>
  /^solar(Voltage|Current)$/.test(metric) && BARE.test(words);

/** True while an announced voltage or current of panels may be a socket's: until its device had a voltage that no mains has. */
export function mayBeSockets(metric: string, value: number, deviceId: string, { memory }: DialectContext): boolean {
  const key = `=${deviceId}`;
  if (metric === 'solarVoltage' && value !== 0 && !isMains(value)) memory?.parts.learnBase(DIRECT, key);
  return memory?.parts.knowsBase(DIRECT, key) !== true;
}

/** The same of a value that stands alone on its topic. */
export function mayBeMains(
  named: Named,
  device: DeviceKind,
  message: MessageView,
  { memory }: DialectContext,
): boolean {
  if (device === 'inverter' || !isBare(named)) return false;
  const bases = basesOf(message);
  const knows = (key: string) => bases.some((base) => memory?.parts.knowsBase(key, base));
  const others = GROUPS.filter((group) => group !== 'solar');
  if (!bases.some(isNobodys) && others.some((group) => knows(`plain-${group}`))) return false;
  if (isVoltage(named) && !isMains(named.value)) {
    memory?.parts.learnBase(DIRECT, message.base(1));
    return false;
  }
  return memory?.parts.knowsBase(DIRECT, message.base(1)) !== true;
}

const [FREQUENCY, DIRECT_VALUE] = [/\b(battery|solar|pv) frequency$/, /^(battery|solar)(?:Voltage|Current)$/];
const placeKey = (place: string): string => `plain-ac-${place === 'pv' ? 'solar' : place}`;

/** Remembers what a topic says a frequency of: what its device measures there is alternating. */
export function learnAcSide(message: MessageView, { memory }: DialectContext): void {
  const words = topicWords(message.tail(/^(state|value)$/.test(message.tail(0)) ? 1 : 0));
  const [, place] = FREQUENCY.exec(words) ?? [];
  if (place) for (const base of basesOf(message)) memory?.parts.learnBase(placeKey(place), base);
}

/** True for a voltage or current of panels or a battery that their inverter measures at its AC side. */
export function isAtAcSide({ metric }: Named, message: MessageView, { memory }: DialectContext): boolean {
  const [, place] = DIRECT_VALUE.exec(metric) ?? [];
  return place !== undefined && basesOf(message).some((base) => memory?.parts.knowsBase(placeKey(place), base));
}
