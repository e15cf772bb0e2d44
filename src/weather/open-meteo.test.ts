import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hours, minutes } from '../core/durations.ts';
import { solarDay } from '../core/solar/day.ts';
import { FakeClock } from '../testing/app.ts';
import { refusal, WeatherServer } from '../testing/weather.ts';
import { OpenMeteo } from './open-meteo.http.ts';
import { readAnswer } from './open-meteo-answer.http.ts';
import { pointOf } from './place.ts';
import type { WeatherOutcome } from './ports.ts';

const recorded = join(process.env.AMPRA_TEST_DATA ?? '', 'weather_api');
const hasRecorded = process.env.AMPRA_TEST_DATA !== undefined && existsSync(recorded);
if (!hasRecorded) console.warn('Recorded answers of Open-Meteo are not replayed: AMPRA_TEST_DATA is not set.');

const lisbon = pointOf({ latitude: 38.7223, longitude: -9.1393 });
const { signal } = new AbortController();
let clock: FakeClock;
let server: WeatherServer;

beforeEach(() => {
  clock = new FakeClock();
  server = new WeatherServer(clock);
});
afterEach(() => server.stop());

function client(options: { apiKey?: string; timeoutMs?: number; archiveUrl?: string } = {}): OpenMeteo {
  const urls = { forecastUrl: server.url, archiveUrl: server.url };
  return new OpenMeteo({ ...urls, apiKey: '', clock, firstWaitMs: 1, ...options });
}

const ask = (of = client()): Promise<WeatherOutcome> => of.forecast(lisbon, { pastDays: 2, signal });
const troubleOf = (outcome: WeatherOutcome) => (outcome.ok ? null : outcome.trouble);

/** An answer of three hours, in the form of the real one. */
function small(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...{ latitude: 38.7, longitude: -9.1, generationtime_ms: 0.2, utc_offset_seconds: 0, elevation: 12 },
    hourly_units: { time: 'unixtime', temperature_2m: '°C', wind_speed_10m: 'm/s', shortwave_radiation: 'W/m²' },
    hourly: {
      time: [1_782_000_000, 1_782_003_600, 1_782_007_200],
      temperature_2m: [21.3, null, -0.0],
      wind_speed_10m: [3.61, 4, 0],
      shortwave_radiation: [801.4, -0.3, 5000],
    },
    ...change,
  };
}

describe('a question', () => {
  test('tells a place of two digits and what is wanted, in UTC, and nothing else', async () => {
    await ask();
    const [asked] = server.asked;
    expect(asked?.pathname).toBe('/v1/forecast');
    expect(Object.fromEntries(asked?.searchParams ?? [])).toEqual({
      latitude: '38.72',
      longitude: '-9.14',
      hourly:
        'temperature_2m,relative_humidity_2m,weather_code,cloud_cover,cloud_cover_low,cloud_cover_mid,cloud_cover_high,wind_speed_10m,precipitation,snow_depth,shortwave_radiation,direct_normal_irradiance,diffuse_radiation,uv_index',
      ...{ timezone: 'GMT', timeformat: 'unixtime', wind_speed_unit: 'ms', past_days: '2', forecast_days: '9' },
    });
  });

  test('to the archive names days, leaves out what the archive has not, and may have a path before it', async () => {
    const url = `${server.url}/mirror/`;
    server.next.push((asked) => server.weather(new URL(asked.href.replace('/mirror', ''))));
    const outcome = await client({ archiveUrl: url }).archive(lisbon, {
      first: '2025-01-01',
      last: '2025-01-31',
      signal,
    });
    const [asked] = server.asked;
    expect(asked?.pathname).toBe('/mirror/v1/archive');
    expect(asked?.searchParams.get('hourly')).not.toContain('uv_index');
    expect(asked?.searchParams.get('start_date')).toBe('2025-01-01');
    expect(outcome.ok && outcome.answer.block.count).toBe(31 * 24);
  });

  test('carries a key where there is one, and no trouble repeats it', async () => {
    server.next.push(() => refusal('Bad key', 401));
    const outcome = await ask(client({ apiKey: 'very-secret-key' }));
    expect(server.asked[0]?.searchParams.get('apikey')).toBe('very-secret-key');
    server.stop();
    const gone = await ask(client({ apiKey: 'very-secret-key' }));
    expect(JSON.stringify([outcome, gone])).not.toContain('very-secret-key');
  });
});

