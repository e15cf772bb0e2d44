/** The hours that the battery has before it, from what is forecast of sun and house. */
import type { BatteryNow } from '../../telemetry/battery/battery-now.ts';
import { type ForecastIssue, medianOf, stepAt, stepsEnd } from '../issue.ts';

/** What flows beside the battery at a time, W; null where one of the forecasts does not reach. */
export type NetAt = (time: number) => number | null;

/** The most likely balance of a house: what all its panels give less what it takes. Both must be forecast. */
export function netOf(solar: readonly ForecastIssue[], load: readonly ForecastIssue[]): NetAt | null {
  if (solar.length === 0 || load.length === 0) return null;
  const sum = (issues: readonly ForecastIssue[], time: number): number | null => {
    let watts = 0;
    for (const issue of issues) {
      const step = time < stepsEnd(issue.steps) ? stepAt(issue.steps, time) : -1;
      if (step < 0) return null;
      watts += medianOf(issue)[step] ?? 0;
    }
    return watts;
  };
  return (time) => {
    const [sun, use] = [sum(solar, time), sum(load, time)];
    return sun === null || use === null ? null : sun - use;
  };
}

export interface CoursePoint {
  /** ms UTC. */
  time: number;
  /** State of charge, %. */
  charge: number;
}

export interface BatteryCourse {
  /** From now on, even, to the end of what is looked at. */
  points: CoursePoint[];
  /** True if it is being charged, or will be within the first half hour. */
  isCharging: boolean;
  /** When it is down at its floor; null when it does not get there before it is charged again. */
  emptyAt: number | null;
  /** True if it is charged now, and the night after that is seen to its end. */
  seesNight: boolean;
  /** When it is charged again; null while it is being charged, or when it is not. */
  chargedFrom: number | null;
  /** When it is full; null when it does not get there. */
  fullAt: number | null;
  /** Until when it stays full, where it is full now; else null. */
  fullUntil: number | null;
  /** The least before it is charged again, and the most after it. */
  lowest: CoursePoint;
  highest: CoursePoint;
  /** Where it stops giving, %. */
  floor: number;
}

const STEP_MS = 15 * 60_000;
const LOOKED_AHEAD_MS = 30 * 3_600_000;
/** Of what goes in, and of what comes out, this much is not lost: half of a round trip of 92 % each. */
const KEPT_SHARE = 0.96;
const FULL = 99.5;
/** Less than this does not charge a battery. W. */
const CHARGING_W = 60;
/** Forecasts must reach this far, or there is little to say. */
const LEAST_AHEAD_MS = 6 * 3_600_000;
/** Where nobody has seen how low it goes. %. */
const USUAL_FLOOR = 10;

/**
 * The most likely charge of a battery that takes what the sun leaves and gives what the house lacks; null where what fits
 * in is not known, where it does otherwise (filled from the grid by night, say), or where nobody can see far enough.
 */
export function batteryCourse(battery: BatteryNow, netAt: NetAt, now: number): BatteryCourse | null {
  const { capacityKwh, habits, charge } = battery;
  if (!capacityKwh || habits?.followsBalance !== true) return null;
  const floor = Math.min(habits.floor ?? USUAL_FLOOR, charge);
  const points: CoursePoint[] = [{ time: now, charge }];
  const rises: boolean[] = [];
  for (let time = now; time < now + LOOKED_AHEAD_MS; time += STEP_MS) {
    const net = netAt(time);
    if (net === null) break;
    const watts = Math.max(-(habits.mostDischargeW ?? Infinity), Math.min(habits.mostChargeW ?? Infinity, net));
    const stored = watts > 0 ? watts * KEPT_SHARE : watts / KEPT_SHARE;
    const step = (((stored / 1000) * STEP_MS) / 3_600_000 / capacityKwh) * 100;
    const before = points.at(-1)?.charge ?? charge;
    points.push({ time: time + STEP_MS, charge: Math.min(100, Math.max(floor, before + step)) });
    rises.push(net >= CHARGING_W);
  }
  if (rises.length * STEP_MS < LEAST_AHEAD_MS) return null;
  return describe(points, rises, floor);
}

function describe(points: CoursePoint[], rises: readonly boolean[], floor: number): BatteryCourse {
  // A quarter of an hour between clouds is no beginning of the day.
  const lasting = (i: number): boolean => rises[i] === true && rises[i + 1] !== false;
  const start = rises.findIndex((_, i) => lasting(i));
  const isCharging = start >= 0 && start <= 1;
  const before = points.slice(0, start < 0 ? points.length : start + 1);
  const after = start < 0 ? [] : points.slice(start);
  const first = points[0] as CoursePoint;
  const least = (best: CoursePoint, one: CoursePoint) => (one.charge < best.charge ? one : best);
  const most = (best: CoursePoint, one: CoursePoint) => (one.charge > best.charge + 0.05 ? one : best);
  const isEmpty = ({ charge }: CoursePoint): boolean => charge <= floor + 0.05;
  const sunny = dayOf(after);
  const highest = sunny.reduce(most, after[0] ?? first);
  const dusk = rises.findIndex((isRising, i) => !isRising && (points[i]?.time ?? 0) >= highest.time);
  const dawn = rises.findIndex((_, i) => i > dusk && lasting(i));
  const night = dusk < 0 ? [] : points.slice(dusk, dawn < 0 ? points.length : dawn + 1);
  return {
    ...{ points, isCharging, floor, highest },
    seesNight: isCharging && dusk >= 0 && dawn >= 0,
    emptyAt: (isCharging ? night : before).find(isEmpty)?.time ?? null,
    chargedFrom: isCharging || start < 0 ? null : (points[start]?.time ?? null),
    fullUntil: isFull(first)
      ? (points.find((_, i) => i + 1 < points.length && !isFull(points[i + 1] as CoursePoint))?.time ?? null)
      : null,
    fullAt: sunny.find(isFull)?.time ?? null,
    lowest: before.reduce(least, first),
  };
}

const isFull = ({ charge }: CoursePoint): boolean => charge >= FULL;

/** The first half day of charging: what a second sun brings is another story. */
const dayOf = (points: readonly CoursePoint[]): readonly CoursePoint[] =>
  points.filter(({ time }) => time <= (points[0]?.time ?? 0) + 14 * 3_600_000);
