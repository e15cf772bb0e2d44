import { findMetric, type NumericMetric } from '../../core/metrics.ts';
import type { MetricValues } from '../../core/reading.ts';
import type { Result } from '../../core/result.ts';
import { Problems } from '../../sources/problems.ts';
import type { CounterJump } from '../books/energy-fold.ts';

/**
 * What an owner mends by hand. Readings stay as they were received; whoever reads them gets them corrected. So a reading
 * that comes again (a replay, an import, a late word) is corrected like the first one, and what was received is never lost.
 */

/** `remove`, `set`, `scale` and `offset` are for readings of a range, `jump` for a counter that was replaced or reset. */
export type CorrectionKind = 'remove' | 'set' | 'scale' | 'offset' | 'jump';

/** What is to be corrected. */
export interface CorrectionDraft {
  kind: CorrectionKind;
  /** Null with `remove`: whole readings. */
  metric: NumericMetric | null;
  /** ms UTC. For a jump: up to the first value at or after it the counter counted `amount`, whatever it shows. */
  from: number;
  /** Half-open, ms UTC. */
  to: number;
  /** The value, the factor, what is added, or what was counted [kWh]; null with `remove`. */
  amount: number | null;
  /** Only values above and below these, in the metric's unit. */
  above: number | null;
  below: number | null;
  /** Why, for those who wonder later. */
  note: string;
}

export interface Correction extends CorrectionDraft {
  id: string;
  /** ms UTC. */
  madeAt: number;
  /** Name of who made it. */
  madeBy: string;
  /** Null while it is in force. */
  undoneAt: number | null;
  undoneBy: string | null;
}

/** A correction as somebody asks for it. */
export interface AskedCorrection {
  kind: CorrectionKind;
  metric?: NumericMetric | undefined;
  from: number;
  to?: number | undefined;
  amount?: number | undefined;
  above?: number | undefined;
  below?: number | undefined;
  note?: string | undefined;
}

/** Corrections of one source that are in force at once, at most. */
export const MOST_CORRECTIONS = 200;
const EARLIEST = Date.UTC(2010, 0, 1);

/** The draft, or all that is wrong with it. `now` in ms UTC: what is still to come cannot be corrected. */
export function readCorrection(asked: AskedCorrection, now: number): Result<CorrectionDraft> {
  const { kind } = asked;
  const to = kind === 'jump' ? asked.from + 1 : (asked.to ?? Number.NaN);
  const metric = asked.metric ?? null;
  const draft: CorrectionDraft = {
    ...{ kind, metric, to, from: asked.from },
    amount: kind === 'remove' ? null : (asked.amount ?? (kind === 'jump' ? 0 : null)),
    above: asked.above ?? null,
    below: asked.below ?? null,
    note: (asked.note ?? '').trim(),
  };
  const problems = new Problems();
  checkRange(draft, now, problems);
  checkMetric(draft, problems);
  checkAmount(draft, problems);
  checkBounds(draft, problems);
  return problems.or(() => draft);
}

/** What cannot be told apart from a time is NaN, and is not held against the other end. */
function checkRange({ from, to }: CorrectionDraft, now: number, problems: Problems): void {
  if (from < EARLIEST) problems.add('from', 'must not be before 2010');
  if (Number.isNaN(to)) problems.add('to', 'is missing: say up to when');
  else if (from >= to) problems.add('to', 'must be later than from');
  else if (to > now + 1) problems.add('to', 'must not lie in the future: only what was measured can be corrected');
}

function checkMetric({ kind, metric, above, below }: CorrectionDraft, problems: Problems): void {
  if (metric === null && kind !== 'remove') problems.add('metric', 'is missing: say which one is to be corrected');
  else if (metric === null && (above !== null || below !== null))
    problems.add(above === null ? 'below' : 'above', 'is for values of one metric only');
  else if (kind === 'jump' && metric !== null && findMetric(metric)?.kind === 'gauge')
    problems.add('metric', 'must be an energy counter');
}

function checkAmount({ kind, metric, amount }: CorrectionDraft, problems: Problems): void {
  if (kind === 'remove') return;
  if (amount === null || !Number.isFinite(amount)) {
    problems.add('amount', 'is missing');
    return;
  }
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, unit } = (metric && findMetric(metric)) || {};
  if (kind === 'set' && (amount < min || amount > max))
    problems.add('amount', `must lie between ${min} and ${max} ${unit ?? ''}`.trim());
  if (kind === 'jump' && amount < 0) problems.add('amount', 'must not be negative');
  if (kind === 'scale' && (amount === 0 || amount === 1)) problems.add('amount', 'must be a factor other than 0 and 1');
  if (kind === 'offset' && amount === 0) problems.add('amount', 'must not be 0');
}

