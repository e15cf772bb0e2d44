import { afterEach, describe, expect, test } from 'bun:test';
import type { MetricValues, Reading } from '../../core/reading.ts';
import { localDay, startOfLocalDay } from '../../core/zone.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import type { Correction } from '../corrections/correction.ts';
import type { HistorySeries } from '../figures.ts';

/**
 * What happens to days that are packed long ago: late readings, corrections, removal, another zone, another inverter. Each
 * time everything must be as if it had been known from the beginning.
 */
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 25);
const DAYS = 14;
const END = START + DAYS * DAY;
const facts = { timeZone: 'Europe/Berlin', installedCapacityW: null };

const opened: TestTelemetry[] = [];
afterEach(async () => {
  for (const t of opened.splice(0)) await t.dispose();
});

/** A reading every ten minutes: 600 W of load by day, 300 W by night, and the counter that counts it. */
function readings(change: (time: number, values: MetricValues) => MetricValues | null = (_, v) => v): Reading[] {
  const all: Reading[] = [];
  let kwh = 5000;
  for (let time = START; time < END; time += 10 * MIN) {
    const loadPower = Math.floor((time % DAY) / (12 * HOUR)) === 0 ? 300 : 600;
    const values = change(time, { loadPower, stateOfCharge: (time / MIN) % 97, totalEnergyConsumed: kwh });
    if (values) all.push({ sourceId: ID, time, values });
    kwh = Math.round((kwh + loadPower / 6000) * 1000) / 1000;
  }
  return all;
}

async function storeOf(rows: readonly Reading[], of: object = facts, now = END): Promise<TestTelemetry> {
  const t = await startTelemetry({ clock: new FakeClock(now), facts: of });
  opened.push(t);
  await t.service.importReadings(ID, rows);
  return t;
}

/** Sends readings as devices do, and lets ten minutes pass, so that their days are packed anew. */
async function sendLate(t: TestTelemetry, late: readonly Reading[]): Promise<void> {
  t.service.add(late, 1);
  await t.service.flush();
}
async function settle(t: TestTelemetry): Promise<void> {
  (t.clock as FakeClock).advance(HOUR);
  while (!(await t.service.bookPass(ID)));
}

/** All that anybody can ask. */
async function answers(t: TestTelemetry) {
  const whole = { from: START - 2 * DAY, to: END + DAY };
  const lines = ['loadPower', 'stateOfCharge', 'totalEnergyConsumed'] as const;
  const charts: HistorySeries[] = [];
  for (const [range, points] of [
    [{ from: START, to: END }, DAYS],
    [{ from: START, to: END }, DAYS * 24],
    [{ from: START + 5 * DAY, to: START + 9 * DAY }, 4 * 96],
    [{ from: START + 6 * DAY, to: START + 8 * DAY }, 288],
  ] as const)
    charts.push(await t.service.history(ID, lines, range, points));
  const energy = [];
  for (const step of ['hour', 'day', 'month', 'year'] as const) energy.push(await t.service.energy(ID, step, whole));
  const { items } = await t.service.readings(ID, whole, { limit: 10_000 });
  return { charts, energy, items, count: (await t.service.statistics()).readings };
}

/** The same as if all of it had come in order; before and after the days are packed anew, and to the doctor, too. */
async function expectAsIfKnown(t: TestTelemetry, fresh: TestTelemetry): Promise<void> {
  (fresh.clock as FakeClock).advance(t.clock.now() - fresh.clock.now());
  const before = await answers(fresh);
  const { charts, ...now } = await answers(t);
  expect(now).toEqual({ energy: before.energy, items: before.items, count: before.count });
  expectAlike(charts, before.charts);
  await settle(t);
  await settle(fresh);
  const expected = await answers(fresh);
  expect(await answers(t)).toEqual(expected);
  const check = await t.service.checkBooks(ID, 10);
  expect(check?.problems).toEqual([]);
  expect(t.store.find(ID)?.readings).toBe(expected.items.length);
}

