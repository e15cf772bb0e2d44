import type { EnergyQuantity, quantityRules } from '../energy/energy.ts';
import { CounterUnits, type UnitRules, type UnitsState } from './counter-units.ts';
import type { EnergySheet } from './energy-sheet.ts';
import { bookEvenly, type EnergySink, type Piece, type PieceState, pieceFrom, pieceState } from './pieces.ts';
import { QUARTER_HOUR, Rhythm, type RhythmState } from './rhythm.ts';
import type { StageOutput } from './stage-output.ts';

/** The book of one quantity: the lifetime counter over the daily counter over the integrated power. */

export interface QuantityOptions {
  /** Place in the list of quantities. */
  quantity: number;
  installedCapacityW: number | null;
  dayStart: (time: number) => number;
  longestStep: () => number;
  /** For how much of a time the source was heard [ms]. */
  heardIn: (from: number, to: number) => number;
  /** True while the power of the quantity is heard. */
  hearsPower: (time: number) => boolean;
  /** The largest power that stayed, in either direction [kW]. */
  powerPeakKw: () => number;
  /** Where what is known is booked. */
  sheet: () => EnergySheet;
  /** The newest reading before those that come [ms]. */
  newest: number;
  state: QuantityState | null;
}

type Rule = (typeof quantityRules)[number];

export class QuantityBook {
  private readonly below: CounterUnits;
  /** The same, told of what flowed by power. */
  private readonly watched: EnergySink;
  /** Up to when it is known [ms]. */
  private told: number;
  /** True once the counter has said something. */
  private hasTotal: boolean;
  private hasDaily: boolean;
  /** The largest power that was noted [kW]. */
  private noted = 0;
  private readonly total: CounterUnits;
  private readonly daily: CounterUnits | null;
  /** What power says of the time since the daily counter last said something that was understood; null where that tells it. */
  private untold: readonly Piece[] | null = null;
  /** How often each counter speaks: one that does once an hour leaves no gaps of an hour. */
  private readonly rhythms: { total: Rhythm; daily: Rhythm };

  constructor(
    private readonly rule: Rule,
    private readonly options: QuantityOptions,
  ) {
    const { quantity, sheet, state } = options;
    this.rhythms = { total: Rhythm.from(state?.totalRhythm ?? []), daily: Rhythm.from(state?.dailyRhythm ?? []) };
    this.told = state === null ? Number.NEGATIVE_INFINITY : (state.told ?? options.newest);
    const top: EnergySink['book'] = (from, to, kwh, origin) => {
      // A counter that moves late tells once more of a time that is known.
      const since = Math.max(from, this.told);
      sheet().book(quantity, from, kwh, origin, since < to ? options.heardIn(since, to) : 0);
      if (origin !== 'bridge' && to > this.told) this.told = to;
    };
    const total = new CounterUnits(
      this.rulesOf('total', () => false),
      {
        book: top,
        pass: top,
        bridge: (from, to, kwh) => sheet().bridges.push({ quantity: rule.quantity as EnergyQuantity, from, to, kwh }),
        onOddity: this.noteOf(rule.total),
      },
    );
    this.total = total;
    const shape: EnergySink['book'] = (from, to, kwh, origin) => total.book(from, to, kwh, origin);
    this.daily = rule.daily
      ? new CounterUnits(
          this.rulesOf('daily', () => total.isCounting()),
          {
            book: shape,
            pass: shape,
            bridge: (from, to, kwh) => {
              if (kwh > 0) bookEvenly(total, from, to, kwh, 'bridge');
            },
            onOddity: this.noteOf(rule.daily),
          },
        )
      : null;
    this.below = this.daily ?? total;
    this.watched = {
      book: (from, to, kwh, origin) => {
        total.flowed(from, to, kwh);
        if (this.below !== total) this.below.flowed(from, to, kwh);
        this.below.book(from, to, kwh, origin);
      },
    };
    this.untold = state?.untold?.map(pieceFrom) ?? null;
    this.hasTotal = state?.total !== undefined;
    this.hasDaily = state?.daily !== undefined;
    if (state?.total) total.restore(state.total);
    if (state?.daily) this.daily?.restore(state.daily);
  }

