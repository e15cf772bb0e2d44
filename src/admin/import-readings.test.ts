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

test('a file in local time has all 25 hours of the day on which the clock is put back', async () => {
  async function* lines() {
    yield 'timestamp,loadPower';
    // Midnight of Berlin on 25 October 2026 is 22:00 UTC; the clock is put back at 01:00 UTC.
    for (let i = 0; i < 25 * 12; i++) {
      const local = new Date(Date.UTC(2026, 9, 25, 0, 5 * i) - (i >= 36 ? 3_600_000 : 0));
      yield `${local.toISOString().slice(0, 19)},${i}`;
    }
  }
  const options = { format: 'csv', sourceId: 's1', timeZone: 'Europe/Berlin', now: Date.UTC(2027, 0, 1) } as const;
  const readings: Reading[] = await Array.fromAsync(readingsIn(lines(), { ...options, onProblem: () => undefined }));
  expect(readings.map(({ time }) => time)).toEqual(
    Array.from({ length: 300 }, (_, i) => Date.UTC(2026, 9, 24, 22, 5 * i)),
  );
});
