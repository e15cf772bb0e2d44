import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { MetricValues, Reading } from '../core/reading.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../testing/telemetry.ts';

const SOURCE = 'aaaaaaaa-0000-4000-8000-000000000001';
const MIN = 60_000;
const START = Date.UTC(2026, 5, 21, 0);
const reading = (time: number, values: MetricValues, metadata?: Record<string, unknown>): Reading => ({
  sourceId: SOURCE,
  time,
  values,
  ...(metadata ? { metadata } : {}),
});
const everything = { from: 0, to: Date.UTC(2030, 0, 1) };

let t: TestTelemetry;
beforeEach(async () => {
  t = await startTelemetry({ clock: new FakeClock(Date.UTC(2026, 5, 22, 12)) });
});
afterEach(() => t.dispose());

const stored = async () => (await t.service.readings(SOURCE, everything, { limit: 10_000 })).items;

describe('readings', () => {
  test('come back as they were sent, all kinds of values, in order', async () => {
    const values: MetricValues = {
      solarPower: 1234.5,
      batteryVoltage: 52.3,
      gridPower: -17.25,
      totalEnergyProduced: 12_345.678_901,
      operatingMode: 'battery "first", ünit',
      faultCodes: ['F01', "it's, quoted"],
      warningCodes: [],
    };
    t.service.add(
      [reading(START + 2000, { loadPower: 5 }), reading(START, values, { firmware: '1.2', a: [1, { b: null }] })],
      7,
    );
    expect(await stored()).toEqual([
      { time: START, values },
      { time: START + 2000, values: { loadPower: 5 } },
    ]);
    await t.service.flush();
    expect(t.service.flushedPosition()).toBe(7);
  });

  test('of the same time are one: metrics merge, the last value wins, before and after they are stored', async () => {
    t.service.add([reading(START, { solarPower: 1, loadPower: 2 })], 1);
    t.service.add([reading(START, { solarPower: 3 })], 2);
    await t.service.flush();
    t.service.add([reading(START, { loadPower: 9, batteryPower: -4 })], 3);
    expect(await stored()).toEqual([{ time: START, values: { solarPower: 3, loadPower: 9, batteryPower: -4 } }]);
    expect((await t.service.statistics()).readings).toBe(1);
  });

  test('of nothing measured are none: neither fresh, nor covered, nor counted; their metadata joins what is measured', async () => {
    t.service.add([reading(START - MIN, { solarPower: 600 }), reading(START, { solarPower: 600 })], 1);
    t.service.add([reading(START, {}, { 'solarPower:2': 400 })], 2);
    for (let i = 1; i < 300; i++) t.service.add([reading(START + i * MIN, {}, { rssi: -60 - i })], 2 + i);
    expect(t.service.latest(SOURCE)?.time).toBe(START);
    expect(t.service.pendingCount()).toBe(2);
    await t.service.flush();
    const metadata = async () => (await t.store.newestRows(SOURCE)).map((row) => row.metadata);
    expect(await metadata()).toEqual([null, { 'solarPower:2': 400 }]);
    t.service.add([reading(START + 300 * MIN - 5000, {}, { 'batteryVoltage:2': 52 })], 301);
    t.service.add([reading(START + 300 * MIN, { solarPower: 600 }, { rssi: -70 })], 302);
    await t.service.flush();
    expect((await stored()).map((r) => r.time)).toEqual([START - MIN, START, START + 300 * MIN]);
    expect((await t.service.statistics()).readings).toBe(3);
    const [before, day] = await t.service.energy(SOURCE, 'day', { from: START - 1, to: START + 1 });
    expect(before).toMatchObject({ solarKwh: 0.01, coverage: 0.0007 });
    expect(day).toMatchObject({ solarKwh: null, coverage: 0 });
    expect(await metadata()).toEqual([{ rssi: -70, 'batteryVoltage:2': 52 }]);
  });

  test('of nothing measured alone leave a source unheard, and its position is kept', async () => {
    t.service.add([reading(START, {}, { rssi: -60 })], 5);
    await t.service.flush();
    expect(t.service.latest(SOURCE)).toBeUndefined();
    expect(await t.service.span(SOURCE)).toBeNull();
    expect(t.service.flushedPosition()).toBe(5);
  });

  test('that come late lie in their place', async () => {
    t.service.add([reading(START + 5 * MIN, { solarPower: 5 })], 1);
    await t.service.flush();
    t.service.add([reading(START + 3 * MIN, { solarPower: 3 }), reading(START + MIN, { solarPower: 1 })], 2);
    expect((await stored()).map((r) => r.values.solarPower)).toEqual([1, 3, 5]);
  });

  test('are paged by a cursor without doubling or losing one', async () => {
    t.service.add(
      Array.from({ length: 25 }, (_, i) => reading(START + i * MIN, { solarPower: i })),
      1,
    );
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await t.service.readings(SOURCE, everything, { limit: 10, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map((r) => r.values.solarPower ?? -1));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => i));
  });

  test('survive a crash from the last flush on, and a replay changes nothing', async () => {
    const batch = [reading(START, { solarPower: 1 }), reading(START + MIN, { solarPower: 2 })];
    t.service.add(batch, 2);
    await t.service.flush();
    t.service.add([reading(START + 2 * MIN, { solarPower: 3 })], 3);
    await t.drop();
    const again = await startTelemetry({ dir: t.dir, clock: t.clock });
    expect(again.service.flushedPosition()).toBe(2);
    again.service.add(batch, 2);
    again.service.add([reading(START + 2 * MIN, { solarPower: 3 })], 3);
    const values = async () =>
      (await again.service.readings(SOURCE, everything, { limit: 100 })).items.map((r) => r.values.solarPower);
    expect(await values()).toEqual([1, 2, 3]);
    await again.service.flush();
    expect(await values()).toEqual([1, 2, 3]);
    expect((await again.service.statistics()).readings).toBe(3);
    expect(again.service.flushedPosition()).toBe(3);
    await again.dispose();
    t = await startTelemetry();
  });

  test('wait when the database refuses, and are written later', async () => {
    const write = t.store.write.bind(t.store);
    let isFull = true;
    t.store.write = (batch, position) => (isFull ? Promise.reject(new Error('disk full')) : write(batch, position));
    t.service.add([reading(START, { solarPower: 1, loadPower: 1 })], 1);
    expect(await t.service.flush().catch((e: Error) => e.message)).toBe('disk full');
    expect(t.service.problem()).toBe('disk full');
    t.service.add([reading(START, { solarPower: 2 }), reading(START + MIN, { solarPower: 3 })], 2);
    expect(t.service.flushedPosition()).toBe(0);
    const merged = [
      { time: START, values: { solarPower: 2, loadPower: 1 } },
      { time: START + MIN, values: { solarPower: 3 } },
    ];
    expect(await stored()).toEqual(merged);
    isFull = false;
    await t.service.flush();
    expect(await stored()).toEqual(merged);
    expect(t.service.problem()).toBeNull();
  });

  test('that nobody can write make it say that it is full', async () => {
    await t.dispose();
    t = await startTelemetry({ mostPendingRows: 3, flushRows: 1000 });
    expect(t.service.isSaturated()).toBe(false);
    t.service.add(
      [0, 1, 2].map((i) => reading(START + i * MIN, { solarPower: i })),
      1,
    );
    expect(t.service.isSaturated()).toBe(true);
    await t.service.flush();
    expect(t.service.isSaturated()).toBe(false);
  });

  test('of a deleted source are gone, and those of others stay', async () => {
    const other = 'bbbbbbbb-0000-4000-8000-000000000002';
    t.service.add([reading(START, { solarPower: 1 }), { ...reading(START, { solarPower: 2 }), sourceId: other }], 1);
    await t.service.flush();
    t.service.add([reading(START + MIN, { solarPower: 3 })], 2);
    await t.service.deleteSource(SOURCE);
    expect(await stored()).toEqual([]);
    expect(t.service.latest(SOURCE)).toBeUndefined();
    expect((await t.service.readings(other, everything, { limit: 10 })).items).toHaveLength(1);
  });
});

