import type { NumericMetric } from '../core/metrics.ts';
import { capacityWithoutUnit } from './announced-capacity.ts';
import { textOf, unabbreviated } from './announced-entities.ts';
import { meaningOfGridMeter, meaningOfInverter, meaningOfStore, outputOf } from './announced-inverter.ts';
import { isMeasured, meaningOf } from './announced-metric.ts';
import type { AnnouncedBare, AnnouncedValue } from './announcements.ts';
import { deviceKind, isMaker } from './device-words.ts';
import type { EntityDescription, Meaning } from './entity-description.ts';
import { asObject, type MessageView } from './message-view.ts';
import { englishWords } from './name-words.ts';
import { GRID, TOTAL } from './place-words.ts';
import { isBareOfPanels } from './plain-mains.ts';
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
  if (!template || entity.entity_category === 'config') return null;
  const device = unabbreviated(asObject(entity.device) ?? {});
  const deviceName = words([device.name, device.manufacturer, device.model, device.identifiers]);
  const said = wordsSaid(entity, deviceName, message).map((text) => englishWords(text));
  const announced = {
    words: said.at(-1) ?? '',
    // Makers write themselves in two words that are one: `EcoFlow`.
    device: `${deviceName} ${asWritten([device.name, device.manufacturer, device.model])} ${englishWords(deviceName)}`,
    unit: textOf(entity.unit_of_measurement),
    deviceClass: textOf(entity.device_class),
    stateClass: textOf(entity.state_class),
  };
  const name = withoutModel(said[0] ?? '', deviceName);
  const deviceId = words([device.identifiers]) || message.base(2);
  const bare = { stateTopic: topic, template, name, unit: announced.unit, deviceId };
  const isOwn = isMeasured(announced);
  const own = isOwn ? meaningIn(said, announced, placeOf(device)) : null;
  const described = own ? announced : (meterIn(announced, name) ?? announced);
  const capacity = own === null && isStore(announced) ? capacityWithoutUnit(said, announced) : null;
  const meaning = own ?? capacity ?? (described === announced ? null : meaningIn(said, described, ''));
  if (!meaning) return isOwn ? bare : null;
  return {
    ...{ ...meaning, ...flagsOf(meaning, described, name, topic) },
    ...(capacity !== null && { isUnitOpen: true }),
    ...(own === null && capacity === null && { onlyAt: 'grid', ...(isOwn && { orBare: { ...bare, notAt: 'grid' } }) }),
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

/** What the battery's own electronics say, and what is fed from the backup alone, stands behind; what a battery was built to hold before. */
function remoteness({ metric }: Meaning, own: string): number {
  if (/\bbms\b/.test(own) || (/^load|Consumed$/.test(metric) && BACKED_UP.test(own))) return FAR;
  // Where another one says that it is a lifetime's, this one may be a day's.
  if (/^total/.test(metric) && !TOTAL.test(own)) return FAR;
  return metric === 'batteryCapacity' && /\b(nominal|rated|design|designed)\b/.test(own) ? -FAR : 0;
}
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
  const place = englishWords(words([device.name]));
  const isPlace = /\b(battery|bms|grid|smart ?meter)\b/.test(place) && !/\b(inverter|hybrid|solar|pv)\b/.test(place);
  return isPlace ? place : deviceKind(textOf(device.name)) === 'storage' ? 'battery' : '';
}

function meaningIn(said: readonly string[], described: EntityDescription, at: string): Meaning | null {
  const placed = at === '' ? [] : [`${at} ${described.words}`];
  return (
    firstOf([...said, ...placed], (own) => meaningOf({ ...described, words: own })) ??
    meaningOfGridMeter(described) ??
    meaningOfInverter(described) ??
    meaningOfStore(described) ??
    firstOf(said, (own) => outputOf({ ...described, words: own })) ??
    firstOf([...said, ...placed], (own) => meaningOf({ ...described, words: own, takesOpen: true }))
  );
}

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