/** What is rolled up keeps means to a tenth of a watt. */
function expectAlike(charts: readonly HistorySeries[], expected: readonly HistorySeries[]): void {
  const coarse = (all: readonly HistorySeries[]) =>
    all.map(({ times, series, lows, highs }) => ({
      ...{ times, lows, highs },
      series: Object.entries(series).map(([name, values]) => [name, values.map((value) => value !== null)]),
    }));
  expect(coarse(charts)).toEqual(coarse(expected));
  for (const [i, chart] of charts.entries())
    for (const [name, values] of Object.entries(chart.series))
      for (const [k, value] of values.entries())
        expect(Math.abs((value ?? 0) - (expected[i]?.series[name as 'loadPower']?.[k] ?? 0))).toBeLessThan(0.11);
}

const isHole = (time: number): boolean => time >= START + 6 * DAY + 5 * HOUR && time < START + 8 * DAY + 7 * HOUR;

describe('readings that come late for packed days', () => {
  test('fill a hole of days, across midnights', async () => {
    const all = readings();
    const t = await storeOf(all.filter(({ time }) => !isHole(time)));
    await answers(t);
    await sendLate(
      t,
      all.filter(({ time }) => isHole(time)),
    );
    await expectAsIfKnown(t, await storeOf(all));
  });

  test('come in small pieces, out of order and twice', async () => {
    const all = readings();
    const t = await storeOf(all.filter(({ time }) => !isHole(time)));
    const late = all.filter(({ time }) => isHole(time)).reverse();
    for (let i = 0; i < late.length; i += 60) {
      await sendLate(t, [...late.slice(i, i + 60), ...late.slice(Math.max(0, i - 30), i)]);
      if (i % 120 === 0) await settle(t);
    }
    await expectAsIfKnown(t, await storeOf(all));
  });

  test('add a metric to readings that are there', async () => {
    const all = readings();
    const t = await storeOf(
      all.map((r) => (isHole(r.time) ? { ...r, values: { loadPower: r.values.loadPower ?? 0 } } : r)),
    );
    await sendLate(
      t,
      all
        .filter(({ time }) => isHole(time))
        .map((r) => ({ ...r, values: { ...r.values, loadPower: r.values.loadPower ?? 0 } })),
    );
    await expectAsIfKnown(t, await storeOf(all));
  });

  test('lie before everything that is known', async () => {
    const all = readings();
    const t = await storeOf(all.filter(({ time }) => time >= START + 3 * DAY + 4 * HOUR));
    await sendLate(
      t,
      all.filter(({ time }) => time < START + 3 * DAY + 4 * HOUR),
    );
    await expectAsIfKnown(t, await storeOf(all));
  });

  test('stand on the last and the first millisecond of a day', async () => {
    const all = readings();
    const edges = [START + 7 * DAY - 1, START + 7 * DAY, START + 7 * DAY + 1, START + 8 * DAY - 1].map((time) => ({
      ...{ sourceId: ID, time },
      values: { loadPower: 4000, stateOfCharge: 50 },
    }));
    const t = await storeOf(all);
    await sendLate(t, edges);
    const merged = new Map<number, Reading>(all.map((r) => [r.time, r]));
    for (const r of edges) merged.set(r.time, { ...r, values: { ...merged.get(r.time)?.values, ...r.values } });
    const inOrder = [...merged.values()].sort((a, b) => a.time - b.time);
    await expectAsIfKnown(t, await storeOf(inOrder));
  });

  test('import the same file again: nothing changes, and nothing is counted twice', async () => {
    const all = readings();
    const t = await storeOf(all);
    const before = await answers(t);
    await t.service.importReadings(ID, all);
    expect(await answers(t)).toEqual(before);
    const quality = await t.service.quality(ID, { from: START, to: END });
    expect(quality.reduce((sum, day) => sum + day.arrivals.again, 0)).toBe(all.length);
  });
});