function checkBounds({ kind, above, below }: CorrectionDraft, problems: Problems): void {
  if (kind === 'jump' && (above !== null || below !== null))
    problems.add(above === null ? 'below' : 'above', 'is for values of one metric only');
  if (above !== null && below !== null && below <= above) problems.add('below', 'must be more than above');
}

/** Columns of readings: times ascending [ms], numbers by metric with NaN for none, words with null for none. */
export interface ReadingColumns {
  times: Float64Array;
  numbers: Map<string, Float64Array>;
  texts: Map<string, (string | null)[]>;
}

/** The corrections of a source that are in force, in the order in which they were made. */
export class Corrections {
  static readonly none = new Corrections([]);
  /** Those that change readings. */
  readonly ofReadings: readonly Correction[];
  /** What the owner said of counters, ascending by time. */
  readonly jumps: readonly CounterJump[];

  /** `all` are those undone, too. */
  constructor(readonly all: readonly Correction[]) {
    const inForce = all.filter((c) => c.undoneAt === null);
    this.ofReadings = inForce.filter((c) => c.kind !== 'jump');
    this.jumps = inForce
      .flatMap(({ kind, metric, from, amount }) =>
        kind === 'jump' && metric ? [{ metric, time: from, kwh: amount ?? 0 }] : [],
      )
      .sort((a, b) => a.time - b.time);
  }

  /** With one more, or with one as it is now. */
  with(correction: Correction): Corrections {
    return new Corrections([...this.all.filter((c) => c.id !== correction.id), correction].sort(inOrder));
  }

  /** How many are in force. */
  count(): number {
    return this.ofReadings.length + this.jumps.length;
  }

  /** True if none changes a reading of the range. */
  leaves(from: number, to: number): boolean {
    return this.ofReadings.every((c) => c.to <= from || c.from >= to);
  }

  /** The columns as they are to be read; the same object when nothing is changed. */
  applyTo(columns: ReadingColumns): ReadingColumns {
    const { times } = columns;
    if (times.length === 0 || this.leaves(times[0] as number, (times[times.length - 1] as number) + 1)) return columns;
    const numbers = new Map(columns.numbers);
    let removed: Uint8Array | null = null;
    for (const correction of this.ofReadings) {
      const { metric } = correction;
      const from = placeOf(times, correction.from);
      const to = placeOf(times, correction.to);
      if (from === to) continue;
      if (metric === null) {
        removed ??= new Uint8Array(times.length);
        removed.fill(1, from, to);
      } else changeColumn(numbers, metric, from, to, correction);
    }
    return removed ? without({ times, numbers, texts: columns.texts }, removed) : { ...columns, numbers };
  }

  /** One reading as it is to be read; null when it is removed. */
  applyToValues(time: number, values: MetricValues): MetricValues | null {
    let result = values;
    for (const correction of this.ofReadings) {
      if (time < correction.from || time >= correction.to) continue;
      const { metric } = correction;
      if (metric === null) return null;
      const before = result[metric];
      if (before === undefined) continue;
      const after = corrected(before, correction);
      if (after === before) continue;
      result = { ...result };
      if (Number.isNaN(after)) delete result[metric];
      else result[metric] = after;
    }
    return result;
  }
}

const inOrder = (a: Correction, b: Correction): number => a.madeAt - b.madeAt || (a.id < b.id ? -1 : 1);

/** A value after a correction; NaN when it is removed or would be impossible. */
export function corrected(value: number, { kind, metric, amount, above, below }: CorrectionDraft): number {
  if ((above !== null && !(value > above)) || (below !== null && !(value < below))) return value;
  if (kind === 'remove') return Number.NaN;
  const by = amount ?? 0;
  const after = kind === 'set' ? by : kind === 'scale' ? value * by : value + by;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = (metric && findMetric(metric)) || {};
  return after >= min && after <= max ? after : Number.NaN;
}

function changeColumn(
  numbers: Map<string, Float64Array>,
  metric: NumericMetric,
  from: number,
  to: number,
  correction: CorrectionDraft,
): void {
  const column = numbers.get(metric);
  if (!column) return;
  const changed = column.slice();
  for (let i = from; i < to; i++) {
    const value = changed[i] as number;
    if (!Number.isNaN(value)) changed[i] = corrected(value, correction);
  }
  numbers.set(metric, changed);
}

function without(columns: ReadingColumns, removed: Uint8Array): ReadingColumns {
  const kept = Array.from(removed.keys()).filter((i) => removed[i] === 0);
  const pick = (values: Float64Array) => Float64Array.from(kept, (i) => values[i] as number);
  return {
    times: pick(columns.times),
    numbers: new Map([...columns.numbers].map(([name, values]) => [name, pick(values)])),
    texts: new Map([...columns.texts].map(([name, values]) => [name, kept.map((i) => values[i] ?? null)])),
  };
}

/** Place of the first time at or after `time`. */
function placeOf(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
