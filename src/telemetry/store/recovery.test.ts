import { describe, expect, test } from 'bun:test';
import { metrics } from '../../core/metrics.ts';
import type { Reading } from '../../core/reading.ts';
import { canMount, mountSmallDisk, type SmallDisk } from '../../testing/small-disk.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const START = Date.UTC(2026, 5, 1);
const everything = { from: 0, to: Date.UTC(2030, 0, 1) };

/** Readings that do not compress, so that a small disk is soon full. */
function readings(from: number, count: number): Reading[] {
  return Array.from({ length: count }, (_, i) => ({
    sourceId: ID,
    time: START + (from + i) * 1000,
    values: {
      solarPower: Math.random() * 5000,
      batteryVoltage: 40 + Math.random() * 20,
      totalEnergyProduced: (from + i) / 3600,
    },
  }));
}

type Page = Awaited<ReturnType<TestTelemetry['service']['readings']>>;

/** Readings that can be read, each time once. */
async function storedCount(t: TestTelemetry): Promise<number> {
  const times = new Set<number>();
  let cursor: string | null = null;
  do {
    const page: Page = await t.service.readings(ID, everything, {
      limit: 10_000,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { time } of page.items) times.add(time);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return times.size;
}

async function onSmallDisk(megabytes: number, work: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = mountSmallDisk(megabytes);
  try {
    await work(disk);
  } finally {
    disk.remove();
  }
}

describe.skipIf(!canMount)('a full disk (needs the right to mount a small file system)', () => {
  test('loses nothing: a database that gave up at a checkpoint is opened anew once there is room', async () => {
    await onSmallDisk(48, async (disk) => {
      const t = await startTelemetry({ dir: disk.path });
      let written = 0;
      for (let i = 0; i < 4; i++) {
        t.service.add(readings(written, 3000), written + 3000);
        written += 3000;
        await t.service.flush();
      }
      disk.fill();
      const refusals: string[] = [];
      const checkpointer = await t.database.connect();
      const refused = await checkpointer.run('CHECKPOINT').catch((e: Error) => e.message);
      expect(refused).toContain('has been invalidated');
      await checkpointer.close();
      for (let i = 0; i < 3; i++) {
        t.service.add(readings(written, 3000), written + 3000);
        written += 3000;
        await t.service.flush().catch((e: Error) => refusals.push(e.message));
      }
      expect(refusals.join()).toContain('No space left on device');
      expect(t.service.problem()).not.toBeNull();
      expect(t.service.latest(ID)?.time).toBe(START + (written - 1) * 1000);

      disk.free();
      await t.service.flush();
      expect(t.service.problem()).toBeNull();
      expect(t.store.recoveries()).toBeGreaterThan(0);
      expect(t.service.flushedPosition()).toBe(written);
      const { items } = await t.service.readings(ID, everything, { limit: 100_000 });
      expect(items.map((r) => r.time)).toEqual(Array.from({ length: written }, (_, i) => START + i * 1000));
      expect((await t.service.statistics()).readings).toBe(written);
      await t.service.stop();
      await t.drop();
    });
  }, 60_000);

  test('in the middle of a commit leaves whole transactions only', async () => {
    await onSmallDisk(32, async (disk) => {
      const t = await startTelemetry({ dir: disk.path });
      disk.fill(700_000);
      let added = 0;
      let failed = 0;
      for (let i = 0; i < 20; i++) {
        t.service.add(readings(added, 2500), added + 2500);
        added += 2500;
        await t.service.flush().catch(() => {
          failed++;
        });
        if (i === 12) disk.free();
      }
      expect(failed).toBeGreaterThan(0);
      expect((await t.service.statistics()).readings).toBe(added);
      expect(await storedCount(t)).toBe(added);
      await t.drop();
      const again = await startTelemetry({ dir: disk.path });
      expect(again.service.flushedPosition()).toBe(added);
      await again.drop();
    });
  }, 60_000);

  test('answers questions from what was stored while nothing can be written', async () => {
    await onSmallDisk(32, async (disk) => {
      const t = await startTelemetry({ dir: disk.path });
      t.service.add(readings(0, 3000), 1);
      await t.service.flush();
      disk.fill();
      const connection = await t.database.connect();
      await connection.run('CHECKPOINT').catch(() => undefined);
      await connection.close();
      const { items } = await t.service.readings(ID, everything, { limit: 5000 });
      expect(items.length).toBe(3000);
      disk.free();
      await t.drop();
    });
  }, 60_000);
});

test('too little memory for a commit costs no reading: the database is opened anew with more', async () => {
  const t = await startTelemetry({ memoryLimitMb: 16 });
  const all = metrics.filter((m) => m.kind !== 'text' && m.kind !== 'list');
  const history = Array.from({ length: 70_000 }, (_, i) => ({
    sourceId: ID,
    time: START + i * 60_000,
    values: Object.fromEntries(all.map((m, c) => [m.name, m.kind === 'gauge' ? Math.random() * 100 : i * c])),
  }));
  expect(await t.service.importReadings(ID, history)).toBe(70_000);
  expect(t.store.recoveries()).toBeGreaterThan(0);
  t.service.add(readings(10_000_000, 10), 10);
  await t.service.flush();
  const connection = await t.store.current().connect();
  await connection.run('CHECKPOINT');
  await connection.close();
  expect(await storedCount(t)).toBe(70_010);
  await t.dispose();
}, 60_000);