describe('an answer', () => {
  test('is hours of UTC with every field that was asked for', async () => {
    const outcome = await ask();
    if (!outcome.ok) throw new Error(outcome.trouble.message);
    const { block, elevationM } = outcome.answer;
    expect(block.from).toBe(Date.UTC(2026, 5, 19));
    expect(block.count).toBe(11 * 24);
    expect(elevationM).toBe(72);
    for (const values of Object.values(block.values)) expect(values.every((value) => value !== null)).toBe(true);
  });

  test('may have unknown hours, negative zeros, a hair below nothing and what is no weather', () => {
    const { block } = readAnswer(JSON.stringify(small()));
    expect(block.values.temperatureC).toEqual([21.3, null, 0]);
    expect(Object.is(block.values.temperatureC[2], 0)).toBe(true);
    expect(block.values.ghiWm2).toEqual([801.4, 0, null]);
    expect(block.values.uvIndex).toEqual([null, null, null]);
  });

  test('in kilometres an hour is turned into metres a second, in any other unit it is refused', () => {
    const units = (wind: string) => ({ hourly_units: { ...(small().hourly_units as object), wind_speed_10m: wind } });
    expect(readAnswer(JSON.stringify(small(units('km/h')))).block.values.windMs).toEqual([1, 1.11, 0]);
    expect(() => readAnswer(JSON.stringify(small(units('kn'))))).toThrow('wind_speed_10m is in kn');
  });

  test('in local time with its one offset is understood, half hours are not placed by guess', () => {
    const at = (times: string[], offset: number) =>
      JSON.stringify(small({ utc_offset_seconds: offset, hourly_units: {}, hourly: { time: times } }));
    const cet = readAnswer(at(['2026-03-29T00:00', '2026-03-29T01:00', '2026-03-29T02:00'], 3600));
    expect(cet.block.from).toBe(Date.UTC(2026, 2, 28, 23));
    expect(() => readAnswer(at(['2026-03-29T00:00', '2026-03-29T01:00'], 19_800))).toThrow('whole hours');
    expect(() => readAnswer(at(['2026-03-29T00:00', '2026-03-29T02:00'], 0))).toThrow('whole hours');
  });

  test.each([
    ['truncated JSON', () => new Response(JSON.stringify(small()).slice(0, 300)), 'not whole JSON'],
    ['a page of a hotel', () => new Response('<html>Sign in to the WLAN</html>'), 'not whole JSON'],
    ['no hours', () => Response.json(small({ hourly: undefined })), 'no hourly weather'],
    [
      'columns of different lengths',
      () => Response.json(small({ hourly: { time: [0, 3600], temperature_2m: [1] } })),
      'as many',
    ],
    ['an error with status 200', () => refusal('Data not available', 200), 'Data not available'],
  ])('that is none is said so and asked for again: %s', async (_what, answer, says) => {
    server.next.push(answer, answer, answer);
    const trouble = troubleOf(await ask());
    expect(trouble?.kind).toBe('garbled');
    expect(trouble?.message).toContain(says);
    expect(server.asked.length).toBe(3);
  });

  test('larger than any weather is cut off', async () => {
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(32)),
        }),
      );
    server.next.push(endless, endless, endless);
    expect(troubleOf(await ask())?.message).toContain('too large');
  });
});

