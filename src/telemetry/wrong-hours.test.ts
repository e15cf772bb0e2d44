import { afterEach, describe, expect, test } from 'bun:test';
import type { MetricValues, Reading } from '../core/reading.ts';
import { dayKey, localDay, localDayOf, startOfLocalDay } from '../core/zone.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../testing/telemetry.ts';
import { readHistoryQuery } from './history/history-query.ts';
import { historySteps } from './history/history-steps.ts';
import { readTotalsQuery, totalsSteps } from './totals/totals-query.ts';

/** Wrong days and hours as users of other systems reported them: clock changes, odd zones, and clocks of other zones. */
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

const opened: TestTelemetry[] = [];
afterEach(async () => {
  for (const t of opened.splice(0)) await t.dispose();
});

type Shown = (time: number) => MetricValues;

/** A source of a zone that was heard every five minutes of some local days. */
async function heard(timeZone: string, days: [from: string, to: string], shown: Shown): Promise<TestTelemetry> {
  const [from, to] = days.map((day) => midnight(day, timeZone)) as [number, number];
  const t = await startTelemetry({ clock: new FakeClock(to), facts: { timeZone } });
  opened.push(t);
  function* rows(): Generator<Reading> {
    for (let time = from; time <= to; time += 5 * MIN) yield { sourceId: ID, time, values: shown(time) };
  }
  await t.service.importReadings(ID, rows());
  return t;
}

function midnight(day: string, timeZone: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return startOfLocalDay(localDay(year, month, date), timeZone);
}

/** What a steady load of 500 W has taken since midnight, as a counter of the day shows it. */
const dailyOf =
  (timeZone: string): Shown =>
  (time) => ({
    dailyEnergyConsumed: Math.round((time - startOfLocalDay(localDayOf(time, timeZone), timeZone)) / 7200) / 1000,
  });

const by = async (t: TestTelemetry, step: 'hour' | 'day', from: number, to: number) =>
  (await t.service.energy(ID, step, { from, to })).map(({ period, loadKwh }) => [period, loadKwh] as const);

describe('hours stand where the clock has them', () => {
  test.each([
    ['core #58059', 'Europe/Amsterdam', '2021-10-04', '20:00', '2021-10-04T20:00+02:00', '2021-10-04T18:00Z'],
    ['core #57030', 'Europe/Berlin', '2021-10-02', '08:00', '2021-10-02T08:00+02:00', '2021-10-02T06:00Z'],
    ['frontend #11976', 'Europe/Oslo', '2022-03-07', '01:00', '2022-03-07T01:00+01:00', '2022-03-07T00:00Z'],
    ['core #176455', 'Australia/Adelaide', '2026-07-14', '00:00', '2026-07-14T00:00+09:30', '2026-07-13T14:30Z'],
    ['45 minutes', 'Australia/Eucla', '2026-07-14', '23:00', '2026-07-14T23:00+08:45', '2026-07-14T14:15Z'],
  ])('%s: in %s on %s what was used from %s on', async (_case, timeZone, day, _time, period, utc) => {
    const used = Date.parse(utc);
    const next = dayKey(localDayOf(used, timeZone) + 1);
    const t = await heard(timeZone, [day, next], (time) => ({
      loadPower: time > used && time < used + HOUR ? 2000 : 0,
    }));
    const hours = await by(t, 'hour', midnight(day, timeZone), midnight(next, timeZone));
    expect(hours).toHaveLength(24);
    const busy = hours.filter(([, kwh]) => (kwh ?? 0) > 0.2);
    expect(busy.map(([key]) => key)).toEqual([period]);
    expect(busy[0]?.[1]).toBeCloseTo(2, 0);
  });

  test('frontend #15953: a counter of the day gives each of the 23 hours its own', async () => {
    const timeZone = 'Europe/Stockholm';
    const t = await heard(timeZone, ['2023-03-25', '2023-03-28'], dailyOf(timeZone));
    const hours = await by(t, 'hour', midnight('2023-03-26', timeZone), midnight('2023-03-27', timeZone));
    expect(hours).toHaveLength(23);
    // Between its last value before midnight and the zero after it nobody knows what flowed: five minutes at most.
    for (const [key, kwh] of hours) expect([key, Math.abs((kwh ?? 0) - 0.5) < 0.045]).toEqual([key, true]);
  });

  test('Predbat #898, #1566: an hour that is not there has no name, and one that comes twice has two', async () => {
    const timeZone = 'Europe/London';
    const spring = await heard(timeZone, ['2024-03-31', '2024-04-01'], () => ({ loadPower: 1000 }));
    const [from, to] = [midnight('2024-03-31', timeZone), midnight('2024-04-01', timeZone)];
    expect((await by(spring, 'hour', from, to)).slice(0, 3)).toEqual([
      ['2024-03-31T00:00+00:00', 1],
      ['2024-03-31T02:00+01:00', 1],
      ['2024-03-31T03:00+01:00', 1],
    ]);
    const autumn = await heard(timeZone, ['2024-10-27', '2024-10-28'], () => ({ loadPower: 1000 }));
    const hours = await by(autumn, 'hour', midnight('2024-10-27', timeZone), midnight('2024-10-28', timeZone));
    expect(hours).toHaveLength(25);
    expect(hours.slice(0, 4).map(([key]) => key)).toEqual([
      '2024-10-27T00:00+01:00',
      '2024-10-27T01:00+01:00',
      '2024-10-27T01:00+00:00',
      '2024-10-27T02:00+00:00',
    ]);
  });
});

