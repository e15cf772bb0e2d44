import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { telemetryMigrations } from '../../migrations/telemetry/index.ts';
import { DuckdbDatabase } from '../platform/duckdb.ts';
import { migrateDuckdb } from '../platform/migrate.ts';
import { FakeClock, tempDir } from '../testing/app.ts';
import { startTelemetry } from '../testing/telemetry.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const START = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;
const DAYS = 9;
const everything = { from: 0, to: Date.UTC(2030, 0, 1) };

/** Nine days as an earlier version left them: one value every ten minutes, gauges in 32 bits. */
async function oldDatabase(dir: string): Promise<void> {
  const database = await DuckdbDatabase.open({ path: join(dir, 'telemetry.duckdb'), memoryLimitMb: 96, tempDir: dir });
  const connection = await database.connect();
  await migrateDuckdb(connection, telemetryMigrations.slice(0, 2), () => 0);
  const rows = DAYS * 144;
  await connection.run(`
    INSERT INTO readings (source, time_ms, derived, battery_voltage_v, battery_current_a, battery_power_w,
      total_energy_produced_kwh, operating_mode, fault_codes, metadata)
    SELECT 1, ${START} + i * 600000, 2, 52.3 + (i % 7) / 10, -1.5, round(52.3 * -1.5, 1), (99999123 + i) / 1000, 'Mains',
      ['F1'], '{"string":2}' FROM range(${rows}) t(i)`);
  await connection.run(`
    INSERT INTO telemetry_sources (source, source_id, first_ms, newest_ms, readings, metrics, interval_ms)
    VALUES (1, '${ID}', ${START}, ${START + (rows - 1) * 600_000}, ${rows},
      'batteryVoltage,batteryCurrent,batteryPower,totalEnergyProduced,operatingMode,faultCodes', 600000)`);
  await connection.close();
  await database.checkpoint();
  database.close();
}

test('what an earlier version stored is there at once, and is packed in the background', async () => {
  const dir = tempDir('ampra-old-');
  await oldDatabase(dir);
  const t = await startTelemetry({ dir, clock: new FakeClock(START + DAYS * DAY + 3_600_000) });
  try {
    expect(t.service.latest(ID)?.values.batteryVoltage).toBe(52.3 + ((DAYS * 144 - 1) % 7) / 10);
    const chart = () =>
      t.service.history(ID, ['batteryVoltage', 'totalEnergyProduced'], { from: START, to: START + DAYS * DAY }, 36);
    const readings = () => t.service.readings(ID, everything, { limit: 10_000 });
    const before = { chart: await chart(), readings: await readings() };
    expect(before.readings.items[1]).toEqual({
      time: START + 600_000,
      values: {
        batteryVoltage: 52.4,
        batteryCurrent: -1.5,
        totalEnergyProduced: 99_999.124,
        operatingMode: 'Mains',
        faultCodes: ['F1'],
      },
    });
    expect(t.service.farBehind()).toEqual([ID]);
    // Late ones join their day before and after it is packed.
    for (const [i, batteryVoltage] of [50, 52.4].entries()) {
      t.service.add([{ sourceId: ID, time: START + 600_000, values: { batteryVoltage } }], i + 1);
      expect((await chart()).lows.batteryVoltage?.[0]).toBe(i === 0 ? 50 : 52.3);
      await t.service.flush();
      expect((await chart()).lows.batteryVoltage?.[0]).toBe(i === 0 ? 50 : 52.3);
    }
    while (!(await t.service.bookPass(ID)));
    (t.clock as FakeClock).advance(3_600_000);
    while (!(await t.service.bookPass(ID)));
    expect(t.service.farBehind()).toEqual([]);
    const connection = await t.database.connect();
    const [left] = await connection.numbers('SELECT count(*)::DOUBLE FROM old_readings');
    await connection.close();
    expect(left?.[0]).toBe(0);
    expect(await readings()).toEqual(before.readings);
    const { series, ...rest } = await chart();
    expect({ ...rest, series: series.totalEnergyProduced }).toEqual({
      ...before.chart,
      series: before.chart.series.totalEnergyProduced,
    });
    for (const [i, mean] of (series.batteryVoltage ?? []).entries())
      expect(mean).toBeCloseTo(before.chart.series.batteryVoltage?.[i] ?? 0, 2);
    expect((await t.service.statistics()).readings).toBe(DAYS * 144);
  } finally {
    await t.dispose();
  }
});
