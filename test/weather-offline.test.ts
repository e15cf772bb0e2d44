import { expect, test } from 'bun:test';
import { viewerOf } from '../src/accounts/viewer-service.ts';
import { unwrap } from '../src/core/result.ts';
import { startTestApp } from '../src/testing/app.ts';

/** The discard port of this machine: nobody listens there. */
const NOBODY = 'http://127.0.0.1:9';

test('an appliance that cannot reach the weather is ready all the same, and tells on its metrics', async () => {
  await using app = await startTestApp({ config: { weather: 'on', weatherUrl: NOBODY } });
  const { accounts, sources, weather } = app.features;
  const who = { email: 'ada@example.org', password: 'kettle garden seven', role: 'overseer' } as const;
  const owner = viewerOf(unwrap(await accounts.service.addUser(who)), { kind: 'system' });
  const place = { name: 'Roof', latitude: 52.5, longitude: 13.4, timeZone: 'Europe/Berlin', connectionType: 'mqtt' };
  const { source } = unwrap(await sources.service.create(owner, place));
  for (let i = 0; i < 500 && !weather.reader.state(source.id)?.trouble; i++) await Bun.sleep(20);
  expect(weather.reader.state(source.id)?.trouble?.kind).toBe('unreachable');
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toContain('ampra_weather_failing_places 1');
  expect(metrics).toMatch(/ampra_weather_questions_total\{outcome="unreachable"\} [1-3]/);
  const job = app.features.jobs.list().find(({ kind }) => kind === 'weather.refresh');
  expect(job?.state).not.toBe('dead');
}, 20_000);
