import { expect, test } from 'bun:test';
import { viewerOf } from './accounts/viewer-service.ts';
import { readingOperations } from './app-reading-operations.ts';
import { unwrap } from './core/result.ts';
import type { Operation } from './platform/operation.ts';
import { FakeClock, startTestApp } from './testing/app.ts';

const HOUR = 3_600_000;

test('home-energy-manager #199: the export of a day has the hours of that day of the source, and says in which zone its times are', async () => {
  await using app = await startTestApp({ clock: new FakeClock(Date.UTC(2026, 10, 1)) });
  const { accounts, sources, telemetry } = app.features;
  const user = unwrap(
    await accounts.service.addUser({ email: 'ada@example.org', password: 'a long pass phrase 42', role: 'user' }),
  );
  const place = { latitude: 27.7, longitude: 85.3, timeZone: 'Asia/Kathmandu' };
  const viewer = viewerOf(user, { kind: 'system' });
  const { source } = unwrap(await sources.service.create(viewer, { name: 'Roof', ...place }));
  const noon = Date.UTC(2026, 5, 15, 12);
  await telemetry.admin.importReadings(
    source.id,
    Array.from({ length: 96 }, (_, i) => ({
      ...{ sourceId: source.id, time: noon - 48 * HOUR + i * HOUR },
      values: { loadPower: 100 + i },
    })),
  );
  const { export: run } = readingOperations(app) as { export: Operation };
  const exported = async (from: string, to: string) => {
    let written = '';
    const notes: string[] = [];
    await run(
      { source: 'Roof', from, to },
      {
        input: new ReadableStream(),
        write: async (output) => {
          written += String(output);
        },
        note: (line) => notes.push(line),
        progress: () => undefined,
      },
    );
    const times = written
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[0] ?? '');
    return { first: times[0], last: times.at(-1), count: times.length, notes };
  };
  const day = { first: '2026-06-14T19:00:00.000Z', last: '2026-06-15T18:00:00.000Z', count: 24 };
  expect(await exported('2026-06-15', '2026-06-16')).toMatchObject({
    ...day,
    notes: ['24 readings of Roof, times in UTC.'],
  });
  expect(await exported('2026-06-15T00:00', '2026-06-16T00:00:00')).toMatchObject(day);
  expect(await exported('2026-06-14T18:15:00Z', '2026-06-15T20:15:00+02:00')).toMatchObject(day);
  await expect(exported('the 15th', '2026-06-16')).rejects.toThrow('--from is a time');
}, 30_000);
