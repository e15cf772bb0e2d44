import { afterEach, describe, expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '../../platform/log.ts';
import type { Source } from '../../sources/source.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { RoomKeeper } from './room-service.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const DAYS = 40;
const NOW = START + DAYS * DAY;
const SOURCES = ['aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002'];
const everything = { from: 0, to: NOW };
let t: TestTelemetry;

afterEach(async () => await t.dispose());

/** What no packing makes smaller. */
const noise = (n: number): number => Bun.hash.crc32(String(n));

/** Forty days of a source, a reading a minute; the second came fifteen days later. */
async function furnish(): Promise<void> {
  t = await startTelemetry({ clock: new FakeClock(NOW) });
  for (const [i, sourceId] of SOURCES.entries()) {
    const from = START + i * 15 * DAY;
    const readings = Array.from({ length: (NOW - from) / 60_000 }, (_, n) => ({
      sourceId,
      time: from + n * 60_000,
      values: {
        solarPower: noise(n) % 5000,
        batteryVoltage: 48 + (noise(n + 7) % 100) / 10,
        totalEnergyProduced: n / 100,
      },
    }));
    await t.service.importReadings(sourceId, readings);
  }
}

/** A disk on which the archive is all there is. */
function keeperOn(diskBytes: number, messages: number): { keeper: RoomKeeper; said: string[] } {
  const said: string[] = [];
  let left = messages;
  const keeper = new RoomKeeper({
    room: async () => ({
      freeBytes: diskBytes - statSync(join(t.dir, 'archive.db')).size,
      reserveBytes: 50_000 - (messages - left) * 10_000,
    }),
    dropOldestMessages: async () => {
      said.push('messages');
      if (left === 0) return false;
      left--;
      return true;
    },
    telemetry: {
      forget: async (id, what) => {
        said.push(`readings of ${SOURCES.indexOf(id)}`);
        await t.service.forget(id, what);
      },
    },
    oldestReading: (id) => t.store.packed().first('readings', t.store.find(id)?.key ?? -1),
    sources: { all: () => SOURCES.map((id) => ({ id }) as Source) },
    leavesMinutes: false,
    clock: t.clock,
    log: silentLog,
  });
  return { keeper, said };
}

const sizeOfArchive = () => statSync(join(t.dir, 'archive.db')).size;
const firstOf = async (id: string) => (await t.service.readings(id, everything, { limit: 1 })).items[0]?.time ?? 0;

describe('on a disk that fills up', () => {
  test('nothing goes while there is room', async () => {
    await furnish();
    t.store.packed().database().exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const { keeper, said } = keeperOn(sizeOfArchive() + 100_000, 3);
    await keeper.look();
    expect(said).toEqual([]);
  });

  test('raw messages go first, and readings stay while that is enough', async () => {
    await furnish();
    t.store.packed().database().exec('PRAGMA wal_checkpoint(TRUNCATE)');
    // Each of the messages is worth what it takes of the reserve here.
    const { keeper, said } = keeperOn(sizeOfArchive() + 70_000, 3);
    await keeper.look();
    expect(said).toEqual(['messages', 'messages']);
    expect(await firstOf(SOURCES[0] ?? '')).toBe(START);
  });

  test('then the oldest readings of all sources go, until there is room; charts and energy stay', async () => {
    await furnish();
    const [first = '', second = ''] = SOURCES;
    const energy = await t.service.energy(first, 'day', { from: START, to: NOW });
    const chart = await t.service.history(first, ['solarPower'], { from: START, to: NOW }, 300);
    t.store.packed().database().exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const before = sizeOfArchive();
    const { keeper, said } = keeperOn(before + 20_000, 0);
    await keeper.look();
    expect(before - sizeOfArchive()).toBeGreaterThanOrEqual(80_000);
    expect(said.slice(0, 3)).toEqual(['messages', 'readings of 0', 'messages']);
    const gone = await firstOf(first);
    expect(gone).toBeGreaterThan(START);
    expect(gone).toBeLessThanOrEqual(NOW - 7 * DAY);
    expect(await firstOf(second)).toBe(Math.max(gone, START + 15 * DAY));
    expect(await t.service.energy(first, 'day', { from: START, to: NOW })).toEqual(energy);
    expect(await t.service.history(first, ['solarPower'], { from: START, to: NOW }, 300)).toEqual(chart);
  });

  test('and never those of the last week, whatever is asked for', async () => {
    await furnish();
    const { keeper } = keeperOn(0, 0);
    await keeper.look();
    for (const id of SOURCES) expect(await firstOf(id)).toBe(NOW - 7 * DAY);
  });
});
