import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ok, refuse } from '../core/result.ts';
import type { Source } from '../sources/source.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../testing/telemetry.ts';
import { ask, testViewer, testWeb } from '../web/testing.ts';
import { registerTelemetryApi } from './api.web.tsx';
import type { Correction } from './corrections/correction.ts';
import { HouseService } from './house/house-service.ts';
import { KnownSources } from './known-service.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const START = Date.UTC(2026, 2, 28, 23);
const MIN = 60_000;
let t: TestTelemetry;
const web = testWeb({ ada: testViewer(), eve: testViewer({ userId: 'user-2' }) });

beforeAll(async () => {
  const clock = new FakeClock(Date.UTC(2026, 3, 10));
  t = await startTelemetry({ clock, facts: { timeZone: 'Europe/Berlin' } });
  registerTelemetryApi(web.routes, {
    reader: t.service,
    house: new HouseService({ reader: t.service, known: new KnownSources({ reader: t.service, clock }), clock }),
    clock,
    sources: {
      findFor: (viewer, id) =>
        viewer.userId === 'user-1' && id === ID
          ? ok({ id, timeZone: 'Europe/Berlin' } as Source)
          : refuse('not_found', 'There is no such source, or it is not yours.'),
    },
  });
  // The Berlin day of 23 hours, one reading a minute, 1200 W of sun all the time.
  t.service.add(
    Array.from({ length: 23 * 60 + 1 }, (_, i) => ({
      sourceId: ID,
      time: START + i * MIN,
      values: { solarPower: 1200, batteryVoltage: 52.3, batteryCurrent: -10, operatingMode: 'solar' },
    })),
    1,
  );
});
afterAll(() => t.dispose());

type Answer = { items: { time: string }[]; nextCursor: string | null; errors: { field: string; message: string }[] };
const get = async (path: string, viewer = 'ada') => {
  const response = await ask(web, `/api/v1/sources/${ID}${path}`, { viewer });
  return { status: response.status, body: (await response.json()) as Answer };
};

