import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Reading } from '../../core/reading.ts';
import { ok, refuse } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { ask, testViewer, testWeb } from '../../web/testing.ts';
import { finestFirst } from '../archive/levels.ts';
import { QualityTally } from './quality.ts';
import { registerQualityApi } from './quality-api.web.tsx';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
/** Midnight in Berlin. */
const START = Date.UTC(2026, 5, 1, 22);
const range = { from: START, to: START + 2 * DAY };

let t: TestTelemetry;
let clock: FakeClock;
let position = 0;
beforeEach(async () => {
  clock = new FakeClock(START + 2 * DAY);
  position = 0;
  t = await startTelemetry({ clock, facts: { timeZone: 'Europe/Berlin' } });
});
afterEach(async () => await t.dispose());

const reading = (minute: number, values: Reading['values'], delayMs?: number): Reading => {
  const time = START + minute * MIN;
  return { sourceId: ID, time, values, ...(delayMs === undefined ? {} : { receivedAt: time + delayMs }) };
};
function add(...readings: Reading[]): void {
  t.service.add(readings, ++position);
}
const first = async () => (await t.service.quality(ID, range))[0];

describe('the quality of a day', () => {
  test('counts readings, coverage and interval by local day', async () => {
    add(...Array.from({ length: 721 }, (_, i) => reading(2 * i + (i > 360 ? 240 : 0), { loadPower: 500 })));
    const [one, two] = await t.service.quality(ID, range);
    expect(one).toMatchObject({ day: '2026-06-02', readings: 600, refused: [], events: [] });
    expect(one?.coverage).toBeCloseTo((1440 - 242 - 0) / 1440, 3);
    expect(one?.intervalMs).toBeCloseTo(2 * MIN, -3);
    expect(two).toMatchObject({ day: '2026-06-03', readings: 121 });
  });

  test('does not count the minutes until the next reading is due as a gap', async () => {
    clock.set(START + 31 * MIN);
    add(reading(0, { loadPower: 500 }), reading(10, { loadPower: 500 }), reading(20, { loadPower: 500 }));
    await t.service.flush();
    expect(await first()).toMatchObject({ readings: 3, coverage: 1 });
    expect((await t.service.energy(ID, 'day', range))[0]).toMatchObject({ coverage: 1 });
    clock.set(START + 60 * MIN);
    expect((await first())?.coverage).toBeCloseTo(20 / 60, 3);
    expect((await t.service.energy(ID, 'day', range))[0]?.coverage).toBeCloseTo(20 / 60, 3);
  });

  test('counts what came again, whether it waits or is stored', async () => {
    add(reading(0, { loadPower: 500 }), reading(1, { loadPower: 500 }));
    add(reading(1, { loadPower: 500 }));
    await t.service.flush();
    add(reading(0, { loadPower: 500 }), reading(2, { loadPower: 500 }));
    // Another metric of the same moment is no duplicate.
    add(reading(2, { solarPower: 1 }), reading(1, { solarPower: 1 }));
    expect((await first())?.arrivals.again).toBe(2);
    await t.service.importReadings(ID, [reading(0, { loadPower: 500 }), reading(2, { loadPower: 500 })]);
    expect((await first())?.arrivals.again).toBe(4);
  });

  test('tells a late reading from a clock that is wrong', async () => {
    add(reading(0, { loadPower: 1 }, 2000), reading(1, { loadPower: 1 }, -4000), reading(2, { loadPower: 1 }, 5000));
    add(reading(3, { loadPower: 1 }, 2 * HOUR), reading(4, { loadPower: 1 }, 4 * HOUR));
    // Without a time of its own a reading says nothing of the clock.
    add(reading(5, { loadPower: 1 }));
    expect((await first())?.arrivals).toMatchObject({
      ...{ late: 2, lateMs: 6 * HOUR, latestMs: 4 * HOUR },
      ...{ timed: 3, delayMs: 3000, leastDelayMs: -4000, mostDelayMs: 5000 },
    });
  });

  test('tells the clock of a device that sends batches by the newest reading of each', async () => {
    // Five minutes at once, in one message; then the same as one message each.
    for (let minute = 0; minute < 5; minute++)
      add({ ...reading(minute, { loadPower: 1 }), receivedAt: START + 4 * MIN + 1000 });
    for (let minute = 5; minute < 10; minute++)
      add({ ...reading(minute, { loadPower: 1 }), receivedAt: START + 9 * MIN + 1000 + 20 * minute });
    const arrivals = (await first())?.arrivals;
    expect(arrivals).toMatchObject({ late: 0, timed: 10, leastDelayMs: 1000, mostDelayMs: 1180 });
    expect(arrivals?.delayMs).toBe(5 * 1000 + 5 * 1180);
  });

  test('names what was refused, by reason, most first', async () => {
    add(reading(0, { loadPower: 1 }));
    const refused = (field: string, message: string) => ({ index: 0, field, message });
    t.service.noteRefused(ID, START + HOUR, [refused('loadPower', 'must be a number')]);
    t.service.noteRefused(ID, START + HOUR, [refused('stateOfCharge', 'must lie between 0 and 100 %')]);
    t.service.noteRefused(ID, START + HOUR, [refused('stateOfCharge', 'must lie between 0 and 100 %')]);
    expect((await first())?.refused).toEqual([
      { reason: 'stateOfCharge must lie between 0 and 100 %', values: 2 },
      { reason: 'loadPower must be a number', values: 1 },
    ]);
  });

  test('counts what was refused on the day of its reading, where that says its time', async () => {
    add(reading(0, { loadPower: 1 }));
    const message = 'must be a number';
    t.service.noteRefused(ID, START + DAY + HOUR, [
      { index: 0, field: 'loadPower', message, time: START + HOUR },
      { index: 1, field: 'gridPower', message, time: null },
      { index: 2, field: 'solarPower', message },
    ]);
    const [one, two] = await t.service.quality(ID, range);
    expect(one?.refused).toEqual([{ reason: 'loadPower must be a number', values: 1 }]);
    expect(two?.refused.map((r) => r.reason)).toEqual(['gridPower must be a number', 'solarPower must be a number']);
  });

  test('names what counters did, and what was done about it', async () => {
    const values = [10, 10.5, 0.1, 0.2, 0.3, 6553.5, 0.4, 6553.5];
    add(...values.map((totalGridImport, i) => reading(10 * i, { totalGridImport })));
    const events = (await first())?.events ?? [];
    expect(events.map((e) => [e.kind, e.times, e.before, e.after])).toEqual([
      ['reset', 1, 10.5, 0.1],
      ['sentinel', 2, 0.3, 6553.5],
    ]);
    expect(events[0]?.done).toContain('began anew');
  });

  test('is empty where nothing was heard', async () => {
    add(reading(2000, { loadPower: 1 }));
    expect(await first()).toMatchObject({ readings: 0, coverage: 0, intervalMs: null, refused: [], events: [] });
    const other = 'bbbbbbbb-0000-4000-8000-000000000002';
    expect((await t.service.quality(other, range)).map((d) => d.readings)).toEqual([0, 0]);
  });

  test('survives a restart', async () => {
    add(reading(0, { loadPower: 1 }, 2 * HOUR));
    add(reading(0, { loadPower: 1 }, 2 * HOUR));
    t.service.noteRefused(ID, START, [{ index: 0, field: '', message: 'is no reading' }]);
    const before = await first();
    await t.service.stop();
    await t.drop();
    t = await startTelemetry({ clock, dir: t.dir, facts: { timeZone: 'Europe/Berlin' } });
    expect(await first()).toEqual(before);
    t.service.noteRefused(ID, START, [{ index: 0, field: '', message: 'is no reading' }]);
    expect((await first())?.refused).toEqual([{ reason: 'is no reading', values: 2 }]);
  });

  test('is stored every ten minutes beside the readings', async () => {
    add(reading(0, { loadPower: 1 }, 2 * HOUR));
    await t.service.flush();
    clock.advance(11 * MIN);
    add(reading(1, { loadPower: 1 }));
    await t.service.flush();
    const connection = await t.database.connect();
    const [row] = await connection.rows('SELECT late::DOUBLE AS late FROM quality_days');
    await connection.close();
    expect(row?.late).toBe(1);
  });

  test('goes with the readings that a retention removes, and with the source', async () => {
    add(reading(0, { loadPower: 1 }, 2 * HOUR), reading(2000, { loadPower: 1 }, 2 * HOUR));
    t.service.noteRefused(ID, START, [{ index: 0, field: '', message: 'is no reading' }]);
    await t.service.quality(ID, range);
    for (const level of finestFirst)
      await t.service.forget(ID, { level, before: START + DAY + 6 * HOUR, leavesMinutes: false });
    const [one, two] = await t.service.quality(ID, range);
    expect([one?.readings, one?.arrivals.late, one?.refused]).toEqual([0, 0, []]);
    expect([two?.readings, two?.arrivals.late]).toEqual([1, 1]);
    await t.service.deleteSource(ID);
    expect((await t.service.quality(ID, range)).map((d) => d.arrivals.late)).toEqual([0, 0]);
  });

  test('is that of the local day, whatever the zone', () => {
    const tally = new QualityTally();
    tally.refused(
      3,
      Array.from({ length: 50 }, (_, i) => ({ index: 0, field: `f${i}`, message: 'is odd' })),
    );
    const refused = tally.take().get(3)?.refused ?? new Map();
    expect(refused.size).toBe(21);
    expect(refused.get('other')).toBe(30);
  });
});