  /** Takes energy from power. */
  lowest(): EnergySink {
    // Below a total, a daily counter keeps back what power says of the time since either moved.
    return this.hasDaily || this.total.isOnTrial() || this.below.isOnTrial() ? this.watched : this.below;
  }

  /** True if so much time [ms] without a value of a counter is a gap, in the rhythm of the source and in its own. */
  private isGap(kind: 'total' | 'daily', ms: number): boolean {
    if (ms <= QUARTER_HOUR || ms <= this.options.longestStep()) return false;
    const rhythm = this.rhythms[kind];
    return !rhythm.isKnown() || ms > rhythm.longestStep;
  }

  private rulesOf(kind: 'total' | 'daily', isOnlyShape: () => boolean): UnitRules {
    const { installedCapacityW, dayStart, hearsPower, powerPeakKw } = this.options;
    const isGap = (ms: number) => this.isGap(kind, ms);
    const isProduction = this.rule.quantity === 'solar' && installedCapacityW !== null;
    const ratedKw = isProduction ? installedCapacityW / 1000 : null;
    return { kind, isOnlyShape, ratedKw, installedCapacityW, dayStart, isGap, hearsPower, powerPeakKw };
  }

  private noteOf(metric: string): StageOutput['onOddity'] {
    return (time, kind, { before, after }, kwh) =>
      this.options.sheet().note({ time, metric, kind, before, after, kwh });
  }

  /** A counter of the quantity says a value, in kWh as far as anybody knows. */
  speak(isDaily: boolean, time: number, value: number): void {
    if (isDaily) this.speakDaily(time, value);
    else {
      this.hasTotal = true;
      if (this.total.isNew()) this.daily?.giveWay(time);
      if (this.isBridged(time)) this.total.fill(this.untold ?? this.daily?.held() ?? []);
      this.untold = null;
      this.total.speak(time, value);
    }
    // A gap is judged by what came before it.
    this.rhythms[isDaily ? 'daily' : 'total'].add(time);
  }

  /** A daily counter that is in doubt after a silence keeps back what power says of it, which a total needs at once. */
  private speakDaily(time: number, value: number): void {
    const { daily } = this;
    if (daily === null) return;
    this.hasDaily = true;
    const held = this.isBridged(time) ? daily.held() : null;
    daily.speak(time, value);
    this.untold = daily.isOpen() ? held : null;
  }

  /** True if the total has said nothing for so long that what it counted bridges a gap. */
  private isBridged(time: number): boolean {
    return this.hasTotal && this.total.isCounting() && this.total.isBridged(time);
  }

  declare(isDaily: boolean, kwh: number): void {
    if (isDaily) this.daily?.declare(kwh);
    else this.total.declare(kwh);
  }

  notePower(kilowatts: number): void {
    if (kilowatts <= this.noted) return;
    this.noted = kilowatts;
    this.daily?.notePower(kilowatts);
    this.total.notePower(kilowatts);
  }

  age(time: number): void {
    if (this.hasDaily) this.daily?.age(time);
    if (this.hasTotal) this.total.age(time);
  }

  finish(): void {
    this.daily?.finish();
    this.total.finish();
  }

  /** Up to when it is told for how long it is known [ms]; infinity while nothing measures it. */
  toldTo(): number {
    return this.told > 0 || this.hasTotal || this.hasDaily ? this.told : Number.POSITIVE_INFINITY;
  }

  /** After the reading at `newest`: up to there nearly all is known. */
  state(newest: number): QuantityState | null {
    const total = this.total.state();
    const daily = this.daily?.state() ?? null;
    const { rhythms, untold, told } = this;
    const state: QuantityState = {
      ...(total && { total }),
      ...(rhythms.total.last !== null && { totalRhythm: rhythms.total.state() }),
      ...(daily && { daily }),
      ...(rhythms.daily.last !== null && { dailyRhythm: rhythms.daily.state() }),
      ...(untold !== null && { untold: untold.map(pieceState) }),
      ...(told !== newest && { told: Math.max(0, told) }),
    };
    return total || daily || told > 0 ? state : null;
  }
}

export interface QuantityState {
  total?: UnitsState;
  totalRhythm?: RhythmState;
  daily?: UnitsState;
  dailyRhythm?: RhythmState;
  untold?: PieceState[];
  told?: number;
}
