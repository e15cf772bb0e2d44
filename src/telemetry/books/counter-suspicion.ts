import type { CounterStage } from './counter-stage.ts';
import { WH } from './counter-trial.ts';

/** Which values of a counter may be meant in another unit than those before. */

const HOUR = 3_600_000;
/** A step of so much, and of so many times what power says, may be one in Wh [kWh]. */
export const SUSPECT_KWH = 0.25;
const SUSPECT_TIMES = 30;
const LITTLE_KWH = 0.05;
/** Panels do not give so many times their rated power. */
const MOST_TIMES = 3;

interface SuspicionRules {
  kind: 'total' | 'daily';
  ratedKw: number | null;
  hearsPower: (time: number) => boolean;
}

interface Rise {
  time: number;
  /** From the last value, as it was read so far [kWh]. */
  rise: number;
  /** What flowed by power since it last moved [kWh]. */
  powered: number;
}

/** True if a value after others in kWh may be one in Wh, or the other way round. */
export function mayBeOther(stage: CounterStage, rules: SuspicionRules, of: Rise & { value: number }): boolean {
  const base = stage.base();
  if (base === null || base.value === 0 || stage.isInDoubt()) return true;
  const isLong = rules.kind === 'daily' && of.time - base.time > HOUR;
  if (isLong || isTooLittle(stage, of.rise)) return true;
  // Wh among kWh are understood without a trial.
  const isAmong = of.value * WH >= base.value;
  return stage.unit() === 1 && of.rise >= SUSPECT_KWH && !isAmong && isTooMuch(stage, rules, of);
}

/** A step of Wh, while power says that it was kWh. */
export function isTooLittle(stage: CounterStage, rise: number): boolean {
  if (stage.unit() !== WH || rise <= 0) return false;
  const known = stage.knownBelow();
  return known > LITTLE_KWH && rise * SUSPECT_TIMES < known;
}

/** True if so much does not flow, as power or the panels have it. */
function isTooMuch(stage: CounterStage, rules: SuspicionRules, of: Rise): boolean {
  const { time, rise, powered } = of;
  if (rules.hearsPower(time) && rise > LITTLE_KWH + SUSPECT_TIMES * Math.max(powered, stage.knownBelow())) return true;
  const since = stage.base()?.since ?? time;
  return rules.ratedKw !== null && rise > 1 + (MOST_TIMES * rules.ratedKw * (time - since)) / HOUR;
}
