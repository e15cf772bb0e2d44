import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../core/reading.ts';
import { AmpraError } from '../../core/result.ts';
import { DamagedDatabaseError } from '../../platform/duckdb.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const C = 'cccccccc-0000-4000-8000-000000000003';
const DAY = 86_400_000;
const START = Date.UTC(2026, 5, 1);
const everything = { from: 0, to: Date.UTC(2030, 0, 1) };
const clock = new FakeClock(START + 3 * DAY + 3_600_000);
const running: TestTelemetry[] = [];

afterEach(async () => {
  for (const t of running.splice(0)) await t.dispose();
});

async function start(dir?: string): Promise<TestTelemetry> {
  const t = await startTelemetry({ clock, ...(dir ? { dir } : {}) });
  running.push(t);
  return t;
}

/** Stops it and leaves its files. */
async function leave(t: TestTelemetry): Promise<string> {
  await t.service.stop();
  await t.drop();
  running.splice(running.indexOf(t), 1);
  return t.dir;
}

function removeDatabase(dir: string): void {
  for (const end of ['', '.wal', '.guard']) rmSync(join(dir, `telemetry.duckdb${end}`), { force: true });
}

/** A reading every ten minutes from `day` on, of so many watts. */
const days = (sourceId: string, watts: number, day = 0, count = 3): Reading[] =>
  Array.from({ length: count * 144 }, (_, i) => ({
    sourceId,
    time: START + day * DAY + i * 600_000,
    values: { solarPower: watts },
  }));

const wattsOf = async (t: TestTelemetry, id: string): Promise<number[]> => {
  const { items } = await t.service.readings(id, everything, { limit: 10_000 });
  return [...new Set(items.map((item) => item.values.solarPower ?? -1))];
};

