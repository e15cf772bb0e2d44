import type { NumericMetric } from '../core/metrics.ts';
import { type EnergyQuantity, energyQuantities, quantityRules } from '../telemetry/energy/energy.ts';

/** A house whose every watt is known, and devices that show it as devices do: for checks of totals against the truth. */

export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const DAY = 24 * HOUR;
/** Rated power of its panels. W. */
export const PEAK_W = 5000;
/** Powers change in a straight line between moments so far apart. */
const NODE_MS = 15 * MIN;

export type Power = 'solarPower' | 'loadPower' | 'gridPower' | 'batteryPower';

/** Numbers from 0 to 1, the same for the same seed (Marsaglia's xorshift, 32 bits). */
export function noise(seed: number): () => number {
  let x = (seed * 2_654_435_761 + 1) | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 4_294_967_296;
  };
}

export class TrueHouse {
  private readonly nodes: Record<Power, Float64Array>;

  constructor(
    readonly start: number,
    readonly days: number,
    seed: number,
  ) {
    const next = noise(seed);
    const made = (watts: (hour: number) => number) =>
      Float64Array.from({ length: days * (DAY / NODE_MS) + 1 }, (_, i) => watts((i * (NODE_MS / HOUR)) % 24));
    const sky = Array.from({ length: days + 1 }, next);
    let day = 0;
    this.nodes = {
      solarPower: made((hour) => {
        if (hour === 0) day++;
        const light = Math.max(0, Math.sin(((hour - 5) / 14) * Math.PI));
        return Math.round(PEAK_W * (sky[day] ?? 0) * light * (0.6 + 0.4 * next()));
      }),
      loadPower: made((hour) => Math.round(150 + (hour > 6 && hour < 22 ? 2000 : 300) * next() ** 2)),
      gridPower: made((hour) => Math.round((hour > 9 && hour < 17 ? -2500 : 1500) * next())),
      batteryPower: made((hour) => (next() < 0.2 ? 0 : Math.round((hour > 8 && hour < 16 ? 2500 : -1200) * next()))),
    };
  }

  watts(power: Power, time: number): number {
    const at = (time - this.start) / NODE_MS;
    const low = Math.floor(at);
    const of = this.nodes[power];
    const start = of[low] ?? 0;
    return start + (at - low) * ((of[low + 1] ?? start) - start);
  }

  /** What flowed between two moments [kWh], minute by minute. */
  kwh(quantity: EnergyQuantity, from: number, to: number): number {
    return this.since(quantity, to) - this.since(quantity, from);
  }

  /** kWh by minute since the start, so that any stretch is one subtraction. */
  private readonly sums = new Map<EnergyQuantity, Float64Array>();

  private since(quantity: EnergyQuantity, time: number): number {
    let sums = this.sums.get(quantity);
    if (!sums) {
      const { power, side } = quantityRules[energyQuantities.indexOf(quantity)] as (typeof quantityRules)[number];
      sums = new Float64Array((this.days * DAY) / MIN + 1);
      for (let minute = 1; minute < sums.length; minute++) {
        const [a, b] = [-1, 0].map((n) => side * this.watts(power as Power, this.start + (minute + n) * MIN));
        sums[minute] = (sums[minute - 1] as number) + areaAbove(a as number, b as number) / 60_000;
      }
      this.sums.set(quantity, sums);
    }
    const at = Math.max(0, Math.min(sums.length - 1, (time - this.start) / MIN));
    const low = Math.floor(at);
    const before = sums[low] as number;
    return before + (at - low) * ((sums[low + 1] ?? before) - before);
  }
}

/** Watt-minutes above zero under a straight line of one minute. */
function areaAbove(a: number, b: number): number {
  if (a >= 0 && b >= 0) return (a + b) / 2;
  if (a <= 0 && b <= 0) return 0;
  return Math.max(a, b) ** 2 / (2 * Math.abs(b - a));
}

export type { NumericMetric };
