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

export function createVolatility(): Volatility {
  const days = new Map<number, { size: number; expected: number }>();
  const answers = new Map<number, number>();
  return {
    add: (day, size, expected) => {
      const sum = days.get(day) ?? { size: 0, expected: 0 };
      days.set(day, { size: sum.size + size, expected: sum.expected + expected });
      answers.clear();
    },
    on: (day) => {
      const kept = answers.get(day);
      if (kept !== undefined) return kept;
      let [size, expected] = [0, 0];
      for (let age = 1; age <= WINDOW_DAYS; age++) {
        const sum = days.get(day - age);
        if (!sum) continue;
        const weight = 0.5 ** (age / HALF_LIFE_DAYS);
        size += weight * sum.size;
        expected += weight * sum.expected;
      }
      const answer = expected > 0 ? Math.min(BOUNDS.most, Math.max(BOUNDS.least, size / expected)) ** TEMPER : 1;
      answers.set(day, answer);
      return answer;
    },
    clear: () => {
      days.clear();
      answers.clear();
    },
  };
}
