import { findMetric, type ListMetric, type NumericMetric, type TextMetric } from '../core/metrics.ts';
import type { MetricValues, RejectedValue } from '../core/reading.ts';
import { follows, isNothing, isUnknownBeyond } from '../core/register-limits.ts';
import { STANDS_FOR_UNKNOWN } from '../sources/refused-words.ts';
import type { DialectContext, Interpretation } from './dialect.ts';
import { type Part, PartMemory } from './memory/dialect-memory.ts';
import { parseDeviceTime } from './payload/device-time.ts';
import { toCatalogue } from './payload/unit-conversion.ts';
import { maybeUnknown, numberOf, quantityOf, scaled, writtenNumber } from './payload/written-number.ts';

export { numberOf, quantityOf, scaled, unitBehind } from './payload/written-number.ts';

/** Where a device's field goes. */
export interface Field {
  to: NumericMetric;
  /** From the device's unit and sign to the catalogue's. */
  by?: number;
  /** How it goes together with other fields of the same metric; absent: it is the whole quantity. */
  how?: 'sum' | 'first';
  /** A total outranks its parts; 2 for a whole quantity, 1 for a part unless said. */
  rank?: number;
  /** One half of a signed quantity, and which. */
  side?: 1 | -1;
}

const rankOf = ({ rank, how }: Field): number => rank ?? (how === undefined ? 2 : 1);
const BEHIND = 0.5;
/** A field that its like of a surer dialect outranks: what one device says twice, in its maker's words and in plain ones, is not added. */
export const behind = (field: Field): Field => ({ ...field, rank: rankOf(field) - BEHIND });

/** Which of several equal things a field is about: phase, string, pack, inverter. */
export interface Which {
  id: string;
  order: number;
  /** Whose quantity it is, where a device says one as a whole and by halves. */
  owner?: string;
}

const THE_ONE: Which = { id: '', order: 0 };
const LONGEST_TEXT = 200;
const EARLIEST_TIME = Date.UTC(2010, 0, 1);
const FURTHEST_AHEAD_MS = 5 * 60_000;
/** How far below zero a quantity that cannot be negative may be and still mean zero (a meter's noise at night). */
const NOISE: Record<string, number> = { W: 50, V: 10, A: 2, VA: 50, '%': 1, Hz: 1, kWh: 0, Ah: 0, degC: 0 };
/** A state of charge a little over full is full. */
const OVERFULL_PERCENT = 105;

/** A mains frequency in tenths or hundredths, as some firmware leaves it in its register. */
const FREQUENCY = /Frequency$/;
const ofMains = (value: number): number =>
  value >= 450 && value <= 650 ? scaled(value, 0.1) : value >= 4500 && value <= 6500 ? scaled(value, 0.01) : value;

/** Collects what one message says, in catalogue names, units and signs; what is not sound never becomes a value. */
export class Draft {
  private readonly values: Record<string, unknown> = {};
  private readonly rejected: RejectedValue[] = [];
  private metadata: Record<string, unknown> | undefined;
  private count = 0;
  private readonly parts: PartMemory;
  /** What the message itself says of halves, in the catalogue's sign. */
  private readonly halves = new Map<string, number>();

  constructor(
    readonly context: DialectContext,
    private readonly at: number,
  ) {
    this.parts = context.memory?.parts ?? new PartMemory();
  }

  /** Takes a number; `which` names it among its like. A missing or unknown value takes a part out of its sum. */
  take(field: Field, raw: unknown, which: Which = THE_ONE): void {
    const part = this.partOf(field, which);
    const number = this.knownNumber(field, part, raw);
    let value = number === null ? withUnit(field, raw) : scaled(number, field.by ?? 1);
    if (value !== null && FREQUENCY.test(field.to)) value = ofMains(value);
    if (value === null) {
      if (raw !== undefined) this.parts.combine(field.to, part, null, this.at);
      return;
    }
    if (field.side !== undefined) {
      if (value < 0) value = 0;
      value = this.signed(field, which, value);
      if (value === null) return;
    }
    const sound = this.sound(field.to, value);
    if (sound === null) return;
    const whole = this.parts.combine(field.to, part, sound, this.at);
    if (which.id !== '' && field.how !== undefined && (whole === null || this.parts.isDivided(field.to)))
      this.note(`${field.to}:${which.id}`, sound);
    if (whole === null) return;
    this.values[field.to] = whole;
    this.count++;
  }

  text(metric: TextMetric, raw: unknown): void {
    if (typeof raw !== 'string' && typeof raw !== 'number') return;
    const text = String(raw).trim();
    if (text === '' || text.length > LONGEST_TEXT) return;
    this.values[metric] = text;
    this.count++;
  }