describe('trouble', () => {
  test('that passes is waited out', async () => {
    server.next.push(
      () => new Response('', { status: 502 }),
      () => new Response('{'),
    );
    const of = client();
    expect((await ask(of)).ok).toBe(true);
    expect(of.counts()).toMatchObject({ server: 1, garbled: 1, ok: 1 });
  });

  test('with the question is not asked again, and its reason is passed on', async () => {
    server.next.push(() => refusal("Parameter 'latitude' is out of range", 400));
    expect(troubleOf(await ask())).toEqual({
      kind: 'refused',
      message: "It refused the question: Parameter 'latitude' is out of range.",
    });
    expect(server.asked.length).toBe(1);
  });

  test('of too many questions is answered with silence for as long as it was told', async () => {
    server.next.push(() => refusal('Minutely API request limit exceeded. Please try again in one minute.', 429));
    const of = client();
    const until = clock.now() + minutes(1);
    expect(troubleOf(await ask(of))).toMatchObject({ kind: 'rateLimited', until });
    expect(of.pausedUntil()).toBe(until);
    expect(troubleOf(await ask(of))).toMatchObject({ kind: 'rateLimited', until });
    expect(server.asked.length).toBe(1);
    clock.advance(minutes(1));
    expect(of.pausedUntil()).toBeNull();
    expect((await ask(of)).ok).toBe(true);
  });

  test('of a slow answer ends at the time-out', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const slowly = () => promise.then(() => new Response(''));
    server.next.push(slowly, slowly, slowly);
    expect(troubleOf(await ask(client({ timeoutMs: 50 })))?.kind).toBe('timeout');
    resolve();
  });

  test('of a house without internet is told as such', async () => {
    server.stop();
    expect(troubleOf(await ask())).toMatchObject({ kind: 'unreachable', message: '127.0.0.1 could not be reached.' });
  });

  test('is not led elsewhere by a redirect', async () => {
    const away = () => Response.redirect(`${server.url}/v1/archive`, 302);
    server.next.push(away, away, away);
    expect((await ask()).ok).toBe(false);
    expect(server.asked.every((url) => url.pathname === '/v1/forecast')).toBe(true);
  });

  test('ends at once when the appliance stops', async () => {
    const stop = new AbortController();
    server.next.push(() => new Promise<Response>(() => undefined));
    const asked = client().forecast(lisbon, { pastDays: 2, signal: stop.signal });
    for (let i = 0; i < 500 && server.asked.length === 0; i++) await Bun.sleep(5);
    stop.abort();
    expect((await asked).ok).toBe(false);
    expect(server.asked.length).toBe(1);
  });
});

describe.skipIf(!hasRecorded)('a recorded answer', () => {
  const read = (file: string) => readFileSync(join(recorded, file), 'utf8');

  test('of three days is read as it was measured: local times as UTC, kilometres an hour as metres a second', async () => {
    const text = read('openmeteo_hourly_real_2026-03.json');
    server.next.push(() => new Response(text));
    const outcome = await ask();
    if (!outcome.ok) throw new Error(outcome.trouble.message);
    const { block, elevationM } = outcome.answer;
    expect([new Date(block.from).toISOString(), block.count, elevationM]).toEqual([
      '2026-03-01T23:00:00.000Z',
      72,
      291,
    ]);
    expect(block.values.temperatureC.slice(0, 3)).toEqual([3.2, 2.3, 1.9]);
    expect(block.values.windMs[0]).toBeCloseTo(4.3 / 3.6, 2);
    expect(block.values.ghiWm2.slice(8, 11)).toEqual([21.8, 101.2, 207]);
    // Not asked for then: unknown now, not nothing.
    expect(block.values.dniWm2.every((value) => value === null)).toBe(true);
  });

  test('has its light in the hour before the stamp: before the sun rises there is none, in the hour of sunrise there is', () => {
    const { block } = readAnswer(read('openmeteo_hourly_real_2026-03.json'));
    const { sunrise } = solarDay(block.from + hours(12), { latitude: 50, longitude: 10 });
    const firstLit = block.values.ghiWm2.findIndex((value) => (value ?? 0) > 0);
    const stamp = block.from + firstLit * hours(1);
    expect(stamp - hours(1)).toBeLessThanOrEqual(sunrise + hours(1));
    expect(stamp).toBeGreaterThan(sunrise);
  });

  test('of days alone has no hours and is refused; its sunrises, which it reckons coarsely, are those of the sun within four minutes', () => {
    const text = read('openmeteo_daily_example.json');
    expect(() => readAnswer(text)).toThrow('no hourly weather');
    const {
      daily,
      latitude,
      longitude,
      utc_offset_seconds: offsetS,
    } = JSON.parse(text) as {
      daily: { time: string[]; sunrise: string[]; sunset: string[] };
      latitude: number;
      longitude: number;
      utc_offset_seconds: number;
    };
    for (const [i, date] of daily.time.entries()) {
      const sun = solarDay(Date.parse(`${date}T12:00Z`), { latitude, longitude });
      const told = (local: string | undefined) => Date.parse(`${local}Z`) - offsetS * 1000;
      expect(Math.abs(sun.sunrise - told(daily.sunrise[i]))).toBeLessThan(minutes(4));
      expect(Math.abs(sun.sunset - told(daily.sunset[i]))).toBeLessThan(minutes(4));
    }
  });
});
