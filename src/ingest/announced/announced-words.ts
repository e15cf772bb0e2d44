import { asObject, type MessageView } from '../payload/message-view.ts';
import { englishWords } from '../words/name-words.ts';
import { isKnownWord } from '../words/word-list.ts';
import { textOf, unabbreviated } from './announced-entities.ts';

/** A first level that says only that the topic is somebody's. */
const WHOLE_HOUSE = /^(home|house|haus|huis|casa|maison|homeassistant|hass|ha)$/i;

/** What only an inverter has by that name, whatever its device is called. */
const OWN_OF_INVERTER = /\binverter (temp|temperature|heat ?sink|voltage|frequency)\b/;
const SOLAR_INVERTER = /^(solar|pv) inverter (voltage|current)$/;

const PLACE =
  /\b(solar|pv\d*|battery\d*|bms|grid|meter|load|house|home|output|input|generator|charge\w*|import|export)\b/;

/** What the entity calls itself; and, where that says nothing (an id of digits), that with the topics it uses. */
export function wordsSaid(entity: Record<string, unknown>, deviceName: string, message: MessageView): string[] {
  // One message for a whole device has the device's name there.
  const objectId = message.segments[1] === 'device' ? undefined : message.tail(1);
  const name = words([entity.name]);
  // Ids say the name again, whose end and beginning together mean something else (`DC out power dc out power`).
  const again = new RegExp(`(?<= )${name} `, 'g');
  const others = (parts: readonly unknown[]) =>
    name === '' ? words(parts) : ` ${words(parts)} `.replace(again, '').trim();
  const ids = others([entity.object_id ?? entity.default_entity_id, entity.unique_id, objectId]);
  const own = `${name} ${ids}`.trim();
  const path = others([textOf(entity.value_template).replace(/value_json|value|float|round|int|default/g, ' ')]);
  const levels = textOf(entity.state_topic).split('/');
  const topic = others([(WHOLE_HOUSE.test(levels[0] ?? '') ? levels.slice(1) : levels).slice(-3).join(' ')]);
  // A device called "Solar inverter" does not make each of its values a solar one.
  // But a "Solar Inverter Voltage" is no panel's.
  const isOfInverter = SOLAR_INVERTER.test(name) || OWN_OF_INVERTER.test(name);
  // A battery's values may begin with what it is called: `inv-batt-1 total voltage`.
  const called = words([unabbreviated(asObject(entity.device) ?? {}).name]);
  const isCalled = called !== '' && own.startsWith(`${called} `) && /\bbattery\b/.test(englishWords(called));
  const kept = new Set(isCalled ? called.split(' ') : []);
  const ofDevice = [...new Set(deviceName.split(' '))].filter(
    (word) => word.length > 1 && !own.startsWith(word) && !(isOfInverter && word === 'inverter') && !kept.has(word),
  );
  const cleaned = (text: string) => ofDevice.reduce(without, text);
  // Some begin each name with their device's, which says no place.
  const isPlain = called !== '' && name.startsWith(`${called} `) && !isCalled && !PLACE.test(englishWords(called));
  return [
    ...(isPlain ? [name.slice(called.length + 1)] : []),
    ...[cleaned(name), cleaned(own), cleaned(`${own} ${path} ${topic}`)],
  ];
}

const without = (text: string, word: string) =>
  text
    .split(' ')
    .filter((w) => w !== word)
    .join(' ');

/** Texts in lower case, else as they are. */
export const asWritten = (parts: readonly unknown[]): string =>
  parts
    .filter((part) => typeof part === 'string')
    .join(' ')
    .slice(0, 300)
    .toLowerCase();

/** Words in lower case: `batterySoc`, `battery_soc` and `Battery SoC` are the same. */
export function words(parts: readonly unknown[]): string {
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

/** `SDM230 voltage` of a device that is called so is its voltage. */
export function withoutModel(name: string, deviceName: string): string {
  // `PZEM-017 power` of a `pzem017`.
  const [model = '', ...rest] = name.replace(SPLIT_MODEL, '$1$2').split(' ');
  const isOfDevice = MODEL.test(model) && !PART.test(model) && englishWords(deviceName).split(' ').includes(model);
  return isOfDevice && rest.length > 0 ? rest.join(' ') : name;
}
const SPLIT_MODEL = /^([a-z]{2,}) (\d{2,})(?= )/;
const [MODEL, PART] = [/^[a-z]{2,}\d{2,}[a-z\d]*$/, /^(circuit|clamp|channel|phase|outlet|socket|plug|port)/];

/** True where an entity's ids or topics say something that its name does not. */
export function saysMore(text: string, name: string): boolean {
  const own = new Set(name.split(' '));
  return (
    name === '' ||
    text.split(' ').some((word) => !own.has(word) && !IDLE.test(word) && isKnownWord(word.replace(/\d+$/, '')))
  );
}
const IDLE = /^(state|status|power)$/;
