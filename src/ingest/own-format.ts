import { jsonBoundBroken } from '../core/json-bounds.ts';
import { metrics } from '../core/metrics.ts';
import type { MetricValues, RejectedValue } from '../core/reading.ts';
import type {
  Dialect,
  DialectContext,
  IncomingMessage,
  Interpretation,
  InterpretedReading,
  Recognition,
} from './dialect.ts';
import { numberOf } from './field-draft.ts';
import { parseDeviceTime } from './payload/device-time.ts';
import { KnownShapes } from './payload/known-shapes.ts';
import type { MessageView } from './payload/message-view.ts';
import { Refused, valueChecks } from './payload/metric-values.ts';
import { provenSigns } from './signs/power-balance.ts';

/** As a dialect, but interpreting asks nothing of a message but what came in. */
export interface OwnFormat extends Dialect {
  interpret(message: IncomingMessage, context: DialectContext): Interpretation;
}

/** The dialect; `shapes` makes it quick where a device writes the same shape again and again. */
export function createOwnFormat(shapes: KnownShapes | null): OwnFormat {
  if (shapes === null) return { name: 'ampra', recognise, interpret };
  return {
    name: 'ampra',
    recognise,
    interpret(message, context) {
      const { topic, payload } = message;
      const quick = shapes.read(topic, payload);
      if (quick !== null) return { readings: [{ time: quick.time, values: quick.values, index: 0 }], rejected: [] };
      const interpretation = interpret(message, context);
      const [reading] = interpretation.readings;
      const isPlain = reading !== undefined && interpretation.readings.length === 1 && payload[0] === OPENING_BRACE;
      if (isPlain && interpretation.rejected.length === 0 && reading.metadata === undefined)
        shapes.learn(topic, payload, reading);
      return interpretation;
    },
  };
}

const OWN_TOPIC = /^(ampra\/[^/]+\/telemetry|hooks\/[^/]+)$/;
const CATALOGUE_KEY = new RegExp(`"(?:${metrics.map((m) => m.name).join('|')})"\\s*:`);
const OWN_NAMES: ReadonlySet<string> = new Set([...metrics.map((m) => m.name as string), 'timestamp', 'metadata']);
const POWERS = ['solarPower', 'loadPower', 'gridPower', 'batteryPower'];
const OPENING_BRACE = 0x7b;
/** A batch whose first reading begins with a name of the catalogue. */
const OWN_FIRST = new RegExp(
  `^\\s*\\[\\s*\\{\\s*"(?:${metrics.map((m) => m.name).join('|')}|timestamp|metadata)"\\s*:`,
);
const SURE: Recognition = { sureness: 1, reason: "a topic of Ampra's own" };
const LIKELY: Recognition = { sureness: 0.6, reason: 'names of the catalogue' };
const MOST_READINGS = 100_000;
const DEEPEST_METADATA = 16;
/** Fields of one reading that the catalogue does not have, and values inside one of them. */
const MOST_METADATA = 1000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function recognise(message: MessageView): Recognition | null {
  if (OWN_TOPIC.test(message.topic)) return SURE;
  const first = message.payload.find((byte) => byte > 0x20);
  if (first !== 0x7b && first !== 0x5b) return null;
  const { text } = message;
  return text !== null && CATALOGUE_KEY.test(text) && isMostlyOwn(message, first) ? LIKELY : null;
}

/** Other devices have a name or two in common with the catalogue, and mean something else by it. */
function isMostlyOwn(message: MessageView, first: number): boolean {
  if (first !== OPENING_BRACE) return OWN_FIRST.test(message.text ?? '');
  const json = message.json ?? {};
  const names = Object.keys(json);
  return names.filter((name) => OWN_NAMES.has(name)).length * 2 > names.length && !hasOtherSigns(json);
}

/** True where the message's own balance says that a power does not have the catalogue's sign. */
function hasOtherSigns(json: Record<string, unknown>): boolean {
  const [solar = null, load = null, grid = null, battery = null] = POWERS.map((name) => numberOf(json[name]));
  const signs = provenSigns({ solar, load, grid, battery });
  return signs.grid === -1 || signs.battery === -1;
}

function interpret(message: IncomingMessage, context: { timeZone: string }): Interpretation {
  const parsed = parse(message.payload);
  if (typeof parsed === 'string') return { readings: [], rejected: [{ index: 0, field: '', message: parsed }] };
  const { json } = parsed;
  const place = { timeZone: context.timeZone, heardAt: message.receivedAt };
  if (!Array.isArray(json)) return interpretObjects([json], place);
  const refusal = (index: number, text: string) => ({
    ...{ readings: [], rejected: [{ index, field: '', message: text }] },
  });
  if (json.length === 0) return refusal(0, 'the list is empty');
  if (json.length > MOST_READINGS) return refusal(MOST_READINGS, `a batch may hold at most ${MOST_READINGS} readings`);
  return interpretObjects(json, place);
}

/** How times without a zone are read: on the clock of this zone, near to when it was heard, else after what was before it. */
interface ClockPlace {
  timeZone: string;
  heardAt?: number;
  after?: number | null;
}

