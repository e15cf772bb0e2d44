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

/** Which signs are no question: what a device split into import and export, or charging and discharging. */
export interface SureSigns {
  grid: boolean;
  battery: boolean;
}

/** Losses of an inverter and the time between two readings: what a balance may be out by, as a share and in W. */
const [SHARE, LEAST_W] = [0.08, 40];
/** The same where nothing else is known of a device: some do not say all that flows, and add up by chance. */
const [CLOSE_SHARE, CLOSE_W] = [0.03, 25];
/** A wrong sign must be out by so many times that, or the numbers are too small to tell. */
const CLEARLY = 3;
/** A battery's current times its voltage is its power, give or take what is measured a moment later. */
const PRODUCT_SHARE = 0.25;
const SIGNS = [1, -1] as const;
const NONE_SURE: SureSigns = { grid: false, battery: false };

/**
 * The signs with which load = solar + import - charge. A sign is proven when the balance holds with it and is clearly
 * broken with the other one, whatever the other unknown sign is. `isClose` asks for a closer fit.
 */
export function provenSigns(said: SaidPowers, isClose = false): ProvenSigns {
  const { grid, battery } = weighedSigns(said, NONE_SURE, isClose);
  return { grid, battery };
}

/** The same, whether the balance holds with any signs at all, and by how much that is more than what is used, W; false and 0 where it cannot be said. */
export function weighedSigns(
  { solar, load, grid, battery }: SaidPowers,
  sure: SureSigns = NONE_SURE,
  isClose = false,
): ProvenSigns & { holds: boolean; leftW: number } {
  if (solar === null || load === null || (grid === null && battery === null))
    return { grid: null, battery: null, holds: false, leftW: 0 };
  const [g, b] = [grid ?? 0, battery ?? 0];
  const most = Math.max(solar, load, Math.abs(g), Math.abs(b));
  const tolerance = Math.max(LEAST_W, SHARE * most);
  const fit = isClose ? Math.max(CLOSE_W, CLOSE_SHARE * most) : tolerance;
  const misses = signsOf(sure.grid).flatMap((gridSign) =>
    signsOf(sure.battery).map((batterySign) => ({
      gridSign,
      batterySign,
      leftW: solar + gridSign * g - batterySign * b - load,
    })),
  );
  const best = (of: (m: (typeof misses)[number]) => boolean) =>
    Math.min(...misses.filter(of).map((m) => Math.abs(m.leftW)));
  const closest = misses.reduce((a, b) => (Math.abs(b.leftW) < Math.abs(a.leftW) ? b : a));
  const proven = (pick: (m: (typeof misses)[number]) => 1 | -1): 1 | -1 | null =>
    SIGNS.find((sign) => best((m) => pick(m) === sign) <= fit && best((m) => pick(m) !== sign) > CLEARLY * tolerance) ??
    null;
  return {
    grid: grid === null || sure.grid ? null : proven((m) => m.gridSign),
    battery: battery === null || sure.battery ? null : proven((m) => m.batterySign),
    holds: Math.abs(closest.leftW) <= tolerance,
    leftW: closest.leftW,
  };
}

/** True where a battery's current and voltage make its power. */
export const isProduct = (currentA: number, volts: number, powerW: number): boolean =>
  Math.abs(Math.abs(currentA * volts) - Math.abs(powerW)) <= PRODUCT_SHARE * Math.abs(powerW);

/** The sign that all say which say one; null where none does, or where they disagree. */
export function agreedSign(signs: readonly (1 | -1 | null)[]): 1 | -1 | null {
  const [first = null, ...others] = signs.filter((sign) => sign !== null);
  return others.every((sign) => sign === first) ? first : null;
}

const signsOf = (isSure: boolean): readonly (1 | -1)[] => (isSure ? [1] : SIGNS);