describe('days of a clock change', () => {
  test('emoncms #397: the kWh fall on no day below zero, and no day stands twice or is missing', async () => {
    const timeZone = 'Europe/Brussels';
    const t = await heard(timeZone, ['2015-10-23', '2015-10-28'], dailyOf(timeZone));
    const days = await by(t, 'day', midnight('2015-10-23', timeZone), midnight('2015-10-28', timeZone));
    expect(days.map(([key]) => key)).toEqual(['2015-10-23', '2015-10-24', '2015-10-25', '2015-10-26', '2015-10-27']);
    const hoursOf = (key: string): number => (key === '2015-10-25' ? 25 : 24);
    for (const [key, kwh] of days) expect([key, Math.abs((kwh ?? 0) - hoursOf(key) / 2) < 0.05]).toEqual([key, true]);
  });

  test('emoncms #314: the days before it are there after it as they were', async () => {
    const timeZone = 'Europe/London';
    const t = await heard(timeZone, ['2015-03-20', '2015-04-09'], dailyOf(timeZone));
    const before = [midnight('2015-03-20', timeZone), midnight('2015-03-29', timeZone)] as const;
    (t.clock as FakeClock).set(midnight('2015-03-29', timeZone));
    const then = await by(t, 'day', ...before);
    (t.clock as FakeClock).set(midnight('2015-04-09', timeZone));
    expect(await by(t, 'day', ...before)).toEqual(then);
    expect(then).toHaveLength(9);
    for (const [key, kwh] of then) expect([key, Math.abs((kwh ?? 0) - 12) < 0.05]).toEqual([key, true]);
  });

  test('frontend #24877: going back a day at a time over it shows each day once, from midnight to midnight', () => {
    const timeZone = 'Europe/Tallinn';
    const now = midnight('2025-04-02', timeZone) + 9 * HOUR;
    const context = { now, timeZone, span: { from: now - 30 * DAY, to: now }, available: ['solarPower'] as const };
    let totals = readTotalsQuery({ period: 'day' }, context);
    let history = readHistoryQuery({ range: '2025-04-02' }, context);
    const seen: string[] = [];
    for (let back = 0; back < 6; back++) {
      const { earlier } = totalsSteps(totals, context);
      if (!earlier) throw new Error('there are earlier days');
      seen.push(earlier.key);
      expect([earlier.from, earlier.to]).toEqual([
        midnight(earlier.key, timeZone),
        startOfLocalDay(localDayOf(earlier.from, timeZone) + 1, timeZone),
      ]);
      totals = { ...totals, period: earlier };
      const address = new URL(historySteps(history, context).earlier ?? '', 'http://x').searchParams;
      history = readHistoryQuery(Object.fromEntries(address), context);
      expect(history.range).toEqual({ from: earlier.from, to: earlier.to });
    }
    expect(seen).toEqual(['2025-04-01', '2025-03-31', '2025-03-30', '2025-03-29', '2025-03-28', '2025-03-27']);
  });

  test('Predbat #3493: the zone of the computer is none of a source’s', async () => {
    const zoneBefore = process.env.TZ;
    const answers: unknown[] = [];
    try {
      for (const zone of ['America/Los_Angeles', 'Pacific/Auckland', 'UTC']) {
        process.env.TZ = zone;
        const t = await heard('Europe/London', ['2026-03-28', '2026-03-31'], dailyOf('Europe/London'));
        const [from, to] = [midnight('2026-03-28', 'Europe/London'), midnight('2026-03-31', 'Europe/London')];
        const { range } = readHistoryQuery({ from: '2026-03-29T00:00', to: '2026-03-30' }, context(to));
        answers.push({
          hours: await by(t, 'hour', from, to),
          days: await by(t, 'day', from, to),
          range,
        });
      }
    } finally {
      if (zoneBefore === undefined) delete process.env.TZ;
      else process.env.TZ = zoneBefore;
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ range: { from: Date.UTC(2026, 2, 29), to: Date.UTC(2026, 2, 29, 23) } });
  });
});

