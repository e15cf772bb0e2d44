/** Round steps for the values of an axis. */

export interface AxisScale {
  min: number;
  max: number;
  ticks: number[];
}

/** The round number (1, 2, 2.5 or 5 times a power of ten) at or above `rough`. */
export function roundStep(rough: number): number {
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  const step = [1, 2, 2.5, 5, 10].find((candidate) => lead <= candidate + 1e-9) ?? 10;
  return step * power;
}

export interface AxisOptions {
  /** About how many steps; default 4. */
  steps?: number;
  /** Zero belongs on the axis (powers, energies). */
  hasZero?: boolean;
  /** Bounds that the values cannot leave (0..100 for percent). */
  bounds?: readonly [number, number];
}

/** An axis that holds all values, ends on round numbers and has about `steps` of them. */
export function axisScale(values: Iterable<number | null>, options: AxisOptions = {}): AxisScale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 1];
  if (options.hasZero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (options.bounds) [low, high] = options.bounds;
  if (high - low < 1e-9) [low, high] = options.hasZero ? [low, high + 1] : [low - 1, high + 1];
  const step = roundStep((high - low) / (options.steps ?? 4));
  const min = Math.floor(low / step + 1e-9) * step;
  const max = Math.ceil(high / step - 1e-9) * step;
  const count = Math.round((max - min) / step);
  const ticks = Array.from({ length: count + 1 }, (_, i) => Math.round((min + i * step) / step) * step);
  return { min, max, ticks: ticks.map((tick) => Number(tick.toPrecision(12))) };
}
