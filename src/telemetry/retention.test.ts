import { describe, expect, test } from 'bun:test';
import type { Job, JobContext } from '../core/jobs.ts';
import type { Source } from '../sources/source.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry } from '../testing/telemetry.ts';
import { retentionJob } from './retention-service.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const START = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;
const MIN = 60_000;
const everything = { from: 0, to: Date.UTC(2030, 0, 1) };

const context = (signal = new AbortController().signal): JobContext => ({ job: {} as Job, signal, progress: () => {} });

/** Ten days of two sources, one value every five minutes. */
async function tenDays() {
  const t = await startTelemetry({ clock: new FakeClock(START + 10 * DAY) });
  const readings = (sourceId: string) =>
    Array.from({ length: 2880 }, (_, i) => ({ sourceId, time: START + i * 5 * MIN, values: { solarPower: 1200 } }));
  await t.service.importReadings(A, readings(A));
  await t.service.importReadings(B, readings(B));
  return t;
}
const jobOf = (t: Awaited<ReturnType<typeof tenDays>>, retentionDays: number) =>
  retentionJob({
    telemetry: t.service,
    sources: { all: () => [A, B].map((id) => ({ id, name: id }) as Source) },
    clock: t.clock,
    retentionDays,
  });

describe('a retention', () => {
  test('removes what is older, with rollups and energy, and leaves the rest as it was', async () => {
    const t = await tenDays();
    try {
      const last = { from: START + 8 * DAY, to: START + 10 * DAY };
      const before = await t.service.energy(A, 'day', last);
      expect(before[0]?.solarKwh).toBeCloseTo(28.8, 5);
      await jobOf(t, 3).run(context());
      for (const id of [A, B]) {
        const { items } = await t.service.readings(id, everything, { limit: 10_000 });
        expect(items[0]?.time).toBe(START + 7 * DAY);
        expect(items.length).toBe(864);
        expect(await t.service.span(id)).toEqual({ from: START + 7 * DAY, to: START + 10 * DAY - 5 * MIN });
      }
      expect((await t.service.statistics()).readings).toBe(1728);
      const [old] = await t.service.energy(A, 'day', { from: START, to: START + DAY });
      expect(old).toMatchObject({ solarKwh: null, coverage: 0 });
      expect(await t.service.energy(A, 'day', last)).toEqual(before);
    } finally {
      await t.dispose();
    }
  });

  test('survives a restart, and what comes later is stored as ever', async () => {
    const t = await tenDays();
    await jobOf(t, 3).run(context());
    await t.service.stop();
    t.drop();
    const again = await startTelemetry({ dir: t.dir, clock: t.clock });
    try {
      again.service.add([{ sourceId: A, time: START + 10 * DAY, values: { solarPower: 5 } }], 1);
      await again.service.flush();
      expect((await again.service.statistics()).readings).toBe(1729);
      expect((await again.service.span(A))?.from).toBe(START + 7 * DAY);
    } finally {
      await again.dispose();
    }
  });

  test('may take everything of a source that fell silent', async () => {
    const t = await tenDays();
    try {
      await t.service.deleteBefore(A, START + 20 * DAY);
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
      expect(jobOf(t, 0).cron).toBeUndefined();
      await jobOf(t, 0).run(context());
      expect((await t.service.statistics()).readings).toBe(5760);
    } finally {
      await t.dispose();
    }
  });
});
