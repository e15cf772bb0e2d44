import type { EnergyQuantity, quantityRules } from '../energy.ts';
import { CounterStage, type StageOddity, type StageRules, type StageState } from './counter-stage.ts';
import type { EnergySheet } from './energy-sheet.ts';
import { bookEvenly, type EnergySink } from './pieces.ts';
import { Rhythm, type RhythmState } from './rhythm.ts';

/** The book of one quantity: the lifetime counter over the daily counter over the integrated power. */

export interface QuantityOptions {
  /** Place in the list of quantities. */
  quantity: number;
  installedCapacityW: number | null;
  dayStart: (time: number) => number;
  longestStep: () => number;
  /** For how much of a time the source was heard [ms]. */
  heardIn: (from: number, to: number) => number;
  /** Where what is known is booked. */
  sheet: () => EnergySheet;
  state: QuantityState | null;
}

type Rule = (typeof quantityRules)[number];

export class QuantityBook {
  /** Takes energy from power. */
  readonly lowest: EnergySink;
  private readonly total: CounterStage;
  private readonly daily: CounterStage | null;
  /** How often each counter speaks: one that does once an hour leaves no gaps of an hour. */
  private readonly rhythms: { total: Rhythm; daily: Rhythm };

  constructor(rule: Rule, options: QuantityOptions) {
    const { quantity, sheet, state } = options;
    this.rhythms = { total: Rhythm.from(state?.totalRhythm ?? []), daily: Rhythm.from(state?.dailyRhythm ?? []) };
    const stageRules = (kind: 'total' | 'daily', metric: string, bridge: StageRules['bridge']): StageRules => ({
      kind,
      bridge,
      installedCapacityW: options.installedCapacityW,
      dayStart: options.dayStart,
      longestStep: () => Math.max(options.longestStep(), this.ownStep(kind)),
      onOddity: (time, oddity: StageOddity, { before, after }, kwh) =>
        sheet().note({ time, metric, kind: oddity, before, after, kwh }),
    });
    const top: EnergySink = {
      book: (from, to, kwh, origin) => sheet().book(quantity, { from, to, kwh, origin }, options.heardIn(from, to)),
    };
    const addBridge = (from: number, to: number, kwh: number) =>
      sheet().bridges.push({ quantity: rule.quantity as EnergyQuantity, from, to, kwh });
    const total = new CounterStage(stageRules('total', rule.total, addBridge), top);
    this.total = total;
    this.daily = rule.daily
      ? new CounterStage(
          stageRules('daily', rule.daily, (from, to, kwh) => bookEvenly(total, from, to, kwh, 'bridge')),
          total,
        )
      : null;
    this.lowest = this.daily ?? total;
    if (state?.total) total.restore(state.total);
    if (state?.daily) this.daily?.restore(state.daily);
  }

  private ownStep(kind: 'total' | 'daily'): number {
    const rhythm = this.rhythms[kind];
    return rhythm.isKnown() ? rhythm.longestStep : 0;
  }

  /** A counter of the quantity says a value [kWh]. */
  speak(isDaily: boolean, time: number, value: number): void {
    if (isDaily) this.daily?.speak(time, value);
    else this.total.speak(time, value);
    // A gap is judged by what came before it.
    this.rhythms[isDaily ? 'daily' : 'total'].add(time);
  }

  declare(isDaily: boolean, kwh: number): void {
    if (isDaily) this.daily?.declare(kwh);
    else this.total.declare(kwh);
  }

  notePower(kilowatts: number): void {
    this.daily?.notePower(kilowatts);
    this.total.notePower(kilowatts);
  }

  age(time: number): void {
    this.daily?.age(time);
    this.total.age(time);
  }

  finish(): void {
    this.daily?.finish();
    this.total.finish();
  }

  state(): QuantityState | null {
    const total = this.total.state();
    const daily = this.daily?.state() ?? null;
    const { rhythms } = this;
    const state: QuantityState = {
      ...(total && { total }),
      ...(rhythms.total.last !== null && { totalRhythm: rhythms.total.state() }),
      ...(daily && { daily }),
      ...(rhythms.daily.last !== null && { dailyRhythm: rhythms.daily.state() }),
    };
    return Object.keys(state).length > 0 ? state : null;
  }
}

export interface QuantityState {
  total?: StageState;
  totalRhythm?: RhythmState;
  daily?: StageState;
  dailyRhythm?: RhythmState;
}
