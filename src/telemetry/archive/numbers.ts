import { ByteReader, ByteWriter } from './bytes.ts';

/**
 * A column of numbers as bytes that compress well, without loss. Devices report decimals with few digits: those are kept as
 * whole numbers (231.4 V as 2314), each as its difference to the one before, the lowest bytes of all differences first, then
 * the next. Values that no such decimal is equal to stand by themselves as doubles. NaN means that there is no value.
 */

const HAS_GAPS = 1;
const IS_RAW = 2;
const MOST_DIGITS = 9;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits);
/** Whole numbers up to here, their differences and twice those are exact. */
const LARGEST = 2 ** 51;
/** One value in so many may stand by itself before the column gets more digits, or is kept as doubles. */
const ODD_SHARE = 32;

export function packNumbers(values: Float64Array): Uint8Array {
  const out = new ByteWriter();
  const present = withoutGaps(values);
  const digits = digitsOf(present);
  out.byte((present.length < values.length ? HAS_GAPS : 0) + (digits === null ? IS_RAW : 0));
  if (present.length < values.length) out.append(presenceBits(values));
  if (digits === null) out.append(splitDoubles(present));
  else packDecimals(out, present, digits);
  return out.done();
}

/** The column of `count` values that was packed. */
export function unpackNumbers(bytes: Uint8Array, count: number): Float64Array {
  const reader = new ByteReader(bytes);
  const flags = reader.byte();
  const bits = (flags & HAS_GAPS) !== 0 ? reader.take(Math.ceil(count / 8)) : null;
  const length = bits ? countBits(bits) : count;
  const present = (flags & IS_RAW) !== 0 ? joinDoubles(reader.take(8 * length)) : unpackDecimals(reader, length);
  return bits ? spread(present, bits, count) : present;
}

/** Ascending whole numbers, of which most follow each other at the same distance: times in ms. */
export function packTimes(times: Float64Array): Uint8Array {
  const out = new ByteWriter();
  const step = usualStep(times);
  const differences = new Float64Array(times.length);
  for (let i = 1; i < times.length; i++) differences[i] = (times[i] as number) - (times[i - 1] as number) - step;
  out.count(step);
  out.whole(times[0] ?? 0);
  packDifferences(out, differences);
  return out.done();
}

export function unpackTimes(bytes: Uint8Array, count: number): Float64Array {
  const reader = new ByteReader(bytes);
  const step = reader.count();
  const first = reader.whole();
  return addUp(reader, count, { first, step, scale: 1 });
}

function usualStep(times: Float64Array): number {
  if (times.length < 2) return 0;
  const steps = new Float64Array(times.length - 1);
  for (let i = 1; i < times.length; i++) steps[i - 1] = (times[i] as number) - (times[i - 1] as number);
  steps.sort();
  return steps[steps.length >> 1] ?? 0;
}

function packDecimals(out: ByteWriter, values: Float64Array, digits: number): void {
  const scale = POWERS[digits] as number;
  const differences = new Float64Array(values.length);
  const odd: number[] = [];
  let base = 0;
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const whole = Math.round(value * scale);
    if (whole / scale !== value || whole >= LARGEST || whole <= -LARGEST) {
      odd.push(i);
      continue;
    }
    if (i === odd.length) base = whole;
    else differences[i] = whole - before;
    before = whole;
  }
  out.byte(digits);
  out.whole(base);
  packDifferences(out, differences);
  out.count(odd.length);
  for (const [k, place] of odd.entries()) out.count(place - (odd[k - 1] ?? 0));
  for (const place of odd) out.double(values[place] as number);
}

function unpackDecimals(reader: ByteReader, count: number): Float64Array {
  const scale = POWERS[reader.byte()] as number;
  const values = addUp(reader, count, { first: reader.whole(), step: 0, scale });
  const places: number[] = [];
  for (let left = reader.count(); left > 0; left--) places.push((places[places.length - 1] ?? 0) + reader.count());
  for (const place of places) values[place] = reader.double();
  return values;
}

/** Least number of digits after the point that nearly all values have; null when they are no decimals. */
function digitsOf(values: Float64Array): number | null {
  const needs = new Uint32Array(MOST_DIGITS + 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    let digits = 0;
    while (digits <= MOST_DIGITS && !isDecimal(value, digits)) digits++;
    needs[digits] = (needs[digits] as number) + 1;
  }
  let odd = values.length;
  for (let digits = 0; digits <= MOST_DIGITS; digits++) {
    odd -= needs[digits] as number;
    if (odd * ODD_SHARE <= values.length) return digits;
  }
  return null;
}

function isDecimal(value: number, digits: number): boolean {
  const scale = POWERS[digits] as number;
  const whole = Math.round(value * scale);
  return whole / scale === value && whole < LARGEST && whole > -LARGEST;
}

/** Differences of either sign as whole numbers from 0 (0, -1, 1, -2 ...), byte by byte: all lowest bytes first. */
function packDifferences(out: ByteWriter, differences: Float64Array): void {
  const count = differences.length;
  let most = 0;
  for (let i = 0; i < count; i++) {
    const d = differences[i] as number;
    const folded = d >= 0 ? 2 * d : -2 * d - 1;
    if (folded > most) most = folded;
  }
  let planes = 0;
  while (most >= 256 ** planes) planes++;
  out.byte(planes);
  out.append(planes <= 4 ? narrowPlanes(differences, planes) : widePlanes(differences, planes));
}

