import { localDayOf, startOfLocalDay } from '../core/zone.ts';
import { type EnergyQuantity, energyQuantities, quantityRules } from '../telemetry/energy/energy.ts';
import type { TestRow } from './books.ts';
import { DAYS, type DeviceCase, type Mishap } from './device-cases.ts';
import { DAY, HOUR, MIN, noise, type Power, TrueHouse } from './true-house.ts';

/** Devices as they are: with gaps, resets, zeros, sentinels, values that stand still, Wh among kWh. */

/** So long a new beginning must be heard to be believed (docs/energy.md). */
const CONFIRM_MS = 5 * MIN;

/** A device in the house of a case. */
export class TrueDevice {
  readonly house: TrueHouse;
  readonly start: number;
  readonly end: number;
  readonly zone: string;
  /** When its totals begin anew [ms]. */
  readonly resets: readonly number[];
  /** When nothing is heard of it [ms]. */
  readonly gaps: readonly { from: number; to: number }[];

  constructor(readonly of: DeviceCase) {
    [this.zone, this.start] = of.place;
    this.end = this.start + DAYS * DAY;
    this.house = new TrueHouse(this.start, DAYS, of.seed);
    this.resets = of.resets.map((minute) => this.start + minute * MIN).sort((a, b) => a - b);
    this.gaps = this.gapsOf();
  }

  /** When the daily counters began anew last. */
  private dayStart(time: number): number {
    const { dailyReset } = this.of;
    if (dailyReset === 'utc') return Math.floor(time / DAY) * DAY;
    const late = dailyReset === 'wake' ? 5.5 * HOUR : 0;
    return startOfLocalDay(localDayOf(time - late, this.zone), this.zone) + late;
  }
  /** Moments at which a counter begins anew. */
  restarts(): number[] {
    return [...(this.of.shows.total ? this.resets : []), ...(this.of.shows.daily ? this.dailyStarts() : [])];
  }

  private dailyStarts(): number[] {
    const daily: number[] = [];
    for (let t = this.start; t < this.end; t += 15 * MIN) if (this.dayStart(t) === t) daily.push(t);
    return daily;
  }

  private gapsOf(): { from: number; to: number }[] {
    const gaps: { from: number; to: number }[] = [];
    for (const { from, minutes } of this.of.gaps.toSorted((a, b) => a.from - b.from)) {
      // Whether a daily counter goes on over midnight is known once it did.
      if (this.isLearning(from)) continue;
      const gap = { from: this.start + from * MIN, to: this.start + (from + minutes) * MIN };
      const last = gaps.at(-1);
      // Single readings between two gaps do not make them two.
      if (last && gap.from - last.to < HOUR) last.to = Math.max(last.to, gap.to);
      else gaps.push(gap);
    }
    return gaps;
  }
  private isLearning(minute: number): boolean {
    return this.of.shows.daily && this.of.dailyReset === 'utc' && minute < 2 * 1440;
  }
  isSilent(time: number): boolean {
    return this.gaps.some(({ from, to }) => time > from && time < to);
  }

  rows(): TestRow[] {
    const { minutes, shows } = this.of;
    const rows: TestRow[] = [];
    const next = noise(this.of.seed + 1);
    const offsets = energyQuantities.map(() => 2000 + Math.round(3000 * next()));
    const shown = new Map<string, number>();
    for (let time = this.start; time <= this.end; time += minutes * MIN) {
      const values: TestRow[1] = {};
      const reset = this.resets.findLast((t) => t <= time);
      const dayStart = Math.max(this.start, this.dayStart(time));
      const mishap = this.mishapAt(time);
      for (const [i, quantity] of energyQuantities.entries()) {
        const rule = quantityRules[i] as (typeof quantityRules)[number];
        if (shows.power) values[rule.power] = this.house.watts(rule.power as Power, time);
        const sinceReset = this.house.kwh(quantity, reset ?? this.start, time);
        const total = sinceReset + (reset === undefined ? (offsets[i] as number) : 0);
        const daily = this.house.kwh(quantity, dayStart, time);
        if (shows.total) this.show(values, rule.total, total, mishap, shown);
        if (shows.daily && rule.daily) this.show(values, rule.daily, daily, mishap, shown);
      }
      if (!this.isSilent(time)) rows.push([time, values]);
    }
    return rows;
  }

  private show(
    values: TestRow[1],
    metric: keyof TestRow[1],
    kwh: number,
    mishap: Mishap | undefined,
    shown: Map<string, number>,
  ): void {
    const { resolution } = this.of;
    const steps = Math.floor(kwh / resolution + 1e-6);
    const value = Math.round(steps * resolution * 1000) / 1000;
    const last = shown.get(metric) ?? value;
    if (mishap !== 'stale') shown.set(metric, value);
    const isTotal = metric.startsWith('total');
    if (mishap === 'zero') values[metric] = 0;
    else if (mishap === 'sentinel') values[metric] = isTotal ? 21_474_836.47 : 6553.5;
    else if (mishap === 'dip') values[metric] = Math.max(0, Math.round((value - resolution) * 1000) / 1000);
    else if (mishap === 'wh' && value >= 1500) values[metric] = Math.round(value * 1000);
    else values[metric] = mishap === 'stale' ? last : value;
    if (mishap !== 'zero' && mishap !== 'sentinel') values[metric] = this.inItsUnit(values[metric] ?? 0);
  }

  /** What the device shows of so many kWh. */
  private inItsUnit(kwh: number): number {
    const { unit } = this.of;
    const isWh = unit === 'Wh' || (unit === 'Wh below 1 kWh' && kwh < 1);
    return isWh ? Math.round(kwh * 1000) : kwh;
  }

