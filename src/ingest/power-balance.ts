/** Powers that a device said at one time, in W; null where it said none. */
export interface SaidPowers {
  /** Never negative. */
  solar: number | null;
  /** Never negative. */
  load: number | null;
  /** Of unknown sign. */
  grid: number | null;
  /** Of unknown sign. */
  battery: number | null;
}

/** What makes the catalogue's sign of the device's (import and charging are positive); null where nothing proves it. */
export interface ProvenSigns {
  grid: 1 | -1 | null;
  battery: 1 | -1 | null;
}

/** Losses of an inverter and the time between two readings: what a balance may be out by, as a share and in W. */
const [SHARE, LEAST_W] = [0.08, 40];
/** A wrong sign must be out by so many times that, or the numbers are too small to tell. */
const CLEARLY = 3;
const SIGNS = [1, -1] as const;

/**
 * The signs with which load = solar + import - charge. A sign is proven when the balance holds with it and is clearly
 * broken with the other one, whatever the other unknown sign is.
 */
export function provenSigns({ solar, load, grid, battery }: SaidPowers): ProvenSigns {
  if (solar === null || load === null || (grid === null && battery === null)) return { grid: null, battery: null };
  const [g, b] = [grid ?? 0, battery ?? 0];
  const tolerance = Math.max(LEAST_W, SHARE * Math.max(solar, load, Math.abs(g), Math.abs(b)));
  const misses = SIGNS.flatMap((gridSign) =>
    SIGNS.map((batterySign) => ({
      gridSign,
      batterySign,
      missW: Math.abs(load - (solar + gridSign * g - batterySign * b)),
    })),
  );
  const best = (of: (m: (typeof misses)[number]) => boolean) => Math.min(...misses.filter(of).map((m) => m.missW));
  const proven = (pick: (m: (typeof misses)[number]) => 1 | -1): 1 | -1 | null =>
    SIGNS.find(
      (sign) => best((m) => pick(m) === sign) <= tolerance && best((m) => pick(m) !== sign) > CLEARLY * tolerance,
    ) ?? null;
  return {
    grid: grid === null ? null : proven((m) => m.gridSign),
    battery: battery === null ? null : proven((m) => m.batterySign),
  };
}
