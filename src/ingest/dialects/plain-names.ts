import { byItsName } from '../announced/entity-name.ts';
import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { behind, Draft, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';
import { looksLikeFields } from '../payload/text-fields.ts';
import { SOLD_AT } from '../plain/bare-meter.ts';
import { learnSaid } from '../plain/plain-beside.ts';
import { learnPack } from '../plain/plain-capacity.ts';
import { GROUPS, groupOf } from '../plain/plain-doubts.ts';
import { isHundreds, WATTS } from '../plain/plain-kilowatts.ts';
import { FLOW } from '../plain/plain-level.ts';
import type { Named } from '../plain/plain-meaning.ts';
import { readObject, sender } from '../plain/plain-object.ts';
import { heardOne, isSureAlone, kindAt, POWER_OF } from '../plain/plain-one.ts';
import { learnOutput } from '../plain/plain-output.ts';
import { basesOf, isNobodys } from '../plain/plain-places.ts';
import { unwrapped } from '../plain/plain-wrapped.ts';
import { takeSettled } from '../signs/settled-values.ts';
import type { DeviceKind } from '../words/device-words.ts';
import { isSolarDevice } from '../words/words-meaning.ts';

/**
 * Devices that no other file knows, by what they call their values in plain words (`pv_power`, `BatteryVoltage`,
 * `netz/spannung`), many in one object or one a topic. Refuses what leaves a doubt: something must tell that it is a house's
 * supply that speaks; a battery's and the grid's power are taken only where the name or the message's own balance says their
 * sign; what might be in kW, Wh or kWh is not taken. Written from no device.
 */
const KNOWN = 'plain-names';

const likely: Recognition = { sureness: 0.4, reason: 'values named in plain words' };
const toldBeside: Recognition = { sureness: 0.3, reason: 'the unit or class of a value named in plain words' };
const learned: Recognition = { sureness: 0.35, reason: 'beside other values named in plain words' };

const awaited: Recognition = { sureness: 0.35, reason: 'its sign comes with what is said beside' };

const isAwaited = ({ isSignOpen }: Named, message: MessageView, { memory }: DialectContext): boolean =>
  isSignOpen && memory?.parts.signs.isAwaited(basesOf(message), message.topic, message.receivedAt) === true;

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

  recognise(sent, context) {
    const message = byItsName(unwrapped(sent), context);
    const all = isObject(message) ? readObject(message, context) : [];
    if (all.length > 0) return provenOr(likely, all);
    // A topic of one level must name its device itself: `voltronic_PV_in_watts`.
    if (message.segments.length < 2 && !isSolarDevice(sender(message.topic, context))) return null;
    if (learnSaid(message, context)) return toldBeside;
    const named = heardOne(message, context);
    // What is not taken waits for the owner's word instead.
    if (named === null || isTwin(named, message, context)) return null;
    if (!isSureAlone(named, message, context)) return isAwaited(named, message, context) ? awaited : null;
    if (standsAlone(named, message.topic, kindAt(message, context))) return provenOr(likely, [named]);
    return isKnownPlace(message, named, context) ? provenOr(learned, [named]) : null;
  },

  interpret(sent, context) {
    const message = byItsName(unwrapped(sent), context);
    const draft = new Draft(context, message.receivedAt);
    const all = isObject(message) ? readObject(message, context) : [];
    if (all.length > 0) {
      for (const named of all) take(draft, named);
      return draft.finish();
    }
    const named = heardOne(message, context);
    if (named === null || !isSureAlone(named, message, context) || isTwin(named, message, context))
      return nothingMeasured();
    learnName(named, message, context);
    for (const base of basesOf(message)) {
      context.memory?.parts.learnBase(KNOWN, base);
      context.memory?.parts.learnBase(`plain-${groupOf(named)}`, base);
    }
    if (!named.isBare && /\bpower\b/.test(named.words))
      context.memory?.parts.learnBase(`${POWER_OF}${groupOf(named)}`, message.base(1));
    learnOutput(named, message, context);
    learnPack(named, message, context);
    if (isHundreds(named)) for (const base of basesOf(message)) context.memory?.parts.learnBase(WATTS, base);
    if (named.metric === 'totalGridExport') context.memory?.parts.learnBase(SOLD_AT, message.base(1));
    take(draft, named);
    takeSettled(draft, context.memory?.parts.signs, basesOf(message), message, true);
    return draft.finish(null, true);
  },
};