describe('corrections of packed days', () => {
  const made = {
    id: 'c1',
    note: '',
    madeBy: 'Ada',
    madeAt: 1,
    undoneAt: null,
    undoneBy: null,
    above: null,
    below: null,
  };
  const range = { from: START + 6 * DAY + 5 * HOUR, to: START + 8 * DAY + 7 * HOUR };
  const doubled: Correction = { ...made, ...range, kind: 'scale', metric: 'loadPower', amount: 2 };
  const removed: Correction = { ...made, ...range, id: 'c2', madeAt: 2, kind: 'remove', metric: null, amount: null };

  test('change charts and energy at once, and leave what was received', async () => {
    const all = readings((time, v) => (time % (7 * HOUR) === 0 ? { loadPower: v.loadPower ?? 0 } : v));
    const t = await storeOf(all);
    await t.service.correct(ID, doubled);
    const fresh = await storeOf([]);
    await fresh.service.importReadings(ID, all.slice(0, 1));
    await fresh.service.correct(ID, doubled);
    await fresh.service.importReadings(ID, all);
    await expectAsIfKnown(t, fresh);
    await t.service.correct(ID, { ...doubled, undoneAt: 3, undoneBy: 'Ada' });
    await expectAsIfKnown(t, await storeOf(all));
  });

  test('hold for late readings of their time', async () => {
    const all = readings();
    const t = await storeOf(all.filter(({ time }) => !isHole(time)));
    await t.service.correct(ID, doubled);
    await settle(t);
    await sendLate(
      t,
      all.filter(({ time }) => isHole(time)),
    );
    const fresh = await storeOf(all);
    await fresh.service.correct(ID, doubled);
    await expectAsIfKnown(t, fresh);
  });

  test('that remove readings are as if those had never come, and can be undone', async () => {
    const all = readings();
    const t = await storeOf(all);
    await t.service.correct(ID, removed);
    const without = await storeOf(all.filter(({ time }) => time < range.from || time >= range.to));
    for (const one of [t, without]) await settle(one);
    const [{ count, ...shown }, { count: left, ...expected }] = [await answers(t), await answers(without)];
    expect(shown).toEqual(expected);
    expect([count, left]).toEqual([all.length, expected.items.length]);
    await t.service.correct(ID, { ...removed, undoneAt: 3, undoneBy: 'Ada' });
    await expectAsIfKnown(t, await storeOf(all));
  });

  test('of a time whose readings are past their retention change nothing, and disturb nothing', async () => {
    const t = await storeOf(readings());
    await t.service.forget(ID, { level: 'readings', before: START + 10 * DAY, leavesMinutes: true });
    await settle(t);
    const before = await answers(t);
    await t.service.correct(ID, doubled);
    while (!(await t.service.bookPass(ID)));
    const after = await answers(t);
    expect(after.energy).toEqual(before.energy);
    expect(after.charts.slice(0, 3)).toEqual(before.charts.slice(0, 3));
    expect((await t.service.checkBooks(ID, 10))?.problems).toEqual([]);
  });
});

describe('removal', () => {
  test('of a source takes its packed days; whoever comes after it starts with nothing', async () => {
    const all = readings();
    const t = await storeOf(all);
    const key = t.store.find(ID)?.key ?? -1;
    await t.service.deleteSource(ID);
    expect(t.store.packed().days(key, { from: 0, to: END }).size).toBe(0);
    expect(Object.values(t.store.packed().bytes()).reduce((a, b) => a + b)).toBe(0);
    // The same id again, as a restored backup would bring it.
    await t.service.importReadings(ID, all.slice(-300));
    await expectAsIfKnown(t, await storeOf(all.slice(-300)));
  });

  test('of readings before a day keeps energy and charts, also with readings late for it', async () => {
    const all = readings();
    const t = await storeOf(all.filter(({ time }) => !isHole(time)));
    await sendLate(
      t,
      all.filter(({ time }) => isHole(time)),
    );
    // The late ones are still beside their packed days.
    await t.service.forget(ID, { level: 'readings', before: START + 10 * DAY, leavesMinutes: false });
    const [now, whole] = [await answers(t), await answers(await storeOf(all))];
    expect(now.energy).toEqual(whole.energy);
    expect(now.charts.slice(0, 2)).toEqual(whole.charts.slice(0, 2));
    expect(now.items).toEqual(whole.items.filter(({ time }) => time >= START + 10 * DAY));
    expect(now.count).toBe(now.items.length);
  });
});

