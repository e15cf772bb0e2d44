import { expect, test } from 'bun:test';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import { unwrap } from '../../src/core/result.ts';
import { startTestApp } from '../../src/testing/app.ts';
import { signInAt } from '../../src/testing/sign-in.ts';

const login = { email: 'ada@example.org', password: 'a long enough test password' };

test('an address that leads nowhere leads back to the page in whose midst it lies, and home', async () => {
  await using app = await startTestApp();
  const url = app.url ?? '';
  unwrap(await app.features.accounts.service.addUser({ ...login, role: 'user' }));
  const headers = { Cookie: await signInAt(url, login) };
  const linksOf = async (path: string): Promise<string[]> => {
    const answer = await fetch(`${url}${path}`, { headers });
    expect(answer.status).toBe(404);
    const main = /<main\b[\s\S]*<\/main>/.exec(await answer.text())?.[0] ?? '';
    return [...main.matchAll(/<a class="button[^"]*" href="([^"]+)"/g)].map(([, href]) => href ?? '');
  };
  expect(await linksOf('/history?show=group:nope')).toEqual(['/history', '/']);
  expect(await linksOf('/totals?show=source:nope')).toEqual(['/totals', '/']);
  expect(await linksOf('/sources/00000000-0000-4000-8000-000000000000')).toEqual(['/sources', '/']);
  expect(await linksOf('/nowhere')).toEqual(['/']);
  // What is not for this person is no way back.
  expect(await linksOf('/system/nowhere')).toEqual(['/']);
}, 30_000);

test('what an address asks for in vain is refused alike by every page, which says what is wrong', async () => {
  await using app = await startTestApp();
  const url = app.url ?? '';
  const { accounts, sources, telemetry } = app.features;
  const user = unwrap(await accounts.service.addUser({ ...login, role: 'user' }));
  const place = { latitude: 38.72, longitude: -9.14, timeZone: 'Europe/Lisbon' };
  const made = await sources.service.create(viewerOf(user, { kind: 'system' }), {
    ...{ name: 'Roof', connectionType: 'mqtt', ...place },
  });
  const { id } = unwrap(made).source;
  const now = Date.now();
  const readings = [now - 120_000, now].map((time) => ({ sourceId: id, time, values: { solarPower: 100 } }));
  await telemetry.admin.importReadings(id, readings.values());
  const headers = { Cookie: await signInAt(url, login) };
  const ask = async (path: string, more: Record<string, string> = {}) => {
    const answer = await fetch(`${url}${path}`, { headers: { ...headers, ...more } });
    return { status: answer.status, text: await answer.text() };
  };
  for (const [path, words] of [
    ['/history?range=2026-02-30', '“2026-02-30” is no day, month or year of the calendar.'],
    ['/totals?period=2026-02-30', '“2026-02-30” is no day, month or year of the calendar.'],
    [`/sources/${id}/data?month=2026-13`, '“2026-13” is no month of the calendar.'],
    ['/totals.csv?by=week', 'The file is by the bars as shown, or by day.'],
    ['/forecast?span=soon', '“soon” is no span of the forecast'],
  ] as const) {
    const { status, text } = await ask(path);
    expect([path, status]).toEqual([path, 400]);
    expect(text).toContain(words);
  }
  expect((await ask('/totals?period=nope', { 'HX-Request': 'true' })).status).toBe(400);
  for (const running of ['day', 'month', 'year'])
    expect([running, (await ask(`/totals?period=${running}`)).status]).toEqual([running, 200]);
}, 30_000);
