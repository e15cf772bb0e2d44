import type { SunPlace } from './place.ts';
import { sunPosition } from './position.ts';

/** The end of civil twilight: six degrees below the horizon nothing shines on panels, and a place may be a few kilometres off. */
const DARK_ZENITH_DEG = 96;
/** Earlier than any reading: a clock that nobody set. */
const EARLIEST_TIME = Date.UTC(2010, 0, 1);

/** True when panels at a place can give nothing at `time` (ms UTC). */
export const isDark = (time: number, place: SunPlace): boolean =>
  time >= EARLIEST_TIME && sunPosition(time, place).zenithDeg > DARK_ZENITH_DEG;