describe('the API', () => {
  const web = testWeb({ ada: testViewer(), eve: testViewer({ userId: 'user-2' }) });
  const get = (query: string, viewer = 'ada') => ask(web, `/api/v1/sources/${ID}/quality${query}`, { viewer });
  registerQualityApi(web.routes, {
    reader: { quality: (id, of) => t.service.quality(id, of) },
    clock: { now: () => clock.now() },
    sources: {
      findFor: (viewer, id) =>
        viewer.userId === 'user-1' && id === ID
          ? ok({ id } as Source)
          : refuse('not_found', 'There is no such source, or it is not yours.'),
    },
  });

  test('tells each day', async () => {
    add(
      reading(0, { loadPower: 1 }, 2000),
      reading(1, { loadPower: 1 }, 2 * HOUR),
      reading(1, { loadPower: 1 }, 2 * HOUR),
    );
    const answer = await get('?from=2026-06-01T22:00:00Z&to=2026-06-02T22:00:00Z');
    expect(await answer.json()).toEqual({
      items: [
        {
          ...{
            day: '2026-06-02',
            readings: 2,
            coverage: 0.0007,
            known: { load: 0.0007 },
            intervalMs: MIN,
            duplicates: 1,
            refused: [],
            events: [],
          },
          late: { readings: 2, share: 0.6667, meanMs: 2 * HOUR, mostMs: 2 * HOUR },
          clock: { readings: 1, meanMs: 2000, leastMs: 2000, mostMs: 2000 },
        },
      ],
    });
    expect(((await (await get('')).json()) as { items: unknown[] }).items).toHaveLength(31);
  });

  test('answers 404 to another person and names the field at fault', async () => {
    expect((await get('', 'eve')).status).toBe(404);
    for (const [query, field] of [
      ['?from=yesterday', 'from'],
      ['?from=2024-01-01&to=2026-01-01', 'from'],
      ['?from=2026-01-02&to=2026-01-01', 'to'],
    ] as const) {
      const answer = await get(query);
      expect(answer.status).toBe(400);
      expect(((await answer.json()) as { errors: { field: string }[] }).errors[0]?.field).toBe(field);
    }
  });
});
