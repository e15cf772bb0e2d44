import { takeBare } from '../announced-bare.ts';
import {
  entitiesOf,
  isConfig,
  isOwn,
  settingTopics,
  stateTopic,
  textOf,
  unabbreviated,
} from '../announced-entities.ts';
import { meaningOfGridMeter, meaningOfInverter, outputOf } from '../announced-inverter.ts';
import { isMeasured, meaningOf } from '../announced-metric.ts';
import { hearAnnounced, measuredBy, placesOfAnnounced, proofOf, signOf } from '../announced-signs.ts';
import type { AnnouncedBare, AnnouncedValue, Announcements } from '../announcements.ts';
import { deviceKind, isMaker } from '../device-words.ts';
import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { asObject, type MessageView } from '../message-view.ts';
import { englishWords } from '../name-words.ts';
import { isBareOfPanels, mayBeSockets } from '../plain-mains.ts';
import { takeSettled } from '../settled-values.ts';
import type { SignProofs } from '../sign-proof.ts';
import { parseTemplate } from '../value-template.ts';

/**
 * Home Assistant's MQTT discovery as input: a device that announces its entities under `<prefix>/<component>/.../config`
 * is read by what it announced (state topic, unit, device class, value template). Full and abbreviated keys, `~` as base
 * topic, one entity or a whole device (`cmps`) a message; an empty payload withdraws. What was announced is remembered in
 * the context's announcements. After home-assistant.io (MQTT, MQTT discovery).
 */
const config: Recognition = { sureness: 0.95, reason: 'an announcement of Home Assistant discovery' };
const announced: Recognition = { sureness: 0.55, reason: 'announced by Home Assistant discovery' };
/** A little surer, so that the proof is shown. */
const PROVEN = 0.56;
/** Surer than any family is of a name: whoever announced a topic knows best what it is. */
const setting: Recognition = { sureness: 0.96, reason: 'a setting, as Home Assistant discovery announced it' };
const birth: Recognition = { sureness: 0.9, reason: 'the status of Home Assistant' };

