import { minutes } from '../../core/durations.ts';
import { isProduct } from './power-balance.ts';
import type { SignedMetric } from './sign-evidence.ts';
import { type BoardMetric, type Moment, type SaidValue, wholeOf } from './sign-moment.ts';
import { ONE_MOMENT_MS, type SaidParts } from './sign-parts.ts';

type Sign = 1 | -1;
/** What makes the catalogue's sign of what was said in one moment. */
export interface SettledValue extends SaidValue {
  metric: SignedMetric;
  sign: Sign;
}

/** Where less flows, a battery's current says nothing of its power. */
export const LEAST_PRODUCT_W = 60;
const LATELY_MS = minutes(15);

/**
 * Which way open values flow at this very moment, where it is proven only for now: what was never below zero may be an amount, whose
 * sign nobody will ever tell, and yet the moment says where it flows.
 */
export class SignsNow {
  private settledAt = Number.NEGATIVE_INFINITY;
  private values: SettledValue[] = [];
  /** When a topic's open values were settled last. */
  private readonly settledOf = new Map<string, number>();
  private power: { at: number; watts: number } | null = null;

  constructor(private readonly parts: SaidParts) {}

  /** What the message that came at `at` completed. */
  settled(at: number): readonly SettledValue[] {
    return this.settledAt === at ? this.values : [];
  }

  /** True for a topic whose value the moment told a sign before, of late: it is known, and waits for the rest of its round. */
  isAwaited(topic: string, at: number): boolean {
    const before = this.settledOf.get(topic);
    return before !== undefined && at - before <= LATELY_MS;
  }

  /** Takes what a moment proves of the open powers in it. */
  settle(moment: Moment, proven: Partial<Record<SignedMetric, Sign | null>>, at: number): void {
    this.power = null;
    for (const metric of ['gridPower', 'batteryPower'] as const) {
      const [sign, whole] = [proven[metric] ?? null, moment.get(metric)];
      if (sign === null || !whole) continue;
      if (metric === 'batteryPower') this.power = { at, watts: sign * whole.value };
      this.keep(metric, sign, at);
    }
    this.settleCurrent(at);
  }

  /** A battery's current flows as its power does. */
  settleCurrent(at: number): void {
    const [volts, current] = [this.lately('batteryVoltage', at), this.lately('batteryCurrent', at)];
    if (!this.power || at - this.power.at > ONE_MOMENT_MS || !volts || !current?.isSignOpen) return;
    const { watts } = this.power;
    if (Math.abs(watts) < LEAST_PRODUCT_W || !isProduct(current.value, volts.value, watts)) return;
    this.keep('batteryCurrent', Math.sign(current.value) === Math.sign(watts) ? 1 : -1, at);
  }

  private lately(metric: BoardMetric, at: number) {
    return wholeOf(this.parts.of(metric, at).filter((part) => at - part.at <= ONE_MOMENT_MS));
  }

  private keep(metric: SignedMetric, sign: Sign, at: number): void {
    if (this.settledAt !== at) this.values = [];
    this.settledAt = at;
    const open = this.parts.of(metric, at).filter(({ isSignOpen }) => isSignOpen);
    for (const { from } of open) this.settledOf.set(from, at);
    this.values.push(...open.map((part) => ({ ...part, metric, sign })));
  }
}
