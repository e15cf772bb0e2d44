import { quantile } from '../core/stats.ts';
import { commonPhase, commonStep, type IntervalGrid } from './interval-grid.ts';
import { fillLongerSteps } from './longer-steps.ts';

/** Samples laid on equal intervals, and what had to be set right on the way. */
export interface EvenPower {
  grid: IntervalGrid;
  /** W; NaN where unknown. */
  powerW: Float64Array;
  /** Sentences for a person, one for each kind of trouble. */
  notes: string[];
}

const MINUTE_MS = 60_000;
/** Above this multiple of what is common at noon nothing is true. */
const ABSURD = 3;
const MOST_INTERVALS = 4_000_000;

/**
 * Lays samples, each the mean from its time on, on equal intervals: the step and phase that most of them share. They may be
 * unsorted, doubled (their mean counts), off by less than half a step, of longer steps for a while, and have gaps. Slightly negative power is a device's
 * own use and counts as zero; what is absurd is unknown. Null when there are fewer than two times.
 */
export function evenPower(times: ArrayLike<number>, watts: ArrayLike<number>): EvenPower | null {
  const order = Int32Array.from({ length: times.length }, (_, row) => row).sort(
    (a, b) => (times[a] ?? 0) - (times[b] ?? 0),
  );
  const sorted = Float64Array.from(order, (row) => times[row] ?? 0);
  const stepMs = commonStep(sorted);
  if (stepMs === null) return null;
  const phase = commonPhase(sorted, stepMs);
  const slotOf = (time: number): number => Math.round((time - phase) / stepMs);
  const first = slotOf(sorted[0] ?? 0);
  const count = slotOf(sorted.at(-1) ?? 0) - first + 1;
  if (count > MOST_INTERVALS) return null;
  const sum = new Float64Array(count);
  const seen = new Uint16Array(count);
  const usual = usualStrongW(watts);
  const trouble = { unsorted: 0, doubled: 0, negative: 0, absurd: 0, longer: 0 };
  for (let row = 1; row < times.length; row++) if ((times[row] ?? 0) < (times[row - 1] ?? 0)) trouble.unsorted++;
  for (const row of order) {
    const power = watts[row] ?? Number.NaN;
    if (!Number.isFinite(power)) continue;
    if (power < -0.1 * usual || power > ABSURD * usual) {
      trouble.absurd++;
      continue;
    }
    if (power < 0) trouble.negative++;
    const slot = slotOf(times[row] ?? 0) - first;
    if ((seen[slot] ?? 0) > 0) trouble.doubled++;
    sum[slot] = (sum[slot] ?? 0) + Math.max(0, power);
    seen[slot] = (seen[slot] ?? 0) + 1;
  }
  const powerW = sum.map((total, slot) => ((seen[slot] ?? 0) > 0 ? total / (seen[slot] ?? 1) : Number.NaN));
  trouble.longer = fillLongerSteps(powerW, stepMs);
  return {
    grid: { from: phase + first * stepMs, stepMs, count },
    powerW,
    notes: [...troubleNotes(trouble, usual), ...gapNotes(powerW, stepMs)],
  };
}

/** What is common at noon: the 98 % quantile of all power above zero. */
function usualStrongW(watts: ArrayLike<number>): number {
  const strong = quantile(
    Array.from(watts).filter((power) => power > 0),
    0.98,
  );
  return Number.isNaN(strong) ? Number.POSITIVE_INFINITY : strong;
}

function troubleNotes(
  trouble: Record<'unsorted' | 'doubled' | 'negative' | 'absurd' | 'longer', number>,
  usual: number,
): string[] {
  const notes: string[] = [];
  if (trouble.unsorted > 0) notes.push(`Rows were out of order in ${trouble.unsorted} places and were sorted.`);
  if (trouble.doubled > 0) notes.push(`${trouble.doubled} times came more than once; their mean counts.`);
  if (trouble.longer > 0)
    notes.push(
      `${trouble.longer} times were followed by longer steps than most; their power counts for all of theirs.`,
    );
  if (trouble.absurd > 0)
    notes.push(
      `${trouble.absurd} powers cannot be true (below zero, or above ${ABSURD} times the usual ${Math.round(usual)} W) and were left out.`,
    );
  if (trouble.negative > 0) notes.push(`${trouble.negative} powers a little below zero count as zero.`);
  return notes;
}

function gapNotes(powerW: Float64Array, stepMs: number): string[] {
  let missing = 0;
  for (let index = 0; index < powerW.length; index++) if (Number.isNaN(powerW[index] ?? Number.NaN)) missing++;
  if (missing === 0) return [];
  const share = ((100 * missing) / powerW.length).toFixed(missing < powerW.length / 100 ? 2 : 0);
  return [
    `${missing} of ${powerW.length} intervals of ${stepMs / MINUTE_MS} min have no power (${share} %); they are neither learned from nor scored.`,
  ];
}