/** `SDM230 voltage` of a device that is called so is its voltage. */
function withoutModel(name: string, deviceName: string): string {
  // `PZEM-017 power` of a `pzem017`.
  const [model = '', ...rest] = name.replace(SPLIT_MODEL, '$1$2').split(' ');
  const isOfDevice = MODEL.test(model) && !PART.test(model) && englishWords(deviceName).split(' ').includes(model);
  return isOfDevice && rest.length > 0 ? rest.join(' ') : name;
}
const SPLIT_MODEL = /^([a-z]{2,}) (\d{2,})(?= )/;
const [MODEL, PART] = [/^[a-z]{2,}\d{2,}[a-z\d]*$/, /^(circuit|clamp|channel|phase|outlet|socket|plug|port)/];

/** A first level that says only that the topic is somebody's. */
const WHOLE_HOUSE = /^(home|house|haus|huis|casa|maison|homeassistant|hass|ha)$/i;

/** Devices that have a battery as a house has one, or that are one. */
const STORAGE =
  /\b(battery|batteries|bms|accu|akku|speicher|storage|inverter|hybrid|solar|solarbank|pv|powerwall|ess|pylontech|seplos|daly|jbd|victron|voltronic|axpert|deye|sunsynk|growatt|sungrow|huawei|goodwe|solax|foxess|sigenergy|e3dc)\b/;

const isStore = ({ device, words: own }: EntityDescription): boolean =>
  STORAGE.test(device) || isMaker(device) || deviceKind(device) === 'storage' || /\bbms\b/.test(own);

const isAnyBattery = (meaning: ReturnType<typeof meaningOf>): boolean =>
  meaning !== null && meaning.side === null && /^(state|battery(Voltage|Temperature|Current)$)/.test(meaning.metric);

/** What only an inverter has by that name, whatever its device is called. */
const OWN_OF_INVERTER = /\binverter (temp|temperature|heat ?sink|voltage|frequency)\b/;
const SOLAR_INVERTER = /^(solar|pv) inverter (voltage|current)$/;

/** The first that is something. */
function firstOf<T, R>(list: readonly T[], work: (one: T) => R | null): R | null {
  for (const one of list) {
    const result = work(one);
    if (result !== null) return result;
  }
  return null;
}

/** What the entity calls itself; and, where that says nothing (an id of digits), that with the topics it uses. */
function wordsSaid(entity: Record<string, unknown>, deviceName: string, message: MessageView): string[] {
  // One message for a whole device has the device's name there.
  const objectId = message.segments[1] === 'device' ? undefined : message.tail(1);
  const name = words([entity.name]);
  const own = words([entity.name, entity.object_id ?? entity.default_entity_id, entity.unique_id, objectId]);
  const path = words([textOf(entity.value_template).replace(/value_json|value|float|round|int|default/g, ' ')]);
  const levels = textOf(entity.state_topic).split('/');
  const topic = words([(WHOLE_HOUSE.test(levels[0] ?? '') ? levels.slice(1) : levels).slice(-3).join(' ')]);
  // A device called "Solar inverter" does not make each of its values a solar one.
  // But a "Solar Inverter Voltage" is no panel's.
  const isOfInverter = SOLAR_INVERTER.test(name) || OWN_OF_INVERTER.test(name);
  // A battery's values may begin with what it is called: `inv-batt-1 total voltage`.
  const called = words([unabbreviated(asObject(entity.device) ?? {}).name]);
  const isCalled = called !== '' && own.startsWith(`${called} `) && /\bbattery\b/.test(englishWords(called));
  const kept = new Set(isCalled ? called.split(' ') : []);
  const others = [...new Set(deviceName.split(' '))].filter(
    (word) => word.length > 1 && !own.startsWith(word) && !(isOfInverter && word === 'inverter') && !kept.has(word),
  );
  const cleaned = (text: string) => others.reduce(without, text);
  return [cleaned(name), cleaned(own), cleaned(`${own} ${path} ${topic}`)];
}

const without = (text: string, word: string) =>
  text
    .split(' ')
    .filter((w) => w !== word)
    .join(' ');

const asWritten = (parts: readonly unknown[]): string =>
  parts
    .filter((part) => typeof part === 'string')
    .join(' ')
    .slice(0, 300)
    .toLowerCase();

/** Words in lower case: `batterySoc`, `battery_soc` and `Battery SoC` are the same. */
function words(parts: readonly unknown[]): string {
  const flat = parts.flat().filter((part) => typeof part === 'string');
  return flat
    .join(' ')
    .slice(0, 600)
    .replace(/So([CH])\b/g, 'SO$1')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\d%]+/gu, ' ')
    .trim();
}
