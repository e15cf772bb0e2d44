/** How large errors have been lately over what was expected of them: weather has restless and quiet weeks. */
export interface Volatility {
  add(day: number, size: number, expected: number): void;
  /** By errors of the days before; 1 while nothing is known. */
  on(day: number): number;
  clear(): void;
}

const HALF_LIFE_DAYS = 14;
const WINDOW_DAYS = 60;
const BOUNDS = { least: 1 / 3, most: 3 };
/** A few weeks' difference is partly chance; bands that follow all of it waver, and wavering ones are wider. */
const TEMPER = 0.6;
/** The last few days beside the weeks before: of how far they are from them, little is taken. */
const RECENT = { halfLifeDays: 2, windowDays: 14, temper: 0.2, least: 0.5, most: 2 };

export function createVolatility(): Volatility {
  const days = new Map<number, { size: number; expected: number }>();
  const answers = new Map<number, number>();
  return {
    add: (day, size, expected) => {
      const sum = days.get(day) ?? { size: 0, expected: 0 };
      sum.size += size;
      sum.expected += expected;
      days.set(day, sum);
      if (answers.size > 0) answers.clear();
    },
    on: (day) => {
      const kept = answers.get(day);
      if (kept !== undefined) return kept;
      const weeks = sizeOverExpected(days, day, HALF_LIFE_DAYS, WINDOW_DAYS);
      const recent = sizeOverExpected(days, day, RECENT.halfLifeDays, RECENT.windowDays);
      const turn = weeks > 0 && recent > 0 ? Math.min(RECENT.most, Math.max(RECENT.least, recent / weeks)) : 1;
      const lasting = Number.isNaN(weeks) ? 1 : Math.min(BOUNDS.most, Math.max(BOUNDS.least, weeks)) ** TEMPER;
      const answer = lasting * turn ** RECENT.temper;
      answers.set(day, answer);
      return answer;
    },
    clear: () => {
      days.clear();
      answers.clear();
    },
  };
}

/** Size of the errors of the days before over what was expected, newer days counting more; NaN while nothing is known. */
function sizeOverExpected(
  days: ReadonlyMap<number, { size: number; expected: number }>,
  day: number,
  halfLifeDays: number,
  windowDays: number,
): number {
  let [size, expected] = [0, 0];
  for (let age = 1; age <= windowDays; age++) {
    const sum = days.get(day - age);
    if (!sum) continue;
    const weight = 0.5 ** (age / halfLifeDays);
    size += weight * sum.size;
    expected += weight * sum.expected;
  }
  return expected > 0 ? size / expected : Number.NaN;
}
