import type { Point } from './counter-limits.ts';
import { Nights, type NightsState } from './counter-nights.ts';
import { inKwh } from './counter-values.ts';

/** The last value that is believed. */
export interface Base extends Point {
  /** When it was first said: a display that stands still may go on with all that was counted since [ms]. */
  since: number;
}

/** Values that do not follow from the base, but from each other. */
export interface Chain {
  first: Point;
  last: Point;
  points: number;
}

/** Where a counter stood before it fell: should that have been a mistake, it comes back there. */
export interface Former extends Point {
  /** Counted since [kWh]. */
  since: number;
  /** When it was due to begin anew, as far as was known. */
  nights: Nights;
}

/** All that a counter's past means for what comes. */
export interface CounterParts {
  base: Base | null;
  chain: Chain | null;
  former: Former | null;
  nights: Nights;
  unit: number;
  declared: number | null;
  zeroAt: number | null;
  overAtZero: boolean | null;
}

/** A counter between two readings, as plain numbers. */
export interface CounterState {
  base: [time: number, value: number, since: number] | null;
  chain?: [firstTime: number, first: number, lastTime: number, last: number, points: number];
  former?: [time: number, value: number, since: number];
  nights?: NightsState;
  formerNights?: NightsState;
  unit?: number;
  peakKw?: number;
  declared?: number;
  zeroAt?: number;
  overAtZero?: boolean;
}

/** `peakKw`: largest power that was seen, null where none was. */
export function stateOf(
  { base, chain, former, unit, declared, zeroAt, overAtZero, nights: itsNights }: CounterParts,
  peakKw: number | null,
): CounterState {
  const [nights, formerNights] = [itsNights.state(), former?.nights.state()];
  return {
    base: base && [base.time, base.value, base.since],
    ...(chain && { chain: [chain.first.time, chain.first.value, chain.last.time, chain.last.value, chain.points] }),
    ...(former && { former: [former.time, former.value, former.since] }),
    ...(formerNights && { formerNights }),
    ...(nights && { nights }),
    ...(unit === 1 ? {} : { unit }),
    ...(peakKw !== null && { peakKw }),
    ...(declared === null ? {} : { declared }),
    ...(zeroAt !== null && { zeroAt }),
    ...(overAtZero !== null && { overAtZero }),
  };
}

export function partsOf(state: CounterState, dayStart: (time: number) => number): CounterParts {
  const { base, chain, former } = state;
  return {
    base: base && { time: base[0], value: base[1], since: base[2] },
    chain: chain
      ? { first: { time: chain[0], value: chain[1] }, last: { time: chain[2], value: chain[3] }, points: chain[4] }
      : null,
    former: former
      ? { time: former[0], value: former[1], since: former[2], nights: new Nights(dayStart, state.formerNights) }
      : null,
    nights: new Nights(dayStart, state.nights),
    unit: state.unit ?? 1,
    declared: state.declared ?? null,
    zeroAt: state.zeroAt ?? null,
    overAtZero: state.overAtZero ?? null,
  };
}

/** The same counter with values in another unit: what is in doubt is read so, and where nothing was proven (`isAll`) all. */
export function inUnit<State extends CounterState>(state: State, unit: number, isAll: boolean): State {
  const factor = unit / (state.unit ?? 1);
  const { base, chain, former } = state;
  return {
    ...state,
    unit,
    ...(base && isAll && { base: [base[0], inKwh(base[1], factor), base[2]] }),
    ...(former && isAll && { former: [former[0], inKwh(former[1], factor), inKwh(former[2], factor)] }),
    ...(chain && { chain: [chain[0], inKwh(chain[1], factor), chain[2], inKwh(chain[3], factor), chain[4]] }),
  };
}