/** A power, counter or temperature that a second name says would take turns with the first. */
const TURNS = /Power$|^(total|daily)/;
const quantityAt = ({ metric, id, field: { rank, side } }: Named, base: string): string =>
  [base, metric, id, rank, side].join(' ');
const placeOf = (message: MessageView): [string, string] =>
  /^(state|value)$/.test(message.tail(0)) ? [message.base(2), message.tail(1)] : [message.base(1), message.tail(0)];

/** True for a second name of the same quantity beside the first: which of them is meant is not said. */
function isTwin(named: Named, message: MessageView, { memory }: DialectContext): boolean {
  const [base, name] = placeOf(message);
  const first = TURNS.test(named.metric) ? memory?.parts.firstNameOf(quantityAt(named, base)) : undefined;
  return first !== undefined && first !== name;
}

function learnName(named: Named, message: MessageView, { memory }: DialectContext): void {
  const [base, name] = placeOf(message);
  if (TURNS.test(named.metric)) memory?.parts.learnFirstName(quantityAt(named, base), name);
}

/** An object, or a text that may be one. */
const isObject = (message: MessageView): boolean => message.looksLikeData || looksLikeFields(message.text);

const take = (draft: Draft, { field, value, id, order }: Named): void =>
  draft.take(behind(field), value, { id, order });

/** What all of a house uses; a thing in it has a name of its own. */
const WHOLE_HOUSE = /^(total )?(house|home) ((total )?((load|consumption) )?power|load|consumption)$/;

/** True where the topic itself leaves no doubt that it is a house's supply. */
function standsAlone({ metric, words, isUnitSaid }: Named, topic: string, device: DeviceKind): boolean {
  if (isSolarDevice(device)) return true;
  if (device === 'storage' && groupOf({ metric }) === 'battery') return true;
  // Other things have a battery level; a battery's state of charge is a house's or a car's.
  if (metric === 'stateOfCharge' && /\bsoc\b/.test(words) && /\b(battery|storage)\b/.test(words))
    return !/level|perc/i.test(topic);
  if (metric === 'loadPower' && WHOLE_HOUSE.test(words)) return true;
  if (metric === 'generatorPower' && isUnitSaid && /\bgenerator\b/.test(words)) return true;
  if (/^(totalGrid|dailyGrid)/.test(metric)) return true;
  if (device === 'utility' && /^grid/.test(metric)) return true;
  // What has a yield in Wh are panels.
  if (/EnergyProduced$/.test(metric) && isUnitSaid && /\byield\b/.test(words)) return true;
  return /^grid(Voltage|Frequency|Power)$/.test(metric) && /\b(grid|metering)\b/.test(words);
}

/** What everything has that runs on a cell. */
const isLevel = ({ metric, words }: Named, topic: string): boolean =>
  metric === 'stateOfCharge' && (!/\bsoc\b/.test(words) || /level|perc/i.test(topic));
/** What no reader of a meter says beside: it runs on a cell, too. */
const MORE_THAN_METER = ['plain-solar', 'plain-load', FLOW];
/** Where names begin with no device, cars and sensors may speak, too. */
const mayBeAnyones = (named: Named, topic: string): boolean =>
  (named.metric === 'batteryVoltage' && named.value < LEAST_PACK_V) || isLevel(named, topic);
const LEAST_PACK_V = 40;

/** What a utility's meter calls what is sold and bought, as panels and a house may be called. */
const isOfAnyMeter = ({ metric, words }: Named): boolean =>
  /^(solar|load)Power$/.test(metric) && /^(\w+ )?power (production|consumption)$/.test(words);

/** True beside what is known; two things of different groups beside each other make a place known. */
function isKnownPlace(message: MessageView, named: Named, context: DialectContext): boolean {
  const parts = context.memory?.parts;
  const bases = basesOf(message);
  if (!parts || (bases.some(isNobodys) && mayBeAnyones(named, message.topic))) return false;
  const knows = (what: string) => bases.some((base) => parts.knowsBase(what, base));
  if (isLevel(named, message.topic) && !MORE_THAN_METER.some(knows)) return false;
  if (isOfAnyMeter(named)) return knows('plain-solar') || knows('plain-battery');
  if (knows(KNOWN)) return true;
  const group = groupOf(named);
  const isBeside = GROUPS.some((other) => other !== group && knows(`plain-${other}`));
  for (const base of bases) parts.learnBase(`plain-${group}`, base);
  return isBeside;
}
