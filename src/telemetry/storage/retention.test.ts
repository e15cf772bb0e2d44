import { describe, expect, test } from 'bun:test';
import type { Job, JobContext } from '../../core/jobs.ts';
import type { Source } from '../../sources/source.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import type { HistorySeries } from '../figures.ts';
import { type Retention, retentionJob } from './retention-service.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const START = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;
const MIN = 60_000;
const everything = { from: 0, to: Date.UTC(2030, 0, 1) };
const tenDaysLong = { from: START, to: START + 10 * DAY };

const forEver: Retention = { readings: 0, minute: 0, quarter: 0, hour: 0, day: 0 };
const allOf = (days: number): Retention => ({ readings: days, minute: days, quarter: days, hour: days, day: days });

const context = (signal = new AbortController().signal): JobContext => ({ job: {} as Job, signal, progress: () => {} });

/** Ten days of two sources, one value every 20 seconds. */
async function tenDays() {
  const t = await startTelemetry({ clock: new FakeClock(START + 10 * DAY) });
  const readings = (sourceId: string) =>
    Array.from({ length: 43_200 }, (_, i) => ({
      sourceId,
      time: START + i * 20_000,
      values: { solarPower: 1200 + (i % 7) * 3, totalEnergyProduced: Math.round(i * 6.7) / 1000 },
    }));
  await t.service.importReadings(A, readings(A));
  await t.service.importReadings(B, readings(B));
  return t;
}
const jobOf = (t: TestTelemetry, keepDays: Retention) =>
  retentionJob({
    telemetry: t.service,
    sources: { all: () => [A, B].map((id) => ({ id, name: id }) as Source) },
    clock: t.clock,
    keepDays,
  });
const chart = (t: TestTelemetry, range = tenDaysLong, points = 240): Promise<HistorySeries> =>
  t.service.history(A, ['solarPower', 'totalEnergyProduced'], range, points);
const countOf = (series: HistorySeries): number => (series.series.solarPower ?? []).filter((v) => v !== null).length;

describe('a retention of readings', () => {
  test('leaves charts and energy of the time before as they were, and minutes to look at closely', async () => {
    const t = await tenDays();
    try {
      const energy = await t.service.energy(A, 'day', tenDaysLong);
      const before = await chart(t);
      await jobOf(t, { ...forEver, readings: 3 }).run(context());
      const { items } = await t.service.readings(A, everything, { limit: 10_000 });
      expect(items[0]?.time).toBe(START + 7 * DAY);
      expect((await t.service.statistics()).readings).toBe(2 * 3 * 4320);
      expect(await chart(t)).toEqual(before);
      expect(await t.service.energy(A, 'day', tenDaysLong)).toEqual(energy);
      const minutes = await chart(t, { from: START + DAY, to: START + DAY + 60 * MIN }, 500);
      expect(minutes.bucketMs).toBe(MIN);
      expect(countOf(minutes)).toBe(60);
      expect(minutes.series.solarPower?.[0]).toBe(1206);
      expect(minutes.highs.solarPower?.[0]).toBe(1209);
      // Over the border both are minutes.
      const border = await chart(t, { from: START + 7 * DAY - 30 * MIN, to: START + 7 * DAY + 30 * MIN }, 500);
      expect([border.bucketMs, countOf(border)]).toEqual([MIN, 60]);
      const later = await chart(t, { from: START + 8 * DAY, to: START + 8 * DAY + 60 * MIN }, 500);
      expect([later.bucketMs, countOf(later)]).toEqual([20_000, 180]);
    } finally {
      await t.dispose();
    }
  });

  test.each([
    ['before it of a gap in which it lies', 40],
    ['before it, though it was understood only after', 4],
  ])('leaves the energy %s', async (_, hours) => {
    const t = await startTelemetry({ clock: new FakeClock(START + 10 * DAY) });
    try {
      const border = START + 7 * DAY;
      const rows = Array.from({ length: 10 * 288 }, (_, i) => START + i * 5 * MIN)
        .filter((time) => Math.abs(time - border) >= (hours * 60 * MIN) / 2)
        .map((time) => ({ sourceId: A, time, values: { totalEnergyProduced: 100 + (time - START) / (60 * MIN) } }))
        .filter(({ time }) => hours > 24 || time < border + 3 * 60 * MIN);
      await t.service.importReadings(A, rows);
      const energy = await t.service.energy(A, 'hour', tenDaysLong);
      await jobOf(t, { ...forEver, readings: 3 }).run(context());
      expect((await t.service.readings(A, everything, { limit: 1 })).items[0]?.time).toBeGreaterThan(border);
      expect(await t.service.energy(A, 'hour', tenDaysLong)).toEqual(energy);
    } finally {
      await t.dispose();
    }
  });

  test('leaves the energy of the last hours of a source that ended before it', async () => {
    const t = await startTelemetry({ clock: new FakeClock(START + 10 * DAY) });
    try {
      const rows = Array.from({ length: 5 * 288 - 100 }, (_, i) => START + i * 5 * MIN).map((time) => ({
        sourceId: A,
        time,
        values: { totalEnergyProduced: 100 + (time - START) / (60 * MIN) },
      }));
      await t.service.importReadings(A, rows);
      const energy = await t.service.energy(A, 'hour', tenDaysLong);
      await jobOf(t, { ...forEver, readings: 3 }).run(context());
      expect(await t.service.energy(A, 'hour', tenDaysLong)).toEqual(energy);
      expect((await t.service.readings(A, everything, { limit: 1 })).items).toEqual([]);
    } finally {
      await t.dispose();
    }
  });

  test('leaves quarter hours where minutes are not kept, and hours where those are not', async () => {
    const t = await tenDays();
    try {
      await jobOf(t, { ...forEver, readings: 3, minute: 3 }).run(context());
      const anHour = { from: START + DAY, to: START + DAY + 60 * MIN };
      expect((await chart(t, anHour)).times.length).toBe(4);
      await jobOf(t, { ...forEver, readings: 3, minute: 3, quarter: 5 }).run(context());
      const hour = await chart(t, anHour);
      expect([hour.bucketMs, countOf(hour)]).toEqual([60 * MIN, 1]);
      expect(countOf(await chart(t, { from: START, to: START + 10 * DAY }, 240))).toBe(240);
    } finally {
      await t.dispose();
    }
  });

  test('counts what comes late for the time before it in the charts, and keeps no reading of it', async () => {
    const t = await tenDays();
    try {
      await jobOf(t, { ...forEver, readings: 3 }).run(context());
      const hour = { from: START + DAY, to: START + DAY + 60 * MIN };
      t.service.add([{ sourceId: A, time: START + DAY + 5_000, values: { solarPower: 9000 } }], 1);
      const soon = await chart(t, hour, 4);
      expect(soon.highs.solarPower?.[0]).toBe(9000);
      await t.service.flush();
      (t.clock as FakeClock).advance(DAY);
      await jobOf(t, { ...forEver, readings: 4 }).run(context());
      expect((await chart(t, hour, 4)).highs.solarPower?.[0]).toBe(9000);
      expect((await chart(t, hour, 60)).highs.solarPower?.[0]).toBe(9000);
      expect((await t.service.readings(A, hour, { limit: 10 })).items).toEqual([]);
    } finally {
      await t.dispose();
    }
  });
});

