import { SOLD_AT } from '../bare-meter.ts';
import type { DeviceKind } from '../device-words.ts';
import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../message-view.ts';
import { learnUnit, styleIn, unitOf } from '../plain-beside.ts';
import { energyUnit, GROUPS, groupOf, isPlausible, isSmallPower } from '../plain-doubts.ts';
import { onlyEntry, type PlainEntry } from '../plain-entries.ts';
import { isSolarDevice, meaningAt, type Named, type PlainMeaning, topicWords } from '../plain-meaning.ts';
import { readObject, sender } from '../plain-object.ts';
import { basesOf } from '../plain-places.ts';
import { hearSigns, learntSign, withLearntSign } from '../plain-signs.ts';
import { looksLikeFields } from '../text-fields.ts';

/**
 * Devices that no other file knows, by what they call their values in plain words (`pv_power`, `BatteryVoltage`,
 * `netz/spannung`), many in one object or one a topic. Refuses what leaves a doubt: something must tell that it is a house's
 * supply that speaks; a battery's and the grid's power are taken only where the name or the message's own balance says their
 * sign; what might be in kW, Wh or kWh is not taken. Written from no device.
 */
const KWH = 'plain-kwh';
const KNOWN = 'plain-names';

const likely: Recognition = { sureness: 0.4, reason: 'values named in plain words' };
const unitBeside: Recognition = { sureness: 0.3, reason: 'the unit of a value named in plain words' };
const learned: Recognition = { sureness: 0.35, reason: 'beside other values named in plain words' };

/** What a proof of a sign adds to how sure it is. */
const PROVEN = 0.05;

function provenOr(plain: Recognition, all: readonly Named[]): Recognition {
  const proofs = [...new Set(all.flatMap(({ proof }) => proof ?? []))];
  if (proofs.length === 0) return plain;
  return { sureness: plain.sureness + PROVEN, reason: [plain.reason, ...proofs].join('; ') };
}

export const dialect: Dialect = {
  name: 'plain-names',
  isLastResort: true,

  recognise(message, context) {
    const all = isObject(message) ? readObject(message, context) : [];
    if (all.length > 0) return provenOr(likely, all);
    // A topic of one level must name its device itself: `voltronic_PV_in_watts`.
    if (message.segments.length < 2 && !isSolarDevice(sender(message.topic, context))) return null;
    if (learnUnit(message, context)) return unitBeside;
    const named = heardOne(message, context);
    // What is not taken waits for the owner's word instead.
    if (named === null || !isSureAlone(named, message, context)) return null;
    if (standsAlone(named, message.topic, sender(message.topic, context))) return provenOr(likely, [named]);
    return isKnownPlace(message, named, context) ? provenOr(learned, [named]) : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const all = isObject(message) ? readObject(message, context) : [];
    if (all.length > 0) {
      for (const named of all) take(draft, named);
      return draft.finish();
    }
    const named = heardOne(message, context);
    if (named === null || !isSureAlone(named, message, context)) return nothingMeasured();
    for (const base of basesOf(message)) {
      context.memory?.parts.learnBase(KNOWN, base);
      context.memory?.parts.learnBase(`plain-${groupOf(named)}`, base);
    }
    if (/\bpower\b/.test(named.words)) context.memory?.parts.learnBase(`${POWER_OF}${groupOf(named)}`, message.base(1));
    if (/Power$/.test(named.metric) && Math.abs(named.value) >= LEAST_WATTS)
      for (const base of basesOf(message)) context.memory?.parts.learnBase(WATTS, base);
    if (named.metric === 'totalGridExport') context.memory?.parts.learnBase(SOLD_AT, message.base(1));
    take(draft, named);
    return draft.finish(null, true);
  },
};

/** An object, or a text that may be one. */
const isObject = (message: MessageView): boolean => message.looksLikeData || looksLikeFields(message.text);

const take = (draft: Draft, { field, value, id, order }: Named): void => draft.take(field, value, { id, order });

function readOne(message: MessageView, context: DialectContext): Named | null {
  const device = sender(message.topic, context);
  const entry = device === 'foreign' ? null : onlyEntry(message, unitOf(message, context), styleIn(message, context));
  const meaning =
    entry &&
    (meaningAt(entry.path, { device, unit: entry.unit, isPhased: false }) ?? besideKnown(entry, message, context));
  if (!entry || !meaning || (meaning.isBare && !isBareEnergy(meaning, message, context))) return null;
  const isThousandths = device === 'utility' && KILOWATTS.test((message.text ?? '').trim());
  const named = isThousandths ? inKilowatts({ ...meaning, value: entry.value }) : { ...meaning, value: entry.value };
  if (!named.isEnergyGuessed) return named.isKindGuessed ? null : named;
  const { parts } = context.memory ?? {};
  const bases = basesOf(message);
  const isKwh = energyUnit([{ ...named, isKindGuessed: false }]) === 'kWh';
  if (named.isKindGuessed && !isTotalOfFlow(named)) {
    // Where powers are called so, a total is no power.
    const isEnergy = isKwh && parts?.knowsBase(`${POWER_OF}${groupOf(named)}`, message.base(1)) === true;
    return isEnergy || bases.some((base) => parts?.knowsBase(KWH, base)) ? named : null;
  }
  if (isKwh) for (const base of bases) parts?.learnBase(KWH, base);
  return isKwh || bases.some((base) => parts?.knowsBase(KWH, base)) ? named : null;
}

