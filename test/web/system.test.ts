import { expect, test } from 'bun:test';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import { copiesOnDisk } from '../../src/backups/overview.ts';
import { unwrap } from '../../src/core/result.ts';
import { FakeClock, startTestApp } from '../../src/testing/app.ts';
import { signInAt } from '../../src/testing/sign-in.ts';
import { partWords } from '../../views/admin/part-words.ts';
import { forecastWords, StorageCard } from '../../views/admin/storage.tsx';

const goodPassword = 'a long pass phrase 42';

test('every part of the appliance has plain words on the System page', async () => {
  await using app = await startTestApp();
  const parts = app.health().map((p) => p.part);
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.filter((part) => partWords[part] === undefined)).toEqual([]);
});

test('how the past grows is what imported days take, and what a retention leaves of them', async () => {
  const clock = new FakeClock(Date.UTC(2026, 5, 21, 9));
  await using app = await startTestApp({ clock, config: { retentionDays: 90 } });
  const { accounts, sources, telemetry, admin } = app.features;
  const user = unwrap(
    await accounts.service.addUser({ email: 'ada@example.org', password: goodPassword, role: 'user' }),
  );
  const place = { latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };
  const ada = viewerOf(user, { kind: 'session', sessionId: 'ada' });
  const { source } = unwrap(await sources.service.create(ada, { name: 'Roof', ...place }));
  const none = { bytes: 0, count: 0, keep: 0 };
  expect(forecastWords((await admin.system.state()).storage, 1e9, none)).toContain('known once a whole day is over');

  const readings = Array.from({ length: 40 * 144 }, (_, i) => ({
    ...{ sourceId: source.id, time: clock.now() - (40 * 144 - i) * 600_000 },
    values: { solarPower: (i * 7919) % 4000, totalEnergyProduced: i / 10 },
  }));
  await telemetry.admin.importReadings(source.id, readings);
  const { storage, copies } = await admin.system.state();
  const of = (part: string) => storage.find((one) => one.part === part);
  // 144 readings of two numbers a day, packed: a hundred bytes or some; forty such days so far.
  const { bytes = 0, bytesADay = 0, keepDays } = of('readings') ?? {};
  expect(bytesADay).toBeGreaterThan(50);
  expect(bytesADay).toBeLessThan(2000);
  expect(Math.abs(bytes / bytesADay - 40)).toBeLessThan(4);
  expect(keepDays).toBe(90);
  expect(of('quarter')).toMatchObject({ keepDays: 0 });
  expect(of('day')?.bytesADay).toBeLessThan(of('quarter')?.bytesADay ?? 0);
  expect(forecastWords(storage, 1e12, none)).toMatch(/grows by .+ in a year.+ lasts for more than 30 years/);
  expect(forecastWords(storage, 0, none)).toContain('The free space lasts for one day.');
  expect(String(StorageCard({ storage, copies: none, freeBytes: null }))).toContain('90 days');
  // Two are kept of those made each week; none is there yet.
  expect(copies).toEqual({ bytes: 0, count: 0, keep: 2 });
  expect(String(StorageCard({ storage, copies, freeBytes: null }))).toContain('Backups on this disk');
});

test('the room of backups counts where they share the disk with the data', async () => {
  const settings = { schedule: 'weekly' as const, keep: 3, folder: '', device: null, hasPassphrase: false };
  const file = (place: 'here' | 'chosen', bytes: number) => ({
    ...{ place, name: 'ampra-2026-06-21-103455.tar', bytes, createdAt: 0, isSealed: false, facts: null },
  });
  const files = [file('here', 100), file('chosen', 40)];
  expect(copiesOnDisk({ settings, files }, false)).toEqual({ bytes: 100, count: 1, keep: 3 });
  const onStick = { ...settings, folder: '/media/stick' };
  expect(copiesOnDisk({ settings: onStick, files }, false)).toEqual({ bytes: 100, count: 1, keep: 0 });
  expect(copiesOnDisk({ settings: onStick, files }, true)).toEqual({ bytes: 140, count: 2, keep: 3 });
  expect(copiesOnDisk({ settings: { ...settings, schedule: 'off' }, files }, false).keep).toBe(0);
});

test('an empty log says which levels are not written down at all', async () => {
  await using app = await startTestApp({ config: { logLevel: 'warn' } });
  const login = { email: 'root@example.org', password: goodPassword };
  unwrap(await app.features.accounts.service.addUser({ ...login, role: 'admin' }));
  const headers = { Cookie: await signInAt(app.url ?? '', login), Accept: 'text/html' };
  const textOf = async (level: string) => (await fetch(`${app.url}/system/logs?level=${level}`, { headers })).text();
  expect(await textOf('info')).toContain(
    'Only warnings and errors are written down: AMPRA_LOG_LEVEL=info would tell more.',
  );
  expect(await textOf('error')).not.toContain('are written down');
});

test('a level of the log that is none is refused with a word, none named is the usual one', async () => {
  await using app = await startTestApp();
  const login = { email: 'root@example.org', password: goodPassword };
  unwrap(await app.features.accounts.service.addUser({ ...login, role: 'admin' }));
  const headers = { Cookie: await signInAt(app.url ?? '', login), Accept: 'text/html' };
  const ask = async (path: string) => {
    const answer = await fetch(app.url + path, { headers });
    return { status: answer.status, text: await answer.text() };
  };
  for (const path of ['/system/logs', '/system/logs?level=', '/system/logs?level=error'])
    expect((await ask(path)).status).toBe(200);
  for (const path of ['/system/logs?level=loud', '/system/logs/events?level=__proto__']) {
    const { status, text } = await ask(path);
    expect(status).toBe(400);
    expect(text).toContain('There are the levels debug, info, warn and error only.');
  }
});
