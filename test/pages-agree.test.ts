import { afterEach, describe, expect, test } from 'bun:test';
import { viewerOf } from '../src/accounts/viewer-service.ts';
import { splitCsv } from '../src/admin/reading-file.ts';
import type { MetricValues, Reading } from '../src/core/reading.ts';
import { unwrap } from '../src/core/result.ts';
import type { SourceRole } from '../src/sources/source.ts';
import { FakeClock, startTestApp, type TestApp } from '../src/testing/app.ts';
import { signInAt } from '../src/testing/sign-in.ts';

/**
 * The same energy, wherever it is told: Live, Totals, History, both CSVs and the API. Each house here has something on
 * which pages could differ: a clock change, gaps, a meter that came today, a source that was switched off, two zones.
 */
const MIN = 60_000;
const HOUR = 60 * MIN;
const login = { email: 'ada@example.org', password: 'a long enough test password' };
const place = { latitude: 38.72, longitude: -9.14, connectionType: 'mqtt' } as const;

let app: TestApp;
let cookie = '';
let clock: FakeClock;
afterEach(async () => await app.dispose());

async function startAt(now: string): Promise<void> {
  clock = new FakeClock(Date.parse(now));
  app = await startTestApp({ clock });
  const user = unwrap(await app.features.accounts.service.addUser({ ...login, role: 'overseer' }));
  viewer = viewerOf(user, { kind: 'system' });
  cookie = await signInAt(app.url ?? '', login);
}
let viewer: ReturnType<typeof viewerOf>;

const get = async (path: string): Promise<string> =>
  await (await fetch(`${app.url}${path}`, { headers: { Cookie: cookie, 'HX-Request': 'true' } })).text();

async function addSource(name: string, role: SourceRole, timeZone = 'Europe/Lisbon'): Promise<string> {
  return unwrap(await app.features.sources.service.create(viewer, { ...place, name, role, timeZone })).source.id;
}

async function measure(id: string, from: string, values: (hour: number) => MetricValues | null, to?: string) {
  const end = to === undefined ? clock.now() : Date.parse(to);
  function* rows(): Generator<Reading> {
    for (let time = Date.parse(from); time < end; time += 5 * MIN) {
      const of = values((time / HOUR) % 24);
      if (of) yield { sourceId: id, time, values: of };
    }
  }
  await app.features.telemetry.admin.importReadings(id, rows());
}

const fields = ['solarKwh', 'loadKwh', 'importKwh', 'exportKwh'] as const;
type Sums = Record<(typeof fields)[number], string>;
const show = (kwh: number | null | undefined): string => (kwh == null ? '-' : kwh.toFixed(1));

/** The sums of a day in every place where they are told, as they are shown. */
async function tellDay(day: string, show_ = ''): Promise<Record<string, Sums>> {
  const scope = show_ ? `&show=${show_}` : '';
  const api = show_ ? `/api/v1/sources/${show_.split(':')[1]}/energy` : '/api/v1/house/energy';
  const range = `from=${day}T00:00:00Z&to=${day}T23:59:00Z`;
  const items = JSON.parse(await get(`${api}?period=day&${range}`)).items as ({ period: string } & Record<
    string,
    number
  >)[];
  const hours = rowsOf(await get(`/totals.csv?period=${day}${scope}`));
  const month = rowsOf(await get(`/totals.csv?period=${day.slice(0, 7)}${scope}`)).filter(([key]) => key === day);
  const bars = rowsOf(await get(`/history.csv?view=energy&range=${day.slice(0, 7)}${scope}`)).filter(
    ([key]) => key === day,
  );
  const found = items.find((item) => item.period === day);
  return {
    api: Object.fromEntries(fields.map((field) => [field, show(found?.[field])])) as Sums,
    totalsPage: readOut(await get(`/totals?period=${day}${scope}`), ['solar', 'load', 'import', 'export']),
    totalsCsvByHour: sumRows(hours),
    totalsCsvOfMonth: sumRows(month),
    historyBars: sumRows(bars),
  };
}

const rowsOf = (csv: string): string[][] =>
  csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map((row) => row.split(','));

function sumRows(rows: readonly (readonly string[])[]): Sums {
  const sum = (column: number): string => {
    const known = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    return known.length > 0 ? show(known.reduce((total, cell) => total + Number(cell), 0)) : '-';
  };
  return Object.fromEntries(fields.map((field, i) => [field, sum(i + 1)])) as Sums;
}

