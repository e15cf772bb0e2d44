import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { api } from '../../bench/appliance.ts';
import { systemClock } from '../../src/core/clock.ts';
import { WeatherServer } from '../../src/testing/weather.ts';
import { House, until } from './house.ts';
import { Chance } from './random.ts';

/** The process dies while it stores the weather of a new place; the next start takes the work up where it ended. */
const chance = new Chance();
let server: WeatherServer;
let house: House;
const env = () => ({ NODE_ENV: 'test', AMPRA_WEATHER_URL: server.url });

beforeAll(async () => {
  server = new WeatherServer(systemClock);
  house = await House.build({ env: env() });
}, 60_000);

afterAll(async () => {
  await house?.dispose();
  server?.stop();
});

/** A source somewhere else than all others; null when the process died over it. */
async function sourceAt(latitude: number): Promise<string | null> {
  const place = { name: 'Elsewhere', connectionType: 'mqtt', latitude, longitude: 10, timeZone: 'UTC' };
  const made = api<{ id: string }>(house.appliance, '/sources', { method: 'POST', body: JSON.stringify(place) });
  return await made.then(
    ({ id }) => id,
    () => null,
  );
}

async function hasWeather(id: string): Promise<boolean> {
  const from = new Date().toISOString();
  const to = new Date(Date.now() + 86_400_000).toISOString();
  const { times } = await api<{ times: string[] }>(
    house.appliance,
    `/sources/${id}/weather/hourly?from=${from}&to=${to}`,
  );
  return times.length > 0;
}

describe('weather that is being stored when the process is killed', () => {
  for (const point of ['sqlite.before-commit', 'sqlite.committed'])
    test(`is there after the next start (${point})`, async () => {
      const passes = chance.between(1, 25);
      const isUp = await house.restart({ env: { ...env(), TEST_DIE_AT: `${point}:${passes}` } }).then(
        () => true,
        () => false,
      );
      const made = isUp ? await sourceAt(40 + chance.between(0, 1000) / 100) : null;
      if (isUp) await Promise.race([house.appliance.ended, Bun.sleep(5000)]);
      const id = made ?? house.device('webhook').source.id;
      await house.restart({ env: env() });
      await until(`weather came (${passes} passes, seed ${chance.seed})`, () => hasWeather(id));
      expect(await house.problems()).toEqual([]);
    }, 120_000);
});
