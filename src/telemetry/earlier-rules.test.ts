import { afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../core/ids.ts';
import type { Reading } from '../core/reading.ts';
import { FakeClock, tempDir } from '../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../testing/telemetry.ts';
import { BOOK_VERSION } from './books/book-rules.ts';
import { bookingJob } from './books/booking-service.ts';

/** Books of a long past whose rules change with a new version: what they say meanwhile, and afterwards. */
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1);
const DAYS = 45;
const range = { from: START, to: START + DAYS * DAY };
const clock = () => new FakeClock(START + DAYS * DAY + 2 * HOUR);
const running: TestTelemetry[] = [];
let filled = '';

/** 1 kW of sun by day, as power and as a counter of tenths. */
const counted = (minute: number): number => {
  const [day, hour] = [Math.floor(minute / 1440), (minute % 1440) / 60];
  return Math.floor(10 * (500 + 12 * day + Math.min(12, Math.max(0, hour - 6)))) / 10;
};
const reading = (minute: number): Reading => {
  const hour = (minute % 1440) / 60;
  const values = { solarPower: hour >= 6 && hour < 18 ? 1000 : 0, totalEnergyProduced: counted(minute) };
  return { sourceId: ID, time: START + minute * MIN, values };
};

beforeAll(async () => {
  const t = await startTelemetry({ clock: clock() });
  await t.service.importReadings(
    ID,
    Array.from({ length: DAYS * 1440 + 60 }, (_, minute) => reading(minute)),
  );
  await t.service.stop();
  await t.drop();
  filled = t.dir;
});

afterEach(async () => {
  for (const t of running.splice(0)) await t.dispose();
});

async function start(dir: string, facts = {}): Promise<TestTelemetry> {
  const t = await startTelemetry({ dir, clock: clock(), facts });
  running.push(t);
  return t;
}

/** As power that fails leaves it. */
async function kill(t: TestTelemetry): Promise<string> {
  await t.drop();
  running.splice(running.indexOf(t), 1);
  return t.dir;
}

/** The folder as a version left it that booked twice the energy, and whose states nobody can read any more. */
async function leftBy(version: number): Promise<string> {
  const dir = tempDir('ampra-earlier-');
  cpSync(filled, dir, { recursive: true });
  const t = await start(dir);
  const connection = await t.database.connect();
  await connection.run('UPDATE energy_15m SET solar_kwh = 2 * solar_kwh');
  await connection.run(`UPDATE energy_chunks SET state = 'as version ${version} wrote it'`);
  await connection.run(`UPDATE telemetry_sources SET book_rules = '${version} UTC -'`);
  await connection.close();
  return await kill(t);
}

const byDay = async (t: TestTelemetry): Promise<number[]> =>
  (await t.service.energy(ID, 'day', range)).map((day) => Math.round(10 * (day.solarKwh ?? Number.NaN)) / 10);
const all = (kwh: number) => new Array<number>(DAYS).fill(kwh);

async function finish(t: TestTelemetry): Promise<void> {
  while (!(await t.service.bookPass(ID)));
  expect(t.service.remadeShare(ID)).toBeNull();
  expect(await t.service.checkBooks(ID, DAYS)).toEqual({ days: DAYS, problems: [], isWaiting: false });
}