/** Figures of a page by their places. */
function readOut(html: string, keys: readonly string[]): Sums {
  const figure = (key: string): string =>
    new RegExp(`data-readout="${key}"><span class="number">([^<]*)<`).exec(html)?.[1] ?? '-';
  return Object.fromEntries(fields.map((field, i) => [field, figure(keys[i] as string)])) as Sums;
}

/** Sums of today on Live, as soon as they are those expected: what takes longer than a page may wait comes a moment later. */
async function tellLive(expected: Sums, scope = ''): Promise<Sums> {
  let told = await liveSums(scope);
  for (const until = Date.now() + 10_000; Date.now() < until && JSON.stringify(told) !== JSON.stringify(expected); ) {
    await Bun.sleep(20);
    told = await liveSums(scope);
  }
  return told;
}

async function liveSums(show_: string): Promise<Sums> {
  const html = await get(`/${show_ ? `?show=${show_}` : ''}`);
  const figure = (label: string): string =>
    new RegExp(`</svg>${label}.*?<span class="number">([^<]*)<`, 's').exec(html)?.[1] ?? '-';
  const labels = ['Produced', 'Used', 'Bought', 'Sold'];
  return Object.fromEntries(fields.map((field, i) => [field, figure(labels[i] as string)])) as Sums;
}

/** Expects every place, Live included, to tell the same of today, and gives it. */
async function agreedToday(day: string, scope = ''): Promise<Sums> {
  const told = await tellDay(day, scope);
  return agreed({ ...told, live: await tellLive(told.api as Sums, scope) });
}

/** Expects every place to tell the same, and gives it. */
function agreed(told: Record<string, Sums>): Sums {
  const [first] = Object.values(told);
  for (const [place_, sums] of Object.entries(told))
    expect({ place: place_, ...sums }).toEqual({ place: place_, ...first } as never);
  return first as Sums;
}

const sunny = (hour: number): number => Math.round(Math.max(0, 3000 * Math.sin(((hour - 6) / 12) * Math.PI)));

