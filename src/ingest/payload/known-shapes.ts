import { findMetric, isNumeric } from '../../core/metrics.ts';
import type { MetricValues } from '../../core/reading.ts';

/**
 * A device writes the same object again and again: the same names in the same order, with other numbers. The shape of a
 * payload that was read the long way is remembered, and the next payload is compared with it byte by byte while the
 * numbers are picked out. Whatever differs (another name, a space more, a word, a number out of range) is read the long
 * way again, so that this changes how fast a payload is read, never what it means.
 */
export interface QuickReading {
  time: number | null;
  values: MetricValues;
}

type Slot = { kind: 'number'; name: string; min: number; max: number } | { kind: 'epoch' } | { kind: 'iso' };

interface Shape {
  /** The bytes before each slot, and after the last, one after another; and how many there are of each. */
  literals: Uint8Array;
  lengths: number[];
  slots: Slot[];
  /** What the payload had where the slots are not (words, codes), and the order of the names. */
  template: Record<string, unknown>;
}

const MOST_SHAPES = 256;
const SMALLEST_EPOCH_MS = 1e11;

/** A topic, what was learnt of it, and whether that was worth it. */
interface Entry {
  shape: Shape | null;
  learnt: number;
  hits: number;
}

/** Learning costs as much as ten readings: who changes the shape all the time is read the long way. */
const FREE_LESSONS = 4;
const HITS_A_LESSON = 16;

export class KnownShapes {
  private readonly entries = new Map<string, Entry>();

  /** The reading, if the payload has the shape that was last learnt for `key`. */
  read(key: string, payload: Uint8Array): QuickReading | null {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.shape === null) return null;
    const reading = readAs(entry.shape, payload);
    if (reading !== null) entry.hits++;
    return reading;
  }

  /** Remembers the shape of a payload of one object in which everything was in order. */
  learn(key: string, payload: Uint8Array, reading: QuickReading): void {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      if (this.entries.size >= MOST_SHAPES) this.entries.clear();
      entry = { shape: null, learnt: 0, hits: 0 };
      this.entries.set(key, entry);
    }
    if (entry.learnt >= FREE_LESSONS && entry.hits < entry.learnt * HITS_A_LESSON) return;
    entry.learnt++;
    entry.shape = shapeOf(payload, reading);
  }
}

function readAs(shape: Shape, payload: Uint8Array): QuickReading | null {
  const { slots, literals, lengths } = shape;
  const values: Record<string, unknown> = { ...shape.template };
  let time: number | null = null;
  let at = 0;
  let literalAt = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = at + (lengths[i] as number);
    while (at < end) if (payload[at++] !== literals[literalAt++]) return null;
    const slot = slots[i];
    if (slot === undefined) break;
    if (slot.kind === 'iso') {
      time = isoAt(payload, at);
      if (Number.isNaN(time)) return null;
      at += ISO_LENGTH;
      continue;
    }
    const value = numberAt(payload, at);
    if (Number.isNaN(value)) return null;
    at = endOfNumber;
    if (slot.kind === 'epoch') {
      if (!(value >= SMALLEST_EPOCH_MS) || !Number.isInteger(value)) return null;
      time = value;
    } else {
      if (!(value >= slot.min && value <= slot.max)) return null;
      values[slot.name] = value;
    }
  }
  return at === payload.length ? { time, values: values as MetricValues } : null;
}

/** Where the number that `numberAt` read ended. */
let endOfNumber = 0;
const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/**
 * A plain decimal as JSON writes it, of at most 15 digits: the digits as a whole number, divided by a power of ten, are
 * then correctly rounded (Clinger 1990, "How to read floating point numbers accurately"). NaN for anything else.
 */
