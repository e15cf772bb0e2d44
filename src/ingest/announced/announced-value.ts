import type { NumericMetric } from '../../core/metrics.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';
import { isBareOfPanels } from '../plain/plain-mains.ts';
import { deviceKind, isForeign, isMaker } from '../words/device-words.ts';
import { englishWords } from '../words/name-words.ts';
import { BATTERY, GRID, TOTAL } from '../words/place-words.ts';
import { mayBeRooms, OF_HOUSE } from '../words/unknown-words.ts';
import { capacityWithoutUnit } from './announced-capacity.ts';
import { textOf, unabbreviated } from './announced-entities.ts';
import { meaningOfGridMeter, meaningOfInverter, meaningOfStore, outputOf, ownOf } from './announced-inverter.ts';
import { isMeasured, meaningOf } from './announced-metric.ts';
import { asWritten, saysMore, withoutModel, words, wordsSaid } from './announced-words.ts';
import type { AnnouncedBare, AnnouncedValue } from './announcements.ts';
import type { EntityDescription, Meaning } from './entity-description.ts';
import { parseTemplate } from './value-template.ts';

/**
 * What an announced sensor measures: something of the catalogue, or a bare value to which only its source's role gives a place;
 * null for what has none (settings, limits, what is not understood).
 */
export function announcedValue(
  entity: Record<string, unknown>,
  topic: string,
  message: MessageView,
): AnnouncedValue | AnnouncedBare | null {
  const template = parseTemplate(entity.value_template);
  if (!template || entity.entity_category === 'config' || isBetweenPhases(entity)) return null;
  const device = unabbreviated(asObject(entity.device) ?? {});
  // What else uses, makes or foretells power is no house's supply, unless a meter at it is the grid's.
  if (isForeign(asWritten([device.name, device.model])) && !METER.test(words([entity.name]))) return null;
  const deviceName = words([device.name, device.manufacturer, device.model, device.identifiers]);
  const at = placeOf(device);
  const named = wordsSaid(entity, deviceName, message).map((text) => englishWords(text));
  // What a battery says of no other place is its own.
  const placed = BATTERY.test(at) && !OTHER_PLACE.test(named[0] ?? '') ? named.map((text) => `${at} ${text}`) : named;
  const said = placed.filter((text, i) => i === 0 || saysMore(text, placed[0] ?? ''));
  // Makers write themselves in two words that are one: `EcoFlow`.
  const ownWords = `${deviceName} ${asWritten([device.name, device.manufacturer, device.model])} ${englishWords(deviceName)}`;
  const announced = {
    words: placed.at(-1) ?? '',
    device: isMakersMeter(device) && isMaker(ownWords) ? `${ownWords} smart meter` : ownWords,
    unit: textOf(entity.unit_of_measurement),
    deviceClass: textOf(entity.device_class),
    stateClass: textOf(entity.state_class),
  };
  const name = withoutModel(named[0] ?? '', deviceName);
  const deviceId = words([device.identifiers]) || message.base(2);
  const bare = { stateTopic: topic, template, name, unit: announced.unit, deviceId };
  const isOwn = isMeasured(announced);
  const own = isOwn ? meaningIn(said, announced, at) : null;
  const described = own ? announced : (meterIn(announced, name) ?? announced);
  const capacity = own === null && isStore(announced) ? capacityWithoutUnit(named, announced) : null;
  const meaning = own ?? capacity ?? (described === announced ? null : meaningIn(said, described, ''));
  if (!meaning) return isOwn ? bare : null;
  return {
    ...{ ...withoutTotal(meaning, described.words), ...flagsOf(meaning, described, name, topic) },
    ...(capacity !== null && { isUnitOpen: true }),
    ...(own === null && capacity === null && { onlyAt: 'grid', ...(isOwn && { orBare: { ...bare, notAt: 'grid' } }) }),
    ...(own?.isOfMeter && (isMaker(ownWords) ? { isOfMeter: false } : { orBare: { ...bare, notAt: 'grid' } })),
    ...(isPanel(meaning, described, name) && { orBare: { ...bare, onlyAt: 'grid' } }),
    ...{ template, stateTopic: topic, deviceId },
    uniqueId: textOf(entity.unique_id) || message.topic,
    // What the inverter measures counts before what the battery's own electronics say.
    remoteness:
      (words([entity.name]).length || described.words.length) +
      remoteness(meaning, described.words) +
      (capacity === null ? 0 : FAR),
  };
}

