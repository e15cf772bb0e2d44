import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ok, refuse } from '../../core/result.ts';
import type { PowerGroup, Source } from '../../sources/source.ts';
import { FakeClock } from '../../testing/app.ts';
import { makeSource } from '../../testing/ingest.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { ask, testViewer, testWeb } from '../../web/testing.ts';
import { Choices } from '../choice-service.ts';
import { KnownSources } from '../known-service.ts';
import { registerHouseApi } from './house-api.web.tsx';
import { HouseService } from './house-service.ts';

const HOUR = 3_600_000;
const now = Date.UTC(2026, 9, 26, 12);
const web = testWeb({ ada: testViewer(), eve: testViewer({ userId: 'user-2' }) });
const ownerId = 'user-1';
const timeZone = 'Europe/Berlin';
const inverter = makeSource('inverter', { ownerId, timeZone, groupId: 'barn' });
const roof = makeSource('roof', { ownerId, timeZone, role: 'solar', groupId: 'barn' });
const meter = makeSource('meter', { ownerId, timeZone, role: 'grid' });
let t: TestTelemetry;

beforeAll(async () => {
  t = await startTelemetry({ clock: new FakeClock(now), facts: { timeZone } });
  const groups = {
    findGroupFor: (viewer: { userId: string }, id: string) =>
      viewer.userId === ownerId && id === 'barn'
        ? ok({ id } as PowerGroup)
        : refuse('not_found', 'There is no such group, or it is not yours.'),
    listGroupsFor: () => [{ id: 'barn', ownerId, name: 'Barn' } as PowerGroup],
  };
  const own: readonly Source[] = [inverter, roof, meter];
  const sources = { listFor: (viewer: { userId: string }) => (viewer.userId === ownerId ? own : []) };
  const known = new KnownSources({ reader: t.service, clock: t.clock });
  const house = new HouseService({ reader: t.service, known, clock: t.clock });
  const choices = new Choices({ sources, groups });
  registerHouseApi(web.routes, { house, choices, groups, reader: t.service, clock: t.clock });
  const from = now - 72 * HOUR;
  const values = {
    inverter: { loadPower: 1000, gridPower: 100, solarPower: 5000 },
    roof: { solarPower: 2000 },
    meter: { gridPower: 500 },
  };
  for (const [sourceId, its] of Object.entries<Record<string, number>>(values)) {
    const readings = Array.from({ length: 72 * 12 }, (_, i) => ({ sourceId, time: from + i * 300_000, values: its }));
    // An uneven hour, days before those that are asked for by themselves.
    if (sourceId === 'roof') for (const one of readings.slice(0, 12)) one.values = { solarPower: 1234.567 };
    await t.service.importReadings(sourceId, readings);
  }
});
afterAll(() => t.dispose());

interface Answer {
  timeZone: string;
  items: Record<string, unknown>[];
  series: Record<string, (number | null)[]>;
  madeOf: Record<string, string[]>;
  errors: { field: string; message: string }[];
}
const get = async (path: string, viewer = 'ada') => {
  const response = await ask(web, `/api/v1${path}`, { viewer });
  return { status: response.status, body: (await response.json()) as Answer };
};
const berlinDay = 'from=2026-10-24T22:00:00Z&to=2026-10-25T23:00:00Z';

describe('the energy of the house over the API', () => {
  test('says what each sum is made of, and what follows from it, in the day of 25 hours', async () => {
    const { status, body } = await get(`/house/energy?period=day&${berlinDay}`);
    expect(status).toBe(200);
    expect(body.timeZone).toBe('Europe/Berlin');
    expect(body.items).toEqual([
      {
        period: '2026-10-25',
        from: '2026-10-24T22:00:00.000Z',
        to: '2026-10-25T23:00:00.000Z',
        solarKwh: 50,
        loadKwh: 25,
        importKwh: 12.5,
        exportKwh: 0,
        chargeKwh: null,
        dischargeKwh: null,
        coverage: 1,
        isLoadDerived: false,
        selfSufficiency: 0.5,
        selfConsumption: 1,
        shares: { solar: { roof: 50 }, load: { inverter: 25 }, import: { meter: 12.5 }, export: { meter: 0 } },
        origins: expect.objectContaining({ solar: { from: 'power', powerKwh: 50, bridgedKwh: 0, coverage: 1 } }),
      },
    ]);
  });

  test('comes by hours too, the one that comes twice told apart, but not of months', async () => {
    const { body } = await get(`/house/energy?period=hour&${berlinDay}`);
    expect(body.items.length).toBe(25);
    expect(body.items.slice(2, 4).map(({ period }) => period)).toEqual([
      '2026-10-25T02:00+02:00',
      '2026-10-25T02:00+01:00',
    ]);
    expect(body.items.every(({ solarKwh }) => solarKwh === 2)).toBe(true);
    const long = await get('/house/energy?period=hour&from=2026-01-01&to=2026-10-01');
    expect(long.status).toBe(400);
    expect(long.body.errors).toEqual([
      { field: 'from', message: 'is more than 62 days before to, which is too long for hours' },
    ]);
  });

  test('without a range begins with the first reading', async () => {
    const { body } = await get('/house/energy?period=month');
    expect(body.items.map(({ period }) => period)).toEqual(['2026-10']);
    // To the Wh, the shares of each source as well.
    expect(JSON.stringify(body)).not.toMatch(/\d\.\d{5}/);
  });

  test('of a group is that of its sources alone', async () => {
    const { body } = await get(`/groups/barn/energy?period=day&${berlinDay}`);
    expect(body.items[0]).toMatchObject({ solarKwh: 50, importKwh: 2.5, shares: { import: { inverter: 2.5 } } });
  });

  test('is of what is one’s own: nothing for somebody without sources, and another’s group is not there', async () => {
    expect((await get(`/house/energy?${berlinDay}`, 'eve')).body.items).toEqual([]);
    for (const path of ['energy', 'history?metrics=solarPower'])
      expect((await get(`/groups/barn/${path}`, 'eve')).status).toBe(404);
  });
});

describe('the lines of the house over the API', () => {
  test('add up powers and say of which sources', async () => {
    const { body } = await get(`/house/history?metrics=solarPower,gridPower&points=25&${berlinDay}`);
    expect(new Set(body.series.solarPower)).toEqual(new Set([2000]));
    expect(new Set(body.series.gridPower)).toEqual(new Set([500]));
    expect(body.madeOf).toEqual({ solarPower: ['roof'], gridPower: ['meter'] });
    expect((await get(`/groups/barn/history?metrics=gridPower&points=25&${berlinDay}`)).body.madeOf).toEqual({
      gridPower: ['inverter'],
    });
  });

  test('are refused without a metric', async () => {
    expect((await get('/house/history')).status).toBe(400);
  });
});
