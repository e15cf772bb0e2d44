import type { NumericMetric } from '../../core/metrics.ts';
import { type EnergyReadings, energyMetrics, quantityRules } from '../energy/energy.ts';
import { isDark } from './dark-gap.ts';
import type { EnergySheet } from './energy-sheet.ts';
import { bookEvenly } from './pieces.ts';
import { bookPower } from './power-step.ts';
import { type PowerRules, type PowerState, PowerTrack } from './power-track.ts';
import { QuantityBook, type QuantityState } from './quantity-book.ts';
import { Rhythm, type RhythmState } from './rhythm.ts';
import { Unheard, type UnheardState } from './unheard.ts';

/**
 * The energy books of a source as a fold over its readings in the order of their time. All that the past means for the
 * future is in a small state of plain numbers, so that the fold can go on from any moment at which the state was kept,
 * and gives the same books as if it had begun with the first reading.
 */

export interface EnergyRules {
  /** W; null when unknown. Bounds what a counter may have counted. */
  installedCapacityW: number | null;
  /** Start of the source's local day of a moment [ms]. */
  dayStart: (time: number) => number;
}

/** What the owner said of a counter: up to its first value at or after `time` it counted `kwh`, whatever it shows. */
export interface CounterJump {
  metric: NumericMetric;
  time: number;
  kwh: number;
}

/** Readings in which a rhythm must show; a device that sends value by value writes many in a second. */
const MOST_EARLY = 256;

const powers = [...new Set(quantityRules.map((r) => r.power))].map((metric) => ({
  metric,
  place: energyMetrics.indexOf(metric),
  sides: quantityRules.flatMap((r, quantity) => (r.power === metric ? [{ quantity, side: r.side }] : [])),
}));
/** Place of the power of each quantity among them. */
const places = quantityRules.map((r) => powers.findIndex((power) => power.metric === r.power));
const voices = quantityRules.flatMap((r, quantity) => [
  ...(r.daily ? [{ quantity, isDaily: true, metric: r.daily, place: energyMetrics.indexOf(r.daily) }] : []),
  { quantity, isDaily: false, metric: r.total, place: energyMetrics.indexOf(r.total) },
]);

export class EnergyFold {
  private rhythm = new Rhythm();
  private readonly unheard: Unheard;
  /** The first readings, until the rhythm of the source shows; null from then on. */
  private early: { time: number; values: (number | null)[] }[] | null = [];
  private readonly tracks: PowerTrack[];
  private readonly books: QuantityBook[];
  private readonly row = new Float64Array(energyMetrics.length);

  constructor(
    rules: EnergyRules,
    private sheet: EnergySheet,
    state: string | null = null,
  ) {
    const from = state === null ? null : stateOf(state);
    this.unheard = new Unheard(from?.unheard);
    this.books = quantityRules.map(
      (rule, quantity) =>
        new QuantityBook(rule, {
          ...rules,
          quantity,
          longestStep: () => this.rhythm.longestStep,
          heardIn: (low, high) => this.unheard.heardIn(low, high),
          hearsPower: (time) => this.trackOf(quantity).isHeard(time),
          powerPeakKw: () => this.trackOf(quantity).peakKw(),
          sheet: () => this.sheet,
          newest: from?.newest ?? Number.NEGATIVE_INFINITY,
          state: from?.books[quantity] ?? null,
        }),
    );
    this.tracks = powers.map((power, i) => this.newTrack(power, rules, from?.powers[i] ?? null));
    if (from) {
      this.rhythm = Rhythm.from(from.rhythm);
      this.early = from.early;
    }
  }

  /** From here on what is booked goes to another sheet. */
  turnTo(sheet: EnergySheet): void {
    this.sheet = sheet;
  }

  /**
   * Takes readings `from` up to `to` (places in the columns), later than all before. `jumps` are all that the owner said of
   * this source, ascending.
   */
  take(readings: EnergyReadings, from: number, to: number, jumps: readonly CounterJump[] = []): void {
    const columns = energyMetrics.map((m) => readings.columns[m]);
    const { row } = this;
    let jump = 0;
    const since = this.newest();
    while (jump < jumps.length && (jumps[jump] as CounterJump).time <= since) jump++;
    for (let i = from; i < to; i++) {
      const time = readings.times[i] as number;
      for (; jump < jumps.length && (jumps[jump] as CounterJump).time <= time; jump++) this.declare(jumps[jump]);
      for (let c = 0; c < columns.length; c++) row[c] = columns[c]?.[i] ?? Number.NaN;
      if (this.early === null) this.takeRow(time);
      else this.keepEarly(this.early, time);
    }
  }

  /** Time of the newest reading that was taken. */
  newest(): number {
    return this.early?.at(-1)?.time ?? this.rhythm.last ?? Number.NEGATIVE_INFINITY;
  }

  /** At the end of the readings: books what is still open as it looks now. Nothing can be taken afterwards. */
  finish(): void {
    if (this.early) this.takeEarly(this.early);
    for (const book of this.books) book.finish();
  }