describe('zones', () => {
  test.each(['Asia/Kathmandu', 'Pacific/Chatham', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kolkata'])(
    'a source that moves to %s has its packed days there, as if it had always been there',
    async (timeZone) => {
      const own = { ...facts };
      const all = readings();
      const t = await storeOf(all, own);
      await answers(t);
      own.timeZone = timeZone;
      t.service.factsChanged(ID);
      await expectAsIfKnown(t, await storeOf(all, { ...facts, timeZone }));
    },
  );

  test('the hours of a day of 23 and of one of 25 are as many, and add up to it', async () => {
    const autumn = Date.UTC(2026, 9, 20);
    const shift = autumn - START;
    const moved = readings().map((r) => ({ ...r, time: r.time + shift }));
    for (const [rows, day, hours] of [
      [readings(), localDay(2026, 3, 29), 23],
      [moved, localDay(2026, 10, 25), 25],
    ] as const) {
      const t = await storeOf(rows, facts, Date.UTC(2026, 10, 30));
      const range = { from: startOfLocalDay(day, 'Europe/Berlin'), to: startOfLocalDay(day + 1, 'Europe/Berlin') };
      const byHour = await t.service.energy(ID, 'hour', range);
      const [whole] = await t.service.energy(ID, 'day', range);
      expect(byHour.length).toBe(hours);
      const sum = byHour.reduce((kwh, hour) => kwh + (hour.loadKwh ?? 0), 0);
      expect(sum).toBeCloseTo(whole?.loadKwh ?? 0, 9);
      expect(new Set(byHour.map((hour) => hour.period)).size).toBe(hours);
    }
  });
});

describe('an inverter that was replaced on the first of a month', () => {
  /** The old one stood at 5,080 kWh; its successor begins with 35, half an hour later. */
  const replaced = (time: number, v: MetricValues): MetricValues | null => {
    const at = Date.UTC(2026, 3, 1, 9);
    if (time >= at - 30 * MIN && time < at) return null;
    return time < at
      ? v
      : { ...v, totalEnergyConsumed: Math.round(((v.totalEnergyConsumed ?? 0) - 5045) * 1000) / 1000 };
  };

  test('costs neither month anything, and the jump is no energy', async () => {
    const t = await storeOf(readings(replaced));
    const whole = await storeOf(readings());
    const range = { from: START, to: END };
    const [months, asOne] = [
      await t.service.energy(ID, 'month', range),
      await whole.service.energy(ID, 'month', range),
    ];
    expect(months.map((m) => m.period)).toEqual(['2026-03', '2026-04']);
    for (const [i, month] of months.entries())
      expect(Math.abs((month.loadKwh ?? 0) - (asOne[i]?.loadKwh ?? 0))).toBeLessThan(0.3);
  });

  test('is the same when what the old one said last comes weeks later', async () => {
    const all = readings(replaced);
    const isLast = ({ time }: Reading) => time >= Date.UTC(2026, 2, 30) && time < Date.UTC(2026, 3, 1, 9);
    const t = await storeOf(all.filter((r) => !isLast(r)));
    await answers(t);
    await sendLate(t, all.filter(isLast));
    await expectAsIfKnown(t, await storeOf(all));
  });
});
