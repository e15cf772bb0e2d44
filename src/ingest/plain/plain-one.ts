import { isOtherKind } from '../announced/announced-metric.ts';
import type { DialectContext } from '../dialect.ts';
import type { MessageView } from '../payload/message-view.ts';
import { POWERS_ADD_UP } from '../signs/sign-proof.ts';
import type { DeviceKind } from '../words/device-words.ts';
import type { PlainMeaning } from '../words/words-meaning.ts';
import { isUnnamedBattery, saidOf, styleIn } from './plain-beside.ts';
import { capacityBeside } from './plain-capacity.ts';
import { energyUnit, groupOf, isPlausible, isSmallPower, MOST_KWH_A_DAY } from './plain-doubts.ts';
import { onlyEntry, type PlainEntry } from './plain-entries.ts';
import { WATTS } from './plain-kilowatts.ts';
import { learnKind, levelBeside } from './plain-level.ts';
import { isAtAcSide, learnAcSide, mayBeMains } from './plain-mains.ts';
import { meaningAt, type Named, topicWords } from './plain-meaning.ts';
import { sender } from './plain-object.ts';
import { CHARGE, outputBeside, SHARE } from './plain-output.ts';
import { basesOf, levelsAbove } from './plain-places.ts';
import { withShare } from './plain-share.ts';
import { hearSigns, learntSign, withLearntSign } from './plain-signs.ts';

/** Where energies were said in kWh: totals, and those of a day, which some count in Wh beside them. */
const [KWH, KWH_A_DAY] = ['plain-kwh', 'plain-kwh-day'];

/** What sends a message about one thing, by its topic or by what was heard beside. */
export function kindAt(message: MessageView, context: DialectContext): DeviceKind {
  const kind = sender(message.topic, context);
  return kind === 'unknown' && isUnnamedBattery(message, context) ? 'storage' : kind;
}

function readOne(message: MessageView, context: DialectContext): Named | null {
  const device = kindAt(message, context);
  const said = saidOf(message, context);
  const isOther = device === 'foreign' || isOtherKind(said);
  const entry = isOther ? null : onlyEntry(message, said.unit, styleIn(message, context));
  const meaning =
    entry &&
    (outputBeside(entry, message, context) ??
      levelBeside(entry, message, context) ??
      meaningAt(entry.path, { ...said, device, unit: entry.unit, isPhased: false }) ??
      besideKnown(entry, message, context) ??
      capacityBeside(entry, device, message, context));
  if (!entry || !meaning || (meaning.isBare && !isPanels(meaning, message, context))) return null;
  // Beside a state of charge a capacity in percent is something else.
  const isCapacity = meaning.metric === 'stateOfCharge' && /\bcapacity\b/.test(meaning.words);
  if (isCapacity && basesOf(message).some((base) => context.memory?.parts.knowsBase(CHARGE, base))) return null;
  // What goes into an inverter with a battery may come from the mains.
  const mayBeBought = INPUT.test(meaning.words) && (isProduced(meaning) || hasBattery(message, context));
  if (mayBeBought && groupOf(meaning) === 'solar' && /Power$|Produced$/.test(meaning.metric)) return null;
  const isThousandths = device === 'utility' && KILOWATTS.test((message.text ?? '').trim());
  const own = withShare({ ...meaning, value: entry.value }, message.topic, context);
  const named = isThousandths ? inKilowatts(own) : own;
  const { parts } = context.memory ?? {};
  if (!named.isEnergyGuessed && !mayBeCounted(named, message, context)) return named;
  if (mayFollowUnit(named, message, context) && !parts?.knowsBase(HEARD, message.base(1))) {
    parts?.learnBase(HEARD, message.base(1));
    return null;
  }
  if (!named.isEnergyGuessed) return named;
  const bases = basesOf(message);
  const isKwh = energyUnit([{ ...named, isKindGuessed: false }]) === 'kWh';
  if (named.isKindGuessed && !isTotalOfFlow(named)) {
    // Where powers are called so, a total is no power.
    const isEnergy = isKwh && parts?.knowsBase(`${POWER_OF}${groupOf(named)}`, message.base(1)) === true;
    return isEnergy || bases.some((base) => parts?.knowsBase(KWH, base)) ? named : null;
  }
  const isDay = named.metric.startsWith('daily');
  if (isKwh) for (const base of bases) parts?.learnBase(KWH, base);
  if (isKwh && isDay) for (const base of bases) parts?.learnBase(KWH_A_DAY, base);
  // No house uses or makes as much in a day.
  if (isDay && named.value > MOST_KWH_A_DAY) return null;
  return isKwh || bases.some((base) => parts?.knowsBase(isDay ? KWH_A_DAY : KWH, base)) ? named : null;
}

