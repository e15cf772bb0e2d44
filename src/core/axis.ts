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
  const [low, high] = spanOf(values, options);
  const step = roundStep((high - low) / (options.steps ?? 4));
  const min = Math.floor(low / step + 1e-9) * step;
  const max = Math.ceil(high / step - 1e-9) * step;
  return scaleFrom(min, step, Math.round((max - min) / step));
}

/**
 * An axis beside another one that has `steps` steps: as many round ones, so that both share their rules. Ticks beyond
 * what the values cannot leave are for whoever writes them to leave out.
 */
export function axisBeside(values: Iterable<number | null>, options: AxisOptions, steps: number): AxisScale {
  const [low, high] = spanOf(values, options);
  for (let step = roundStep((high - low) / steps); ; step = roundStep(step * 1.01)) {
    const min = Math.floor(low / step + 1e-9) * step;
    if (min + steps * step >= high - 1e-9) return scaleFrom(min, step, steps);
  }
}

/** Digits after the point that write every tick as it is: 0.25 needs two, or 0.25 and 0.75 would read 0.3 and 0.8. */
export function tickDigits({ ticks }: AxisScale, divisor = 1): number {
  const step = Math.abs(((ticks[1] ?? 1) - (ticks[0] ?? 0)) / divisor);
  const isExact = (digits: number): boolean => Math.abs(Math.round(step * 10 ** digits) / 10 ** digits - step) < 1e-9;
  return [0, 1, 2].find(isExact) ?? 3;
}

function scaleFrom(min: number, step: number, count: number): AxisScale {
  const ticks = Array.from({ length: count + 1 }, (_, i) => Math.round((min + i * step) / step) * step);
  return { min, max: min + count * step, ticks: ticks.map((tick) => Number(tick.toPrecision(12))) };
}

/** Lowest and highest that an axis must hold; never the same. */
function spanOf(values: Iterable<number | null>, { hasZero, bounds }: AxisOptions): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 1];
  if (hasZero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (bounds) [low, high] = bounds;
  if (high - low >= 1e-9) return [low, high];
  return hasZero ? [low, high + 1] : [low - 1, high + 1];
}
