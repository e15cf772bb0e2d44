import { expect, test } from 'bun:test';
import { type AttackName, attacks } from './attacks.ts';
import { BesiegedHouse, type Siege } from './besieged-house.ts';

/** Each attack for `SIEGE_SECONDS` (30), one after the other on the same house; prints what was tried and what it did. */
const MS = Number(process.env.SIEGE_SECONDS ?? 30) * 1000;

test('a house stands every attack, one after the other', async () => {
  const house = await BesiegedHouse.build();
  const sieges: Siege[] = [];
  try {
    for (const attack of Object.keys(attacks) as AttackName[]) {
      const siege = await house.under(attack, MS, 1_000_000);
      sieges.push(siege);
      console.log(JSON.stringify(siege));
    }
    const missing = await house.missing();
    const sum = (of: (siege: Siege) => number) => sieges.reduce((total, siege) => total + of(siege), 0);
    const most = (of: (siege: Siege) => number) => Math.max(...sieges.map(of));
    console.log(
      `tried ${sum((s) => s.tried)}, acknowledged to honest devices ${sum((s) => s.acknowledged)}, lost ${missing}; ` +
        `at most ${most((s) => s.residentMb)} MB, slowest page ${most((s) => s.slowestPageMs)} ms`,
    );
    expect(missing).toBe(0);
    expect(most((s) => s.residentMb)).toBeLessThan(500);
    expect(most((s) => s.slowestPageMs)).toBeLessThan(4000);
  } finally {
    await house.dispose();
  }
});