/** Home Assistant says the unit after the state, and of a lifetime that is often MWh: no house has so many. */
const [HEARD, STATESTREAM, MOST_MWH] = [
  'plain-heard',
  /^(homeassistant|statestream|hass|ha)\/sensor\/[^/]+\/state$/,
  200,
];
const mayFollowUnit = (named: Named, message: MessageView, context: DialectContext): boolean =>
  mayBeCounted(named, message, context) ||
  (named.metric.startsWith('total') && named.value < MOST_MWH && STATESTREAM.test(message.topic));

/**
 * A power in all, and what flows without a kind, may be an energy (`power_to_grid_total`, `hausverbrauch`), which the unit tells where units
 * are said.
 */
const mayBeCounted = (
  { metric, words, isUnitSaid }: Named,
  { topic }: MessageView,
  { memory }: DialectContext,
): boolean =>
  !isUnitSaid &&
  /Power$/.test(metric) &&
  (/\bpower\b.*\btotal$/.test(words) || (memory?.parts.said.isHeard === true && !/\bpower\b/.test(words))) &&
  STATESTREAM.test(topic);

/** A utility's meter knows whole watts: with thousandths it writes kW. */
const KILOWATTS = /^-?\d{1,2}\.\d{3}$/;
const inKilowatts = (named: Named): Named =>
  named.metric !== 'gridPower' || named.isUnitSaid
    ? named
    : { ...named, isUnitSaid: true, field: { ...named.field, by: 1000 * (named.field.by ?? 1) } };

/**
 * What a message about one thing says, in the sign that the balance of earlier messages proves; its power becomes a part of
 * that balance. A flow without a kind (`ems/load`) is a power where it adds up with others again and again.
 */
export function heardOne(message: MessageView, context: DialectContext): Named | null {
  if (BATTERY.test(topicWords(message.topic))) context.memory?.parts.patience.noteBattery(levelsAbove(message));
  learnAcSide(message, context);
  const read = readOne(message, context);
  if (read) learnKind(read, message, context);
  const isElsewhere =
    read && (isAtAcSide(read, message, context) || mayBeMains(read, kindAt(message, context), message, context));
  const named = isElsewhere ? null : read;
  const signs = context.memory?.parts.signs;
  const isFlow = named?.isKindGuessed === true && /Power$/.test(named.metric);
  if (named === null || signs === undefined) return isFlow ? null : named;
  const bases = basesOf(message);
  // What may be no power at all must not disturb those that are.
  const withFlows = bases.map((base) => `?${base}`);
  const places = isFlow ? withFlows : bases;
  const isSure = isSureAlone({ ...named, isSignOpen: false }, message, context);
  if (isSure) hearSigns(signs, isFlow ? withFlows : [...bases, ...withFlows], [named], message, context.isDark);
  if (isFlow && !signs.isBalanced(places, named.metric, message.topic)) return null;
  const known = isFlow ? { ...named, isKindGuessed: false, proof: POWERS_ADD_UP } : named;
  return withLearntSign(known, learntSign(signs, places, message));
}