describe('the energy of a day is the same wherever it is told', () => {
  test('on days of 23 and 25 hours, of half-hour zones too', async () => {
    await startAt('2026-10-27T12:00:00Z');
    const id = await addSource('Inverter', 'system', 'Australia/Adelaide');
    await measure(id, '2026-10-01T00:00:00Z', (hour) => ({ solarPower: sunny(hour), loadPower: 1000, gridPower: 100 }));
    // Adelaide went from 2 to 3 o'clock on 4 October.
    expect(agreed(await tellDay('2026-10-04'))).toMatchObject({ loadKwh: '23.0', importKwh: '2.3' });
    expect(agreed(await tellDay('2026-10-05')).loadKwh).toBe('24.0');
    expect(await get('/history?range=2026-10-04')).toContain('used 23.0');
  }, 30_000);

  test('with gaps, which count for nothing, and a counter that knew of one', async () => {
    await startAt('2026-11-20T12:00:00Z');
    const id = await addSource('Inverter', 'system');
    await measure(id, '2026-11-15T00:00:00Z', (hour) =>
      hour >= 4 && hour < 9 ? null : { solarPower: sunny(hour), loadPower: 500, gridPower: 0 },
    );
    const counter = await addSource('Meter', 'grid');
    await measure(counter, '2026-11-15T00:00:00Z', (hour) => (hour >= 1 && hour < 7 ? null : { totalGridImport: 0 }));
    await app.features.telemetry.admin.importReadings(
      counter,
      [0, 10, 20].map((hour) => ({
        sourceId: counter,
        time: Date.parse('2026-11-18T00:00:00Z') + hour * HOUR,
        values: { totalGridImport: 1 + hour },
      })),
    );
    agreed(await tellDay('2026-11-17'));
    // How much was measured is told alike, too.
    const totals = await get('/totals?period=2026-11');
    const measured = /measured for (\d+)\u00a0% of the time/.exec(totals)?.[1];
    expect(measured).toBeDefined();
    expect(await get('/history?view=energy&range=2026-11')).toContain(`${measured}\u00a0% of the time was measured`);
    agreed(await tellDay('2026-11-18'));
    await agreedToday('2026-11-20');
  }, 30_000);

  test('of today: on Live as everywhere, also right after midnight', async () => {
    await startAt('2026-11-20T15:10:00Z');
    const id = await addSource('Inverter', 'system');
    await measure(id, '2026-11-18T00:00:00Z', (hour) => ({ solarPower: sunny(hour), loadPower: 700, gridPower: -300 }));
    expect((await agreedToday('2026-11-20')).loadKwh).toBe('10.6');
    clock.set(Date.parse('2026-11-21T00:30:00Z'));
    await measure(id, '2026-11-20T15:10:00Z', () => ({ solarPower: 0, loadPower: 700, gridPower: 700 }));
    expect((await agreedToday('2026-11-21')).loadKwh).toBe('0.3');
    agreed(await tellDay('2026-11-20'));
  }, 30_000);

  test('on the day on which a meter came, and on the one on which a source was switched off', async () => {
    await startAt('2026-11-20T18:00:00Z');
    const inverter = await addSource('Inverter', 'system');
    await measure(inverter, '2026-11-17T00:00:00Z', (hour) => ({
      solarPower: sunny(hour),
      loadPower: 800,
      gridPower: 900,
    }));
    const meter = await addSource('Meter', 'grid');
    await measure(meter, '2026-11-20T10:00:00Z', () => ({ gridPower: 1000 }));
    const roof = await addSource('Roof', 'solar');
    await measure(roof, '2026-11-19T00:00:00Z', (hour) => ({ solarPower: 2 * sunny(hour) }), '2026-11-20T12:00:00Z');
    const whole = await agreedToday('2026-11-20');
    expect(Number(whole.importKwh)).toBeGreaterThan(16);
    app.features.sources.service.setActive(viewer, roof, false);
    expect(await agreedToday('2026-11-20')).toEqual(whole);
    const alone = `source:${meter}`;
    await agreedToday('2026-11-20', alone);
  }, 30_000);

  test('of sources in different zones in the days of the house', async () => {
    await startAt('2026-11-20T03:00:00Z');
    const near = await addSource('Near', 'system', 'Europe/Lisbon');
    const far = await addSource('Far', 'solar', 'Asia/Kathmandu');
    await measure(near, '2026-11-17T00:00:00Z', () => ({ loadPower: 1000, gridPower: 1000 }));
    await measure(far, '2026-11-17T00:00:00Z', () => ({ solarPower: 1000 }));
    const told = await agreedToday('2026-11-20');
    expect(told.solarKwh).toBe(told.loadKwh);
  }, 30_000);

  test('after a correction, at once', async () => {
    await startAt('2026-11-20T15:00:00Z');
    const id = await addSource('Inverter', 'system');
    await measure(id, '2026-11-18T00:00:00Z', (hour) => ({ solarPower: sunny(hour), loadPower: 500, gridPower: 500 }));
    expect((await agreedToday('2026-11-20')).loadKwh).toBe('7.5');
    const correction = { kind: 'scale', metric: 'loadPower', amount: 2, above: null, below: null, note: '' } as const;
    const made = { id: crypto.randomUUID(), madeAt: clock.now(), madeBy: 'Ada', undoneAt: null, undoneBy: null };
    const range = { from: Date.parse('2026-11-20T00:00:00Z'), to: clock.now() };
    await app.features.telemetry.corrections.correct(id, { ...correction, ...made, ...range });
    expect((await agreedToday('2026-11-20')).loadKwh).toBe('14.9');
  }, 30_000);

  test('of a source by the hour, to the Wh and with its coverage, over API and CSV', async () => {
    await startAt('2026-11-20T15:00:00Z');
    const id = await addSource('Hybrid', 'system');
    // By night it says nothing of its panels.
    await measure(id, '2026-11-18T00:00:00Z', (hour) => ({
      ...(sunny(hour) > 0 ? { solarPower: sunny(hour) } : {}),
      loadPower: 333 + 7 * (hour % 5),
    }));
    const range = 'period=hour&from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z';
    const { items } = JSON.parse(await get(`/api/v1/sources/${id}/energy?${range}`));
    const told = (items as Record<string, string | number>[]).map((item) => [
      item.period,
      ...fields.map((field) => item[field] ?? ''),
      Number(Number(item.coverage).toFixed(3)),
    ]);
    const shown = rowsOf(await get(`/totals.csv?period=2026-11-19&show=source:${id}`));
    expect(told.map(String)).toEqual(shown.map((row) => [...row.slice(0, 5), row[8]]).map(String));
  }, 30_000);
});

