import { isSettingTopic } from '../announced/entity-kinds.ts';
import type { DialectContext } from '../dialect.ts';
import { numberOf } from '../field-draft.ts';
import type { Leaves, MessageView } from '../payload/message-view.ts';
import { fieldsIn, headerIn, looksLikeFields, rowIn } from '../payload/text-fields.ts';
import { type DeviceKind, deviceKind } from '../words/device-words.ts';
import type { PlainMeaning } from '../words/words-meaning.ts';
import { bareMeaning, fromOne, isAlternating, isBothWays, isRegister, SOLD } from './bare-meter.ts';
import { directionsIn } from './plain-directions.ts';
import {
  energyUnit,
  groupOf,
  inUnit,
  isPlausible,
  isRaw,
  mayBeKilowatts,
  wayOf,
  withInverterOutput,
  withoutBareOnes,
  withoutBatterysOwn,
  withoutBothWays,
  withoutTwins,
  withPeriodOfPairs,
  withWholeSums,
} from './plain-doubts.ts';
import { entriesOf, type PlainEntry } from './plain-entries.ts';
import { isHouseView, onlyFlows } from './plain-house-view.ts';
import { areKilowatts, fromKilowatts, isHundreds, WATTS } from './plain-kilowatts.ts';
import { withoutMains } from './plain-mains.ts';
import { meaningAt, type Named, SAYS_WHEN, topicWords } from './plain-meaning.ts';
import { placesOf } from './plain-places.ts';
import { mostPower } from './plain-rated.ts';
import { withShare } from './plain-share.ts';
import { explainedBySiblings, withGeneration, withoutChargers, withoutCounted } from './plain-siblings.ts';
import { hearSigns, learntSign, withLoadAsUsed, withoutEmptyWholes, withProvenSigns } from './plain-signs.ts';

const GATE =
  /pv|sol|sonne|zon|fotov|fotow|photov|mppt|inverter|batt?er|bat_|akku|accu|bms|pack|soc|grid|netz|rete|reseau|import|export|bezug|yield|generat|produ|ertrag/i;
/** Solar heat. */
const THERMAL = /collector|kollektor|cylinder/i;
const isThermal = ({ names, byPath }: Leaves): boolean =>
  [...names].some((name) => THERMAL.test(name)) &&
  [...byPath].some(([path, value]) => THERMAL.test(path) && numberOf(value) !== null);
const PHASE_B = /(current|strom)_?b$/i;
const LEAST_GROUPS = 2;