const isProduced = ({ metric }: PlainMeaning): boolean => /EnergyProduced$/.test(metric);
const BATTERY = /\b(battery|soc|charge|discharge)\b/;
const INPUT = /^(?!.*\b(pv\d*|solar|dc\d?|mppt\d*|string\d*)\b).*\binput\b/;

/** Of what a power was heard whose name says so. */
export const POWER_OF = 'plain-power-';
/** Names that say which side of an inverter they are about. */
const SIDE = /\b(dc|ac|l[123]|phase)\b/;

const isShareOf = (value: number): boolean => Number.isInteger(value) && value > 0 && value <= 100;

/** What an inverter's name says of a value beside others of panels, or of a battery and the grid. */
function besideKnown(
  { path, unit, value }: PlainEntry,
  message: MessageView,
  context: DialectContext,
): PlainMeaning | null {
  const parts = context.memory?.parts;
  const base = message.base(1);
  const words = topicWords(message.tail(0));
  const knows = (group: string) => parts?.knowsBase(`plain-${group}`, base) === true;
  // An inverter's own voltage is its output's, where the grid's stands beside.
  if (/^inverter (voltage|frequency)$/.test(words) && knows('battery') && knows('grid'))
    return meaningAt(words.replace('inverter', 'output'), { device: 'inverter', unit, isPhased: false });
  // Inverters call the state of charge the battery's capacity, where they say the share of their load, too.
  if (
    words === 'battery capacity' &&
    unit === '' &&
    isShareOf(value) &&
    knows('battery') &&
    parts?.knowsBase(SHARE, base)
  )
    return parts.knowsBase(CHARGE, base)
      ? null
      : meaningAt('battery soc', { device: 'inverter', unit: '%', isPhased: false });
  // Of what has no battery it is the mains'.
  if (words === 'frequency' && knows('grid') && !hasBattery(message, context))
    return meaningAt('grid frequency', { device: 'inverter', unit, isPhased: false });
  if (!SIDE.test(words) || !knows('solar')) return null;
  const meaning = meaningAt(path, { device: 'inverter', unit, isPhased: false });
  return meaning && !meaning.isBare && /(Voltage|Current|Frequency)$/.test(meaning.metric) ? meaning : null;
}

/**
 * An inverter's own energy is what its panels made, unless a battery was heard beside; its own power, too, once it has spoken
 * for long and of no battery.
 */
function isPanels({ metric }: PlainMeaning, message: MessageView, context: DialectContext): boolean {
  const { memory } = context;
  if (hasBattery(message, context)) return false;
  // What its panels give was said.
  if (metric === 'solarPower' && memory?.parts.knowsBase(`${POWER_OF}solar`, message.base(1))) return false;
  if (metric === 'solarPower' && MICRO_INVERTER.test(topicWords(message.topic))) return true;
  if (metric === 'solarPower') return memory?.parts.patience.hasWaited(message.topic, message.receivedAt) === true;
  return (
    /EnergyProduced$/.test(metric) && !basesOf(message).some((base) => memory?.parts.knowsBase('plain-battery', base))
  );
}

/** What has no battery: inverters of single panels, and what gathers them. */
const MICRO_INVERTER = /\b(dtu|micro ?inverters?)\b/;

const hasBattery = (message: MessageView, { memory }: DialectContext): boolean =>
  memory?.parts.patience.hasBattery(levelsAbove(message)) === true;

/** What is bought, sold and stored has a total of energy; what is used and produced has one of power, too. */
const isTotalOfFlow = ({ metric }: Named) => /^total(Grid|Battery)/.test(metric);

/** False for what leaves a doubt by itself. */
export function isSureAlone(named: Named, message: MessageView, { memory }: DialectContext): boolean {
  const isInWatts = isSmallPower(named) && basesOf(message).some((base) => memory?.parts.knowsBase(WATTS, base));
  const doubts = { mayBeKilowatts: isSmallPower(named) && !isInWatts, energy: 'kWh' as const };
  // Nothing flows no way.
  return (!named.isSignOpen || named.value === 0) && isPlausible(named, doubts);
}