test('an inverter that sleeps by night leaves no gap on any page, and a silence by day does', async () => {
  await startAt('2026-11-20T15:00:00Z');
  const roof = await addSource('Roof', 'solar');
  const meter = await addSource('Meter', 'grid');
  await measure(roof, '2026-10-20T00:00:00Z', (hour) => (sunny(hour) > 0 ? { solarPower: sunny(hour) } : null));
  await measure(meter, '2026-10-20T00:00:00Z', () => ({ gridPower: -100 }));
  const pages = ['/totals?period=2026-11', '/totals?period=2026-11-12', '/history?view=energy&range=2026-11'];
  for (const page of pages) {
    const html = await get(page);
    expect({ page, gaps: html.match(/bar-partial/g)?.length ?? 0 }).toEqual({ page, gaps: 0 });
    expect(html).toContain('by night the inverters sleep');
  }
  const hatched = async () => (await get('/totals?period=2026')).match(/\d+ Nov 2026: [\d.]+ kWh, not measured/g);
  expect(await hatched()).toBeNull();
  // What takes longer than a page may wait comes a moment later.
  const live = async () => /today-note">([^<]*)</.exec(await get('/'))?.[1] ?? '';
  for (const until = Date.now() + 10_000; Date.now() < until && !(await live()).startsWith('Measured'); )
    await Bun.sleep(20);
  expect(await live()).toBe('Measured all day so far; by night the inverters sleep.');
  expect(await get(`/sources/${roof}/data`)).toContain('Measured all day');
  const silent = { from: Date.parse('2026-11-12T10:00:00Z'), to: Date.parse('2026-11-12T13:00:00Z') };
  const remove = { kind: 'remove', metric: null, amount: null, above: null, below: null, note: '' } as const;
  const made = { id: crypto.randomUUID(), madeAt: clock.now(), madeBy: 'Ada', undoneAt: null, undoneBy: null };
  await app.features.telemetry.corrections.correct(roof, { ...remove, ...made, ...silent });
  const gaps = async (page: string) => (await get(page)).match(/bar-partial/g)?.length ?? 0;
  expect(await hatched()).toEqual(['12 Nov 2026: 14.0 kWh, not measured']);
  expect(await Promise.all(pages.map(gaps))).toEqual([1, 4, 1]);
  expect(await get('/totals?period=2026-11')).toMatch(
    /measured for \d+\u00a0% of the time; by night the inverters sleep/,
  );
}, 30_000);

test('a load that nothing measures is a line of History, too, with the energy that Totals tell', async () => {
  await startAt('2026-11-20T15:00:00Z');
  const roof = await addSource('Roof', 'solar');
  const meter = await addSource('Meter', 'grid');
  const asleep = (hour: number) => (sunny(hour) > 0 ? { solarPower: sunny(hour) } : null);
  await measure(roof, '2026-08-20T00:00:00Z', asleep);
  await measure(meter, '2026-08-20T00:00:00Z', (hour) => ({ gridPower: 700 - sunny(hour) }));
  for (const range of ['2026-11-19', '2026-11', '2026']) {
    const lines = (await get(`/history.csv?view=power&range=${range}`)).trim().split('\r\n');
    const [head = [], ...rows] = lines.map((line) => splitCsv(line, ','));
    const column = head.indexOf('Load power, worked out (W)');
    const known = rows.map((row) => row[column]).filter((cell) => cell !== undefined && cell !== '');
    const mean = known.reduce((sum, cell) => sum + Number(cell), 0) / known.length;
    expect({ range, mean: Math.round(mean / 10) * 10 }).toEqual({ range, mean: 700 });
    // Over months the sun's line has its nights, as it would have if the inverter said zero then: 22.9 kWh a day.
    if (range === '2026') expect(Math.round(Number(rows[30]?.[head.indexOf('Solar power (W)')]) / 10)).toBe(95);
  }
  expect(await get('/history?view=power&range=2026-11-19')).toContain('House: worked out from the other powers');
  expect(await get('/totals?period=2026-11-19')).toContain('used 16.8');
}, 30_000);
