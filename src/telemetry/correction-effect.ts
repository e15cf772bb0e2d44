import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import type { CorrectionDraft, Corrections } from './correction.ts';
import type { EnergyPeriod } from './figures.ts';

/** What a correction does, for whoever is about to make or undo it. */
export interface CorrectionEffect {
  /** Values that it changes; of removed readings all of them. */
  values: number;
  /** True if there are more than were looked at. */
  isMore: boolean;
  /** The first of them. `before` is null for what was removed until now, `after` for what is removed then. */
  samples: { time: number; metric: MetricName; before: ValueShown | null; after: ValueShown | null }[];
  /** Days, or months where they are many. */
  period: 'day' | 'month';
  /** Periods whose energy or coverage becomes another. */
  items: { period: string; before: EnergyPeriod; after: EnergyPeriod }[];
  /** False if so much follows from it that energy was not looked at to the end. */
  isWhole: boolean;
}
type ValueShown = number | string | string[];

const MOST_SAMPLES = 10;

/** Counts and shows the values that become others between two states of the corrections. */
export function changedValues(
  rows: readonly { time: number; values: MetricValues }[],
  before: Corrections,
  after: Corrections,
): Pick<CorrectionEffect, 'values' | 'samples'> {
  const samples: CorrectionEffect['samples'] = [];
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
    }
  }
  return { values, samples };
}

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

const iso = (time: number): string => new Date(time).toISOString();
