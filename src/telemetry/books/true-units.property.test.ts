import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { type DeviceCase, unitCases } from '../../testing/device-cases.ts';
import { type Compared, compare, isTold, wrongIn } from '../../testing/true-books.ts';

/**
 * Devices whose unit nobody told (kWh, Wh, or Wh below 1 kWh) against what truly flowed, where a power beside or what the
 * panels can give tells the unit. TEST_SEED and TEST_RUNS play a failure again, or many more; TEST_STATS prints how far off
 * the books are, case by case.
 */
const RUNS = Number(process.env.TEST_RUNS ?? 40);
const SEED = process.env.TEST_SEED ? { seed: Number(process.env.TEST_SEED) } : {};

const hasStats = process.env.TEST_STATS !== undefined;
/** Those in Wh, always or at times: a unit is told by what came so far, and a gap just then may hide it. */
const isHard = ({ unit }: DeviceCase): boolean => unit !== 'kWh';

test.skipIf(hasStats)(
  'of devices in kWh, what is booked is what flowed, whatever stands beside',
  () => {
    fc.assert(
      fc.property(
        unitCases.filter((of) => !isHard(of)),
        (of) => {
          expect(wrongIn(compare(of, isTold(of)))).toBeNull();
        },
      ),
      { numRuns: RUNS, ...SEED },
    );
  },
  300_000,
);

test.skipIf(hasStats)(
  'of devices in Wh whose unit something tells, nineteen of twenty are right in all they show',
  () => {
    const cases = fc.sample(unitCases.filter(isHard), { numRuns: RUNS, ...SEED });
    const wrong = cases.filter((of) => wrongIn(compare(of, isTold(of))) !== null);
    // One in a hundred is (docs/energy.md, Limits); one more than one in twenty never is by chance.
    expect(wrong.length).toBeLessThanOrEqual(Math.ceil(RUNS / 20) + 1);
  },
  300_000,
);

test.skipIf(!hasStats)(
  'how far off the books are',
  () => {
    const found = new Map<string, { cases: number; off: number[] }>();
    for (const of of fc.sample(unitCases, { numRuns: RUNS, ...SEED })) {
      const { unit, shows, capacityW } = of;
      const compared = compare(of, isTold(of));
      const told = shows.power ? 'power' : capacityW === null ? 'nothing' : 'capacity';
      const key = `${unit}, ${told}`;
      const entry = found.get(key) ?? { cases: 0, off: [] };
      found.set(key, entry);
      if (compared.length === 0) continue;
      entry.cases++;
      const worst = compared.reduce<Compared>(
        (a, b) => (Math.abs(b.off) > Math.abs(a.off) ? b : a),
        compared[0] as Compared,
      );
      if (worst.off !== 0) entry.off.push(worst.off);
    }
    for (const [key, { cases, off }] of [...found].sort(([a], [b]) => a.localeCompare(b))) {
      const sorted = off.map(Math.abs).sort((a, b) => a - b);
      const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2);
      const over = off.filter((kwh) => kwh > 0).length;
      console.log(
        `${key}: ${off.length} of ${cases} wrong, ${over} too high; of these median ${at(0.5)}, 90 % ${at(0.9)}, most ${at(1)} kWh`,
      );
    }
  },
  900_000,
);