describe('the telemetry database and the archive', () => {
  test('go on together when the database was lost: what is packed is all there, and is booked anew', async () => {
    const t = await start();
    await t.service.importReadings(A, days(A, 100));
    await t.service.importReadings(B, days(B, 200));
    const energy = await t.service.energy(B, 'day', { from: START, to: START + 2 * DAY });
    const dir = await leave(t);
    removeDatabase(dir);
    const again = await start(dir);
    // Another source comes first now.
    again.service.add(days(C, 300, 2, 1), 1);
    await again.service.flush();
    expect(await wattsOf(again, A)).toEqual([100]);
    expect(await wattsOf(again, B)).toEqual([200]);
    expect(await wattsOf(again, C)).toEqual([300]);
    expect(await again.service.energy(B, 'day', { from: START, to: START + 2 * DAY })).toEqual(energy);
    expect(await again.service.metricsOf(A)).toEqual(['solarPower']);
    expect((await again.service.statistics()).readings).toBe(2 * 3 * 144 + 144);
  });

  test('never mix sources up when one of them is older than the other', async () => {
    const t = await start();
    await t.service.importReadings(A, days(A, 100));
    const dir = await leave(t);
    copyFileSync(join(dir, 'telemetry.duckdb'), join(dir, 'old.duckdb'));
    // An archive that was begun anew knows other numbers.
    for (const end of ['', '-wal', '-shm']) rmSync(join(dir, `archive.db${end}`), { force: true });
    removeDatabase(dir);
    const other = await start(dir);
    await other.service.importReadings(B, days(B, 200));
    await other.service.importReadings(A, days(A, 111));
    await leave(other);
    removeDatabase(dir);
    copyFileSync(join(dir, 'old.duckdb'), join(dir, 'telemetry.duckdb'));
    const again = await start(dir);
    expect(await wattsOf(again, A)).toEqual([111]);
    expect(await wattsOf(again, B)).toEqual([200]);
    again.service.add(days(A, 120, 3, 1).slice(0, 3), 5);
    again.service.add(days(B, 220, 3, 1).slice(0, 3), 6);
    await again.service.flush();
    expect(await wattsOf(again, A)).toEqual([111, 120]);
    expect(await wattsOf(again, B)).toEqual([200, 220]);
    expect((await again.service.history(B, ['solarPower'], { from: START, to: START + 3 * DAY }, 3)).series).toEqual({
      solarPower: [200, 200, 200],
    });
  });

  test('say what is damaged, leave it out, and never write over it', async () => {
    const t = await start();
    await t.service.importReadings(A, days(A, 100));
    const db = new Database(join(t.dir, 'archive.db'));
    const [first] = db.query<{ id: number; body: Uint8Array }, []>('SELECT id, body FROM blocks ORDER BY id').all();
    const spoilt = Uint8Array.from(first?.body ?? []);
    spoilt[9] = (spoilt[9] ?? 0) ^ 1;
    db.query('UPDATE blocks SET body = ? WHERE id = ?').run(spoilt, first?.id ?? 0);
    const { items } = await t.service.readings(A, everything, { limit: 10_000 });
    expect([items.length, items[0]?.time]).toEqual([2 * 144, START + DAY]);
    expect(t.store.packed().damagedCount()).toBe(1);
    t.service.add([{ sourceId: A, time: START + 1000, values: { solarPower: 5 } }], 1);
    await t.service.flush();
    clock.advance(3_600_000);
    await t.service.flush();
    expect(t.store.find(A)?.readings).toBe(3 * 144 + 1);
    const [left] = db.query<{ body: Uint8Array }, []>('SELECT body FROM blocks ORDER BY id').all();
    expect(left?.body).toEqual(spoilt);
    db.close();
  });

  test('refuse in words what cannot be read of a damaged file, and read the rest', async () => {
    const t = await start();
    for (let month = 0; month < 4; month++) await t.service.importReadings(A, days(A, 100 + month, -30 * month));
    const dir = await leave(t);
    const whole = readFileSync(join(dir, 'archive.db'));
    const said = new Set<string>();
    // Each page of the file in turn, as a dying card may leave it.
    for (let page = 1; page * 4096 < whole.length; page++) {
      const spoilt = Uint8Array.from(whole);
      spoilt.fill(0xa5, page * 4096, (page + 1) * 4096);
      const path = join(dir, 'archive.db');
      for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
      writeFileSync(path, spoilt);
      said.add(await outcomeOf(dir));
      expect([page, Buffer.compare(readFileSync(path).subarray(4096), spoilt.subarray(4096))]).toEqual([page, 0]);
    }
    expect([...said].sort()).toEqual(['closed', 'read', 'read with a gap']);
  });
});

test('a card that dies under the open archive: what cannot be read is refused in words, and what is recent goes on', async () => {
  const t = await start();
  await t.service.importReadings(A, days(A, 100));
  const path = join(t.dir, 'archive.db');
  const db = t.store.packed().database();
  db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA shrink_memory');
  writeFileSync(path, readFileSync(path).fill(0xa5, 4096));
  const past = t.service.readings(A, everything, { limit: 10_000 });
  await expect(past).rejects.toBeInstanceOf(AmpraError);
  expect(t.store.packed().damagedCount()).toBe(1);
  const now = clock.now();
  t.service.add([{ sourceId: A, time: now, values: { solarPower: 5 } }], 1);
  expect(t.service.latest(A)?.values.solarPower).toBe(5);
});

/** What becomes of telemetry on a damaged archive: only what is said in words, never anything else. */
async function outcomeOf(dir: string): Promise<'closed' | 'read' | 'read with a gap'> {
  let t: TestTelemetry;
  try {
    t = await start(dir);
  } catch (error) {
    expect(error).toBeInstanceOf(DamagedDatabaseError);
    expect((error as DamagedDatabaseError).path).toEndWith('archive.db');
    return 'closed';
  }
  try {
    const { items } = await t.service.readings(A, everything, { limit: 10_000 });
    await t.service.history(A, ['solarPower'], { from: START - 100 * DAY, to: START + 3 * DAY }, 200);
    if (items.length === 4 * 3 * 144) return 'read';
    expect(t.store.packed().damagedCount()).toBeGreaterThan(0);
    return 'read with a gap';
  } finally {
    await leave(t);
  }
}
