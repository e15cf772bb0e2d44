import { days, hours, minutes } from '../core/durations.ts';
import type { HousePlace, Measure, Sky } from './forecast.ts';
import { createRandom, syntheticRoof } from './synthetic-roof.ts';

export const munich: HousePlace = {
  latitude: 48.1,
  longitude: 11.6,
  timeZone: 'Europe/Berlin',
  installedCapacityW: 6000,
};

/** A made-up house whose roof looks to the south-west, steeper than anybody said, and its weather. */
export interface SunnyHouse {
  measure: Measure;
  /** How it came. */
  sky: Sky;
  /** How it was told the day before: off by a share for each day. */
  toldSky: Sky;
}

const STEP_MS = minutes(15);

export function sunnyHouse(
  from: number,
  dayCount: number,
  options: { error?: number; seed?: number } = {},
): SunnyHouse {
  const { error = 0.2, seed = 4 } = options;
  const { latitude, longitude } = munich;
  const arrays = [{ tiltDeg: 42, azimuthDeg: 228, peakW: 5400 }];
  const { series, weather } = syntheticRoof(
    { site: { latitude, longitude }, arrays },
    { from, days: dayCount, stepMs: STEP_MS, seed },
  );
  const random = createRandom(seed + 1);
  const errors = Array.from({ length: dayCount + 1 }, () => 1 + error * (2 * random() - 1));
  const indexOf = (time: number): number => Math.round((time - from) / STEP_MS);
  const sky: Sky = (stamp) => {
    const first = indexOf(stamp - hours(1));
    const quarters = [0, 1, 2, 3].map((k) => weather[first + k]);
    if (quarters.some((quarter) => quarter === undefined)) return null;
    const ghiWm2 = quarters.reduce((sum, quarter) => sum + (quarter?.ghiWm2 ?? 0), 0) / 4;
    return { ghiWm2, temperatureC: quarters[3]?.temperatureC ?? 15 };
  };
  return {
    measure: (time) => {
      const solarPower = series.powerW[indexOf(time)];
      return solarPower === undefined ? null : { solarPower: Math.round(solarPower) };
    },
    sky,
    toldSky: (stamp) => {
      const came = sky(stamp);
      const factor = errors[Math.floor((stamp - from) / days(1))] ?? 1;
      return came && { ...came, ghiWm2: Math.min(1100, came.ghiWm2 * factor) };
    },
  };
}