  private declare(jump: CounterJump | undefined): void {
    if (!jump) return;
    // What the owner says holds for the readings that follow.
    if (this.early && this.early.length > 0) this.takeEarly(this.early);
    for (const { quantity, isDaily, metric } of voices)
      if (metric === jump.metric) this.books[quantity]?.declare(isDaily, jump.kwh);
  }

  /** What the first steps mean is known when a few more have come. */
  private keepEarly(early: { time: number; values: (number | null)[] }[], time: number): void {
    early.push({ time, values: Array.from(this.row, (v) => (Number.isNaN(v) ? null : v)) });
    if (Rhythm.of(early.map((r) => r.time)).isKnown() || early.length >= MOST_EARLY) this.takeEarly(early);
  }

  private takeEarly(early: readonly { time: number; values: (number | null)[] }[]): void {
    this.early = null;
    this.rhythm = Rhythm.of(early.map((r) => r.time));
    for (const [i, { place }] of powers.entries())
      if (early.some(({ values }) => values[place] !== null)) this.tracks[i]?.expect();
    for (const { time, values } of early) {
      for (const [i, value] of values.entries()) this.row[i] = value ?? Number.NaN;
      this.takeRow(time, { isEarly: true });
    }
  }

  /** Up to when of each quantity that is measured is booked for how long it is known [ms]. */
  private readonly toldTo = (): number => {
    let told = Number.POSITIVE_INFINITY;
    for (const book of this.books) told = Math.min(told, book.toldTo());
    return told;
  };

  private takeRow(time: number, { isEarly = false } = {}): void {
    const { row, rhythm } = this;
    const before = rhythm.last;
    this.sheet.count(time);
    this.unheard.age(time, this.toldTo);
    if (before !== null && time - before <= rhythm.longestStep) this.sheet.cover(before, time);
    else if (before !== null) this.unheard.note(before, time);
    if (isEarly) rhythm.last = time;
    else rhythm.add(time);
    for (let p = 0; p < powers.length; p++) {
      const watts = row[(powers[p] as (typeof powers)[number]).place] as number;
      if (!Number.isNaN(watts)) (this.tracks[p] as PowerTrack).take(time, watts);
    }
    for (const { quantity, isDaily, place } of voices) {
      const value = row[place] as number;
      if (!Number.isNaN(value)) (this.books[quantity] as QuantityBook).speak(isDaily, time, value);
    }
    for (const book of this.books) book.age(time);
  }

  /** The power of a quantity. */
  private trackOf(quantity: number): PowerTrack {
    return this.tracks[places[quantity] as number] as PowerTrack;
  }

  private newTrack(
    { metric, sides }: (typeof powers)[number],
    rules: EnergyRules,
    state: PowerState | null,
  ): PowerTrack {
    const books = sides.map(({ quantity, side }) => ({ book: this.books[quantity] as QuantityBook, side }));
    const believe = (watts: number) => {
      for (const { book, side } of books) if (side * watts > 0) book.notePower((side * watts) / 1000);
    };
    const isSun = metric === 'solarPower';
    const step: PowerRules['step'] = (one, isGap) => {
      if (isGap && !(isSun && isDark(one, rules))) return;
      for (const { book, side } of books)
        if (isGap) bookEvenly(book.lowest(), one.from, one.to, 0, 'power');
        else bookPower(book.lowest(), one, side);
    };
    const leaveOut: PowerRules['leaveOut'] = (time, kind, before, after) =>
      this.sheet.note({ time, metric, kind, before, after, kwh: 0 });
    const longestStep = () => this.rhythm.longestStep;
    const { installedCapacityW } = rules;
    return new PowerTrack({ metric, installedCapacityW, longestStep, believe, step, leaveOut }, state);
  }

  /** All that the readings so far mean for those to come. The same state gives the same text. */
  state(): string {
    const unheard = this.unheard.state();
    const newest = this.newest();
    const state: FoldState = {
      rhythm: this.rhythm.state(),
      ...(unheard && { unheard }),
      early: this.early,
      powers: this.tracks.map((track) => track.state()),
      books: this.books.map((book) => book.state(newest)),
    };
    return textOf(state, newest);
  }
}

/** Times in a state are written as what they lie before the newest: short, and much alike from state to state. */
const FIRST_TIME = 1e12;

function textOf(state: FoldState, newest: number): string {
  const body = JSON.stringify(state, (_key, value) =>
    typeof value === 'number' && value >= FIRST_TIME && Number.isInteger(value) ? `${value - newest}` : value,
  );
  return `${newest} ${body}`;
}

function stateOf(text: string): FoldState & { newest: number } {
  const at = text.indexOf(' ');
  const newest = Number(text.slice(0, at));
  const revive = (_key: string, value: unknown) => (typeof value === 'string' ? newest + Number(value) : value);
  return { ...JSON.parse(text.slice(at + 1), revive), newest };
}

interface FoldState {
  rhythm: RhythmState;
  unheard?: UnheardState;
  early: { time: number; values: (number | null)[] }[] | null;
  powers: (PowerState | null)[];
  books: (QuantityState | null)[];
}