  /** A code, or a list of them; zero and nothing mean that there is none. */
  codes(metric: ListMetric, raw: unknown): void {
    const list = Array.isArray(raw) ? raw.slice(0, 100) : [raw];
    const codes: string[] = [];
    for (const item of list) {
      if (typeof item !== 'string' && typeof item !== 'number') continue;
      const code = String(item).trim();
      if (code.length <= LONGEST_TEXT && !/^(0*|none|ok|no error|no fault)$/i.test(code)) codes.push(code);
    }
    this.values[metric] = codes;
    this.count++;
  }

  /** Something without a place in the catalogue that is worth keeping beside the values. */
  note(name: string, raw: unknown): void {
    const value = numberOf(raw) ?? (typeof raw === 'string' && raw.length <= LONGEST_TEXT ? raw : null);
    if (value === null) return;
    this.metadata ??= {};
    this.metadata[name] = value;
  }

  reject(field: string, message: string): void {
    this.rejected.push({ index: 0, field, message });
  }

  /** A device's clock; null (the time of arrival) when it says nothing, or nothing that can be. */
  time(raw: unknown): number | null {
    if (raw === undefined || raw === null) return null;
    const time = parseDeviceTime(raw, this.context.timeZone, this.at);
    const isSound = typeof time === 'number' && time >= EARLIEST_TIME && time <= this.at + FURTHEST_AHEAD_MS;
    return isSound ? time : null;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** The reading, or only what was wrong with it. */
  finish(time: number | null = null, isPartial = false): Interpretation {
    for (const one of this.rejected) one.time = time;
    if (this.count === 0 && this.metadata === undefined) return { readings: [], rejected: this.rejected };
    const values = this.values as MetricValues;
    const reading = { time, values, index: 0, ...(this.metadata && { metadata: this.metadata }) };
    return { readings: [isPartial ? { ...reading, isPartial } : reading], rejected: this.rejected };
  }

  /** The number that was written; of what stands for "unknown" it is told. */
  private knownNumber({ to, by = 1 }: Field, part: Part, raw: unknown): number | null {
    const written = writtenNumber(raw);
    if (written === null) return null;
    const isFollowing = () => follows(Math.abs(scaled(written, by)), this.parts.sizeOf(to, part.id));
    if (!maybeUnknown(written, isFollowing)) return written;
    this.reject(to, STANDS_FOR_UNKNOWN);
    return null;
  }

  /** What a half makes of its quantity; both above zero in one message (phases that differ) are what is left of them. */
  private signed({ to, side = 1 }: Field, { id }: Which, value: number): number | null {
    const key = `${to} ${id}`;
    const signed = this.parts.half(key, side, value, this.at);
    if (value === 0) return signed;
    this.halves.set(`${key} ${side}`, side * value);
    return side * value + (this.halves.get(`${key} ${-side}`) ?? 0);
  }

  private partOf(field: Field, which: Which): Part {
    const rank = rankOf(field);
    const part: Part = { id: `${rank} ${which.id}`, order: which.order, rank, how: field.how ?? 'own' };
    if (which.owner !== undefined) part.owner = which.owner;
    if (field.side !== undefined) part.isHalf = true;
    return part;
  }

  /** The value within the catalogue's range; null and a word to the owner when it is impossible. */
  private sound(name: NumericMetric, value: number): number | null {
    const metric = findMetric(name);
    if (!metric) return null;
    const min = metric.min ?? Number.NEGATIVE_INFINITY;
    const max = metric.max ?? Number.POSITIVE_INFINITY;
    const isUnknown = isNothing(name, value);
    if (value >= min && value <= max && !isUnknown) return value === 0 ? 0 : value;
    if (isUnknown || isUnknownBeyond(value, metric.unit)) {
      this.reject(name, STANDS_FOR_UNKNOWN);
      return null;
    }
    if (min === 0 && value < 0 && -value <= (NOISE[metric.unit ?? ''] ?? 0)) return 0;
    if (metric.unit === '%' && max === 100 && value > max && value <= OVERFULL_PERCENT) return max;
    this.reject(name, `must lie between ${min} and ${max} ${metric.unit ?? ''}`.trim());
    return null;
  }
}

/** A value that brings its unit (`1,2 kW`): that counts, of the field's factor only the sign. Null for anything else. */
function withUnit({ to, by = 1 }: Field, raw: unknown): number | null {
  const quantity = quantityOf(raw);
  return quantity && toCatalogue(to, quantity.unit, by < 0 ? -quantity.value : quantity.value);
}

/** A message that was understood and holds no measured value. */
export const nothingMeasured = (): Interpretation => ({ readings: [], rejected: [] });
