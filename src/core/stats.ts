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

function finite(values: ArrayLike<number>): number[] {
  return Array.from(values).filter(Number.isFinite);
}
