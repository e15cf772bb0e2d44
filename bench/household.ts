import type { MetricValues } from '../src/core/reading.ts';

/**
 * A household as its devices would tell it: a sun with clouds, appliances that switch, a battery, a meter that measures by
 * itself, each value rounded as such devices round, times with the jitter of a network and now and then a hole. Made from
 * a seed, so every run sees the same house.
 */
export interface HouseholdOptions {
  seed: number;
  /** First reading, ms UTC. */
  from: number;
  /** Half-open. ms UTC. */
  to: number;
  /** Time between two readings, ms. */
  intervalMs: number;
}

export interface HouseholdReading {
  time: number;
  values: MetricValues;
}

export const householdMetrics = [
  'stateOfCharge',
  'batteryVoltage',
  'batteryCurrent',
  'batteryPower',
  'solarPower',
  'loadPower',
  'gridPower',
  'outputVoltage',
  'totalEnergyProduced',
  'totalEnergyConsumed',
] as const;

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;
const PEAK_W = 8000;
const BATTERY_KWH = 10;
const BATTERY_W = 4000;
/** Mean of the standard deviation of an arrival, ms. */
const JITTER_MS = 120;

/** Marsaglia's xorshift, 32 bits: 0 to 1. */
class Noise {
  constructor(private state: number) {}

  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) / 4_294_967_296;
  }

  /** About normal, mean 0 and deviation 1 (Irwin and Hall, six terms). */
  normal(): number {
    let sum = -3;
    for (let i = 0; i < 6; i++) sum += this.next();
    return sum * Math.SQRT2;
  }
}

const rounded = (value: number, steps: number): number => Math.round(value * steps) / steps;

/** Readings of one device that knows all of a house. */
export function* household(options: HouseholdOptions): Generator<HouseholdReading> {
  const noise = new Noise(options.seed * 2_654_435_761 + 1);
  const sky = new Sky(noise);
  const appliances = new Appliances(noise);
  const hours = options.intervalMs / 3_600_000;
  let [charge, produced, consumed, mains] = [5, 4321.7, 7654.321, 231];
  let hole = 0;
  for (let due = options.from; due < options.to; due += options.intervalMs) {
    const solar = PEAK_W * sky.at(due, hours);
    const load = appliances.at(due, hours);
    const wanted = Math.max(-BATTERY_W, Math.min(BATTERY_W, solar * 0.96 - load));
    const battery = (wanted > 0 && charge >= BATTERY_KWH) || (wanted < 0 && charge <= 1) ? 0 : wanted;
    charge = Math.max(0, Math.min(BATTERY_KWH, charge + (battery * hours * (battery > 0 ? 0.95 : 1.05)) / 1000));
    produced += (solar * hours) / 1000;
    consumed += (load * hours) / 1000;
    mains += 0.05 * (231 - mains) + 0.25 * noise.normal();
    if (hole > 0) {
      hole--;
      continue;
    }
    if (noise.next() < 0.0002) hole = Math.floor(noise.next() * 20);
    const volts = 49 + (5.5 * charge) / BATTERY_KWH + battery / 4000 + 0.03 * noise.normal();
    yield {
      time: Math.round(due + 400 + JITTER_MS * noise.normal()),
      values: {
        stateOfCharge: Math.round((100 * charge) / BATTERY_KWH),
        batteryVoltage: rounded(volts, 10),
        batteryCurrent: rounded(battery / volts, 10),
        batteryPower: Math.round(battery),
        solarPower: Math.round(solar),
        loadPower: Math.round(load),
        gridPower: Math.round(load + battery - solar * 0.96 + 4 * noise.normal()),
        outputVoltage: rounded(mains, 10),
        totalEnergyProduced: rounded(produced, 10),
        totalEnergyConsumed: rounded(consumed, 1000),
      },
    };
  }
}

/** Share of the peak that the roof gives: clear sky by season, a cloud cover for the day, and clouds that pass. */
class Sky {
  private day = -1;
  private cover = 0;
  private cloud = 0;

  constructor(private readonly noise: Noise) {}

  at(time: number, hours: number): number {
    const day = Math.floor(time / DAY_MS);
    if (day !== this.day) {
      this.day = day;
      this.cover = this.noise.next() ** 1.5;
    }
    const season = Math.cos((2 * Math.PI * (time - 15 * DAY_MS)) / YEAR_MS);
    const half = 6 - 2 * season;
    const hour = (time % DAY_MS) / 3_600_000 - 12;
    // A cloud passes in some ten minutes.
    const pull = Math.min(1, hours * 6);
    this.cloud += pull * (0 - this.cloud) + Math.sqrt(pull) * 0.5 * this.noise.normal();
    if (Math.abs(hour) >= half) return 0;
    const clear = Math.cos((hour / half) * (Math.PI / 2)) ** 1.3 * (0.72 - 0.25 * season);
    const passing = Math.min(1, Math.max(0.12, 1 - this.cover * (0.7 + this.cloud)));
    return clear * passing * (1 + 0.002 * this.noise.normal());
  }
}

/** A base load, a fridge, and appliances that are switched on for a while, more of them in the evening. */
class Appliances {
  private readonly left = [0, 0, 0, 0];
  private readonly watts = [90, 2100, 750, 1400];
  private readonly startsADay = [30, 6, 4, 1.2];
  private readonly lastsHours = [0.35, 0.08, 0.6, 1.4];

  constructor(private readonly noise: Noise) {}

  at(time: number, hours: number): number {
    const hour = (time % DAY_MS) / 3_600_000;
    const busy = hour > 6 && hour < 22 ? (hour > 16 ? 2.2 : 1.1) : 0.3;
    let sum = 160 + 60 * busy;
    for (let i = 0; i < this.left.length; i++) {
      const left = this.left[i] as number;
      if (left > 0) {
        sum += this.watts[i] as number;
        this.left[i] = left - hours;
      } else if (this.noise.next() < ((this.startsADay[i] as number) * busy * hours) / 24)
        this.left[i] = (this.lastsHours[i] as number) * (0.5 + this.noise.next());
    }
    return sum * (1 + 0.008 * this.noise.normal());
  }
}
