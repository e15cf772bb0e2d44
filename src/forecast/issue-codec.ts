import { type DayOdds, type ForecastIssue, issueLevels, stepCount } from './issue.ts';
import { type ForecastReason, reasonTopics } from './reasons.ts';

/**
 * Forecasts as bytes. A head in JSON, then whole numbers of 16 bits in the unit that the head names: the median, what is
 * between each quantile and its neighbour towards the median, and the reference; the low bytes of all and then the high ones,
 * so that what is small packs away. Compressed by whoever stores them.
 */
const VERSION = 1;
const MEDIAN = issueLevels.indexOf(0.5);
/** Finer than anybody knows tomorrow's power: a two-thousandth of the largest. */
const PARTS = 2000;

interface Head extends Pick<ForecastIssue, 'steps' | 'weatherUntil' | 'weatherAt' | 'model'> {
  unitW: number;
  days: DayOdds[];
  /** By hour: topic, effect in units, topic, effect, ... */
  why: number[][];
}

export function encodeIssue(issue: ForecastIssue): Uint8Array<ArrayBuffer> {
  const count = stepCount(issue.steps);
  const largest = [...issue.quantilesW, issue.referenceW].reduce((most, column) => Math.max(most, ...column), 1);
  const unitW = Number((largest / PARTS).toPrecision(3));
  const whole = (column: Float32Array | undefined, step: number): number => Math.round((column?.[step] ?? 0) / unitW);
  const numbers = new Int16Array((issueLevels.length + 1) * count);
  for (let place = 0; place < issueLevels.length; place++) {
    const inner = place < MEDIAN ? place + 1 : place - 1;
    for (let step = 0; step < count; step++) {
      const value = whole(issue.quantilesW[place], step);
      numbers[place * count + step] = place === MEDIAN ? value : Math.abs(value - whole(issue.quantilesW[inner], step));
    }
  }
  for (let step = 0; step < count; step++)
    numbers[issueLevels.length * count + step] = whole(issue.referenceW, step) - whole(issue.quantilesW[MEDIAN], step);
  const { steps, weatherUntil, weatherAt, model } = issue;
  const days = issue.days.map((day) => ({ ...day, kwh: day.kwh.map(rounded), soFarKwh: rounded(day.soFarKwh) }));
  const why = issue.reasons.map((hour) =>
    hour.flatMap(({ topic, effectW }) => [reasonTopics.indexOf(topic), Math.round(effectW / unitW)]),
  );
  const head: Head = { steps, weatherUntil, weatherAt, model, unitW, days, why };
  return joined(new TextEncoder().encode(JSON.stringify(head)), numbers);
}

const rounded = (kwh: number): number => Number(kwh.toPrecision(4));

function joined(head: Uint8Array, numbers: Int16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(3 + head.length + 2 * numbers.length);
  bytes[0] = VERSION;
  new DataView(bytes.buffer).setUint16(1, head.length, true);
  bytes.set(head, 3);
  const low = 3 + head.length;
  const high = low + numbers.length;
  numbers.forEach((number, at) => {
    bytes[low + at] = number & 0xff;
    bytes[high + at] = (number >> 8) & 0xff;
  });
  return bytes;
}

/** The forecast that these bytes hold. Throws `RangeError` when they are of a form that this Ampra does not know. */
export function decodeIssue(bytes: Uint8Array, of: Pick<ForecastIssue, 'issuedAt' | 'isReplayed'>): ForecastIssue {
  if (bytes[0] !== VERSION) throw new RangeError(`forecasts of the form ${bytes[0]} are not known`);
  const headLength = new DataView(bytes.buffer, bytes.byteOffset).getUint16(1, true);
  const { unitW, why, ...head } = JSON.parse(new TextDecoder().decode(bytes.subarray(3, 3 + headLength))) as Head;
  const count = stepCount(head.steps);
  const low = 3 + headLength;
  const high = low + (issueLevels.length + 1) * count;
  const numberAt = (at: number): number => (((bytes[high + at] ?? 0) << 24) >> 16) | (bytes[low + at] ?? 0);
  const columns = issueLevels.map(() => new Int32Array(count));
  const fill = (place: number, sign: number, inner: Int32Array | undefined): void => {
    const column = columns[place];
    for (let step = 0; step < count && column; step++)
      column[step] = (inner?.[step] ?? 0) + sign * numberAt(place * count + step);
  };
  fill(MEDIAN, 1, undefined);
  for (let place = MEDIAN - 1; place >= 0; place--) fill(place, -1, columns[place + 1]);
  for (let place = MEDIAN + 1; place < issueLevels.length; place++) fill(place, 1, columns[place - 1]);
  const referenceW = Float32Array.from(
    { length: count },
    (_, step) => ((columns[MEDIAN]?.[step] ?? 0) + numberAt(issueLevels.length * count + step)) * unitW,
  );
  return {
    ...of,
    ...head,
    quantilesW: columns.map((column) => Float32Array.from(column, (n) => n * unitW)),
    referenceW,
    reasons: why.map((hour) => reasonsOf(hour, unitW)),
  };
}

function reasonsOf(hour: readonly number[], unitW: number): ForecastReason[] {
  return Array.from({ length: hour.length / 2 }, (_, at) => ({
    topic: reasonTopics[hour[2 * at] ?? 0] ?? 'sun',
    effectW: (hour[2 * at + 1] ?? 0) * unitW,
  }));
}
