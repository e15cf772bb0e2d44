/** The four powers of a house in W at one moment (means over a minute or five); null where nothing was measured. */
export interface BalancePoint {
  solarPower: number | null;
  loadPower: number | null;
  /** Above zero: bought. */
  gridPower: number | null;
  /** Above zero: charging. */
  batteryPower: number | null;
}

export type BalanceMetric = keyof BalancePoint;
export const balanceMetrics: readonly BalanceMetric[] = ['solarPower', 'loadPower', 'gridPower', 'batteryPower'];

/** What is to be multiplied so that the powers add up. */
export interface Correction {
  metric: BalanceMetric;
  factor: number;
}

export type BalanceResult =
  /** It cannot be said: too few moments, too little power, or not enough of the four measured. */
  | { kind: 'unknown'; reason: 'few' | 'little' | 'missing' }
  | { kind: 'balanced'; fit: number; points: number }
  /** One explanation fits and no other does; `sureness` 0..1. */
  | { kind: 'wrong'; corrections: Correction[]; sureness: number; fit: number; fitBefore: number; points: number }
  /** It does not add up, and no single sign or unit explains it. */
  | { kind: 'unexplained'; fit: number; points: number };

const FEWEST_POINTS = 8;
/** Less than this flows nowhere: signs and units cannot be told from noise. */
const LEAST_POWER_W = 150;
/** Meters differ by this much at rest, and inverters use it themselves. */
const ALLOWED_W = 60;
/** Losses of inverters and batteries, and meters that are not read at the same moment. */
const ALLOWED_SHARE = 0.12;
const GOOD_FIT = 0.75;
/** Of the moments that decide between two explanations, the wrong one may explain at most this share. */
const MOST_OF_WRONG = 0.3;
/** Without the load only impossible moments speak; they are fewer, and say less. */
const WITHOUT_LOAD = { possible: 0.97, ahead: 0.04, mostSure: 0.8 };
/** So many moments, and this share of all, must decide. */
const FEWEST_DECIDING = 6;
const LEAST_DECIDING = 0.05;

type Known = { [metric in BalanceMetric]: number };
type Hypothesis = readonly Correction[];

/**
 * Checks load = solar + import - charge. Every hypothesis "this quantity has the wrong sign or is off by 1000" is tried on
 * the same moments; one is believed when it makes most of them add up, and neither the values as they are nor any other
 * hypothesis does.
 */
export function checkBalance(points: readonly BalancePoint[]): BalanceResult {
  const measured = balanceMetrics.filter((metric) => points.some((point) => point[metric] !== null));
  const hasLoad = measured.includes('loadPower');
  if (measured.length < 2 || (!hasLoad && !measured.includes('gridPower') && !measured.includes('batteryPower')))
    return { kind: 'unknown', reason: 'missing' };
  const known = points.flatMap((point) => completed(point, measured) ?? []);
  if (known.length < FEWEST_POINTS) return { kind: 'unknown', reason: 'few' };
  const telling = known.filter((point) => largest(point) >= LEAST_POWER_W);
  if (telling.length < FEWEST_POINTS) return { kind: 'unknown', reason: 'little' };
  return hasLoad ? withLoad(telling, measured) : withoutLoad(telling, measured);
}

function withLoad(points: readonly Known[], measured: readonly BalanceMetric[]): BalanceResult {
  const all = [[], ...hypotheses(measured, [-1, 1000, 0.001, -1000, -0.001])].map((hypothesis) =>
    explained(points, hypothesis),
  );
  const [asIs, ...others] = all;
  const fitBefore = asIs?.fit ?? 0;
  const count = points.length;
  const [found] = others
    .map((one) => ({ ...one, sureness: surenessOf(one, all) }))
    .filter((one) => one.fit >= GOOD_FIT && one.sureness >= 1 - MOST_OF_WRONG - 0.2)
    .sort((a, b) => b.fit - a.fit || a.hypothesis.length - b.hypothesis.length);
  if (found) {
    const { hypothesis, fit } = found;
    const sureness = Math.min(0.99, found.sureness * (count / (count + 1)));
    return { kind: 'wrong', corrections: [...hypothesis], sureness, fit, fitBefore, points: count };
  }
  return { kind: fitBefore >= GOOD_FIT ? 'balanced' : 'unexplained', fit: fitBefore, points: count };
}

/** What a hypothesis makes of each moment: what is left over, and whether that is within what is allowed. */
interface Explained {
  hypothesis: Hypothesis;
  rest: number[];
  isFit: boolean[];
  allowed: number[];
  fit: number;
}

function explained(points: readonly Known[], hypothesis: Hypothesis): Explained {
  const corrected = points.map((point) => applied(point, hypothesis));
  const rest = corrected.map((p) => p.loadPower - (p.solarPower + p.gridPower - p.batteryPower));
  const limits = corrected.map(allowed);
  const isFit = rest.map((value, i) => Math.abs(value) <= (limits[i] ?? 0));
  return { hypothesis, rest, isFit, allowed: limits, fit: shareOf(isFit, (one) => one) };
}

