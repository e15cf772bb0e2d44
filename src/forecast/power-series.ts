import { quantile } from '../core/stats.ts';

/** Mean power of equal intervals one after the other. */
export interface PowerSeries {
  /** Start of the first interval, ms UTC. */
  from: number;
  stepMs: number;
  /** W; NaN where nothing is known. */
  powerW: ArrayLike<number>;
}

const DAY_MS = 86_400_000;

/** Samples, each the mean from its time on, laid on an even grid. What is negative or absurd (over three times what is common at noon) is unknown. */
export function powerSeries(samples: readonly { time: number; powerW: number }[], stepMs: number): PowerSeries {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of samples) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  if (samples.length === 0) return { from: 0, stepMs, powerW: new Float64Array(0) };
  const from = Math.floor(first / stepMs) * stepMs;
  const sum = new Float64Array(Math.floor((last - from) / stepMs) + 1);
  const count = new Float64Array(sum.length);
  const limitW =
    3 *
    quantile(
      samples.map((sample) => sample.powerW).filter((power) => power > 0),
      0.98,
    );
  for (const { time, powerW } of samples) {
    if (!(powerW > -0.02 * limitW) || powerW > limitW) continue;
    const slot = Math.floor((time - from) / stepMs);
    sum[slot] = (sum[slot] ?? 0) + Math.max(0, powerW);
    count[slot] = (count[slot] ?? 0) + 1;
  }
  return { from, stepMs, powerW: sum.map((total, slot) => total / (count[slot] ?? 0)) };
}

/** Power that strong sun gives: the 99.5 % quantile of all intervals with any. */
export function strongPowerW(series: PowerSeries): number {
  return quantile(
    Array.from(series.powerW).filter((power) => power > 0),
    0.995,
  );
}

/** A series cut into days of `slots` intervals each, so that no day's production lies across the cut. */
export interface PowerDays {
  /** Start of the first day, ms UTC. */
  from: number;
  stepMs: number;
  slots: number;
  days: number;
  /** Power of a day's slot, W; NaN where nothing is known. */
  at(day: number, slot: number): number;
}

/** Cuts at the hour opposite to where production has its centre, which needs no place and no time zone. */
export function powerDays(series: PowerSeries): PowerDays {
  const { stepMs, powerW } = series;
  const slots = Math.round(DAY_MS / stepMs);
  let [x, y] = [0, 0];
  for (let index = 0; index < powerW.length; index++) {
    const power = powerW[index] ?? Number.NaN;
    if (!(power > 0)) continue;
    const angle = (2 * Math.PI * ((series.from + (index + 0.5) * stepMs) % DAY_MS)) / DAY_MS;
    x += power * Math.cos(angle);
    y += power * Math.sin(angle);
  }
  const centre = ((Math.atan2(y, x) / (2 * Math.PI) + 1) % 1) * DAY_MS;
  const cut = Math.round((centre + DAY_MS / 2) / stepMs) * stepMs;
  const from = cut + Math.floor((series.from - cut) / DAY_MS) * DAY_MS;
  const skipped = Math.round((series.from - from) / stepMs);
  const days = Math.max(0, Math.ceil((powerW.length + skipped) / slots));
  return { from, stepMs, slots, days, at: (day, slot) => powerW[day * slots + slot - skipped] ?? Number.NaN };
}