  private mishapAt(time: number): Mishap | undefined {
    const minute = (time - this.start) / MIN;
    const { minutes } = this.of;
    const { kind, at } = this.of.mishaps.find((one) => minute >= one.at && minute < one.at + one.count * minutes) ?? {};
    if (kind === undefined || at === undefined || (kind === 'zero' && this.isLearning(at))) return undefined;
    // Who begins anew in another unit than before is beyond help.
    if (kind === 'wh' && this.of.unit !== 'kWh') return undefined;
    const isHopeless = kind === 'wh' && this.resets.some((reset) => Math.abs(reset - time) < HOUR);
    return isHopeless ? undefined : kind;
  }

  /** Local days that lie whole within the time. */
  days(): { from: number; to: number }[] {
    const first = localDayOf(this.start, this.zone);
    return Array.from({ length: DAYS + 1 }, (_, i) => ({
      from: startOfLocalDay(first + i, this.zone),
      to: startOfLocalDay(first + i + 1, this.zone),
    })).filter(({ from, to }) => from >= this.start && to <= this.end);
  }

  /** What of a quantity nobody can place or know within some time: lost at most, and misplaced at most [kWh]. */
  unknown(quantity: EnergyQuantity, span: { from: number; to: number }): { lost: number; misplaced: number } {
    const { minutes } = this.of;
    const restarts = this.restarts();
    let [lost, misplaced] = [0, 0];
    for (const gap of this.gaps) {
      const wide = { from: gap.from - minutes * MIN, to: gap.to + minutes * MIN };
      if (wide.to <= span.from || wide.from >= span.to) continue;
      const kwh = this.house.kwh(quantity, wide.from, wide.to);
      const isCut = (edge: number) => edge > wide.from && edge < wide.to;
      if (!this.isCounted(quantity) || restarts.some(isCut)) lost += kwh;
      else lost += this.unheardBefore(quantity, gap);
      if (isCut(span.from) || isCut(span.to)) misplaced += kwh;
    }
    return { lost, misplaced };
  }

  private isCounted(quantity: EnergyQuantity): boolean {
    const { shows } = this.of;
    const rule = quantityRules[energyQuantities.indexOf(quantity)] as (typeof quantityRules)[number];
    return shows.total || (shows.daily && rule.daily !== null);
  }

  /**
   * A new beginning of which too little was heard before a silence, after which the counter shows no less than before it:
   * single values that are too low, and zeros of a total, come of counters that did not begin anew, too. Then it went on, as far
   * as anybody knows, and what it had shown before it began anew is missed.
   */
  private unheardBefore(quantity: EnergyQuantity, gap: { from: number; to: number }): number {
    const { shows, resolution, minutes } = this.of;
    const missed = (edge: number, since: number, isTotal: boolean): number => {
      if (edge > gap.from) return 0;
      let first = Math.ceil((edge - this.start) / (minutes * MIN)) * minutes * MIN + this.start;
      // Zeros of a total tell nothing.
      while (isTotal && first < gap.from && this.house.kwh(quantity, edge, first) < resolution) first += minutes * MIN;
      if (gap.from - first >= Math.max(CONFIRM_MS, 2 * minutes * MIN)) return 0;
      const before = this.house.kwh(quantity, since, edge);
      const after = this.house.kwh(quantity, edge, gap.to + Math.max(CONFIRM_MS, 3 * minutes * MIN));
      return before <= after + resolution ? before : 0;
    };
    let kwh = 0;
    if (shows.total)
      for (const reset of this.resets) {
        const before = this.resets.findLast((other) => other < reset);
        if (before !== undefined) kwh += missed(reset, before, true);
      }
    if (shows.daily)
      for (const edge of this.dailyStarts())
        kwh += missed(edge, Math.max(this.start, this.dayStart(edge - MIN)), false);
    return kwh;
  }

  private firstFlow(quantity: EnergyQuantity, from: number): number {
    let time = from;
    while (time < this.end && this.house.kwh(quantity, time, time + 15 * MIN) < this.of.resolution) time += 15 * MIN;
    return time + 15 * MIN;
  }

  /** What rounding and a step around each edge come to. */
  slack(quantity: EnergyQuantity, span: { from: number; to: number }): number {
    const { resolution, minutes, mishaps, unit, shows } = this.of;
    const around = (time: number, steps = 2) =>
      this.house.kwh(quantity, time - steps * minutes * MIN, time + steps * minutes * MIN);
    let kwh = 6 * resolution + around(span.from) + around(span.to);
    for (const time of this.restarts())
      if (time >= span.from - HOUR && time < span.to + HOUR) kwh += 2 * resolution + around(time);
    // What goes on a little above what it showed in kWh may be so many Wh of the next day.
    if (unit === 'Wh below 1 kWh' && !shows.power)
      kwh += this.restarts().filter((t) => t >= span.from - HOUR && t < span.to + HOUR).length;
    // The first step after a reset flowed at any time since then.
    for (const time of this.resets) kwh += around(this.firstFlow(quantity, time));
    for (const { at, count, kind } of mishaps) {
      const time = this.start + at * MIN;
      if (time < span.from - HOUR || time >= span.to + HOUR) continue;
      kwh += 2 * resolution + around(time, count + 3);
      // Zeros that last as long as a new beginning, and then what may flow within a step: nobody can tell them apart.
      if (kind === 'zero' && count > 2) kwh += 1;
    }
    return kwh;
  }
}
