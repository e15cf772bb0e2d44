import { expect, test } from 'bun:test';
import type { Reading } from '../core/reading.ts';
import { readingsIn } from './import-readings.ts';

test('numbers of a file that stand for “unknown” are named with their lines, and what follows from the line before is taken', async () => {
  const told: string[] = [];
  async function* lines() {
    yield 'timestamp,solarPower,loadPower';
    for (let i = 0; i < 1200; i++) {
      const watts = i === 700 ? 65_535 : i < 500 ? 32_000 : 32_767;
      yield `${new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString()},${watts},${i === 3 ? 65_535 : 40}`;
    }
  }
  const options = { format: 'csv', sourceId: 's1', timeZone: 'UTC', now: Date.UTC(2027, 0, 1) } as const;
  const onProblem = (p: { line: number; field: string; message: string }) => void told.push(`${p.line} ${p.field}`);
  const readings: Reading[] = await Array.fromAsync(readingsIn(lines(), { ...options, onProblem }));
  expect(told).toEqual(['5 loadPower', '702 solarPower']);
  expect(readings.filter((r) => r.values.solarPower === 32_767)).toHaveLength(699);
});
