import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { viewerOf } from '../src/accounts/viewer-service.ts';
import type { Reading } from '../src/core/reading.ts';
import { unwrap } from '../src/core/result.ts';
import type { SourceInput } from '../src/sources/source-rules.ts';
import { FakeClock, startTestApp, type TestApp } from '../src/testing/app.ts';
import { signInAt } from '../src/testing/sign-in.ts';
import { emptyColumns } from '../src/weather/hours.ts';

/** The performance ratio from stored weather and readings to page, CSV and API, over the real databases. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.parse('2026-05-21T10:00:00Z');
const first = Date.parse('2026-05-01T00:00:00Z');
const login = { email: 'ada@example.org', password: 'a long enough test password' };
const place = { latitude: 38.72, longitude: -9.14, timeZone: 'UTC', connectionType: 'mqtt' } as const;
const flat = (peakW: number) => [{ tiltDeg: 0, azimuthDeg: 180, peakW }];

let app: TestApp;
let cookie = '';
let viewer: ReturnType<typeof viewerOf>;
const ids: Record<'roof' | 'shed' | 'bare', string> = { roof: '', shed: '', bare: '' };

/** Mean light on level ground in the hour that begins at `hour` of the day, W/m2: 5 kWh/m2 a day. */
const lightIn = (hour: number): number => (hour >= 8 && hour < 18 ? 500 : 0);

async function source(name: string, more: SourceInput): Promise<string> {
  const input = { ...place, name, role: 'solar', ...more } as const;
  return unwrap(await app.features.sources.service.create(viewer, input)).source.id;
}

async function produce(id: string, peakW: number, share: number): Promise<void> {
  function* rows(): Generator<Reading> {
    for (let time = first; time < now; time += 5 * 60_000) {
      const light = lightIn(Math.floor((time % DAY) / HOUR));
      yield { sourceId: id, time, values: { solarPower: (share * peakW * light) / 1000 } };
    }
  }
  await app.features.telemetry.admin.importReadings(id, rows());
}

/** Weather of whole days, both ends included. */
function weather(from: string, to: string): void {
  const begin = Date.parse(from);
  const count = (Date.parse(to) + DAY - begin) / HOUR;
  const values = emptyColumns(count);
  for (let i = 0; i < count; i++) {
    // Stamped with the end of the hour that it is the mean of.
    const light = lightIn((i + 23) % 24);
    values.ghiWm2[i] = light;
    values.dhiWm2[i] = 0.4 * light;
  }
  app.features.weather.writer.putPast(ids.roof, { from: begin, count, values }, { origin: 'archive', fetchedAt: now });
}

const get = async (path: string): Promise<string> =>
  await (await fetch(`${app.url}${path}`, { headers: { Cookie: cookie, 'HX-Request': 'true' } })).text();

interface Item {
  period: string;
  performanceRatio: number | null;
  coverage: number;
  solarKwh: number | null;
  referenceKwh: number | null;
  without: { sourceId: string; lack: string }[];
}
const performance = async (of: string, period: string): Promise<Item[]> =>
  JSON.parse(await get(`/api/v1/${of}/performance?period=${period}&from=2026-05-01T00:00:00Z`)).items;

beforeAll(async () => {
  app = await startTestApp({ clock: new FakeClock(now) });
  const user = unwrap(await app.features.accounts.service.addUser({ ...login, role: 'overseer' }));
  viewer = viewerOf(user, { kind: 'system' });
  cookie = await signInAt(app.url ?? '', login);
  ids.roof = await source('Roof', { arrays: flat(5000) });
  ids.shed = await source('Shed', { arrays: [...flat(800), ...flat(200)] });
  await produce(ids.roof, 5000, 0.8);
  await produce(ids.shed, 1000, 0.5);
  weather('2026-05-01', '2026-05-07');
  weather('2026-05-09', '2026-05-21');
  await app.features.weather.panelLight.settled();
});
afterAll(async () => await app.dispose());

describe('the performance ratio', () => {
  test('of each day is what came over what the light gives at rated power', async () => {
    const days = await performance(`sources/${ids.roof}`, 'day');
    expect(days.length).toBe(21);
    expect(days[2]).toMatchObject({ period: '2026-05-03', coverage: 1, without: [] });
    expect(days[2]?.performanceRatio).toBeCloseTo(0.8, 2);
    expect(days[2]?.solarKwh).toBeCloseTo(20, 2);
    expect(days[2]?.referenceKwh).toBeCloseTo(25, 1);
    // Of the 8th there is no weather, and the 21st is not over.
    expect(days[7]).toMatchObject({ performanceRatio: null, coverage: 0, solarKwh: null });
    expect(days[20]).toMatchObject({ performanceRatio: null, coverage: 0 });
  });

  test('of a month leaves out the day without weather, and says so', async () => {
    const [may] = await performance(`sources/${ids.roof}`, 'month');
    expect(may?.performanceRatio).toBeCloseTo(0.8, 2);
    expect(may?.coverage).toBeCloseTo(19 / 20, 2);
    expect(may?.solarKwh).toBeCloseTo(19 * 20, 0);
  });

  test('of the house weighs each plant by what its light would have given', async () => {
    const [year] = await performance('house', 'year');
    expect(year?.performanceRatio).toBeCloseTo((5 * 0.8 + 1 * 0.5) / 6, 2);
    const page = await get('/totals?period=2026-05');
    expect(page).toContain('Performance ratio');
    expect(page).toContain('gives at 6.00\u00a0kWp');
    expect(page).toContain('Known for 95\u00a0% of the daylight.');
  });

  test('is a column of table and CSV', async () => {
    const [header = '', , , third = ''] = (await get('/totals.csv?period=2026-05')).split('\r\n');
    const column = header.split(',').indexOf('performance ratio');
    expect(column).toBeGreaterThan(0);
    expect(Number(third.split(',')[column])).toBeCloseTo(0.75, 2);
    expect(await get(`/totals?period=2026&as=table&show=source:${ids.shed}`)).toContain('Performance ratio %');
    expect(await get('/totals.csv?period=2026-05-03')).not.toContain('performance ratio');
    expect(await get('/totals?period=2026-05-03')).toContain('gives at 6.00\u00a0kWp');
  });

  test('follows when panels are stated otherwise, and says what is missing', async () => {
    ids.bare = await source('Bare', {});
    await produce(ids.bare, 2000, 0.7);
    const [house] = await performance('house', 'month');
    expect(house?.without).toEqual([{ sourceId: ids.bare, lack: 'panels' }]);
    expect(house?.performanceRatio).toBeCloseTo(0.75, 2);
    expect(await get(`/totals?period=2026-05&show=source:${ids.bare}`)).toContain('how the panels lie');
    unwrap(await app.features.sources.service.update(viewer, ids.bare, { arrays: flat(4000) }));
    await app.features.weather.panelLight.settled();
    const [alone] = await performance(`sources/${ids.bare}`, 'month');
    expect(alone?.performanceRatio).toBeCloseTo(0.35, 2);
  });
});
