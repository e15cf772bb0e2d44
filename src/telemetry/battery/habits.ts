/** What the last weeks show of a battery: what fits in, how low it goes, and whether it follows the balance of sun and house. */

type Values = readonly (number | null)[];

/** The same even buckets of time of each: state of charge in %, powers in W (battery positive when charging). */
export interface BatteryPast {
  bucketMs: number;
  charge: Values;
  power: Values;
  solar: Values;
  load: Values;
}

export interface BatteryHabits {
  /** What fits in, kWh, by what its power did to its charge; null where too little is known. */
  capacityKwh: number | null;
  /** Where it came to rest when it was low, %: no lower does it go. Null where it never did. */
  floor: number | null;
  /**
   * True if it takes what the sun leaves and gives what the house lacks. False if it often does otherwise: filled from the
   * grid at night, held back by prices. Null where too little is known.
   */
  followsBalance: boolean | null;
  /** Most that it took and gave over a bucket, W; null where it never did. */
  mostChargeW: number | null;
  mostDischargeW: number | null;
}

/** Below this a battery does nothing worth a word. W. */
const REST_W = 40;
/** A battery that rests with more in it has not been emptied. %. */
const LOW = 50;
/** So many buckets of rest, this close to each other, make a floor. */
const FLOOR_BUCKETS = 3;
const FLOOR_WIDTH = 2;

/** Learns from hours or thereabouts: in shorter buckets a charge in whole percents hardly moves. */
export function learnHabits(past: BatteryPast): BatteryHabits {
  const powers = past.power.filter((watts) => watts !== null);
  const most = (sign: 1 | -1): number | null => {
    const watts = powers.reduce((best, one) => Math.max(best, sign * one), 0);
    return watts > REST_W ? watts : null;
  };
  const floor = floorOf(past);
  return {
    capacityKwh: capacityOf(past),
    floor,
    followsBalance: followsBalance(past, floor),
    mostChargeW: most(1),
    mostDischargeW: most(-1),
  };
}

/** The lowest charge at which it rested for hours; a single wild reading is none. */
function floorOf({ charge, power }: BatteryPast): number | null {
  const rests = charge.flatMap((percent, i) => {
    const watts = power[i];
    return percent !== null && percent <= LOW && typeof watts === 'number' && Math.abs(watts) <= REST_W
      ? [percent]
      : [];
  });
  rests.sort((a, b) => a - b);
  for (const [i, lowest] of rests.entries()) {
    const last = rests[i + FLOOR_BUCKETS - 1];
    if (last !== undefined && last - lowest <= FLOOR_WIDTH) return lowest;
  }
  return null;
}

/** Charge must have moved by this much each way before it says what fits in. %. */
const LEAST_MOVED = 40;

/**
 * Energy by percent moved: from the middle of a bucket to the middle of the next one flowed the mean of both powers. What
 * goes in is a little more than fits, what comes out a little less: of both the geometric mean.
 */
function capacityOf({ charge, power, bucketMs }: BatteryPast): number | null {
  const ways = ([1, -1] as const).flatMap((way) => {
    let [kwh, moved] = [0, 0];
    for (let i = 1; i < charge.length; i++) {
      const [a, b, p, q] = [charge[i - 1], charge[i], power[i - 1], power[i]];
      if (typeof a !== 'number' || typeof b !== 'number' || typeof p !== 'number' || typeof q !== 'number') continue;
      const step = way * (b - a);
      const energy = (way * ((p + q) / 2) * bucketMs) / 3.6e9;
      if (step < 1 || energy <= 0) continue;
      kwh += energy;
      moved += step;
    }
    return moved >= LEAST_MOVED ? [(kwh / moved) * 100] : [];
  });
  const [one, other = one] = ways;
  return one === undefined || other === undefined ? null : Math.sqrt(one * other);
}

/** A balance nearer to nothing than this foretells no direction. W. */
const CLEAR_W = 150;
/** Of what the balance asks it does at least this share, where it is neither full nor empty. */
const MET_SHARE = 0.4;
const LEAST_BUCKETS = 24;
const FOLLOWING_SHARE = 0.85;

function followsBalance({ charge, power, solar, load }: BatteryPast, floor: number | null): boolean | null {
  let [met, all] = [0, 0];
  for (const [i, percent] of charge.entries()) {
    const [watts, sun, use] = [power[i], solar[i], load[i]];
    if (percent === null || typeof watts !== 'number' || typeof sun !== 'number' || typeof use !== 'number') continue;
    const net = sun - use;
    const isBounded = net > 0 ? percent >= 95 : percent <= (floor ?? 17) + 3;
    // At its floor it should do nothing: whoever fills it there does not follow the balance.
    if (Math.abs(net) < CLEAR_W || (isBounded && (net > 0 || watts <= CLEAR_W))) continue;
    all++;
    if (watts / net >= MET_SHARE) met++;
  }
  return all < LEAST_BUCKETS ? null : met / all >= FOLLOWING_SHARE;
}
