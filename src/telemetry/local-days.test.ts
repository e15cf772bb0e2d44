import { describe, expect, test } from 'bun:test';
import type { Reading } from '../core/reading.ts';
import { localDay, periodsIn, startOfLocalDay } from '../core/zone.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry } from '../testing/telemetry.ts';

/** Energy by days, months and years of the source's own zone. One kilowatt, always: each period has as many kWh as hours. */
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function* steady(from: number, to: number, minutes = 15): Generator<Reading> {
  for (let time = from; time <= to; time += minutes * 60_000) yield { sourceId: ID, time, values: { loadPower: 1000 } };
}

async function withLoad(
  timeZone: string,
  range: { from: number; to: number; minutes?: number },
  check: (t: Awaited<ReturnType<typeof startTelemetry>>, facts: { timeZone: string }) => Promise<void>,
): Promise<void> {
  const facts = { timeZone, installedCapacityW: null };
  const t = await startTelemetry({ clock: new FakeClock(range.to), facts });
  try {
    await t.service.importReadings(ID, steady(range.from, range.to, range.minutes));
    await check(t, facts);
  } finally {
    await t.dispose();
  }
}

describe('a day has the hours of its zone', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Asia/Kolkata', '2026-06-01', 24],
    ['Asia/Kathmandu', '2026-06-01', 24],
    ['Australia/Eucla', '2026-06-01', 24],
    ['Pacific/Chatham', '2026-04-05', 25],
    ['Pacific/Chatham', '2026-09-27', 23],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['America/St_Johns', '2026-11-01', 25],
    // The clock goes forward at midnight: the day begins at one.
    ['America/Santiago', '2026-09-06', 23],
    ['Africa/Cairo', '2026-04-24', 23],
    ['Pacific/Kiritimati', '2026-01-01', 24],
  ])('%s on %s: %p', async (timeZone, day, hours) => {
    const noon = Date.parse(`${day}T12:00:00Z`);
    await withLoad(timeZone, { from: noon - 3 * DAY, to: noon + 3 * DAY }, async ({ service }) => {
      const items = await service.energy(ID, 'day', { from: noon - 2 * DAY, to: noon + 2 * DAY });
      const item = items.find((i) => i.period === day);
      expect(item?.loadKwh).toBe(hours);
      expect(item?.coverage).toBe(1);
      expect(items.map((i) => i.period)).toEqual([...new Set(items.map((i) => i.period))]);
    });
  });

  test('counts the whole day where readings are two hours apart', async () => {
    const from = Date.UTC(2026, 2, 20);
    await withLoad('Europe/Berlin', { from, to: from + 20 * DAY, minutes: 120 }, async ({ service }) => {
      const days = await service.energy(ID, 'day', { from: Date.UTC(2026, 2, 28), to: Date.UTC(2026, 2, 31) });
      expect(days.map((d) => [d.period, d.loadKwh, d.coverage])).toEqual([
        ['2026-03-28', 24, 1],
        ['2026-03-29', 23, 1],
        ['2026-03-30', 24, 1],
        ['2026-03-31', 24, 1],
      ]);
    });
  });
});

describe('months and years', () => {
  test('are those of the local calendar', async () => {
    const range = { from: Date.UTC(2025, 11, 30), to: Date.UTC(2027, 0, 2), minutes: 60 };
    await withLoad('Asia/Kathmandu', range, async ({ service }) => {
      const asked = { from: Date.UTC(2026, 0, 15), to: Date.UTC(2026, 11, 15) };
      const months = await service.energy(ID, 'month', asked);
      const spans = periodsIn('month', asked, 'Asia/Kathmandu');
      expect(months.map((m) => [m.period, m.loadKwh])).toEqual(spans.map((s) => [s.key, (s.to - s.from) / HOUR]));
      const years = await service.energy(ID, 'year', asked);
      expect(years.map((y) => [y.period, y.loadKwh, y.coverage])).toEqual([['2026', 365 * 24, 1]]);
    });
  });
});

describe('a source that moves to another zone', () => {
  test('has all its days in the new one', async () => {
    const from = Date.UTC(2026, 5, 1);
    await withLoad('Europe/Berlin', { from, to: from + 10 * DAY }, async ({ service }, facts) => {
      const range = { from: from + 3 * DAY, to: from + 4 * DAY };
      expect((await service.energy(ID, 'day', range)).map((d) => d.loadKwh)).toEqual([24, 24]);
      facts.timeZone = 'Asia/Kathmandu';
      service.factsChanged(ID);
      const day = startOfLocalDay(localDay(2026, 6, 4), 'Asia/Kathmandu');
      const moved = await service.energy(ID, 'day', { from: day, to: day + DAY });
      expect(moved.map((d) => [d.period, d.loadKwh])).toEqual([['2026-06-04', 24]]);
      expect(day).toBe(Date.UTC(2026, 5, 3, 18, 15));
    });
  });

  test('counts its daily counter by the midnights of the new one', async () => {
    // A counter that began anew at midnight in Kathmandu (18:15 UTC), silent from 16:00 to 20:00 UTC each day.
    const from = Date.UTC(2026, 5, 1, 18, 15);
    const facts = { timeZone: 'UTC', installedCapacityW: null };
    const t = await startTelemetry({ clock: new FakeClock(from + 6 * DAY), facts });
    try {
      const rows: Reading[] = [];
      for (let time = from + 2 * HOUR; time < from + 6 * DAY; time += 15 * 60_000) {
        const hour = ((time - from) % DAY) / HOUR;
        if (hour > 2 && hour < 21.75) rows.push({ sourceId: ID, time, values: { dailyEnergyConsumed: hour } });
      }
      await t.service.importReadings(ID, rows);
      const whole = { from: startOfLocalDay(localDay(2026, 6, 4), 'Asia/Kathmandu'), to: from + 3 * DAY };
      facts.timeZone = 'Asia/Kathmandu';
      t.service.factsChanged(ID);
      const [day] = await t.service.energy(ID, 'day', whole);
      // What it shows last of a day; what it counted until midnight nobody said.
      expect([day?.period, Math.round((day?.loadKwh ?? 0) * 1000) / 1000]).toEqual(['2026-06-04', 21.5]);
      const atOnce = await startTelemetry({ clock: new FakeClock(from + 6 * DAY), facts });
      await atOnce.service.importReadings(ID, rows);
      expect(await atOnce.service.energy(ID, 'day', whole)).toEqual(await t.service.energy(ID, 'day', whole));
      await atOnce.dispose();
    } finally {
      await t.dispose();
    }
  });
});
