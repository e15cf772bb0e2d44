import { formatDuration, formatPercent, joinShown } from '../../core/format.ts';
import type { BatteryHabits } from './habits.ts';

/** The battery of a house at this moment, with what is known of it. */
export interface BatteryNow {
  /** State of charge, %. */
  charge: number;
  /** W, positive when charging; null while it is not known. */
  powerW: number | null;
  /** What fits in, kWh, as it says itself, else as it showed of late; null while neither is known. */
  capacityKwh: number | null;
  /** What it did of late; null while that is being looked up. */
  habits: BatteryHabits | null;
}

/** Least power at which a forecast of hours means something. W. */
const OUTLOOK_MIN_W = 50;
const FULL = 99.5;
/** So near to its floor it is as low as it goes. %. */
const NEAR_FLOOR = 1;
const LONGEST_HOURS = 72;

/** "Full in about 2 h at this rate." or "Lasts about 6 h at this rate, down to 12 %."; null when nobody can tell. */
export function batteryOutlook({ charge, powerW, capacityKwh, habits }: BatteryNow): string | null {
  if (powerW === null) return null;
  if (powerW > -OUTLOOK_MIN_W && charge >= FULL) return 'The battery is full.';
  const floor = habits?.floor ?? null;
  if (floor !== null && powerW < OUTLOOK_MIN_W && charge <= floor + NEAR_FLOOR) {
    if (powerW > -OUTLOOK_MIN_W) return `The battery is as low as it goes: ${percent(charge)}.`;
    return `The battery gives still, and is lower than it came to rest of late: ${percent(charge)}.`;
  }
  if (!capacityKwh || Math.abs(powerW) < OUTLOOK_MIN_W) return null;
  const share = powerW > 0 ? 100 - charge : charge - (floor ?? 0);
  const hours = (share / 100) * (capacityKwh / (Math.abs(powerW) / 1000));
  if (hours > LONGEST_HOURS) return null;
  const about = formatDuration(Math.max(300_000, Math.round((hours * 3_600_000) / 300_000) * 300_000));
  if (powerW > 0) return `Full in about ${about} at this rate.`;
  return `Lasts about ${about} at this rate${floor === null ? '' : `, down to ${percent(floor)}`}.`;
}

const percent = (value: number): string => joinShown(formatPercent(value));
