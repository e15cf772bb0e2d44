import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { days, hours } from '../core/durations.ts';
import { ada, adam, bob, olga } from '../testing/sources.ts';
import { WeatherBench } from '../testing/weather.ts';
import { ask, testWeb } from '../web/testing.ts';

const fahrenheit = { ...ada, temperatureUnit: 'fahrenheit' } as const;
const web = testWeb({ ada, bob, olga, adam, fahrenheit });
const start = Date.UTC(2026, 5, 21, 10);
let bench: WeatherBench;
let id = '';

beforeAll(async () => {
  bench = await WeatherBench.start();
  bench.weather.routes?.(web.routes);
  id = (await bench.place()).id;
  await bench.settle();
});
afterAll(() => bench[Symbol.asyncDispose]());

interface Answer {
  [name: string]: unknown;
  items: Record<string, unknown>[];
  times: string[];
  origins: (string | null)[];
  fetchedAt: (string | null)[];
  series: Record<string, (number | null)[]>;
  errors: { field: string; message: string }[];
}
const api = async (path: string, viewer = 'ada', request: { method?: string; body?: string } = {}) => {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${viewer}` };
  const response = await ask(web, `/api/v1/sources/${id}/weather${path}`, { headers, ...request });
  return { status: response.status, body: (await response.json()) as Answer };
};
const page = async (path: string, viewer = 'ada') => {
  const response = await ask(web, path, { viewer });
  return { status: response.status, html: await response.text() };
};

describe('the weather API', () => {
  test('says how fresh the weather is and where it comes from, with the place as it was told', async () => {
    expect((await api('')).body).toMatchObject({
      ...{ access: 'allowed', isAutomatic: true, isAsking: false, age: 'fresh', trouble: null, elevationM: 72 },
      ...{ place: { latitude: 52.52, longitude: 13.4 }, supplier: '127.0.0.1', attribution: null },
      fetchedAt: '2026-06-21T10:00:00.000Z',
    });
  });

  test('gives the next days of the zone of the source when nothing else is asked', async () => {
    const { items } = (await api('/daily')).body;
    expect(items.map((item) => item.date)).toEqual(Array.from({ length: 8 }, (_, i) => `2026-06-${21 + i}`));
    expect(items[0]).toMatchObject({ origin: 'forecast', hoursKnown: 24, hoursInDay: 24 });
    expect(items[0]?.sunrise).toMatch(/^2026-06-21T02:4\d:\d\d\.\d{3}Z$/);
  });

  test('gives hours in a half-open range, each with its origin and age, and null where nothing is known', async () => {
    const { body } = await api('/hourly?from=2026-06-21T08:30:00Z&to=2026-06-21T12:00:00Z');
    expect(body.times).toEqual(['09', '10', '11'].map((hour) => `2026-06-21T${hour}:00:00.000Z`));
    expect(body.origins).toEqual(['recent', 'recent', 'forecast']);
    expect(body.series.ghiWm2?.every((value) => (value ?? 0) > 50)).toBe(true);
    const far = (await api('/hourly?from=2026-09-21T09:00:00Z&to=2026-09-21T10:00:00Z')).body;
    expect([far.origins, far.fetchedAt, far.series.temperatureC]).toEqual([[null], [null], [null]]);
  });

  test('calls a forecast back as it was told before a moment', async () => {
    const range = 'from=2026-06-22T09:00:00Z&to=2026-06-22T12:00:00Z';
    expect((await api(`/hourly?${range}&toldBefore=2026-06-21T10:00:00Z`)).body.origins).toEqual([null, null, null]);
    const told = (await api(`/hourly?${range}&toldBefore=2026-06-21T10:00:01Z`)).body;
    expect(new Set(told.fetchedAt)).toEqual(new Set(['2026-06-21T10:00:00.000Z']));
    expect((await api('/forecasts')).body.items).toEqual([{ issuedAt: '2026-06-21T10:00:00.000Z' }]);
  });

  test.each([
    ['/daily?from=2026-06-22T00:00:00Z&to=2026-06-22T00:00:00Z', 'to'],
    ['/hourly?from=2020-01-01&to=2026-01-01', 'from'],
    ['/hourly?from=yesterday', 'from'],
    ['/daily?to=tomorrow', 'to'],
  ])('names what is wrong with %s', async (path, field) => {
    const { status, body } = await api(path);
    expect([status, body.errors[0]?.field]).toEqual([400, field]);
  });

  test.each(['', '/daily', '/hourly', '/forecasts'])(
    'is not there for others, and there for an Overseer: %s',
    async (path) => {
      const statuses = await Promise.all(['bob', 'adam', 'olga'].map(async (who) => (await api(path, who)).status));
      expect(statuses).toEqual([404, 404, 200]);
    },
  );
});

describe('the Weather page', () => {
  test('names today, the light, and the days of the place, and says how old it is', async () => {
    const { html } = await page('/weather');
    expect(html).toMatch(/<h1>[A-Z][a-z ]+ today, \d+° to \d+°C<\/h1>/);
    expect(html).toContain('kWh/m²');
    expect(html.match(/class="weather-day"/g)?.length).toBe(8);
    expect(html).toContain('Fetched now');
    expect(html).toContain('52.52, 13.40');
    expect(html).not.toContain('Open-Meteo');
  });

  test('shows temperatures in the unit of whoever looks', async () => {
    const highs = async (viewer: string) => {
      const { html } = await page('/weather', viewer);
      return [...html.matchAll(/num is-high">(\d+)°/g)].map((match) => Number(match[1]));
    };
    const [celsius, other] = [await highs('ada'), await highs('fahrenheit')];
    expect(celsius.length).toBe(8);
    for (const [i, value] of celsius.entries())
      expect(Math.abs((other[i] ?? 0) - (value * 1.8 + 32))).toBeLessThan(1.5);
    expect((await page('/weather', 'fahrenheit')).html).toContain('°F');
  });

  test('of somebody else is not there; whoever has no source is shown the way to one', async () => {
    expect((await page(`/weather?show=source:${id}`, 'bob')).status).toBe(404);
    expect((await page('/weather', 'bob')).html).toContain('Add a source');
    expect((await page(`/weather?show=source:${id}`, 'olga')).status).toBe(200);
  });

  test('groups sources that share a place, and tells places apart', async () => {
    expect((await page('/weather')).html).not.toContain('aria-label="Where"');
    const garage = await bench.place(ada, { name: 'Garage' });
    const cabin = await bench.place(ada, { name: 'Cabin', latitude: 60, longitude: 9, timeZone: 'Europe/Oslo' });
    await bench.settle();
    const { html } = await page('/weather');
    const tabs = [...html.matchAll(/href="\/weather\?show=[^"]+"[^>]*>([^<]+)</g)].map((match) => match[1]);
    expect(tabs).toEqual(['Cabin', 'Garage, Roof']);
    expect((await page(`/weather?show=source:${garage.id}`)).html).toContain('Europe/Berlin');
    expect((await page(`/weather?show=source:${cabin.id}`)).html).toContain('Europe/Oslo');
    for (const source of [garage, cabin]) bench.sources.sources.service.remove(ada, source.id);
    await bench.settle();
  });

  test('says that old weather is old and why, and shows what a clear sky brings where nothing reached', async () => {
    bench.server.stop();
    await bench.later(days(5) + hours(1));
    const { html } = await page('/weather');
    expect(html).toContain('This weather is old: fetched 5 days ago');
    expect(html).toContain('127.0.0.1 could not be reached.');
    expect(html).toMatch(/It is tried again about \d\d:\d\d\./);
    expect(html.match(/at most /g)?.length).toBeGreaterThanOrEqual(4);
    expect(bench.clock.now()).toBe(start + days(5) + hours(1));
  });
});

test('where nobody decided about the internet an Overseer is asked in full, others are told, and the sun is there for all', async () => {
  await using undecided = await WeatherBench.start('ask', 'weather.invalid');
  const other = testWeb({ ada, olga });
  undecided.weather.routes?.(other.routes);
  await undecided.place();
  const html = async (viewer: string) => (await ask(other, '/weather', { viewer })).text();
  const asked = await html('olga');
  expect(asked).toContain('May Ampra fetch the weather?');
  expect(asked).toContain('It would ask weather.invalid over the internet');
  expect(asked).toContain('52.52, 13.40');
  expect(asked).toContain('action="/weather/internet"');
  const told = await html('ada');
  expect(told).toContain('An Overseer of this Ampra can allow it here.');
  expect(told).not.toContain('/weather/internet');
  expect(told).not.toContain('Fetch now');
  expect(told.match(/at most /g)?.length).toBe(8);
  expect(told).toMatch(/<h1>Sunrise at \d\d:\d\d, sunset at \d\d:\d\d<\/h1>/);
  expect(told).toContain('Worked out without the internet.');
});