describe('the telemetry API', () => {
  const ranges = 'from=2026-03-28T23:00:00Z&to=2026-03-29T00:00:00%2B00:00';

  test.each(['/latest', '/readings', '/history?metrics=solarPower', '/energy?period=day'])(
    'answers 404 to another person: %s',
    async (path) => expect((await get(path, 'eve')).status).toBe(404),
  );

  test('gives the newest values and marks what was worked out', async () => {
    expect((await get('/latest')).body).toMatchObject({
      time: '2026-03-29T22:00:00.000Z',
      values: {
        solarPower: 1200,
        batteryVoltage: 52.3,
        batteryCurrent: -10,
        batteryPower: -523,
        operatingMode: 'solar',
      },
      derived: ['batteryPower'],
    });
  });

  test('pages readings in a half-open range', async () => {
    const first = await get(`/readings?${ranges}&limit=40`);
    expect(first.body.items).toHaveLength(40);
    const second = await get(`/readings?${ranges}&limit=40&cursor=${first.body.nextCursor}`);
    expect(second.body.items).toHaveLength(20);
    expect(second.body.nextCursor).toBeNull();
    expect(second.body.items[0]).toEqual({
      time: '2026-03-28T23:40:00.000Z',
      values: { solarPower: 1200, batteryVoltage: 52.3, batteryCurrent: -10, operatingMode: 'solar' },
    } as unknown as { time: string });
  });

  test('gives readings as they were received when asked to', async () => {
    const twice: Correction = {
      ...{ id: 'c1', kind: 'scale', metric: 'solarPower', amount: 2, above: null, below: null, note: '' },
      ...{ from: 0, to: Date.UTC(2027, 0, 1), madeAt: 1, madeBy: 'Ada', undoneAt: null, undoneBy: null },
    };
    await t.service.correct(ID, twice);
    const power = async (query: string) => {
      const { body } = await get(`/readings?${ranges}&limit=1${query}`);
      return (body.items[0] as unknown as { values: { solarPower: number } }).values.solarPower;
    };
    expect([await power(''), await power('&asReceived=false'), await power('&asReceived=true')]).toEqual([
      ...[2400, 2400, 1200],
    ]);
    await t.service.correct(ID, { ...twice, undoneAt: 2 });
  });

  test('gives history with derived powers', async () => {
    const { body } = await get(`/history?metrics=solarPower,batteryPower&${ranges}&points=4`);
    expect(body as unknown).toEqual({
      times: ['23:00', '23:15', '23:30', '23:45'].map((at) => `2026-03-28T${at}:00.000Z`),
      series: { solarPower: [1200, 1200, 1200, 1200], batteryPower: [-523, -523, -523, -523] },
    });
  });

  test('starts at the first reading when nobody says where', async () => {
    const { body } = await get('/readings?limit=1');
    expect(body.items[0]?.time).toBe('2026-03-28T23:00:00.000Z');
    const periods = async (period: string) =>
      (await get(`/energy?period=${period}`)).body.items.map((item) => (item as unknown as { period: string }).period);
    expect(await periods('year')).toEqual(['2026']);
    expect((await periods('day'))[0]).toBe('2026-03-29');
  });

  test('gives energy to the Wh', async () => {
    const { body } = await get('/energy?period=day&from=2026-03-29T10:00:07Z&to=2026-03-29T12:00:00Z');
    for (const value of body.items.flatMap((item) => Object.values(item)))
      if (typeof value === 'number') expect(String(value)).toMatch(/^\d+(\.\d{1,4})?$/);
  });

  test('gives the energy of a day of 23 hours', async () => {
    const { body } = await get('/energy?period=day&from=2026-03-28T23:00:00Z&to=2026-03-29T22:00:00Z');
    expect(body.items as unknown).toEqual([
      {
        period: '2026-03-29',
        solarKwh: 27.6,
        loadKwh: null,
        importKwh: null,
        exportKwh: null,
        chargeKwh: 0,
        dischargeKwh: 12.029,
        coverage: 1,
        origins: {
          solar: { from: 'power', powerKwh: 27.6, bridgedKwh: 0, coverage: 1 },
          charge: { from: 'power', powerKwh: 0, bridgedKwh: 0, coverage: 1 },
          discharge: { from: 'power', powerKwh: 12.029, bridgedKwh: 0, coverage: 1 },
        },
      },
    ]);
    const month = await get('/energy?period=month&from=2026-03-15&to=2026-03-30');
    expect(month.body.items as unknown).toMatchObject([{ period: '2026-03', solarKwh: 27.6, coverage: 0.031 }]);
    const year = await get('/energy?period=year&from=2026-01-01&to=2026-03-30');
    expect(year.body.items as unknown).toMatchObject([{ period: '2026', solarKwh: 27.6 }]);
  });

  test.each([
    ['/history?metrics=solarPower,sunPower', 'metrics', 'sunPower'],
    ['/history?metrics=operatingMode', 'metrics', 'operatingMode'],
    ['/history', 'metrics', 'no metric'],
    ['/history?metrics=loadPower&points=0', 'points', ''],
    ['/readings?limit=10001', 'limit', ''],
    ['/readings?from=yesterday', 'from', 'ISO 8601'],
    ['/readings?cursor=x', 'cursor', ''],
    ['/readings?asReceived=maybe', 'asReceived', ''],
    ['/readings?from=2026-03-02&to=2026-03-01', 'to', 'later than from'],
    ['/energy?period=week', 'period', ''],
  ])('names the field at fault: %s', async (path, field, words) => {
    const { status, body } = await get(path);
    expect(status).toBe(400);
    const { errors } = body;
    expect(errors[0]?.field).toBe(field);
    expect(errors[0]?.message).toContain(words);
  });

  test('lists the catalogue', async () => {
    const response = await ask(web, '/api/v1/metrics', { viewer: 'ada' });
    const { items } = (await response.json()) as { items: { name: string; unit: string }[] };
    expect(items.find((m) => m.name === 'solarPower')?.unit).toBe('W');
  });
});
