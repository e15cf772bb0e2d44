import { asinDeg, cosDeg, halfTurn, RAD, sinDeg, turn } from './angles.ts';

/**
 * Where the sun stands seen from the centre of the earth. The method is that of NREL's Solar Position Algorithm (Reda and
 * Andreas, NREL/TP-560-34302, 2008): the earth's heliocentric longitude, latitude and distance from VSOP87 (Bretagnon and
 * Francou, 1988), nutation, aberration, sidereal time. Only the leading terms are kept: latitude is left out (below 0.0003 deg),
 * nutation is that of Meeus, "Astronomical Algorithms", 2nd ed., chapter 22. Within 0.002 deg of the full algorithm in the reference table (2000 to 2040).
 */
export interface SunCoordinates {
  /** Apparent declination, degrees. */
  declinationDeg: number;
  /** Apparent minus mean solar time, minutes. */
  equationOfTimeMin: number;
  /** Distance of the sun, astronomical units. */
  distanceAu: number;
}

const DAY_MS = 86_400_000;
const J2000_MS = Date.UTC(2000, 0, 1, 12);
/** Terrestrial minus universal time [ms]: 67 s in 2012, 69 s since 2017, of which a second moves the sun by 0.00001 deg. */
const DELTA_T_MS = 69_000;

type Term = readonly [amplitude: number, phase: number, rate: number];

/** VSOP87 series of the earth, amplitudes in 1e-8 rad or au, by rising power of the time in Julian millennia. */
const longitudeTerms: readonly (readonly Term[])[] = [
  [
    [175347046, 0, 0],
    [3341656, 4.6692568, 6283.07585],
    [34894, 4.6261, 12566.1517],
    [3497, 2.7441, 5753.3849],
    [3418, 2.8289, 3.5231],
    [3136, 3.6277, 77713.7715],
    [2676, 4.4181, 7860.4194],
    [2343, 6.1352, 3930.2097],
    [1324, 0.7425, 11506.7698],
    [1273, 2.0371, 529.691],
    [1199, 1.1096, 1577.3435],
    [990, 5.233, 5884.927],
    [902, 2.045, 26.298],
    [857, 3.508, 398.149],
    [780, 1.179, 5223.694],
    [753, 2.533, 5507.553],
    [505, 4.583, 18849.228],
    [492, 4.205, 775.523],
    [357, 2.92, 0.067],
    [317, 5.849, 11790.629],
    [284, 1.899, 796.298],
    [271, 0.315, 10977.079],
  ],
  [
    [628331966747, 0, 0],
    [206059, 2.678235, 6283.07585],
    [4303, 2.6351, 12566.1517],
    [425, 1.59, 3.523],
  ],
  [
    [52919, 0, 0],
    [8720, 1.0721, 6283.0758],
  ],
];
const distanceTerms: readonly (readonly Term[])[] = [
  [
    [100013989, 0, 0],
    [1670700, 3.0984635, 6283.07585],
    [13956, 3.05525, 12566.1517],
    [3084, 5.1985, 77713.7715],
    [1628, 1.1739, 5753.3849],
    [1576, 2.8469, 7860.4194],
  ],
  [
    [103019, 1.10749, 6283.07585],
    [1721, 1.0644, 12566.1517],
  ],
];

function series(terms: readonly (readonly Term[])[], millennia: number): number {
  let sum = 0;
  let power = 1e-8;
  for (const row of terms) {
    for (const [amplitude, phase, rate] of row) sum += power * amplitude * Math.cos(phase + rate * millennia);
    power *= millennia;
  }
  return sum;
}

/** The sun's coordinates at a moment (ms UTC). */
export function sunCoordinates(time: number): SunCoordinates {
  const days = (time + DELTA_T_MS - J2000_MS) / DAY_MS;
  const t = days / 36_525;
  const distanceAu = series(distanceTerms, t / 10);
  const trueLongitude = series(longitudeTerms, t / 10) / RAD + 180;
  const meanLongitude = 280.4665 + 36_000.7698 * t;
  const moonLongitude = 218.3165 + 481_267.8813 * t;
  const node = 125.04452 - 1934.136261 * t;
  const nutation =
    (-17.2 * sinDeg(node) - 1.32 * sinDeg(2 * meanLongitude) - 0.23 * sinDeg(2 * moonLongitude)) / 3600 +
    (0.21 * sinDeg(2 * node)) / 3600;
  const obliquity =
    (84_381.448 -
      46.815 * t +
      9.2 * cosDeg(node) +
      0.57 * cosDeg(2 * meanLongitude) +
      0.1 * cosDeg(2 * moonLongitude)) /
    3600;
  const aberration = -20.4898 / 3600 / distanceAu;
  const apparentLongitude = trueLongitude + nutation + aberration;
  const rightAscension = Math.atan2(cosDeg(obliquity) * sinDeg(apparentLongitude), cosDeg(apparentLongitude)) / RAD;
  // Newcomb's mean sun, as in section A.1 of the report; its longitude counts in terrestrial time.
  const meanSun = 280.4664567 + 36_000.76982779 * t + 0.0003032028 * t * t;
  const equationDeg = halfTurn(turn(meanSun) - 0.0057183 - rightAscension + nutation * cosDeg(obliquity));
  return {
    declinationDeg: asinDeg(sinDeg(obliquity) * sinDeg(apparentLongitude)),
    equationOfTimeMin: 4 * equationDeg,
    distanceAu,
  };
}

const NODE_MS = DAY_MS / 4;

/**
 * The same, read off between values six hours apart (error below 0.0002 deg): what a loop over a year of short steps
 * needs. Keeps the last two nodes, so ascending times are fast and any other order is right.
 */
export function createEphemeris(): (time: number) => SunCoordinates {
  let from = Number.NaN;
  let before = sunCoordinates(0);
  let after = before;
  return (time) => {
    const node = Math.floor(time / NODE_MS) * NODE_MS;
    if (node !== from) {
      before = node === from + NODE_MS ? after : sunCoordinates(node);
      after = sunCoordinates(node + NODE_MS);
      from = node;
    }
    const share = (time - node) / NODE_MS;
    const between = (a: number, b: number): number => a + (b - a) * share;
    return {
      declinationDeg: between(before.declinationDeg, after.declinationDeg),
      equationOfTimeMin: between(before.equationOfTimeMin, after.equationOfTimeMin),
      distanceAu: between(before.distanceAu, after.distanceAu),
    };
  };
}