/**
 * How far a hypothesis is ahead of every other one in the moments in which the two say something different; 0 when it
 * says nothing else than the values as they are. Those that hardly differ from it are no rivals, but the same thing.
 */
function surenessOf(one: Explained, all: readonly Explained[]): number {
  let sureness = 1;
  for (const other of all) {
    if (other === one) continue;
    const deciding = one.rest.flatMap((rest, i) =>
      Math.abs(rest - (other.rest[i] ?? 0)) > 2 * (one.allowed[i] ?? 0) ? [i] : [],
    );
    const isAsIs = other.hypothesis.length === 0;
    if (deciding.length < Math.max(FEWEST_DECIDING, LEAST_DECIDING * one.rest.length)) {
      if (isAsIs) return 0;
      continue;
    }
    const own = shareOf(deciding, (i) => one.isFit[i] === true);
    const others = shareOf(deciding, (i) => other.isFit[i] === true);
    if (isAsIs && others > MOST_OF_WRONG) return 0;
    sureness = Math.min(sureness, own - others);
  }
  return sureness;
}

/** What is left for the load must not be negative. */
function withoutLoad(points: readonly Known[], measured: readonly BalanceMetric[]): BalanceResult {
  const fits = (hypothesis: Hypothesis) => shareOf(points, (point) => isPossible(applied(point, hypothesis)));
  const fitBefore = fits([]);
  const count = points.length;
  const isSound = fitBefore >= WITHOUT_LOAD.possible || count * (1 - fitBefore) < FEWEST_DECIDING;
  if (isSound) return { kind: 'balanced', fit: fitBefore, points: count };
  const [found, next] = hypotheses(measured, [-1])
    .map((hypothesis) => ({ hypothesis, fit: fits(hypothesis) }))
    .sort((a, b) => b.fit - a.fit || a.hypothesis.length - b.hypothesis.length);
  const ahead = found ? found.fit - Math.max(next?.fit ?? 0, fitBefore) : 0;
  if (!found || found.fit < WITHOUT_LOAD.possible || ahead < WITHOUT_LOAD.ahead)
    return { kind: 'unexplained', fit: fitBefore, points: count };
  const sureness = Math.min(WITHOUT_LOAD.mostSure, 0.5 + ahead);
  return { kind: 'wrong', corrections: [...found.hypothesis], sureness, fit: found.fit, fitBefore, points: count };
}

/** One quantity each; and both signs together, which is what one meter mounted the wrong way in front of both gives. */
function hypotheses(measured: readonly BalanceMetric[], factors: readonly number[]): Hypothesis[] {
  const isSigned = (metric: BalanceMetric) => metric === 'gridPower' || metric === 'batteryPower';
  const single = measured.flatMap((metric) =>
    factors.filter((factor) => factor > 0 || isSigned(metric)).map((factor): Hypothesis => [{ metric, factor }]),
  );
  const signed = measured.filter(isSigned);
  return signed.length === 2 ? [...single, signed.map((metric) => ({ metric, factor: -1 }))] : single;
}

function isPossible(point: Known): boolean {
  const { solarPower, gridPower, batteryPower } = point;
  const scale = Math.max(solarPower, Math.abs(gridPower), Math.abs(batteryPower));
  return solarPower + gridPower - batteryPower >= -(ALLOWED_W + ALLOWED_SHARE * scale);
}

/** By what flows through: the smaller of in and out, so that one figure that is far too large does not excuse itself. */
function allowed({ solarPower, loadPower, gridPower, batteryPower }: Known): number {
  const inward = solarPower + Math.max(gridPower, 0) + Math.max(-batteryPower, 0);
  const outward = loadPower + Math.max(-gridPower, 0) + Math.max(batteryPower, 0);
  return ALLOWED_W + ALLOWED_SHARE * Math.min(inward, outward);
}

function applied(point: Known, hypothesis: Hypothesis): Known {
  const corrected = { ...point };
  for (const { metric, factor } of hypothesis) corrected[metric] *= factor;
  return corrected;
}

/** What a house has not (no battery, no grid) is zero; a moment in which something is missing says nothing. */
function completed(point: BalancePoint, measured: readonly BalanceMetric[]): Known | null {
  const known: Known = { solarPower: 0, loadPower: 0, gridPower: 0, batteryPower: 0 };
  for (const metric of measured) {
    const value = point[metric];
    if (value === null || !Number.isFinite(value)) return null;
    known[metric] = value;
  }
  return known;
}

const largest = (point: Known) => Math.max(...balanceMetrics.map((metric) => Math.abs(point[metric])));

function shareOf<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.reduce((count, item) => count + (holds(item) ? 1 : 0), 0) / Math.max(1, items.length);
}
