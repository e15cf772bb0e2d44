/** What may explain why a day came otherwise than it was forecast; null where nothing is known. */
export interface DayFacts {
  /** Light on level ground over the day, kWh/m2: as it was told the evening before, and as it came. */
  toldSunKwhM2: number | null;
  cameSunKwhM2: number | null;
  /** Deepest snow on the ground, m. */
  snowM: number | null;
  /** Warmest of the day, degC: as told and as it came. */
  toldWarmestC: number | null;
  cameWarmestC: number | null;
  /** Share of the day that was curtailed or faulty, and that was not measured, 0..1. */
  curtailedShare: number;
  missingShare: number;
  /** Largest power that was measured, W. */
  largestW: number;
}
