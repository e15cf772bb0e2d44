import type { MetricName, NumericMetric } from '../../core/metrics.ts';
import type { MetricValues } from '../../core/reading.ts';
import type { EnergyPeriod } from '../figures.ts';
import type { CorrectionDraft, Corrections } from './correction.ts';

/** What a correction does, for whoever is about to make or undo it. */
export interface CorrectionEffect {
  /** Values that it changes; of removed readings all of them. */
  values: number;
  /** True if there are more than were looked at. */
  isMore: boolean;
  /** The first of them. */
  samples: ValueChange[];
  /** The last of them, and the least and the most that numbers of one metric were until now; null without any. */
  last: ValueChange | null;
  least: number | null;
  most: number | null;
  /** Days, or months where they are many. */
  period: 'day' | 'month';
  /** Periods whose energy or coverage becomes another. */
  items: { period: string; before: EnergyPeriod; after: EnergyPeriod }[];
  /** False if so much follows from it that energy was not looked at to the end. */
  isWhole: boolean;
}
type ValueShown = number | string | string[];

/** `before` is null for what was removed until now, `after` for what is removed then. */
export interface ValueChange {
  time: number;
  metric: MetricName;
  before: ValueShown | null;
  after: ValueShown | null;
}

export type ValueChanges = Pick<CorrectionEffect, 'values' | 'samples' | 'last' | 'least' | 'most'>;

const MOST_SAMPLES = 10;

/** Counts and shows the values that become others between two states of the corrections. */
export function changedValues(
  rows: readonly { time: number; values: MetricValues }[],
  before: Corrections,
  after: Corrections,
): ValueChanges {
  const samples: ValueChange[] = [];
  let last: ValueChange | null = null;
  let values = 0;
  for (const row of rows) {
    const was = before.applyToValues(row.time, row.values) ?? {};
    const is = after.applyToValues(row.time, row.values) ?? {};
    for (const metric of new Set([...Object.keys(was), ...Object.keys(is)]) as Set<MetricName>) {
      const [old, next] = [was[metric], is[metric]];
      if (old === next) continue;
      values++;
      const shown = { time: row.time, metric, before: old ?? null, after: next ?? null };
      if (samples.length < MOST_SAMPLES) samples.push(shown);
      last = shown;
    }
  }
  return { values, samples, last, least: null, most: null };
}

/** Counts and shows the numbers of one metric that become others, a column at a time, ascending. */
export class ChangedNumbers {
  private readonly found: ValueChanges = { values: 0, samples: [], last: null, least: null, most: null };

  constructor(private readonly metric: NumericMetric) {}

  /** The same readings twice, NaN for a value that is not there. */
  add(times: Float64Array, before: Float64Array, after: Float64Array): void {
    const { found } = this;
    for (let i = 0; i < times.length; i++) {
      const [was, is] = [before[i] as number, after[i] as number];
      if (was === is || (Number.isNaN(was) && Number.isNaN(is))) continue;
      found.values++;
      const change = { time: times[i] as number, metric: this.metric, before: orNull(was), after: orNull(is) };
      if (found.samples.length < MOST_SAMPLES) found.samples.push(change);
      found.last = change;
      if (Number.isNaN(was)) continue;
      found.least = Math.min(found.least ?? was, was);
      found.most = Math.max(found.most ?? was, was);
    }
  }

  changes(): ValueChanges {
    return this.found;
  }
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The periods whose figures differ. */
export function changedPeriods(
  before: readonly EnergyPeriod[],
  after: readonly EnergyPeriod[],
): CorrectionEffect['items'] {
  return before.flatMap((old, i) => {
    const next = after[i];
    return next && isOther(old, next) ? [{ period: old.period, before: old, after: next }] : [];
  });
}

/** Less than this many kWh, or of a share, is arithmetic. */
const NOTHING = 0.0005;

function isOther(a: EnergyPeriod, b: EnergyPeriod): boolean {
  const figures = ['solarKwh', 'loadKwh', 'importKwh', 'exportKwh', 'chargeKwh', 'dischargeKwh', 'coverage'] as const;
  return figures.some((name) => {
    const [x, y] = [a[name], b[name]];
    return x === null || y === null ? x !== y : Math.abs(x - y) >= NOTHING;
  });
}

const kindWords: Record<CorrectionDraft['kind'], (of: string, amount: string) => string> = {
  remove: (of) => `${of} removed`,
  set: (of, amount) => `${of} set to ${amount}`,
  scale: (of, amount) => `${of} times ${amount}`,
  offset: (of, amount) => `${amount} added to ${of}`,
  jump: (of, amount) => `${of} counted ${amount} kWh over a jump`,
};

/** What a correction is, in one line for the audit log. */
export function correctionSentence(draft: CorrectionDraft, metric: NumericMetric | null = draft.metric): string {
  const bounds = [
    ...(draft.above === null ? [] : [`above ${draft.above}`]),
    ...(draft.below === null ? [] : [`below ${draft.below}`]),
  ].join(' and ');
  const of = metric === null ? 'readings' : bounds === '' ? metric : `${metric} ${bounds}`;
  const range = draft.kind === 'jump' ? `at ${iso(draft.from)}` : `from ${iso(draft.from)} to ${iso(draft.to)}`;
  return `${kindWords[draft.kind](of, String(draft.amount))} ${range}`;
}

/**
 * What became of values, in one line for the audit log: how many, the least and the most that they were, the first and the
 * last. All of them stay readable as received.
 */
export function changeSentence({ values, isMore, least, most, samples, last }: CorrectionEffect): string {
  const [first] = samples;
  const count = `${values}${isMore ? ' or more' : ''} ${values === 1 ? 'value' : 'values'}`;
  if (!first || !last) return count;
  const range = least === null ? '' : ` from ${least} to ${most}`;
  const end = values > 1 ? `; last ${sayChange(last)}` : '';
  return `${count}${range}; first ${sayChange(first)}${end}`;
}

const sayChange = ({ time, metric, before, after }: ValueChange): string =>
  `${iso(time)} ${metric} ${before ?? 'none'} -> ${after ?? 'none'}`;

const iso = (time: number): string => new Date(time).toISOString();