describe('the newest values', () => {
  test('keep the age of each, and mark powers that were worked out', () => {
    t.service.add([reading(START, { solarVoltage: 200, solarCurrent: 5, stateOfCharge: 80 })], 1);
    t.service.add([reading(START + MIN, { stateOfCharge: 81 })], 2);
    expect(t.service.latest(SOURCE)).toEqual({
      time: START + MIN,
      values: { solarVoltage: 200, solarCurrent: 5, stateOfCharge: 81, solarPower: 1000 },
      times: { solarVoltage: START, solarCurrent: START, stateOfCharge: START + MIN, solarPower: START },
      derived: ['solarPower'],
    });
  });

  test('do not go back when an older reading comes late', () => {
    t.service.add([reading(START + MIN, { stateOfCharge: 81 })], 1);
    t.service.add([reading(START, { stateOfCharge: 10, loadPower: 3 })], 2);
    expect(t.service.latest(SOURCE)?.values).toEqual({ stateOfCharge: 81, loadPower: 3 });
  });

  test('are there again after a restart', async () => {
    t.service.add(
      [reading(START, { batteryVoltage: 52.3, faultCodes: ['F1'] }), reading(START + MIN, { loadPower: 7 })],
      1,
    );
    const before = t.service.latest(SOURCE);
    await t.service.flush();
    await t.drop();
    const again = await startTelemetry({ dir: t.dir, clock: t.clock });
    expect(again.service.latest(SOURCE)).toEqual(before as NonNullable<typeof before>);
    await again.dispose();
    t = await startTelemetry();
  });

  test('tell listeners once for a burst', async () => {
    const told: string[][] = [];
    const stop = t.service.onReadings((ids) => told.push([...ids]));
    for (let i = 0; i < 50; i++) t.service.add([reading(START + i, { loadPower: i })], i);
    await Bun.sleep(300);
    stop();
    t.service.add([reading(START + 99, { loadPower: 1 })], 99);
    await Bun.sleep(300);
    expect(told).toEqual([[SOURCE]]);
  });
});

