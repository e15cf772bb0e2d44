/** Value below which a share of the finite values lies, between neighbours on a straight line (type 7 of Hyndman and Fan, 1996); NaN of none. */
export function quantile(values: ArrayLike<number>, share: number): number {
  return quantileOfSorted(Float64Array.from(finite(values)).sort(), share);
}

/** The same of values that are finite and ascending already. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Mean of the finite values; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  const numbers = finite(values);
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/** Pearson's product-moment correlation of points, -1 to 1; NaN of none, or where one of the two never changes. */
export function correlation(points: readonly { x: number; y: number }[]): number {
  const meanOf = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [meanOf(({ x }) => x), meanOf(({ y }) => y)];
  const together = meanOf(({ x, y }) => (x - meanX) * (y - meanY));
  const spread = Math.sqrt(meanOf(({ x }) => (x - meanX) ** 2) * meanOf(({ y }) => (y - meanY) ** 2));
  // What is left of a constant is the rounding of its mean.
  const least = 1e-9 * (Math.abs(meanX) + 1) * (Math.abs(meanY) + 1);
  return spread > least ? Math.max(-1, Math.min(1, together / spread)) : Number.NaN;
}

function finite(values: ArrayLike<number>): number[] {
  return Array.from(values).filter(Number.isFinite);
}
