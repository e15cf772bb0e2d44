import { expect, test } from 'bun:test';
import { unwrap } from '../src/core/result.ts';
import { startTestApp, type TestApp } from '../src/testing/app.ts';
import { WeatherServer } from '../src/testing/weather.ts';

async function tokenFor(
  app: TestApp,
  email: string,
  role: 'overseer' | 'user',
): Promise<{ id: string; token: string }> {
  const accounts = app.features.accounts.service;
  const user = unwrap(await accounts.addUser({ email, password: 'kettle garden seven', role }));
  const scope = role === 'user' ? 'write' : 'admin';
  return { id: user.id, token: unwrap(accounts.addToken({ email, name: 'test', scope })) };
}

test('deleting a user over the API takes their sources, every reading and the weather along, and nothing of others', async () => {
  using weather = new WeatherServer({ now: () => Date.now() });
  await using app = await startTestApp({ config: { weather: 'on', weatherUrl: weather.url } });
  const call = (token: string, method: string, path: string, body?: unknown) =>
    fetch(`${app.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const over = await tokenFor(app, 'over@example.org', 'overseer');
  const anna = await tokenFor(app, 'anna@example.org', 'user');
  const sourceOf = async (token: string) => {
    const place = { latitude: 52.5, longitude: 13.4, timeZone: 'Europe/Berlin', installedCapacityW: 5000 };
    const made = await call(token, 'POST', '/sources', { name: 'Roof', connectionType: 'mqtt', ...place });
    expect(made.status).toBe(201);
    return ((await made.json()) as { id: string }).id;
  };
  const [hers, other] = [await sourceOf(anna.token), await sourceOf(over.token)];
  const { admin, reader } = app.features.telemetry;
  const time = Date.UTC(2026, 5, 21, 10);
  for (const sourceId of [hers, other])
    await admin.importReadings(sourceId, [{ sourceId, time, values: { solarPower: 1200 } }]);
  expect(await reader.span(hers)).not.toBeNull();
  const stateOf = (id: string) => app.features.weather.reader.state(id);
  for (let i = 0; i < 500 && !(stateOf(hers)?.fetchedAt && stateOf(other)?.fetchedAt); i++) await Bun.sleep(20);
  const owners = () => app.base.db.query('SELECT owner_id FROM weather_places').values().flat();
  expect(owners()).toContain(anna.id);

  expect((await call(over.token, 'DELETE', `/users/${anna.id}`)).status).toBe(204);

  expect((await call(over.token, 'GET', `/sources/${hers}`)).status).toBe(404);
  expect((await call(anna.token, 'GET', '/me')).status).toBe(401);
  expect(await reader.span(hers)).toBeNull();
  expect(await reader.span(other)).not.toBeNull();
  expect((await call(over.token, 'GET', `/sources/${other}`)).status).toBe(200);
  expect(owners()).toEqual([over.id]);
  const days = app.base.db.query('SELECT DISTINCT source_id FROM weather_days').values();
  expect(days).toEqual([[other]]);
  const left = app.base.db.query('SELECT email FROM users').all();
  expect(left).toEqual([{ email: 'over@example.org' }]);
});