describe('history', () => {
  test('shows means and extremes, and gaps as null', async () => {
    const at = [0, 1, 2, 3, 12, 13];
    t.service.add(
      at.map((m) => reading(START + m * MIN, { solarPower: m * 100, totalEnergyProduced: 10 + m })),
      1,
    );
    const range = { from: START, to: START + 15 * MIN };
    const history = await t.service.history(SOURCE, ['solarPower', 'totalEnergyProduced', 'gridPower'], range, 5);
    expect(history.times).toEqual([0, 3, 6, 9, 12].map((m) => START + m * MIN));
    expect(history.series.solarPower).toEqual([100, 300, null, null, 1250]);
    expect(history.lows.solarPower).toEqual([0, 300, null, null, 1200]);
    expect(history.highs.solarPower).toEqual([200, 300, null, null, 1300]);
    expect(history.series.totalEnergyProduced).toEqual([12, 13, null, null, 23]);
    expect(history.series.gridPower).toEqual([null, null, null, null, null]);
  });

  test('of a long range comes from quarter hours and the readings after them, the same as from readings alone', async () => {
    const count = 5 * 24 * 60;
    const values = (i: number): MetricValues => ({ loadPower: (i * 7919) % 2003, totalEnergyConsumed: i / 100 });
    t.service.add(
      Array.from({ length: count }, (_, i) => reading(START + i * MIN, values(i))),
      1,
    );
    const range = { from: START, to: START + count * MIN };
    const history = await t.service.history(SOURCE, ['loadPower', 'totalEnergyConsumed'], range, 10);
    expect(history.times).toHaveLength(10);
    expect(history.bucketMs).toBe(12 * 60 * MIN);
    for (let b = 0; b < 10; b++) {
      const own = Array.from({ length: 720 }, (_, i) => values(b * 720 + i).loadPower ?? 0);
      expect(history.series.loadPower?.[b] ?? 0).toBeCloseTo(own.reduce((x, y) => x + y) / 720, 1);
      expect(history.lows.loadPower?.[b]).toBe(Math.min(...own));
      expect(history.highs.loadPower?.[b]).toBe(Math.max(...own));
      expect(history.series.totalEnergyConsumed?.[b]).toBe((b * 720 + 719) / 100);
    }
  });

  test('without extremes has the same means, from readings and from what was rolled up', async () => {
    const count = 9 * 24 * 60;
    const range = { from: START - (START % 86_400_000), to: START + count * MIN };
    const rows = Array.from({ length: count }, (_, i) => reading(START + i * MIN, { loadPower: (i * 7919) % 3000 }));
    await t.service.importReadings(rows[0]?.sourceId ?? '', rows);
    for (const points of [9 * 24, 9 * 96, 5000]) {
      const id = rows[0]?.sourceId ?? '';
      const { lows: _, highs: __, ...whole } = await t.service.history(id, ['loadPower'], range, points);
      const means = await t.service.history(id, ['loadPower'], range, points, 'means');
      expect(means).toEqual({ ...whole, lows: {}, highs: {} });
      expect(means.series.loadPower?.some((value) => value !== null)).toBe(true);
    }
  });

  test('of a source that never spoke is all gaps', async () => {
    const history = await t.service.history('nobody', ['loadPower'], { from: START, to: START + MIN }, 3);
    expect(history.series.loadPower).toEqual([null, null, null]);
  });
});
