import { addContributions } from '../../core/boosted-trees.ts';
import type { FeatureDescription, FeatureRows } from '../feature-rows.ts';
import type { LearnedPower } from '../learned-power.ts';
import type { ReasonTopic } from '../reasons.ts';

/** How a topic moved a forecast away from what is usual at that time of day. */
export interface Reason {
  topic: ReasonTopic;
  /** Share of strong power; negative when it lowered the forecast. */
  effect: number;
}

const topics: [RegExp, ReasonTopic][] = [
  [/^(physics|clearness|dayClearness|diffuse|flatLight|sunshine|shortwave)/, 'light'],
  [/^cloud_cover/, 'clouds'],
  [/^temperature/, 'temperature'],
  [/^(relative_humidity|dew_point|visibility)/, 'humidity'],
  [/^(precipitation|snow|weather_code)/, 'rain and snow'],
  [/^(wind|surface_pressure|pressure)/, 'wind and pressure'],
  [/^(yesterday|weekAgo|median|high|low|sameTime|sameKind|lastDay|lastWeek|base)/, 'recent days'],
  [/^timeOfDay/, 'time of day'],
  [/^(weekday|weekend|sameWeekday)/, 'day of the week'],
  [/^recent/, 'recent performance'],
  [/^(lastHours|lastRatio|hoursSinceLight|lead)/, 'last hours'],
];

export function topicOf(feature: string): ReasonTopic {
  return topics.find(([pattern]) => pattern.test(feature))?.[1] ?? 'sun';
}

/** Names of the forecasts of one quantity. */
export interface ForecastNames {
  /** What is blended. */
  experts: readonly string[];
  /** Simple forecasts, which are the first features. */
  candidates: readonly string[];
  /** The simple forecast that counts as the usual. */
  usual: string;
}

export interface Explainer {
  names: ForecastNames;
  features: readonly FeatureDescription[];
  learned: LearnedPower;
  /** Weights of the experts at that time of day. */
  weights: readonly number[];
}

/**
 * Why a forecast is not the usual one (for production the median of the last 14 days at that time): the simple forecasts' distance from it by
 * their weights, and what each feature changed on its way through the trees. The effects add up to forecast minus usual,
 * before limits; the largest come first.
 */
export function reasonsFor(rows: FeatureRows, row: number, explainer: Explainer): Reason[] {
  const effects = new Map<ReasonTopic, number>();
  const { byFeature, rest } = effectsOf(rows, row, explainer);
  explainer.features.forEach(({ name }, k) => {
    const topic = topicOf(name);
    effects.set(topic, (effects.get(topic) ?? 0) + (byFeature[k] ?? 0));
  });
  effects.set('recent days', (effects.get('recent days') ?? 0) + rest);
  return [...effects]
    .map(([topic, effect]) => ({ topic, effect }))
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}

/** How much each feature moves forecasts: its mean absolute effect over some rows, as shares of 1, the largest first. */
export function importanceOf(rows: FeatureRows, explainer: Explainer): { name: string; share: number }[] {
  const sums = new Float64Array(rows.columns);
  const every = Math.max(1, Math.floor(rows.indices.length / IMPORTANCE_ROWS));
  for (let row = 0; row < rows.indices.length; row += every) {
    const { byFeature } = effectsOf(rows, row, explainer);
    for (let k = 0; k < sums.length; k++) sums[k] = (sums[k] ?? 0) + Math.abs(byFeature[k] ?? 0);
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return explainer.features
    .map(({ name }, k) => ({ name, share: total > 0 ? (sums[k] ?? 0) / total : 0 }))
    .sort((a, b) => b.share - a.share);
}

const IMPORTANCE_ROWS = 400;

/** Effect of each feature on one row's forecast, and what is left that belongs to none; shares of strong power. */
function effectsOf(
  rows: FeatureRows,
  row: number,
  { names, learned, weights }: Explainer,
): { byFeature: Float64Array; rest: number } {
  const weightOf = (expert: string): number => weights[names.experts.indexOf(expert)] ?? 0;
  const throughTrees = weightOf('learned');
  const anchored = weightOf('anchor') + throughTrees;
  const simple = (k: number): number => rows.candidates[row * rows.candidateCount + k] ?? 0;
  const usual = simple(names.candidates.indexOf(names.usual));
  const byFeature = new Float64Array(rows.columns);
  let roots = 0;
  for (const stage of learned.stages) {
    addContributions(stage, rows.matrix, row * rows.columns, byFeature);
    roots += stage.baseScore + stage.trees.reduce((sum, tree) => sum + (tree.value[0] ?? 0), 0);
  }
  for (let k = 0; k < byFeature.length; k++) byFeature[k] = throughTrees * (byFeature[k] ?? 0);
  let all = 0;
  names.candidates.forEach((name, k) => {
    const weight = weightOf(name) + anchored * (learned.weights[k] ?? 0);
    all += weight;
    byFeature[k] = (byFeature[k] ?? 0) + weight * (simple(k) - usual);
  });
  return { byFeature, rest: (all - 1) * usual + throughTrees * roots };
}