test('Grott #111: records that a logger sends between those of now are of their own time, and the day is as if all had come in order', async () => {
  const timeZone = 'Europe/Bucharest';
  const [from, to] = [midnight('2023-06-28', timeZone), midnight('2023-06-29', timeZone)];
  const shown = dailyOf(timeZone);
  const readings = Array.from({ length: 288 }, (_, i): Reading => {
    const time = from + i * 5 * MIN;
    return { sourceId: ID, time, values: { ...shown(time), loadPower: 500 } };
  });
  // From 7:00 to 9:00 every other one is kept, and comes from 11:40 on with each one of then.
  const isKept = ({ time }: Reading, i: number) => time >= from + 7 * HOUR && time < from + 9 * HOUR && i % 2 === 1;
  const kept = readings.filter(isKept);
  const mixed = readings
    .filter((reading, i) => !isKept(reading, i))
    .flatMap((reading) => [reading, ...(reading.time >= from + 11.6 * HOUR ? kept.splice(0, 1) : [])]);
  expect(mixed).toHaveLength(288);
  const answers: unknown[] = [];
  for (const order of [readings, mixed]) {
    const t = await startTelemetry({ clock: new FakeClock(from), facts: { timeZone } });
    opened.push(t);
    for (const [i, reading] of order.entries()) {
      (t.clock as FakeClock).set(Math.max(t.clock.now(), reading.time));
      t.service.add([reading], i + 1);
      if (i % 50 === 49) await t.service.flush();
    }
    (t.clock as FakeClock).set(to);
    await t.service.flush();
    const items = await t.service.energy(ID, 'day', { from, to });
    expect(Math.abs((items[0]?.loadKwh ?? 0) - 12) < 0.05).toBe(true);
    answers.push({ items, hours: await t.service.energy(ID, 'hour', { from, to }) });
  }
  expect(answers[1]).toEqual(answers[0]);
});

const context = (now: number) => ({
  ...{ now, timeZone: 'Europe/London', available: ['solarPower'] as const },
  span: { from: now - 30 * DAY, to: now },
});