/** What stands under `Vac_RS` is measured between two phases, whatever it is called. */
const isBetweenPhases = (entity: Record<string, unknown>): boolean =>
  /^m?V$/.test(textOf(entity.unit_of_measurement)) && BETWEEN.test(textOf(entity.value_template));
const BETWEEN = /(?<![A-Za-z])(RS|ST|TR)(?![A-Za-z])/;

/** What the battery's own electronics say, and what is fed from the backup alone, stands behind; what a battery was built to hold before. */
function remoteness({ metric, isBare }: Meaning & { isBare?: boolean }, own: string): number {
  // What an inverter gives may be its battery's, too.
  if (isBare) return FAR;
  if (/\bbms\b/.test(own) || (/^load|Consumed$/.test(metric) && BACKED_UP.test(own))) return FAR;
  // A charge alone may be one of several.
  if (/^totalBattery/.test(metric) && !BATTERY.test(own)) return FAR;
  // Where another one says that it is a lifetime's, this one may be a day's.
  if (/^total/.test(metric) && !TOTAL.test(own)) return FAR;
  return metric === 'batteryCapacity' && /\b(nominal|rated|design|designed)\b/.test(own) ? -FAR : 0;
}
/** What is fed from the backup is a part of what the house uses, however whole its name. */
function withoutTotal<T extends Meaning>(meaning: T, own: string): T {
  if (!OF_HOUSE.test(meaning.metric) || !BACKED_UP.test(own)) return meaning;
  return { ...meaning, part: { ...meaning.part, rank: Math.min(meaning.part.rank, WHOLE) } };
}
const WHOLE = 2;
const BACKED_UP = /\b(backup|eps|ups|essential|critical|emergency)\b/;

/**
 * What is called a meter's (`meter01 voltage l1`), of something that uses power by itself, too: for its owner may have put it at
 * the grid.
 */
function meterIn(announced: EntityDescription, name: string): EntityDescription | null {
  const asMeter = { ...announced, device: 'smart meter' };
  return METER.test(name) && isMeasured(asMeter) ? asMeter : null;
}
const METER = /^(smart |energy |electricity )?meter ?\d*\b/;

/** A battery's or meter's own "Voltage" is told by the device's name; an inverter has several. */
function placeOf(device: Record<string, unknown>): string {
  const place = calledAfter(device);
  const isPlace = /\b(battery\d*|batteries|bms|grid|smart ?meter)\b/.test(place) && !OF_INVERTER.test(place);
  return isPlace ? place : deviceKind(textOf(device.name)) === 'storage' ? 'battery' : '';
}

/** A device's name; makers write themselves in two words that are one. */
function calledAfter(device: Record<string, unknown>): string {
  const written = englishWords(asWritten([device.name]));
  return /\b(battery\d*|meter)\b/.test(written) ? written : englishWords(words([device.name]));
}

const OF_INVERTER = /\b(inverter|hybrid|solar|pv)\b/;
const OTHER_PLACE =
  /\b(solar|pv\d*|mppt\d*|battery\d*|batteries|bms|grid|meter|load|house|home|output|input|generator|inverter|ac|bus|cell)\b/;

/** True for the meter at the grid, where an inverter's maker sells it. */
function isMakersMeter(device: Record<string, unknown>): boolean {
  const called = calledAfter(device);
  return /^meter\b|\bmeter$/.test(called) && !OTHER_METER.test(called);
}
const OTHER_METER = /\b(inverter|hybrid|solar|pv|production|house|home|load|consumption|second|battery\d*|smart)\b/;

function meaningIn(said: readonly string[], described: EntityDescription, at: string): Meaning | null {
  const placed = at === '' ? [] : [`${at} ${described.words}`];
  return (
    firstOf([...said, ...placed], (own) => ofHouse(meaningOf({ ...described, words: own }), own)) ??
    meaningOfGridMeter(described) ??
    meaningOfInverter(described) ??
    meaningOfStore(described) ??
    // An inverter's, that says nothing more.
    (said[0] === 'temperature' ? meaningOfStore({ ...described, words: 'internal temperature' }) : null) ??
    firstOf(said, (own) => outputOf({ ...described, words: own })) ??
    ownOf({ ...described, words: said[0] ?? '' }) ??
    firstOf([...said, ...placed], (own) => ofHouse(meaningOf({ ...described, words: own, takesOpen: true }), own))
  );
}