function numberAt(bytes: Uint8Array, start: number): number {
  let at = start;
  const isNegative = bytes[at] === 0x2d;
  if (isNegative) at++;
  const first = at;
  let digits = 0;
  let value = 0;
  let byte = bytes[at];
  while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
    value = value * 10 + (byte - 0x30);
    digits++;
    byte = bytes[++at];
  }
  if (digits === 0 || (digits > 1 && bytes[first] === 0x30)) return Number.NaN;
  if (byte === 0x2e) {
    const whole = digits;
    byte = bytes[++at];
    while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + (byte - 0x30);
      digits++;
      byte = bytes[++at];
    }
    if (digits === whole || digits > 15) return Number.NaN;
    value /= POWERS[digits - whole] as number;
  }
  if (digits > 15 || byte === 0x65 || byte === 0x45) return Number.NaN;
  endOfNumber = at;
  return isNegative ? -value : value;
}

/** `2026-03-29T10:20:30.500Z`. */
const ISO_LENGTH = 24;

function isoAt(b: Uint8Array, at: number): number {
  const [dash, colon] = [0x2d, 0x3a];
  if (b[at + 4] !== dash || b[at + 7] !== dash || b[at + 10] !== 0x54 || b[at + 13] !== colon) return Number.NaN;
  if (b[at + 16] !== colon || b[at + 19] !== 0x2e || b[at + 23] !== 0x5a) return Number.NaN;
  const year = digitsAt(b, at, 4);
  const month = digitsAt(b, at + 5, 2);
  const day = digitsAt(b, at + 8, 2);
  const hour = digitsAt(b, at + 11, 2);
  const minute = digitsAt(b, at + 14, 2);
  const second = digitsAt(b, at + 17, 2);
  const millisecond = digitsAt(b, at + 20, 3);
  // The last days of a month, and whatever else is odd, are read the long way.
  const isPlain = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour <= 23 && minute <= 59;
  if (!isPlain || !(second <= 59) || !(millisecond <= 999)) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

function digitsAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Finds the slots of a flat JSON object. Null when it is not written plainly enough, or when reading it by its shape does
 * not give what the long way gave.
 */
function shapeOf(payload: Uint8Array, reading: QuickReading): Shape | null {
  const text = new TextDecoder('latin1').decode(payload);
  if (text.includes('\\') || hasTwins(text)) return null;
  const literals: Uint8Array[] = [];
  const slots: Slot[] = [];
  let from = 0;
  // A name, and a number (or the time's text) after it; words may not hold anything that looks like that.
  const pair = /"([A-Za-z]+)"\s*:\s*(?:(-?\d[\d.]*)(?=[\s,}])|"(?=[^"\\]*"))/g;
  for (let m = pair.exec(text); m; m = pair.exec(text)) {
    const name = m[1] ?? '';
    const number = m[2];
    const slot = slotFor(name, number, text.slice(pair.lastIndex, pair.lastIndex + ISO_LENGTH + 1));
    if (!slot) continue;
    const start = pair.lastIndex - (number?.length ?? 0);
    literals.push(payload.slice(from, start));
    slots.push(slot);
    from = slot.kind === 'iso' ? start + ISO_LENGTH : start + (number?.length ?? 0);
    pair.lastIndex = from;
  }
  literals.push(payload.slice(from));
  const lengths = literals.map((l) => l.length);
  const shape: Shape = { literals: joined(literals), lengths, slots, template: { ...reading.values } };
  const again = readAs(shape, payload);
  return again !== null && isSame(again, reading) ? shape : null;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** True if a name comes twice: then the last one counts, which a shape does not know. */
function hasTwins(text: string): boolean {
  const names = [...text.matchAll(/"([^"]*)"\s*:/g)].map((m) => m[1]);
  return new Set(names).size < names.length;
}

function slotFor(name: string, number: string | undefined, rest: string): Slot | null {
  if (name === 'timestamp') {
    if (number !== undefined) return { kind: 'epoch' };
    return /^\d{4}-[^"]{18}Z"$/.test(rest) ? { kind: 'iso' } : null;
  }
  const metric = findMetric(name);
  if (!metric || number === undefined || !isNumeric(metric)) return null;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = metric;
  return { kind: 'number', name, min, max };
}

function isSame(a: QuickReading, b: QuickReading): boolean {
  return a.time === b.time && JSON.stringify(a.values) === JSON.stringify(b.values);
}