/** The readings of objects as JSON gives them; what is wrong is named by the object's place in the list. */
export function interpretObjects(objects: readonly unknown[], place: ClockPlace): Interpretation {
  const readings: InterpretedReading[] = [];
  const rejected: RejectedValue[] = [];
  for (let index = 0; index < objects.length; index++) {
    const before = rejected.length;
    const near = place.heardAt ?? readings.at(-1)?.time ?? place.after ?? null;
    const timeOf = (value: unknown) => parseDeviceTime(value, place.timeZone, near);
    const reading = readObject(objects[index], index, rejected, timeOf);
    if (reading) readings.push(reading);
    if (rejected.length > before) date(rejected, before, objects[index], timeOf);
  }
  return { readings, rejected };
}

type TimeOf = (value: unknown) => number | string;

/** What is refused of an object belongs to its time, if it says one. */
function date(rejected: RejectedValue[], from: number, object: unknown, timeOf: TimeOf): void {
  const { timestamp = null } = (object ?? {}) as { timestamp?: unknown };
  const time = timestamp === null ? null : timeOf(timestamp);
  if (typeof time !== 'number') return;
  for (let i = from; i < rejected.length; i++) (rejected[i] as RejectedValue).time = time;
}

function parse(payload: Uint8Array): { json: unknown } | string {
  const tooMuch = jsonBoundBroken(payload);
  if (tooMuch !== null) return tooMuch;
  let text: string;
  try {
    text = utf8.decode(payload);
  } catch {
    return 'is not valid UTF-8 text';
  }
  try {
    return { json: JSON.parse(text) };
  } catch {
    return 'is not valid JSON';
  }
}

function readObject(
  json: unknown,
  index: number,
  rejected: RejectedValue[],
  timeOf: TimeOf,
): InterpretedReading | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    rejected.push({ index, field: '', message: 'must be an object of catalogue names and values' });
    return null;
  }
  const values: Record<string, unknown> = {};
  let metadata: Record<string, unknown> | undefined;
  let time: number | null = null;
  let count = 0;
  let refused = 0;
  let unknown = 0;
  for (const name in json) {
    const value = (json as Record<string, unknown>)[name];
    const check = valueChecks.get(name);
    if (check !== undefined) {
      const taken = check(value);
      if (taken === null) continue;
      if (taken instanceof Refused) {
        refused++;
        rejected.push({ index, field: name, message: taken.message });
      } else {
        values[name] = taken;
        count++;
      }
    } else if (name === 'timestamp') {
      const parsed = value === null ? null : timeOf(value);
      if (typeof parsed === 'string') {
        rejected.push({ index, field: 'timestamp', message: parsed });
        return null;
      }
      time = parsed;
    } else if (++unknown <= MOST_METADATA) {
      metadata ??= {};
      keep(metadata, name, value, index, rejected);
    }
  }
  if (unknown > MOST_METADATA)
    rejected.push({
      index,
      field: '',
      message: `holds more than ${MOST_METADATA} fields that the catalogue does not have`,
    });
  if (count === 0) {
    if (refused === 0) rejected.push({ index, field: '', message: 'holds no value of the catalogue' });
    return null;
  }
  const reading: InterpretedReading = { time, values: values as MetricValues, index };
  if (metadata !== undefined) reading.metadata = metadata;
  return reading;
}

function keep(
  metadata: Record<string, unknown>,
  name: string,
  value: unknown,
  index: number,
  rejected: RejectedValue[],
): void {
  const tooMuch = boundBroken(value, { levels: DEEPEST_METADATA, values: { left: MOST_METADATA } });
  if (tooMuch !== null) {
    rejected.push({ index, field: name, message: tooMuch });
    return;
  }
  if (name === 'metadata' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) define(metadata, key, inner);
  } else define(metadata, name, value);
}

/** As an own property whatever its name is: `__proto__` from a device must not become a prototype. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Which bound of metadata a value breaks, in words; null when none. Looks at no more than the bounds allow. */
function boundBroken(value: unknown, { levels, values }: { levels: number; values: { left: number } }): string | null {
  if (--values.left < 0) return `holds more than ${MOST_METADATA} values`;
  if (typeof value !== 'object' || value === null) return null;
  if (levels === 0) return `is nested deeper than ${DEEPEST_METADATA} levels`;
  // Lists by their own iterator: `Object.values` of a million numbers takes seconds.
  if (Array.isArray(value)) {
    for (const inner of value) {
      const broken = boundBroken(inner, { levels: levels - 1, values });
      if (broken !== null) return broken;
    }
    return null;
  }
  for (const name in value) {
    const broken = boundBroken((value as Record<string, unknown>)[name], { levels: levels - 1, values });
    if (broken !== null) return broken;
  }
  return null;
}

/**
 * Ampra's own format: one JSON object of catalogue names with an optional `timestamp`, or an array of such objects.
 * Numbers may be written as decimal text ("13.2"), as many small devices do; `null` means that the device does not know.
 * Fields that the catalogue does not have are kept as metadata, as are those of a field `metadata`.
 */
export const ownFormat: OwnFormat = createOwnFormat(new KnownShapes());
