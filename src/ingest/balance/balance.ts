/** The powers that must add up: load = solar + grid - battery. Grid above zero is bought, battery above zero is charged. */
export type BalanceMetric = 'solarPower' | 'loadPower' | 'gridPower' | 'batteryPower';
export const balanceMetrics: readonly BalanceMetric[] = ['solarPower', 'loadPower', 'gridPower', 'batteryPower'];

/** One power of one source; those of the same metric are added. */
export interface BalancePart {
  sourceId: string;
  metric: BalanceMetric;
  /** W at each moment (means over a minute or five), the same moments for all parts; null where nothing was measured. */
  values: readonly (number | null)[];
}

/** What is to be multiplied so that the powers add up. */
export interface Correction {
  sourceId: string;
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

/** W of each part at one moment, in the order of the parts. */
type Moment = readonly number[];
/** By what each part is multiplied, in the order of the parts. */
type Hypothesis = readonly number[];
type Powers = { [metric in BalanceMetric]: number };

/**
 * Checks load = solar + import - charge. Every hypothesis "this one has the wrong sign or is off by 1000" is tried on the
 * same moments, those in which everything is known; one is believed when it makes most of them add up, and neither the
 * values as they are nor any other hypothesis does.
 */
export function checkBalance(given: readonly BalancePart[]): BalanceResult {
  const parts = given.filter(({ values }) => values.some((value) => value !== null));
  const measured = new Set(parts.map(({ metric }) => metric));
  const hasLoad = measured.has('loadPower');
  if (measured.size < 2 || (!hasLoad && !measured.has('gridPower') && !measured.has('batteryPower')))
    return { kind: 'unknown', reason: 'missing' };
  const known = momentsOf(parts);
  if (known.length < FEWEST_POINTS) return { kind: 'unknown', reason: 'few' };
  const telling = known.filter((moment) => Math.max(...moment.map(Math.abs)) >= LEAST_POWER_W);
  if (telling.length < FEWEST_POINTS) return { kind: 'unknown', reason: 'little' };
  return hasLoad ? withLoad(telling, parts) : withoutLoad(telling, parts);
}

function withLoad(moments: readonly Moment[], parts: readonly BalancePart[]): BalanceResult {
  const asTheyAre = parts.map(() => 1);
  const all = [asTheyAre, ...hypotheses(parts, [-1, 1000, 0.001, -1000, -0.001])].map((hypothesis) =>
    explained(moments, parts, hypothesis),
  );
  const [asIs, ...others] = all;
  const fitBefore = asIs?.fit ?? 0;
  const count = moments.length;
  const [found] = others
    .map((one) => ({ ...one, sureness: surenessOf(one, asIs, all) }))
    .filter((one) => one.fit >= GOOD_FIT && one.sureness >= 1 - MOST_OF_WRONG - 0.2)
    .sort((a, b) => b.fit - a.fit || changes(a.hypothesis) - changes(b.hypothesis));
  if (found) {
    const { hypothesis, fit } = found;
    const sureness = Math.min(0.99, found.sureness * (count / (count + 1)));
    const corrections = correctionsOf(hypothesis, parts);
    return { kind: 'wrong', corrections, sureness, fit, fitBefore, points: count };
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

function explained(moments: readonly Moment[], parts: readonly BalancePart[], hypothesis: Hypothesis): Explained {
  const corrected = moments.map((moment) => powersOf(moment, parts, hypothesis));
  const rest = corrected.map((p) => p.loadPower - (p.solarPower + p.gridPower - p.batteryPower));
  const limits = corrected.map(allowed);
  const isFit = rest.map((value, i) => Math.abs(value) <= (limits[i] ?? 0));
  return { hypothesis, rest, isFit, allowed: limits, fit: shareOf(isFit, (one) => one) };
}

/**
 * How far a hypothesis is ahead of every other one in the moments in which the two say something different; 0 when it
 * says nothing else than the values as they are. Those that hardly differ from it are no rivals, but the same thing.
 */
function surenessOf(one: Explained, asIs: Explained | undefined, all: readonly Explained[]): number {
  let sureness = 1;
  for (const other of all) {
    if (other === one) continue;
    const deciding = one.rest.flatMap((rest, i) =>
      Math.abs(rest - (other.rest[i] ?? 0)) > 2 * (one.allowed[i] ?? 0) ? [i] : [],
    );
    const isAsIs = other === asIs;
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
function withoutLoad(moments: readonly Moment[], parts: readonly BalancePart[]): BalanceResult {
  const fits = (hypothesis: Hypothesis) =>
    shareOf(moments, (moment) => isPossible(powersOf(moment, parts, hypothesis)));
  const fitBefore = fits(parts.map(() => 1));
  const count = moments.length;
  const isSound = fitBefore >= WITHOUT_LOAD.possible || count * (1 - fitBefore) < FEWEST_DECIDING;
  if (isSound) return { kind: 'balanced', fit: fitBefore, points: count };
  const [found, next] = hypotheses(parts, [-1])
    .map((hypothesis) => ({ hypothesis, fit: fits(hypothesis) }))
    .sort((a, b) => b.fit - a.fit || changes(a.hypothesis) - changes(b.hypothesis));
  const ahead = found ? found.fit - Math.max(next?.fit ?? 0, fitBefore) : 0;
  if (!found || found.fit < WITHOUT_LOAD.possible || ahead < WITHOUT_LOAD.ahead)
    return { kind: 'unexplained', fit: fitBefore, points: count };
  const sureness = Math.min(WITHOUT_LOAD.mostSure, 0.5 + ahead);
  const corrections = correctionsOf(found.hypothesis, parts);
  return { kind: 'wrong', corrections, sureness, fit: found.fit, fitBefore, points: count };
}

const isSigned = ({ metric }: BalancePart) => metric === 'gridPower' || metric === 'batteryPower';

/**
 * One part each; and several signs together, as devices of one maker have them, or one meter that is mounted the wrong way
 * in front of all.
 */
function hypotheses(parts: readonly BalancePart[], factors: readonly number[]): Hypothesis[] {
  const onOne = parts.flatMap((part, at) =>
    factors
      .filter((factor) => factor > 0 || isSigned(part))
      .map((factor): Hypothesis => parts.map((_, i) => (i === at ? factor : 1))),
  );
  const turned = (isMeant: (part: BalancePart) => boolean): Hypothesis => parts.map((part) => (isMeant(part) ? -1 : 1));
  const together = [
    turned(({ metric }) => metric === 'gridPower'),
    turned(({ metric }) => metric === 'batteryPower'),
    turned(isSigned),
  ];
  return [...onOne, ...together.filter((one, i) => changes(one) > 1 && together.findIndex(isLike(one)) === i)];
}

const isLike = (one: Hypothesis) => (other: Hypothesis) => other.every((factor, i) => factor === one[i]);
const changes = (hypothesis: Hypothesis) => hypothesis.filter((factor) => factor !== 1).length;

function correctionsOf(hypothesis: Hypothesis, parts: readonly BalancePart[]): Correction[] {
  return parts.flatMap(({ sourceId, metric }, i) => {
    const factor = hypothesis[i] ?? 1;
    return factor === 1 ? [] : [{ sourceId, metric, factor }];
  });
}

function isPossible({ solarPower, gridPower, batteryPower }: Powers): boolean {
  const scale = Math.max(solarPower, Math.abs(gridPower), Math.abs(batteryPower));
  return solarPower + gridPower - batteryPower >= -(ALLOWED_W + ALLOWED_SHARE * scale);
}

/** By what flows through: the smaller of in and out, so that one figure that is far too large does not excuse itself. */
function allowed({ solarPower, loadPower, gridPower, batteryPower }: Powers): number {
  const inward = solarPower + Math.max(gridPower, 0) + Math.max(-batteryPower, 0);
  const outward = loadPower + Math.max(-gridPower, 0) + Math.max(batteryPower, 0);
  return ALLOWED_W + ALLOWED_SHARE * Math.min(inward, outward);
}

/** The four powers if the hypothesis were true; what a house has not (no battery, no grid) is zero. */
function powersOf(moment: Moment, parts: readonly BalancePart[], hypothesis: Hypothesis): Powers {
  const powers: Powers = { solarPower: 0, loadPower: 0, gridPower: 0, batteryPower: 0 };
  for (const [i, { metric }] of parts.entries()) powers[metric] += (moment[i] ?? 0) * (hypothesis[i] ?? 1);
  return powers;
}

/** The moments in which every part was measured; one in which something is missing says nothing. */
function momentsOf(parts: readonly BalancePart[]): Moment[] {
  const count = Math.max(...parts.map(({ values }) => values.length));
  const moments: Moment[] = [];
  for (let at = 0; at < count; at++) {
    const moment = parts.map(({ values }) => values[at] ?? Number.NaN);
    if (moment.every(Number.isFinite)) moments.push(moment);
  }
  return moments;
}

function shareOf<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.reduce((count, item) => count + (holds(item) ? 1 : 0), 0) / Math.max(1, items.length);
}