describe('a retention of everything', () => {
  test('removes what is older, with charts and energy, and leaves the rest as it was', async () => {
    const t = await tenDays();
    try {
      const last = { from: START + 8 * DAY, to: START + 10 * DAY };
      const before = await t.service.energy(A, 'day', last);
      expect(before[0]?.solarKwh).toBeCloseTo(28.944, 2);
      await jobOf(t, allOf(3)).run(context());
      for (const id of [A, B]) {
        const { items } = await t.service.readings(id, everything, { limit: 10_000 });
        expect(items[0]?.time).toBe(START + 7 * DAY);
        expect(await t.service.span(id)).toEqual({ from: START + 7 * DAY, to: START + 10 * DAY - 20_000 });
      }
      expect((await t.service.statistics()).readings).toBe(2 * 3 * 4320);
      const [old] = await t.service.energy(A, 'day', { from: START, to: START + DAY });
      expect(old).toMatchObject({ solarKwh: null, coverage: 0 });
      expect(countOf(await chart(t, { from: START, to: START + 7 * DAY }))).toBe(0);
      expect(await t.service.energy(A, 'day', last)).toEqual(before);
    } finally {
      await t.dispose();
    }
  });

  test('survives a restart, and what comes later is stored as ever', async () => {
    const t = await tenDays();
    await jobOf(t, allOf(3)).run(context());
    await t.service.stop();
    await t.drop();
    const again = await startTelemetry({ dir: t.dir, clock: t.clock });
    try {
      again.service.add([{ sourceId: A, time: START + 10 * DAY, values: { solarPower: 5 } }], 1);
      await again.service.flush();
      expect((await again.service.statistics()).readings).toBe(2 * 3 * 4320 + 1);
      expect((await again.service.span(A))?.from).toBe(START + 7 * DAY);
    } finally {
      await again.dispose();
    }
  });

  test('may take everything of a source that fell silent', async () => {
    const t = await tenDays();
    try {
      for (const level of ['readings', 'minute', 'quarter', 'hour', 'day'] as const)
        await t.service.forget(A, { level, before: START + 20 * DAY, leavesMinutes: false });
      const { items } = await t.service.readings(A, everything, { limit: 10 });
      expect(items).toEqual([]);
      t.service.add([{ sourceId: A, time: START + 21 * DAY, values: { solarPower: 5 } }], 1);
      await t.service.flush();
      expect((await t.service.readings(A, everything, { limit: 10 })).items.length).toBe(1);
    } finally {
      await t.dispose();
    }
  });

  test('of nothing keeps everything and is never queued by itself', async () => {
    const t = await tenDays();
    try {
      expect(jobOf(t, forEver).cron).toBeUndefined();
      await jobOf(t, forEver).run(context());
      expect((await t.service.statistics()).readings).toBe(86_400);
    } finally {
      await t.dispose();
    }
  });
});