/** A maker's meter, and its inverter. */
const [METER_LEVEL, INVERTER_LEVEL] = [/(^|\/)(smart|energy|power|grid)?_?meter\d?(\/|$)/i, /inver|wechselr|wr\d?\//i];

/** What a maker's bridge reads of the utility's meter. */
const UTILITY_LEVEL = /\/(dsmr|p1|p1_?meter|smart_?meter)\//i;

/** What charges a vehicle is not the grid's. */
export const OF_A_CHARGER = /(^|\/)(lp|load_?points?|wallbox|evse|charger)\/?\d+\//i;

/** What sends a message, by its topic and by what its owner said it measures. */
export function sender(topic: string, { role }: DialectContext): DeviceKind {
  if (isSettingTopic(topic) || (role === 'grid' && OF_A_CHARGER.test(topic))) return 'foreign';
  const kind = deviceKind(topic);
  if (role === 'grid' && kind !== 'foreign') return 'utility';
  if (kind === 'inverter' && UTILITY_LEVEL.test(topic)) return 'utility';
  return kind === 'inverter' && METER_LEVEL.test(topic) && !INVERTER_LEVEL.test(topic) ? 'meter' : kind;
}

/** What was found while a message was recognised serves its interpretation. */
const readings = new WeakMap<MessageView, Named[]>();

/** The fields of a text, by name; a line that only names columns says what the rows after it mean. */
function textLeaves({ text, topic }: MessageView, { memory }: DialectContext): Leaves {
  const header = memory?.parts.headerOf(topic);
  const fields = looksLikeFields(text) ? (fieldsIn(text) ?? (header && rowIn(text, header)) ?? null) : null;
  const names = fields === null && looksLikeFields(text) ? headerIn(text) : null;
  if (names) memory?.parts.learnHeader(topic, names);
  return { byPath: fields ?? new Map(), names: new Set(fields?.keys()) };
}

/** Where words that tell of a house's supply may stand: in rows only in the names of their columns. */
const spokenIn = ({ looksLikeData, text }: MessageView, names: ReadonlySet<string>): string =>
  looksLikeData ? (text ?? '') : [...names].join(' ');

/** What is sure of an object's values; nothing when nothing tells that a house's supply speaks. */
export function readObject(message: MessageView, context: DialectContext): Named[] {
  const known = readings.get(message) ?? findAll(message, context);
  readings.set(message, known);
  return known;
}

function findAll(message: MessageView, context: DialectContext): Named[] {
  const kind = kindOf(message, context);
  const isView = kind === 'foreign' && isHouseView(message, context);
  if (kind === 'foreign' && !isView) return [];
  const device = isView ? 'unknown' : kind;
  const leaves = message.looksLikeData ? message.leaves : textLeaves(message, context);
  const { names } = leaves;
  if ((device === 'unknown' || device === 'meter') && !GATE.test(spokenIn(message, names))) return [];
  if (names.size < 2 || isThermal(leaves)) return [];
  const isPhased = [...names].some((name) => PHASE_B.test(name));
  const found: Named[] = [];
  const saysWhen = SAYS_WHEN.test(topicWords(message.topic));
  const place = placeIn({ tail: message.tail(0), json: message.json, topic: message.topic });
  const listed = withoutCounted(entriesOf(leaves));
  const entries = context.role === 'grid' || context.role === 'load' ? fromOne(listed) : listed;
  const isBattery = device === 'battery' || device === 'storage';
  const hasFrequency = isBattery && isAlternating(names);
  const isStore = [...names].some((name) => STORE.test(name));
  const isEnergy = [...names].some((name) => HEALTH.test(name)) && ![...names].some((name) => CHARGE.test(name));
  const isPack = isBattery && [...names].some((name) => /^soc$/i.test(name));
  const asMeter = meterIn(names, context, entries);
  for (const entry of entries) {
    const own = isEnergy ? entry.path.replace(STATE_OF_ENERGY, 'soc') : entry.path;
    const called = isStore ? own.replace(OF_STORE, 'battery') : own;
    const name = isPack ? (LETTERS[called.toLowerCase()] ?? called) : called;
    // An inverter's direct current is not the grid's, though its topic is called so.
    const isElsewhere = place === 'grid' && DIRECT.test(name);
    const path = place === '' || isElsewhere ? name : `${place}/${name}`;
    const around = { device, unit: entry.unit, isPhased };
    const meaning = asMeter(entry) ?? meaningAt(path, around) ?? (entry.own ? meaningAt(entry.own, around) : null);
    // What has a frequency beside is measured where a battery meets the house.
    if (meaning && isBattery && hasFrequency && isOfOtherSide(meaning, entry.path)) continue;
    if (meaning && isOfController(meaning, entry.path)) continue;
    if (meaning && !(meaning.isPeriodGuessed && saysWhen))
      found.push({ ...meaning, value: entry.value, path: entry.path });
  }
  const whole = isBattery ? 'battery' : place;
  const said = () => directionsIn(leaves, whole);
  const signs = context.memory?.parts.signs;
  const places = placesOf(message);
  const isPower = ({ metric }: Named) => signs?.isBalanced(places.slice(0, 1), metric, message.topic) === true;
  const topicAt = `=${message.topic}`;
  const isInWatts = context.memory?.parts.knowsBase(WATTS, topicAt) === true;
  const own = withoutChargers(withGeneration(isView ? onlyFlows(found) : found, entries), entries);
  if (!isView) own.push(...explainedBySiblings(entries, own, device));
  const direct = withoutMains(own, device, isAlternating(names), message, context);
  const inUnits = (areKilowatts(direct, isInWatts) ? fromKilowatts(direct) : direct).map((one) =>
    withShare(one, message.topic, context),
  );
  const isMains = device === 'unknown' && [...names].some((name) => AT_MAINS.test(topicWords(name)));
  const sure = withLoadAsUsed(
    withoutEmptyWholes(sureOf(inUnits, isMains ? 'storage' : device, mostPower(entries, inUnits), isPower)),
  );
  if (!isInWatts && sure.some(isHundreds)) context.memory?.parts.learnBase(WATTS, topicAt);
  if (isNameless(message, context) && !sure.some(({ metric }) => metric === 'batteryVoltage')) return [];
  if (signs) hearSigns(signs, places, sure, message, context.isDark);
  return withProvenSigns(sure, said, learntSign(signs, places, message));
}

/** True for a battery's voltage or current that its name does not call so. */
const isOfOtherSide = ({ metric }: PlainMeaning, path: string): boolean =>
  /^battery(Voltage|Current)$/.test(metric) && !/bat|dc|pack|cell/i.test(path);

const DIRECT = /(^|[^a-z])dc(?![a-z])/i;

/** True for the temperature of a storage's charge controller, which is none of its cells'. */
const isOfController = ({ metric }: PlainMeaning, path: string): boolean =>
  metric === 'batteryTemperature' && /(^|\/)mppt\d*[/_ ]/i.test(path);

/** What letters stand for in a battery that says its state of charge beside. */
const LETTERS: Record<string, string> = { v: 'voltage', u: 'voltage', i: 'current' };

/** `energySoc` beside `energyPower`: what has a charge is a battery. */
const [STORE, OF_STORE] = [/^(energy|storage)_?soc$/i, /(energy|storage)(?=_?(power|current|voltage|soc)$)/i];

/** Reads the bare values of a message whose source is a meter with a role. */
function meterIn(names: ReadonlySet<string>, { role }: DialectContext, entries: readonly PlainEntry[]) {
  const isMeter = role !== undefined && role !== 'system' && !entries.some(isRegister);
  // Panels have a voltage, too.
  const isSure = isMeter && (role === 'grid' || role === 'load' || isAlternating(names));
  const isSold = [...names].some((name) => SOLD.test(name));
  return (entry: PlainEntry) => {
    const meaning = isSure ? bareMeaning(entry.path, entry, role) : null;
    return meaning && isSold && isBothWays(meaning) ? null : meaning;
  };
}

/** Beside its health, in percent too, a battery's state of energy is its charge where nothing else is. */
const [HEALTH, STATE_OF_ENERGY] = [/^(soh|state_?of_?health)$/i, /(?<=^|\/)soe$/i];

/** What sends an object: where its topic does not say it, its names may. */
function kindOf(message: MessageView, context: DialectContext): DeviceKind {
  const kind = sender(message.topic, context);
  if (kind === 'solar' && message.looksLikeData && CELLS.test(message.text ?? '')) return 'storage';
  if (kind === 'solar' && message.looksLikeData && isConverter(message)) return 'inverter';
  // A battery of a maker of inverters: it has cells, and nothing that an inverter has.
  if (kind === 'inverter' && message.looksLikeData && CELLS.test(message.text ?? '') && !hasSides(message))
    return 'storage';
  if (kind !== 'unknown' || !message.looksLikeData) return kind;
  if (isConverter(message)) return 'inverter';
  return CELLS.test(message.text ?? '') || isCounted(message) ? 'storage' : kind;
}

/** What says a DC and an AC side and a yield makes one of the other. */
const SIDES = [
  /^(dc|input)[_ ]?(power|voltage)/i,
  /^(ac|grid)[_ ]?(power|voltage|freq\w*)|^output[_ ]?freq/i,
  /(energy|gen_?power)[_ ]?(to_?day|total)|(today|total|daily)[_ ]?(energy|yield)/i,
];
const isConverter = ({ leaves: { names } }: MessageView): boolean =>
  SIDES.every((side) => [...names].some((name) => side.test(name)));

const OF_INVERTER = /^(e?pv|solar|mppt|ac|grid|load|inv|output|eps|vac|iac|pac|ppv|vpv)/i;
const hasSides = ({ leaves: { names } }: MessageView): boolean => [...names].some((name) => OF_INVERTER.test(name));

/** What a battery says that stands at a house's mains. */
const AT_MAINS = /^(grid|inverter) ((on|off) )?(power|p|voltage|v)$/;

/** A battery that only what it says makes known; then its voltage must be one of several cells. */
const isNameless = (message: MessageView, context: DialectContext): boolean =>
  sender(message.topic, context) === 'unknown' && isCounted(message);

/** What only a battery says that somebody watches closely, beside its state of charge. */
const isCounted = ({ looksLikeData, leaves: { names } }: MessageView): boolean =>
  looksLikeData && [...names].some((name) => CHARGE.test(name)) && [...names].some((name) => COUNTED.test(name));

const CHARGE = /^(soc|state_?of_?charge)$/i;
const COUNTED = /^(cycles?|cycle_?count|remaining_?capacity|soh|state_?of_?health)$/i;

const CELLS = /"(bms_\w+|cell_?(max|min|voltage)\w*|(max|min)_cell_voltage\w*)"/i;
const PLACE = /^(grid|battery|bms|pv|solar|load|output)\d*$/;
const TYPES: ReadonlySet<unknown> = new Set(['pv', 'battery', 'grid', 'load']);

/** What says of which place an object's values are: its type, or its topic's last word (`inverter/grid`, `local:pv1`); ''. */
function placeIn({ tail, json, topic }: { tail: string; json: Record<string, unknown> | null; topic: string }): string {
  const type = typeof json?.type === 'string' ? json.type.toLowerCase() : '';
  if (TYPES.has(type)) return type;
  const last = topicWords(tail).split(' ').at(-1) ?? '';
  // An electric panel is none of the sun's.
  if (/^panels?$/.test(last) && /(^|\/)(solar|pv)/i.test(topic)) return 'pv';
  return PLACE.test(last) && !isSharedLevel(topic) ? last : '';
}

const isSharedLevel = (topic: string): boolean => !topic.includes('/');

/** Beside such a voltage the panels' are in volts, too, even the few that they have in the evening. */
const LEAST_MAINS_V = 90;
const VOLTS = /^(grid|output|battery)Voltage$/;
/** A battery's with a fraction is in volts, too. */
const isVolts = (metric: string, value: number): boolean =>
  metric === 'batteryVoltage' ? !Number.isInteger(value) && value > LEAST_BATTERY_V : value >= LEAST_MAINS_V;
const LEAST_BATTERY_V = 10;

function sureOf(
  found: readonly Named[],
  device: DeviceKind,
  mostW: number | null,
  isPower: (one: Named) => boolean,
): Named[] {
  if (isRaw(found)) return [];
  const own = withWholeSums(
    withoutBareOnes(
      withInverterOutput(withoutBatterysOwn(withPeriodOfPairs(withoutBothWays(withoutReaders(found, device))))),
      isPower,
    ),
  );
  const isAtMains = own.some(({ metric, value }) => VOLTS.test(metric) && isVolts(metric, value));
  const doubts = { mayBeKilowatts: mayBeKilowatts(own), energy: energyUnit(own, mostW), isAtMains };
  const sure = withoutTwins(own.filter((one) => isPlausible(one, doubts)));
  return isOfHouse(sure, device) ? inUnit(sure, doubts.energy) : [];
}

/** What a meter's reader runs on: a level or a voltage, of nothing that is charged. */
const OF_READER = /batt(ery)?[ _-]?(level|voltage|percent|percentage)?$/i;

/** Without the cell of what reads a meter. */
function withoutReaders(found: readonly Named[], device: DeviceKind): Named[] {
  const isOfReader = (one: Named) => groupOf(one) === 'battery' && OF_READER.test(one.path ?? '');
  const isMeter = device === 'meter' || device === 'utility';
  const isAlone = found.every((one) => groupOf(one) === 'grid' || isOfReader(one));
  return isMeter && isAlone ? found.filter((one) => !isOfReader(one)) : [...found];
}

/** True when what was found can only be a house's supply: solar power and something beside, or a meter that counts both ways. */
function isOfHouse(sure: readonly Named[], device: DeviceKind): boolean {
  const groups = new Set(sure.map(groupOf));
  if (groups.has('solar') && groups.size >= LEAST_GROUPS) return true;
  if (device === 'inverter' && sure.length > 0) return true;
  if (device === 'solar' && (groups.has('solar') || sure.length > 1)) return true;
  if (groups.has('battery') && groups.has('grid')) return true;
  if ((device === 'battery' || device === 'storage') && sure.filter((one) => groupOf(one) === 'battery').length > 1)
    return true;
  const ways = new Set(sure.filter((one) => groupOf(one) === 'grid').map(wayOf));
  return ways.has(1) && ways.has(-1);
}
