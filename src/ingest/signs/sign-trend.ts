import { minutes, seconds } from '../../core/durations.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { SignedMetric } from './sign-evidence.ts';

/** What fills or empties a level when a flow is positive in the catalogue's sign. */
interface Level {
  /** Least change that says something, in the level's unit. */
  step: number;
  /** 1 where a rise means a positive flow, -1 where it means a negative one. */
  way: 1 | -1;
  /** A counter only rises; what falls was reset. */
  isCounter: boolean;
  flows: readonly SignedMetric[];
}

const ofBattery = ['batteryPower', 'batteryCurrent'] as const;
const counter = (way: 1 | -1, flows: readonly SignedMetric[]): Level => ({ step: 0.01, way, isCounter: true, flows });
const LEVELS = {
  stateOfCharge: { step: 0.9, way: 1, isCounter: false, flows: ofBattery },
  remainingCapacity: { step: 0.5, way: 1, isCounter: false, flows: ofBattery },
  totalBatteryCharge: counter(1, ofBattery),
  totalBatteryDischarge: counter(-1, ofBattery),
  totalGridImport: counter(1, ['gridPower']),
  totalGridExport: counter(-1, ['gridPower']),
  dailyGridImport: counter(1, ['gridPower']),
  dailyGridExport: counter(-1, ['gridPower']),
} satisfies Partial<Record<NumericMetric, Level>>;

export type LevelMetric = keyof typeof LEVELS;
export const isLevel = (metric: string): metric is LevelMetric => Object.hasOwn(LEVELS, metric);

/** Less flows nowhere for sure: W, and A. */
const LEAST_FLOW: Record<SignedMetric, number> = { gridPower: 60, batteryPower: 60, batteryCurrent: 1.5 };
/** Between two levels: a filter that lags behind must have caught up, and nothing may have been missed. */
const [SHORTEST_MS, LONGEST_MS, LONGEST_SILENCE_MS] = [seconds(30), minutes(120), minutes(2)];
const FEWEST_FLOWS = 3;

interface Flow {
  least: number;
  most: number;
  count: number;
  lastAt: number;
  hasGap: boolean;
}

/** How one level of a device moves, and which way each flow went meanwhile. */
export class SignTrend {
  private level: number | null = null;
  private since = 0;
  private readonly flows = new Map<SignedMetric, Flow>();
  private readonly rule: Level;

  constructor(metric: LevelMetric) {
    this.rule = LEVELS[metric];
  }

  /** A flow in the device's own sign, W or A. */
  hearFlow(metric: SignedMetric, value: number, at: number): void {
    if (!this.rule.flows.includes(metric) || this.level === null) return;
    const flow = this.flows.get(metric) ?? { least: value, most: value, count: 0, lastAt: this.since, hasGap: false };
    flow.least = Math.min(flow.least, value);
    flow.most = Math.max(flow.most, value);
    flow.hasGap ||= at - flow.lastAt > LONGEST_SILENCE_MS;
    flow.count++;
    flow.lastAt = at;
    this.flows.set(metric, flow);
  }

  /** The level now; gives the sign that makes the catalogue's of each flow which went one way since it last moved. */
  hearLevel(value: number, at: number): { metric: SignedMetric; value: number; sign: 1 | -1 }[] {
    const { level, since, rule } = this;
    const change = level === null ? Number.NaN : value - level;
    if (level !== null && Math.abs(change) < rule.step) return [];
    const isFirst = level === null;
    const said =
      isFirst || (rule.isCounter && change < 0) ? [] : this.oneWay(Math.sign(change) * rule.way, at - since, at);
    this.level = value;
    this.since = at;
    this.flows.clear();
    return said;
  }

  private oneWay(way: number, lastedMs: number, at: number): { metric: SignedMetric; value: number; sign: 1 | -1 }[] {
    if (lastedMs < SHORTEST_MS || lastedMs > LONGEST_MS) return [];
    return [...this.flows].flatMap(([metric, { least, most, count, lastAt, hasGap }]) => {
      if (count < FEWEST_FLOWS || hasGap || at - lastAt > LONGEST_SILENCE_MS) return [];
      const one = least >= LEAST_FLOW[metric] ? 1 : most <= -LEAST_FLOW[metric] ? -1 : 0;
      return one === 0 ? [] : [{ metric, value: one === 1 ? least : most, sign: one === way ? 1 : -1 }];
    });
  }
}