/** Not what only a room uses, or a thing with a name of its own. */
const ofHouse = (meaning: Meaning | null, own: string): Meaning | null =>
  meaning && OF_HOUSE.test(meaning.metric) && mayBeRooms(own) ? null : meaning;

/** What of it depends on what else its device says, or what its source measures. */
function flagsOf(meaning: Meaning, described: EntityDescription, name: string, topic: string): Partial<AnnouncedValue> {
  // A plug before a balcony's inverter is called after the panels, too.
  const mayBeSocket =
    isBareOfPanels(meaning.metric, described.words) &&
    ![described.device, topic].some((text) => deviceKind(text) === 'inverter');
  return {
    ...(Object.hasOwn(DRAWN, meaning.metric) && DRAW.test(name) && { isDraw: true }),
    ...(isAnyBattery(meaning) && !isStore(described) && { needsCompany: true }),
    ...(mayBeSocket && { isBareOfPanels: true }),
    ...(isOfAnySupply(meaning, described) && { needs: ['battery'] }),
  };
}

/** What goes into and out of things that convert a current (`Output voltage`): of a bench's supply as of an inverter. */
const isOfAnySupply = ({ metric }: Meaning, { words: own, device }: EntityDescription): boolean =>
  (/^output(Voltage|Current|Frequency)$/.test(metric) && !OF_LOAD.test(own) && !isSupply(device)) ||
  (/^grid(Voltage|Current|Frequency)$/.test(metric) && AC_INPUT.test(own) && !GRID.test(own) && !isSupply(device));
const AC_INPUT = /\bac (in|input)\b/;
const OF_LOAD = /\b(loads?|backup|eps|ups|house|home)\b/;
const isSupply = (device: string): boolean => /^(inverter|solar|storage)$/.test(deviceKind(device));

/** A panel is one of circuits, too, where nothing else tells of the sun. */
const isPanel = ({ metric }: Meaning, { words: own, device }: EntityDescription, name: string): boolean =>
  /^solar/.test(metric) && OF_CIRCUITS.test(name) && !OF_SUN.test(`${own} ${device}`);
const [OF_CIRCUITS, OF_SUN] = [
  /\bpanel\b/,
  /\b(pv\d*|solar|photovoltaic|mppt\d?|string\d?|panels|yield|production|inverter)\b/,
];
const FAR = 1000;
/** What flows at a meter that its owner put at the grid. */
const DRAW = /^(current |actual |present |total |daily |today )?(load|((power|energy) )?consumption)( power| energy)?$/;
/** Where that goes. */
export const DRAWN: Partial<Record<string, NumericMetric>> = {
  ...{ loadPower: 'gridPower', totalEnergyConsumed: 'totalGridImport', dailyEnergyConsumed: 'dailyGridImport' },
};

/** Devices that have a battery as a house has one, or that are one. */
const STORAGE =
  /\b(battery|batteries|bms|accu|akku|speicher|storage|inverter|hybrid|solar|solarbank|pv|powerwall|ess|pylontech|seplos|daly|jbd|victron|voltronic|axpert|deye|sunsynk|growatt|sungrow|huawei|goodwe|solax|foxess|sigenergy|e3dc)\b/;

const isStore = ({ device, words: own }: EntityDescription): boolean =>
  STORAGE.test(device) || isMaker(device) || deviceKind(device) === 'storage' || /\bbms\b/.test(own);

const isAnyBattery = (meaning: ReturnType<typeof meaningOf>): boolean =>
  meaning !== null && meaning.side === null && /^(state|battery(Voltage|Temperature|Current)$)/.test(meaning.metric);

/** The first that is something. */
function firstOf<T, R>(list: readonly T[], work: (one: T) => R | null): R | null {
  for (const one of list) {
    const result = work(one);
    if (result !== null) return result;
  }
  return null;
}