/** A utility's meter knows whole watts: with thousandths it writes kW. */
const KILOWATTS = /^-?\d{1,2}\.\d{3}$/;
const inKilowatts = (named: Named): Named =>
  named.metric !== 'gridPower' || named.isUnitSaid
    ? named
    : { ...named, isUnitSaid: true, field: { ...named.field, by: 1000 * (named.field.by ?? 1) } };

/** The same in the sign that the balance of earlier messages proves; its power becomes a part of that balance. */
function heardOne(message: MessageView, context: DialectContext): Named | null {
  const named = readOne(message, context);
  const signs = context.memory?.parts.signs;
  if (named === null || signs === undefined) return named;
  const places = basesOf(message);
  if (isSureAlone({ ...named, isSignOpen: false }, message, context)) hearSigns(signs, places, [named], message);
  return withLearntSign(named, learntSign(signs, places));
}

/** Of what a power was heard whose name says so. */
const POWER_OF = 'plain-power-';
/** Names that say which side of an inverter they are about. */
const SIDE = /\b(dc|ac|l[123]|phase)\b/;

/** What an inverter's name says of a value beside others of panels, or of a battery and the grid. */
function besideKnown({ path, unit }: PlainEntry, message: MessageView, context: DialectContext): PlainMeaning | null {
  const parts = context.memory?.parts;
  const base = message.base(1);
  const words = topicWords(message.tail(0));
  const knows = (group: string) => parts?.knowsBase(`plain-${group}`, base) === true;
  // An inverter's own voltage is its output's, where the grid's stands beside.
  if (/^inverter (voltage|frequency)$/.test(words) && knows('battery') && knows('grid'))
    return meaningAt(words.replace('inverter', 'output'), { device: 'inverter', unit, isPhased: false });
  if (!SIDE.test(words) || !knows('solar')) return null;
  const meaning = meaningAt(path, { device: 'inverter', unit, isPhased: false });
  return meaning && !meaning.isBare && /(Voltage|Current|Frequency)$/.test(meaning.metric) ? meaning : null;
}

/** An inverter's own energy is what its panels made, unless a battery was heard beside. */
const isBareEnergy = ({ metric }: PlainMeaning, message: MessageView, context: DialectContext): boolean =>
  /EnergyProduced$/.test(metric) &&
  !basesOf(message).some((base) => context.memory?.parts.knowsBase('plain-battery', base));

/** What is bought, sold and stored has a total of energy; what is used and produced has one of power, too. */
const isTotalOfFlow = ({ metric }: Named) => /^total(Grid|Battery)/.test(metric);

/** What all of a house uses; a thing in it has a name of its own. */
const WHOLE_HOUSE = /^(total )?(house|home) ((total )?((load|consumption) )?power|load|consumption)$/;

/** True where the topic itself leaves no doubt that it is a house's supply. */
function standsAlone({ metric, words }: Named, topic: string, device: DeviceKind): boolean {
  if (isSolarDevice(device)) return true;
  if (device === 'storage' && groupOf({ metric }) === 'battery') return true;
  // Other things have a battery level; a battery's state of charge is a house's or a car's.
  if (metric === 'stateOfCharge' && /\bsoc\b/.test(words) && /\bbattery\b/.test(words))
    return !/level|perc/i.test(topic);
  if (metric === 'loadPower' && WHOLE_HOUSE.test(words)) return true;
  if (/^(totalGrid|dailyGrid)/.test(metric)) return true;
  if (device === 'utility' && /^grid/.test(metric)) return true;
  return /^grid(Voltage|Frequency|Power)$/.test(metric) && /\bgrid\b/.test(words);
}

/** True beside what is known; two things of different groups beside each other make a place known. */
function isKnownPlace(message: MessageView, named: Named, context: DialectContext): boolean {
  const parts = context.memory?.parts;
  const bases = basesOf(message);
  if (!parts) return false;
  if (bases.some((base) => parts.knowsBase(KNOWN, base))) return true;
  const group = groupOf(named);
  const isBeside = bases.some((base) =>
    GROUPS.some((other) => other !== group && parts.knowsBase(`plain-${other}`, base)),
  );
  for (const base of bases) parts.learnBase(`plain-${group}`, base);
  return isBeside;
}

/** Where a power was heard that no house has in kW: those beside it are in W, too. */
const WATTS = 'plain-watts';
const LEAST_WATTS = 100;

function isSureAlone(named: Named, message: MessageView, { memory }: DialectContext): boolean {
  const isInWatts = isSmallPower(named) && basesOf(message).some((base) => memory?.parts.knowsBase(WATTS, base));
  const doubts = { mayBeKilowatts: isSmallPower(named) && !isInWatts, energy: 'kWh' as const };
  return !named.isSignOpen && isPlausible(named, doubts);
}
