import { afterEach, describe, expect, test } from 'bun:test';
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../core/reading.ts';
import { tempDir } from '../../testing/app.ts';
import { startTelemetry } from '../../testing/telemetry.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const START = Date.UTC(2026, 5, 1);
const COMMITS = 4;
const ROWS = 500;
const dirs: string[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function readings(from: number): Reading[] {
  return Array.from({ length: ROWS }, (_, i) => ({
    sourceId: ID,
    time: START + (from + i) * 1000,
    values: { solarPower: Math.random() * 5000, batteryVoltage: 40 + Math.random() * 20 },
  }));
}

/** The files of a database as a power cut leaves them after four commits, and the length of the log after each. */
async function cutOff(): Promise<{ dir: string; log: Buffer; ends: number[] }> {
  const dir = tempDir();
  dirs.push(dir);
  const t = await startTelemetry({ dir: join(dir, 'before') });
  const ends: number[] = [];
  for (let i = 0; i < COMMITS; i++) {
    t.service.add(readings(i * ROWS), i + 1);
    await t.service.flush();
    ends.push(statSync(join(dir, 'before', 'telemetry.duckdb.wal')).size);
  }
  const log = readFileSync(join(dir, 'before', 'telemetry.duckdb.wal'));
  copyFileSync(join(dir, 'before', 'telemetry.duckdb'), join(dir, 'telemetry.duckdb'));
  await t.service.stop();
  await t.drop();
  return { dir, log, ends };
}

describe('a log that a power cut left half-written', () => {
  /** How the last commit may look when it was not synced: pieces of it, or what follows it, are zeros. */
  const tears: Record<string, (log: Buffer, from: number) => Buffer> = {
    'its last commit is all zeros': (log, from) => Buffer.from(log).fill(0, from),
    'a page of its last commit is zeros': (log, from) => Buffer.from(log).fill(0, from + 200, from + 200 + 4096),
    'a sector of its last commit is zeros': (log, from) => Buffer.from(log).fill(0, from + 512, from + 1024),
    'its last commit ends early': (log, from) => log.subarray(0, from + 300),
    'zeros follow it': (log) => Buffer.concat([log, Buffer.alloc(5000)]),
    'noise follows it': (log) => Buffer.concat([log, Buffer.alloc(5000, 0xa7)]),
  };
  for (const [what, tear] of Object.entries(tears))
    test(`costs what was not synced and nothing else: ${what}`, async () => {
      const { dir, log, ends } = await cutOff();
      writeFileSync(join(dir, 'telemetry.duckdb.wal'), tear(log, ends[COMMITS - 2] ?? 0));
      const again = await startTelemetry({ dir });
      const stored = (await again.service.statistics()).readings;
      const isWhole = what.includes('follow');
      expect(stored).toBe((isWhole ? COMMITS : COMMITS - 1) * ROWS);
      expect(again.service.flushedPosition()).toBe(isWhole ? COMMITS : COMMITS - 1);
      again.service.add(readings(10_000), 100);
      await again.service.flush();
      await again.service.stop();
      await again.drop();
      const third = await startTelemetry({ dir });
      expect((await third.service.statistics()).readings).toBe(stored + ROWS);
      await third.service.stop();
      await third.drop();
    }, 30_000);

  test('is kept as it was found', async () => {
    const { dir, log, ends } = await cutOff();
    const torn = Buffer.from(log).fill(0, ends[1], (ends[1] ?? 0) + 4096);
    writeFileSync(join(dir, 'telemetry.duckdb.wal'), torn);
    const again = await startTelemetry({ dir });
    expect(again.service.flushedPosition()).toBe(2);
    await again.service.stop();
    await again.drop();
    expect(readFileSync(join(dir, 'telemetry.duckdb.wal.damaged')).equals(torn)).toBe(true);
    expect(existsSync(join(dir, 'telemetry.duckdb.wal.damaged.part'))).toBe(false);
  }, 30_000);

  test('does not hide that the database itself is damaged', async () => {
    const { dir } = await cutOff();
    writeFileSync(join(dir, 'telemetry.duckdb'), 'damaged '.repeat(50_000));
    expect(startTelemetry({ dir })).rejects.toThrow('cannot be read');
  }, 30_000);
});
