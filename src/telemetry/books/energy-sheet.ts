import { BUCKET_MS, type EnergyQuantity, energyQuantities } from '../energy/energy.ts';
import { endOfBucket, type Origin } from './pieces.ts';
import type { PowerOddity } from './power-track.ts';
import type { StageOddity } from './stage-output.ts';

/** What was booked: energy by quarter hour and quantity, time covered, and what was odd about it. */

const QUANTITIES = energyQuantities.length;
/**
 * Numbers of a bucket: covered ms, readings, then of each quantity kWh in all, of it from power, of it over gaps, and ms of
 * which it is known without bridging a gap.
 */
export const SHEET_WIDTH = 2 + 4 * QUANTITIES;
export const places = {
  covered: 0,
  readings: 1,
  kwh: 2,
  power: 2 + QUANTITIES,
  bridged: 2 + 2 * QUANTITIES,
  known: 2 + 3 * QUANTITIES,
};

/** Energy that a counter knows of more than a day; flowed evenly as far as anybody knows. */
export interface EnergyBridge {
  quantity: EnergyQuantity;
  from: number;
  to: number;
  kwh: number;
}

/** What a counter did other than counting on, or a power that was left out; what happens often is counted, with its first values. */
export interface CounterEvent {
  time: number;
  metric: string;
  kind: StageOddity | PowerOddity;
  times: number;
  /** Values of the counter before and after [kWh]; of a power what is believed at most, or was last, and what it said [W]. */
  before: number;
  after: number;
  /** What was booked for it [kWh]. */
  kwh: number;
}

/** These say little each, and may come with every reading. */
const FREQUENT: ReadonlySet<CounterEvent['kind']> = new Set(['dip', 'zero', 'sentinel', 'glitch', 'unit', 'wild']);

export class EnergySheet {
  /** By start of the quarter hour [ms]. NaN where nothing measured a quantity. */
  readonly buckets = new Map<number, Float64Array>();
  readonly bridges: EnergyBridge[] = [];
  readonly events: CounterEvent[] = [];
  private readonly frequent = new Map<string, CounterEvent>();
  readings = 0;
  /** Steps between readings that are no gap, and the time they take [ms]. */
  steps = 0;
  stepsMs = 0;
  private start = Number.NaN;
  private row: Float64Array = new Float64Array(0);

  /** The numbers of the quarter hour of a moment. */
  private at(time: number): Float64Array {
    const start = Math.floor(time / BUCKET_MS) * BUCKET_MS;
    if (start === this.start) return this.row;
    let row = this.buckets.get(start);
    if (!row) {
      row = new Float64Array(SHEET_WIDTH).fill(Number.NaN);
      row[places.covered] = 0;
      row[places.readings] = 0;
      this.buckets.set(start, row);
    }
    this.start = start;
    this.row = row;
    return row;
  }

  /**
   * Books energy of a piece of one quarter hour, from a moment on; `quantity` is its place in the list of quantities, `heardMs`
   * for how much of the piece the source was heard.
   */
  book(quantity: number, from: number, kwh: number, origin: Origin, heardMs: number): void {
    const row = this.at(from);
    add(row, places.kwh + quantity, kwh);
    if (origin === 'power') add(row, places.power + quantity, kwh);
    else if (origin === 'bridge') add(row, places.bridged + quantity, kwh);
    this.know(row, quantity, origin === 'bridge' ? 0 : heardMs);
  }

  /** A counter that moves late tells of a time again: no quarter hour is longer than it is. */
  private know(row: Float64Array, quantity: number, ms: number): void {
    const place = places.known + quantity;
    const before = row[place] as number;
    row[place] = Math.min(BUCKET_MS, Number.isNaN(before) ? ms : before + ms);
  }

  /** A reading was taken. */
  count(time: number): void {
    this.readings++;
    const row = this.at(time);
    row[places.readings] = (row[places.readings] as number) + 1;
  }

  /** Time between two readings that lie close enough together. */
  cover(from: number, to: number): void {
    this.steps++;
    this.stepsMs += to - from;
    for (let low = from; low < to; ) {
      const high = Math.min(to, endOfBucket(low));
      const row = this.at(low);
      row[places.covered] = (row[places.covered] as number) + high - low;
      low = high;
    }
  }

  note(event: Omit<CounterEvent, 'times'>): void {
    const isFrequent = FREQUENT.has(event.kind);
    const key = `${event.metric} ${event.kind}`;
    const known = isFrequent ? this.frequent.get(key) : undefined;
    if (known) {
      known.times++;
      known.kwh += event.kwh;
      return;
    }
    const first = { ...event, times: 1 };
    if (isFrequent) this.frequent.set(key, first);
    this.events.push(first);
  }
}

function add(row: Float64Array, place: number, kwh: number): void {
  const before = row[place] as number;
  row[place] = Number.isNaN(before) ? kwh : before + kwh;
}