/** Differences that fit 32 bits, which nearly all do: several times faster than the general case. */
function narrowPlanes(differences: Float64Array, planes: number): Uint8Array {
  const folded = new Uint32Array(differences.length);
  for (let i = 0; i < folded.length; i++) {
    const d = differences[i] as number;
    folded[i] = d >= 0 ? 2 * d : -2 * d - 1;
  }
  const bytes = new Uint8Array(planes * folded.length);
  for (let p = 0, at = 0; p < planes; p++)
    for (let i = 0; i < folded.length; i++) bytes[at++] = (folded[i] as number) >>> (8 * p);
  return bytes;
}

function widePlanes(differences: Float64Array, planes: number): Uint8Array {
  const bytes = new Uint8Array(planes * differences.length);
  for (let i = 0; i < differences.length; i++) {
    const d = differences[i] as number;
    let rest = d >= 0 ? 2 * d : -2 * d - 1;
    for (let p = 0; p < planes; p++) {
      bytes[p * differences.length + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
  return bytes;
}

/** How differences become values: the first one, what each step adds beyond its difference, and what a whole number stands for. */
interface Course {
  first: number;
  step: number;
  scale: number;
}

/** The values of which the differences were packed. The difference before the first one is 0. */
function addUp(reader: ByteReader, count: number, course: Course): Float64Array {
  const planes = reader.byte();
  const bytes = reader.take(planes * count);
  return planes <= 4
    ? addUpNarrow(joinNarrow(bytes, count, planes), course)
    : addUpWide(joinWide(bytes, count, planes), course);
}

// The same twice: one function for both kinds of array would be several times slower, and this is where a chart's time goes.

function addUpNarrow(differences: Int32Array, { first, step, scale }: Course): Float64Array {
  const values = new Float64Array(differences.length);
  let whole = first - step;
  for (let i = 0; i < values.length; i++) {
    whole += (differences[i] as number) + step;
    values[i] = whole / scale;
  }
  return values;
}

function addUpWide(differences: Float64Array, { first, step, scale }: Course): Float64Array {
  const values = new Float64Array(differences.length);
  let whole = first - step;
  for (let i = 0; i < values.length; i++) {
    whole += (differences[i] as number) + step;
    values[i] = whole / scale;
  }
  return values;
}

/** Differences of up to four bytes. */
function joinNarrow(bytes: Uint8Array, count: number, planes: number): Int32Array {
  const differences = new Int32Array(count);
  if (planes === 1) {
    for (let i = 0; i < count; i++) differences[i] = unfolded(bytes[i] as number);
  } else if (planes === 2) {
    for (let i = 0; i < count; i++)
      differences[i] = unfolded((bytes[i] as number) | ((bytes[count + i] as number) << 8));
  } else {
    for (let p = 0, at = 0; p < planes; p++)
      for (let i = 0; i < count; i++)
        differences[i] = (differences[i] as number) | ((bytes[at++] as number) << (8 * p));
    for (let i = 0; i < count; i++) differences[i] = unfolded(differences[i] as number);
  }
  return differences;
}

/** 0, -1, 1, -2 ... of 0, 1, 2, 3 ..., in 32 bits. */
const unfolded = (folded: number): number => (folded >>> 1) ^ -(folded & 1);

function joinWide(bytes: Uint8Array, count: number, planes: number): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let folded = 0;
    for (let p = planes - 1; p >= 0; p--) folded = 256 * folded + (bytes[p * count + i] as number);
    values[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  }
  return values;
}

function withoutGaps(values: Float64Array): Float64Array {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i] as number)) count++;
  if (count === values.length) return values;
  const present = new Float64Array(count);
  let at = 0;
  for (const value of values) if (!Number.isNaN(value)) present[at++] = value;
  return present;
}

function presenceBits(values: Float64Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i] as number)) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  return bits;
}

function countBits(bits: Uint8Array): number {
  let count = 0;
  for (const byte of bits) for (let rest = byte; rest > 0; rest &= rest - 1) count++;
  return count;
}

function spread(present: Float64Array, bits: Uint8Array, count: number): Float64Array {
  const values = new Float64Array(count).fill(Number.NaN);
  let at = 0;
  for (let i = 0; i < count; i++)
    if (((bits[i >> 3] as number) & (1 << (i & 7))) !== 0) values[i] = present[at++] as number;
  return values;
}

/** The first byte of every double, then the second of every one, and so on: signs and exponents lie together. */
function splitDoubles(values: Float64Array): Uint8Array {
  const count = values.length;
  const view = new DataView(new ArrayBuffer(8));
  const bytes = new Uint8Array(8 * count);
  for (let i = 0; i < count; i++) {
    view.setFloat64(0, values[i] as number);
    for (let p = 0; p < 8; p++) bytes[p * count + i] = view.getUint8(p);
  }
  return bytes;
}

function joinDoubles(bytes: Uint8Array): Float64Array {
  const count = bytes.length / 8;
  const view = new DataView(new ArrayBuffer(8));
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let p = 0; p < 8; p++) view.setUint8(p, bytes[p * count + i] as number);
    values[i] = view.getFloat64(0);
  }
  return values;
}
