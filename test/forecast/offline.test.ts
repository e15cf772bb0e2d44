import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { days, hours, minutes } from '../../src/core/durations.ts';
import type { ForecastView } from '../../src/forecast/forecast-view.ts';
import { FakeClock } from '../../src/testing/app.ts';
import { ForecastHouse } from '../../src/testing/forecast.ts';
import { munich, sunnyHouse } from '../../src/testing/sunny-house.ts';
import { WeatherServer } from '../../src/testing/weather.ts';

setDefaultTimeout(300_000);

/** The appliance goes offline while it runs, stays so until the weather it was told is used up, and comes back. */
const LEARNED_DAYS = 14;
const from = Date.UTC(2026, 4, 20);
const clock = new FakeClock(from + days(LEARNED_DAYS) + hours(4) + minutes(2));
const { measure } = sunnyHouse(from, LEARNED_DAYS + 14);
const server = new WeatherServer(clock);
let house: ForecastHouse;

const trouble = () => house.app.features.weather.reader.state(house.source.id)?.trouble?.kind;

/** Time passes: what is measured comes in, the weather is asked for, a forecast is made. */
async function live(ms: number): Promise<ForecastView> {
  const last = clock.now();
  clock.advance(ms);
  await house.measure(last, clock.now(), measure);
  await house.fetchWeather();
  await house.issue();
  return house.forecast();
}

/** What the page says about how sure it is. */
async function shown() {
  const page = await house.page('/forecast');
  const texts = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, text = '']) => text);
  const [age] = texts(/id="forecast-age">([^<]*)/g);
  const known = ['Without weather', 'The weather that is known ends soon', 'The newest forecast could not be made'];
  return { age, notices: known.filter((title) => page.includes(title)) };
}

/** Mean width of p10 to p90 of a day and a half from now on, in shares of the median. */
function widthOf({ steps, issuedAt }: ForecastView): number {
  const near = steps.filter(({ from: start }) => start < issuedAt + hours(36));
  const sum = (of: (step: (typeof near)[number]) => number): number => near.reduce((all, step) => all + of(step), 0);
  return sum(({ p10W, p90W }) => p90W - p10W) / sum(({ p50W }) => p50W);
}

beforeAll(async () => {
  house = await ForecastHouse.start(clock.now(), munich, { clock, weatherUrl: server.url });
  await house.measure(from, clock.now(), measure);
  await house.settle('weather.');
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  server.stop();
});

describe('an appliance that goes offline while it runs', () => {
  let online: ForecastView;

  test('has forecast with the weather while it was online', async () => {
    online = await live(hours(1));
    expect(online.state).toMatchObject({ isWithoutWeather: false, problem: null });
    expect(online.state.weatherAt).toBeGreaterThan(clock.now() - hours(1));
    expect((await shown()).notices).toEqual([]);
  });

  test('goes on with what it was told last, and says how old that is', async () => {
    server.stop();
    const view = await live(hours(26));
    expect(trouble()).toBe('unreachable');
    expect(view.issuedAt).toBe(clock.now());
    expect(view.state).toMatchObject({ isWithoutWeather: false, problem: null, weatherAt: online.state.weatherAt });
    expect(view.steps.some(({ p50W }) => p50W > 1000)).toBe(true);
    expect(await shown()).toMatchObject({ age: expect.stringContaining('weather fetched 1 day ago'), notices: [] });
  });

  test('forecasts by the clear sky, less surely, when that is used up, and the page says so', async () => {
    const view = await live(days(10));
    expect(view.issuedAt).toBe(clock.now());
    expect(view.state).toMatchObject({ isWithoutWeather: true, problem: null });
    expect(view.steps.some(({ p50W }) => p50W > 1000)).toBe(true);
    expect(widthOf(view)).toBeGreaterThan(1.2 * widthOf(online));
    expect((await shown()).notices).toEqual(['Without weather']);
    expect((await fetch(`${house.app.url}/readyz`)).status).toBe(200);
  });

  test('is as sure as before when the weather comes back, and takes the notice away', async () => {
    server.comeBack();
    const view = await live(hours(1));
    expect(trouble()).toBeUndefined();
    expect(view.state).toMatchObject({ isWithoutWeather: false, problem: null });
    expect(view.state.weatherAt).toBeGreaterThan(clock.now() - hours(1));
    expect(widthOf(view)).toBeLessThan(1.1 * widthOf(online));
    expect((await shown()).notices).toEqual([]);
  });
});
