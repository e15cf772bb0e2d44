import type { Part } from '../memory/quantity-part.ts';
import { isSigned, type SignedMetric } from './sign-evidence.ts';
import { isLevel, type LevelMetric } from './sign-trend.ts';

export type BoardMetric = 'solarPower' | 'loadPower' | 'batteryVoltage' | SignedMetric | LevelMetric;

const OTHERS: ReadonlySet<string> = new Set(['solarPower', 'loadPower', 'batteryVoltage']);
export const isBoardMetric = (metric: string): metric is BoardMetric =>
  isSigned(metric) || isLevel(metric) || OTHERS.has(metric);

/** A value as a device said it, in W, V, A, %, Ah or kWh. */
export interface SaidValue {
  metric: BoardMetric;
  value: number;
  /** Which of its like it is: a phase, a string, one half. */
  id: string;
  /** A total outranks its parts. */
  rank: number;
  /** True where no name says which way it counts; else it is in the catalogue's sign. */
  isSignOpen: boolean;
  /** True for one half of what may be said as a whole, too. */
  isHalf?: boolean;
  /** Its topic. */
  from: string;
  /** How it is taken later, where its sign comes with another message. */
  which?: Pick<Part, 'id' | 'order' | 'owner'> & { how: 'sum' | 'first' | undefined };
}

/** A metric at one moment: the sum of its parts. */
export type Whole = Pick<SaidValue, 'value' | 'rank' | 'isSignOpen'>;
export type Moment = ReadonlyMap<BoardMetric, Whole>;

/** Values that are weighed together once all of them are new. */
export interface Watch {
  metrics: readonly BoardMetric[];
  /** By how much something must have changed, or it is the same moment said again. */
  leastChange: number;
}

const LEAST_CHANGE = 0.05;

/** Null where there are none, or where some have a sure sign and others not. */
export function wholeOf(parts: readonly Whole[]): Whole | null {
  const [first] = parts;
  if (!first || parts.some(({ isSignOpen }) => isSignOpen !== first.isSignOpen)) return null;
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  return { value, rank: first.rank, isSignOpen: first.isSignOpen };
}

export function hasChanged(before: Moment, now: Moment, { metrics, leastChange }: Watch): boolean {
  return metrics.some((metric) => {
    const [old, value] = [before.get(metric)?.value, now.get(metric)?.value];
    if (old === undefined || value === undefined) return old !== value;
    return Math.abs(value - old) > Math.max(leastChange, LEAST_CHANGE * Math.abs(old));
  });
}