describe('books by the rules of another version', () => {
  test.each([2, 4, BOOK_VERSION + 1])(
    'of version %i answer at once, and are made anew by a job, in order',
    async (version) => {
      const t = await start(await leftBy(version));
      expect(t.service.farBehind()).toEqual([ID]);
      expect(await byDay(t)).toEqual(all(24));
      expect(t.service.remadeShare(ID)).toBe(0);
      expect(await t.service.checkBooks(ID, 3)).toEqual({ days: 0, problems: [], isWaiting: true, remadeShare: 0 });
      const seen: [number | null, number, number][] = [];
      const job = bookingJob({ booking: () => t.service, sources: { byId: () => undefined } });
      const progress = async () => {
        const days = await byDay(t);
        seen.push([t.service.remadeShare(ID), days[0] ?? 0, days[DAYS - 1] ?? 0]);
      };
      await job.run({ job: {} as never, signal: new AbortController().signal, progress });
      expect(seen[0]).toEqual([0, 24, 24]);
      const middle = seen.filter(([share]) => share !== null && share > 0);
      expect(middle.length).toBeGreaterThan(1);
      for (const [, first, last] of middle) expect([first, last]).toEqual([12, 24]);
      expect(t.service.farBehind()).toEqual([]);
      expect(await byDay(t)).toEqual(all(12));
      await finish(t);
    },
  );

  test('go on where they were when the power failed', async () => {
    const t = await start(await leftBy(4));
    await t.service.bookPass(ID);
    await t.service.bookPass(ID);
    const share = t.service.remadeShare(ID) ?? 0;
    expect(share).toBeGreaterThan(0.3);
    const again = await start(await kill(t));
    expect(again.service.remadeShare(ID)).toBe(share);
    expect(again.service.farBehind()).toEqual([ID]);
    const days = await byDay(again);
    expect([days[0], days[DAYS - 1]]).toEqual([12, 24]);
    await finish(again);
    expect(await byDay(again)).toEqual(all(12));
  });

  test('survive a process that is killed in the middle of a pass', async () => {
    const dir = await leftBy(4);
    const child = Bun.spawn([process.execPath, join(import.meta.dir, '../testing/booking-process.ts'), dir, ID], {
      stdout: 'pipe',
    });
    // It says when a pass begins.
    const reader = child.stdout.getReader();
    for (let passes = 0; passes < 2; ) passes += new TextDecoder().decode((await reader.read()).value).length;
    await Bun.sleep(5);
    child.kill('SIGKILL');
    await child.exited;
    const t = await start(dir);
    await t.service.energy(ID, 'day', range);
    expect(t.service.remadeShare(ID)).toBeLessThan(1);
    await finish(t);
    expect(await byDay(t)).toEqual(all(12));
  });

  test('begin anew when yet another version comes before they were through', async () => {
    const t = await start(await leftBy(3));
    await t.service.bookPass(ID);
    const connection = await t.database.connect();
    await connection.run("UPDATE telemetry_sources SET book_rules = '4 UTC -'");
    await connection.close();
    const again = await start(await kill(t));
    await again.service.energy(ID, 'day', range);
    expect(again.service.remadeShare(ID)).toBe(0);
    await finish(again);
    expect(await byDay(again)).toEqual(all(12));
  });

  test('take in what comes late and what is mended meanwhile, at once and for good', async () => {
    const t = await start(await leftBy(4));
    await t.service.bookPass(ID);
    await t.service.bookPass(ID);
    // Two late readings among what is made anew already, two among what is not, by power alone.
    await t.service.correct(ID, {
      ...{ id: newId(), kind: 'remove', metric: 'totalEnergyProduced', from: START, to: range.to, amount: 0 },
      ...{ above: null, below: null, note: '', madeBy: 'Ada', madeAt: 1, undoneAt: null, undoneBy: null },
    });
    for (const day of [1, 40])
      t.service.add(
        [20_000, 40_000].map((ms) => ({
          ...{ sourceId: ID, time: START + day * DAY + 12 * HOUR + ms, values: { solarPower: 46_000 } },
        })),
        day,
      );
    t.service.add([reading(DAYS * 1440 + 61)], 50);
    await t.service.flush();
    const days = await byDay(t);
    // A minute that rises to 46 kW, stays there and falls again: half a kilowatt-hour more.
    expect([days[1], days[2], days[40], days[41]]).toEqual([12.5, 12, 12.5, 12]);
    await finish(t);
    expect(await byDay(t)).toEqual(all(12).map((kwh, day) => (day === 1 || day === 40 ? 12.5 : kwh)));
  });

  test('are not waited for by an import, nor is what they need forgotten', async () => {
    const t = await start(await leftBy(4));
    await t.service.importReadings(ID, [reading(DAYS * 1440 + 62)]);
    expect(t.service.remadeShare(ID)).toBe(0);
    await t.service.forget(ID, { level: 'readings', before: START + 40 * DAY, leavesMinutes: false });
    await finish(t);
    expect(await byDay(t)).toEqual(all(12));
    await t.service.forget(ID, { level: 'readings', before: START + 40 * DAY, leavesMinutes: false });
    expect((await t.service.readings(ID, range, { limit: 1 })).items[0]?.time).toBe(START + 40 * DAY);
    expect(await byDay(t)).toEqual(all(12));
  });
});

test('a source that moves to another zone answers by the days of that zone at once', async () => {
  const dir = tempDir('ampra-earlier-');
  cpSync(filled, dir, { recursive: true });
  const facts = { timeZone: 'UTC' };
  const t = await start(dir, facts);
  expect(await byDay(t)).toEqual(all(12));
  facts.timeZone = 'Asia/Kolkata';
  t.service.factsChanged(ID);
  expect(t.service.farBehind()).toEqual([ID]);
  const [, second] = await t.service.energy(ID, 'day', range);
  expect(second?.solarKwh).toBeCloseTo(12, 1);
  expect(t.service.remadeShare(ID)).toBe(0);
  await finish(t);
});
