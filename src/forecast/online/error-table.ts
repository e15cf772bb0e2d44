/** Errors over their expected size, and where and when they were made. */
export interface ErrorSample {
  /** Error over expected size. */
  ratio: ArrayLike<number>;
  regime: ArrayLike<number>;
  /** Days before now. */
  ageDays: ArrayLike<number>;
}

/** Quantiles of those ratios for each regime, at `tableLevels`. */
export interface ErrorTable {
  regimes: number[][];
}

/** Categories in which errors are alike: Mondrian conformal prediction (Vovk et al., 2005, section 4.5). */
export const REGIMES = 6;
/** After so many days an error counts half. */
const HALF_LIFE_DAYS = 60;
/** A regime with so many hours of errors is trusted half as much as it can be: ... */
const TRUST_HOURS = 75;
/** ... beside all regimes together, which keep a share, as in the sizes of errors. */
const OWN_SHARE = 0.7;

export const tableLevels: readonly number[] = [
  0.0025,
  0.005,
  0.01,
  ...Array.from({ length: 49 }, (_, step) => (step + 1) * 0.02),
  0.99,
  0.995,
  0.9975,
];

/** Before anything was measured: a normal distribution, a little wide. */
export const usualTable = (): ErrorTable => ({
  regimes: Array.from({ length: REGIMES }, () => tableLevels.map((level) => 1.4 * normalQuantile(level))),
});

/** Weighted quantiles by regime, drawn to those of all errors where a regime has few. `hoursPerRow`: length of an interval. */
export function errorTable(sample: ErrorSample, hoursPerRow: number): ErrorTable {
  const count = sample.ratio.length;
  if (count === 0) return usualTable();
  const order = Int32Array.from({ length: count }, (_, row) => row).sort(
    (a, b) => (sample.ratio[a] ?? 0) - (sample.ratio[b] ?? 0),
  );
  const weights = Float64Array.from(
    { length: count },
    (_, row) => 0.5 ** ((sample.ageDays[row] ?? 0) / HALF_LIFE_DAYS),
  );
  const usual = usualTable().regimes[0] ?? [];
  const all = drawn(quantiles(sample, order, weights, -1), usual, hoursPerRow * count, TRUST_HOURS / 3);
  const regimes = Array.from({ length: REGIMES }, (_, regime) => {
    const own = quantiles(sample, order, weights, regime);
    return own ? drawn(own, all, hoursPerRow * own.rows, TRUST_HOURS, OWN_SHARE) : all;
  });
  return { regimes };
}

function drawn(own: { values: number[] } | null, to: number[], hours: number, trust: number, most = 1): number[] {
  if (!own) return to;
  const share = (most * hours) / (hours + trust);
  return own.values.map((value, k) => share * value + (1 - share) * (to[k] ?? 0));
}

function quantiles(
  { ratio, regime }: ErrorSample,
  order: Int32Array,
  weights: Float64Array,
  wanted: number,
): { values: number[]; rows: number } | null {
  const isWanted = (row: number): boolean => wanted < 0 || regime[row] === wanted;
  let [total, rows] = [0, 0];
  for (const row of order) {
    if (!isWanted(row)) continue;
    total += weights[row] ?? 0;
    rows++;
  }
  if (rows === 0) return null;
  const values: number[] = [];
  let [passed, last] = [0, 0];
  for (const row of order) {
    if (!isWanted(row)) continue;
    passed += weights[row] ?? 0;
    last = ratio[row] ?? 0;
    while (values.length < tableLevels.length && passed >= (tableLevels[values.length] ?? 1) * total) values.push(last);
  }
  while (values.length < tableLevels.length) values.push(last);
  return { values, rows };
}

/** Value of a regime at a level between 0 and 1, on straight lines between the table's. */
export function tableAt(table: ErrorTable, regime: number, level: number): number {
  const values = table.regimes[regime] ?? [];
  const above = tableLevels.findIndex((known) => known >= level);
  if (above <= 0) return values[above === 0 ? 0 : values.length - 1] ?? 0;
  const [low = 0, high = 0] = [tableLevels[above - 1], tableLevels[above]];
  const [from = 0, to = 0] = [values[above - 1], values[above]];
  return from + ((to - from) * (level - low)) / (high - low);
}

/** Quantile of the standard normal distribution, to 0.003 (Hastings, Approximations for Digital Computers, 1955, sheet 67). */
export function normalQuantile(level: number): number {
  if (level > 0.5) return -normalQuantile(1 - level);
  const t = Math.sqrt(-2 * Math.log(Math.max(1e-12, level)));
  return (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t) - t;
}