export const dialect: Dialect = {
  name: 'home-assistant',

  recognise(message, context) {
    if (isConfig(message)) return message.payload.length === 0 || message.looksLikeObject ? config : null;
    if (message.topic === 'homeassistant/status') return birth;
    if (!context.memory?.announcements.knows(message.topic)) return null;
    if (isSetting(message, context)) return setting;
    const proof = proofOf(context.memory, message.topic);
    return proof === null ? announced : { sureness: PROVEN, reason: `${announced.reason}; ${proof}` };
  },

  interpret(message, context) {
    const announcements = context.memory?.announcements;
    if (isConfig(message)) {
      // Ampra's own come back where two brokers are joined; taking them would feed it with itself.
      if (isOwn(message)) return nothingMeasured();
      if (announcements) takeConfig(message, announcements);
      return { ...nothingMeasured(), isAnnouncement: true };
    }
    if (isSetting(message, context)) return nothingMeasured();
    const values = announcements?.at(message.topic) ?? [];
    const bare = announcements?.bareAt(message.topic) ?? [];
    if (values.length + bare.length === 0 || message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const taken = values.filter((value) => announcements?.leads(value) && announcements.isSure(value));
    const signs = context.memory?.parts.signs;
    if (signs) hearAnnounced(signs, taken, message, context.isDark);
    // Parts first, so that a total of the same message has the last word.
    for (const value of taken.sort((a, b) => a.part.rank - b.part.rank)) readValue(draft, value, message, signs);
    takeSettled(draft, signs, placesOfAnnounced(taken), message);
    takeBare(draft, bare, message, context);
    return draft.finish(null, values.length < 3);
  },
};

function readValue(draft: Draft, value: AnnouncedValue, message: MessageView, signs: SignProofs | undefined): void {
  if (value.metric === 'operatingMode' || value.metric === 'deviceStatus') return;
  const measured = measuredBy(value, message);
  const sign = signOf(value, signs, message.receivedAt);
  if (measured === null || sign === null) return;
  const { part, side } = value;
  const metric = value.isDraw && draft.context.role === 'grid' ? 'gridPower' : value.metric;
  if (value.isBareOfPanels && mayBeSockets(metric, measured * value.factor, value.deviceId, draft.context)) return;
  const field = { to: metric, by: value.factor * sign, ...(part.how !== 'own' && { how: part.how }), rank: part.rank };
  draft.take(side === null ? field : { ...field, side }, measured, {
    id: side === null ? value.uniqueId : value.deviceId,
    order: part.order,
  });
}

/** What is set stands alone on its topic; an object beside it holds measurements, too. */
const isSetting = (message: MessageView, { memory }: DialectContext): boolean =>
  !message.looksLikeData && memory?.announcements.isSetting(message.topic) === true;

function takeConfig(message: MessageView, announcements: Announcements): void {
  if (!message.json) {
    announcements.withdraw(message.topic);
    return;
  }
  const values: AnnouncedValue[] = [];
  const bare: AnnouncedBare[] = [];
  const topics = new Set<string>();
  const settings = new Set<string>();
  for (const one of entitiesOf(message)) {
    const topic = stateTopic(one);
    if (topic !== null) topics.add(topic);
    for (const set of settingTopics(one)) settings.add(set);
    const value = topic !== null && one.component === 'sensor' ? announcedValue(one.entity, topic, message) : null;
    if (value && 'unit' in value) bare.push(value);
    else if (value) values.push(value);
  }
  announcements.announce(message.topic, { values, bare, topics, settings });
}

function announcedValue(
  entity: Record<string, unknown>,
  topic: string,
  message: MessageView,
): AnnouncedValue | AnnouncedBare | null {
  const template = parseTemplate(entity.value_template);
  if (!template || entity.entity_category === 'config') return null;
  const device = unabbreviated(asObject(entity.device) ?? {});
  const deviceName = words([device.name, device.manufacturer, device.model, device.identifiers]);
  const said = wordsSaid(entity, deviceName, message).map((text) => englishWords(text));
  const described = {
    words: said.at(-1) ?? '',
    // Makers write themselves in two words that are one: `EcoFlow`.
    device: `${deviceName} ${asWritten([device.name, device.manufacturer, device.model])} ${englishWords(deviceName)}`,
    unit: textOf(entity.unit_of_measurement),
    deviceClass: textOf(entity.device_class),
    stateClass: textOf(entity.state_class),
  };
  if (!isMeasured(described)) return null;
  // A battery's or meter's own "Voltage" is told by the device's name; an inverter has several.
  const place = englishWords(words([device.name]));
  const isPlace = /\b(battery|bms|grid|smart ?meter)\b/.test(place) && !/\b(inverter|hybrid|solar|pv)\b/.test(place);
  const at = isPlace ? place : deviceKind(textOf(device.name)) === 'storage' ? 'battery' : '';
  const plain =
    firstOf(said, (own) => meaningOf({ ...described, words: own })) ??
    (at === '' ? null : meaningOf({ ...described, words: `${at} ${described.words}` }));
  const meaning =
    plain ??
    meaningOfGridMeter(described) ??
    meaningOfInverter(described) ??
    firstOf(said, (own) => outputOf({ ...described, words: own })) ??
    firstOf([...said, ...(at === '' ? [] : [`${at} ${described.words}`])], (own) =>
      meaningOf({ ...described, words: own, takesOpen: true }),
    );
  const deviceId = words([device.identifiers]) || message.base(2);
  const name = withoutModel(said[0] ?? '', deviceName);
  if (!meaning) return { stateTopic: topic, template, name, unit: described.unit, deviceId };
  return {
    ...meaning,
    ...(meaning.metric === 'loadPower' && DRAW.test(name) && { isDraw: true }),
    ...(isAnyBattery(meaning) &&
      !STORAGE.test(described.device) &&
      !isMaker(described.device) && { needsCompany: true }),
    // A plug before a balcony's inverter is called after the panels, too.
    ...(isBareOfPanels(meaning.metric, described.words) &&
      ![described.device, topic].some((text) => deviceKind(text) === 'inverter') && { isBareOfPanels: true }),
    template,
    stateTopic: topic,
    deviceId,
    uniqueId: textOf(entity.unique_id) || message.topic,
    // What the inverter measures counts before what the battery's own electronics say.
    remoteness: (words([entity.name]).length || described.words.length) + (/\bbms\b/.test(described.words) ? FAR : 0),
  };
}

const FAR = 1000;
/** What flows at a meter that its owner put at the grid. */
const DRAW = /^(current |actual |present |total )?(load|(power )?consumption)( power)?$/;

/** `SDM230 voltage` of a device that is called so is its voltage. */
function withoutModel(name: string, deviceName: string): string {
  const [model = '', ...rest] = name.split(' ');
  const isOfDevice = MODEL.test(model) && !PART.test(model) && englishWords(deviceName).split(' ').includes(model);
  return isOfDevice && rest.length > 0 ? rest.join(' ') : name;
}
const [MODEL, PART] = [/^[a-z]{2,}\d{2,}[a-z\d]*$/, /^(circuit|clamp|channel|phase|outlet|socket|plug|port)/];

/** A first level that says only that the topic is somebody's. */
const WHOLE_HOUSE = /^(home|house|haus|huis|casa|maison|homeassistant|hass|ha)$/i;

/** Devices that have a battery as a house has one, or that are one. */
const STORAGE =
  /\b(battery|batteries|bms|accu|akku|speicher|storage|inverter|hybrid|solar|solarbank|pv|powerwall|ess|pylontech|seplos|daly|jbd|victron|voltronic|axpert|deye|sunsynk|growatt|sungrow|huawei|goodwe|solax|foxess|sigenergy|e3dc)\b/;

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
  const others = [...new Set(deviceName.split(' '))].filter(
    (word) => word.length > 1 && !own.startsWith(word) && !(isOfInverter && word === 'inverter'),
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
