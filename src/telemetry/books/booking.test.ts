import { afterEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { telemetryMigrations } from '../../../migrations/telemetry/index.ts';
import type { Reading } from '../../core/reading.ts';
import { DuckdbDatabase } from '../../platform/duckdb.ts';
import { migrateDuckdb } from '../../platform/migrate.ts';
import { FakeClock, tempDir } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { bookingJob } from './booking-service.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1);
const running: TestTelemetry[] = [];

afterEach(async () => {
  for (const t of running.splice(0)) await t.dispose();
});

async function start(options: Parameters<typeof startTelemetry>[0] = {}): Promise<TestTelemetry> {
  const t = await startTelemetry({ clock: new FakeClock(START + 40 * DAY), ...options });
  running.push(t);
  return t;
}

describe('a data directory of an earlier version', () => {
  /** What the first version wrote: a month of readings, rolled up and booked its way. */
  async function oldDirectory(): Promise<string> {
    const dir = tempDir('ampra-old-');
    const path = join(dir, 'telemetry.duckdb');
    const database = await DuckdbDatabase.open({ path, memoryLimitMb: 96, tempDir: join(dir, 'tmp') });
    const connection = await database.connect();
    await migrateDuckdb(connection, telemetryMigrations.slice(0, 1), () => 0);
    const newest = START + 30 * DAY;
    await connection.run(
      `INSERT INTO readings BY NAME SELECT 1 AS source, t AS time_ms, 500 AS load_power_w, 1000 + (t - ${START}) / 7200000.0
         AS total_energy_consumed_kwh FROM range(${START}, ${newest + 1}, ${5 * MIN}) r(t)`,
    );
    await connection.run(
      `INSERT INTO telemetry_sources VALUES (1, '${ID}', ${START}, ${newest}, ${30 * 288 + 1},
         'loadPower,totalEnergyConsumed', ${newest}, ${5 * MIN})`,
    );
    await connection.run(
      `INSERT INTO energy_15m (source, bucket_ms, load_kwh, covered_ms) VALUES (1, ${START}, 77, 900000)`,
    );
    await connection.close();
    database.close();
    return dir;
  }

  test('opens at once and is booked anew by a job, with its progress', async () => {
    const t = await start({ dir: await oldDirectory() });
    expect(t.service.farBehind()).toEqual([ID]);
    const seen: number[] = [];
    const job = bookingJob({ booking: () => t.service, sources: { byId: () => undefined } });
    const signal = new AbortController().signal;
    await job.run({ job: {} as never, signal, progress: (share) => seen.push(share) });
    expect(seen[0]).toBe(0);
    expect(t.service.farBehind()).toEqual([]);
    expect(t.service.bookProgress(ID)).toBe(1);
    const [month] = await t.service.energy(ID, 'month', { from: START, to: START + DAY });
    expect(month?.loadKwh).toBe(30 * 12);
    expect(month?.origins.load?.from).toBe('counter');
  });

  test('answers whoever asks before the job has run', async () => {
    const t = await start({ dir: await oldDirectory() });
    const days = await t.service.energy(ID, 'day', { from: START, to: START + 3 * DAY });
    expect(days.map((d) => d.loadKwh)).toEqual([12, 12, 12]);
  });
});

const dayOf = async (service: TestTelemetry['service']) =>
  (await service.energy(ID, 'day', { from: START, to: START + DAY }))[0];

describe('books while the appliance runs', () => {
  const reading = (minute: number, values: Reading['values']): Reading => ({
    sourceId: ID,
    time: START + minute * MIN,
    values,
  });

  test('HA core #125413: a restart in mid hour changes nothing', async () => {
    const clock = new FakeClock(START + 12 * HOUR);
    const counted = (m: number) => reading(m, { totalEnergyProduced: 35_000 + m / 60, solarPower: 1000 });
    const t = await start({ clock });
    const whole = Array.from({ length: 700 }, (_, m) => counted(m));
    t.service.add(whole.slice(0, 331), 331);
    await t.service.flush();
    const before = await dayOf(t.service);
    await t.drop();
    const again = await start({ clock, dir: t.dir });
    expect(await dayOf(again.service)).toEqual(before);
    // The device shows nothing, then zero, then its total again.
    const rest = whole.slice(331).map((r, i) => (i < 3 ? { ...r, values: { totalEnergyProduced: 0 } } : r));
    again.service.add(rest, 700);
    await again.service.flush();
    const [day] = await again.service.energy(ID, 'day', { from: START, to: START + DAY });
    expect(day?.solarKwh).toBe(11.65);
    running.splice(running.indexOf(t), 1);
  });

  test('today follows every reading, also those that are not in the database yet', async () => {
    const clock = new FakeClock(START + 2 * HOUR);
    const t = await start({ clock });
    for (let m = 0; m <= 60; m++) t.service.add([reading(m, { solarPower: 600 })], m + 1);
    expect((await dayOf(t.service))?.solarKwh).toBe(0.6);
    await t.service.flush();
    for (let m = 61; m <= 70; m++) t.service.add([reading(m, { solarPower: 600 })], m + 1);
    clock.advance(6000);
    const day = await dayOf(t.service);
    expect(day?.solarKwh).toBe(0.7);
    expect(day?.coverage).toBeCloseTo(70 / 120.1, 3);
  });

  test('late readings mend a day that was booked long ago', async () => {
    const t = await start();
    const day = (d: number, from: number, to: number) =>
      Array.from({ length: to - from }, (_, m) => reading(d * 1440 + from + m, { loadPower: 1000 }));
    await t.service.importReadings(ID, [
      ...day(0, 0, 1440),
      ...day(1, 0, 600),
      ...day(1, 960, 1440),
      ...day(2, 0, 1440),
    ]);
    const range = { from: START, to: START + 3 * DAY };
    const gap = (await t.service.energy(ID, 'day', range)).map((d) => [d.loadKwh, d.coverage]);
    expect(gap[1]?.[0]).toBeCloseTo(24 - 6 - 1 / 60, 3);
    t.service.add(day(1, 600, 960), 1);
    await t.service.flush();
    const mended = (await t.service.energy(ID, 'day', range)).map((d) => d.loadKwh);
    expect(mended.slice(0, 2)).toEqual([24, 24]);
  });
});
