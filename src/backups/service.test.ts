import { expect, test } from 'bun:test';
import type { Viewer } from '../accounts/viewer.ts';
import { ok } from '../core/result.ts';
import { silentLog } from '../platform/log.ts';
import { FakeClock } from '../testing/app.ts';
import { BackupService } from './service.ts';

const viewer: Viewer = {
  ...{ userId: 'ada', role: 'overseer', name: 'Ada', email: 'a@example.org', temperatureUnit: 'celsius' },
  via: { kind: 'session', sessionId: 's' },
};
const file = { place: 'here', name: 'ampra-2026-06-21-1034.tar', bytes: 1, createdAt: 1, isSealed: false, facts: null };

/** A service of whose works only is known how often they began; they never end. */
function service() {
  const begun: string[] = [];
  const works = {
    prepare: (path: string) => {
      begun.push(path);
      return new Promise<never>(() => undefined);
    },
    prepareNewTelemetry: (name: string) => void begun.push(name),
  };
  const here = { list: () => [file], pathOf: (name: string) => `/backups/${name}` };
  const made = new BackupService({
    ...{ works, here, clock: new FakeClock(), log: silentLog, audit: { record: () => undefined } },
    settings: { get: () => undefined, set: () => true },
    confirmPassword: async () => {
      await Bun.sleep(5);
      return ok(undefined);
    },
    ...{ closedFile: () => 'telemetry.duckdb', onChange: () => undefined, restart: () => undefined },
  } as never);
  return { made, begun };
}
const wish = { place: 'here', name: file.name, password: 'p', passphrase: '', only: undefined };

test('of two restores that are asked for at the same time one is prepared: they share a folder', async () => {
  const { made, begun } = service();
  const answers = await Promise.all([made.restore(viewer, wish, ''), made.restore(viewer, wish, '')]);
  expect(answers.map((answer) => answer.ok || answer.error.code).sort()).toEqual(['conflict', true] as never);
  expect(begun).toHaveLength(1);
});

test('a new measurement store is not begun while a restore is prepared', async () => {
  const { made, begun } = service();
  const [restored, anew] = await Promise.all([
    made.restore(viewer, wish, ''),
    made.beginTelemetryAnew(viewer, 'p', ''),
  ]);
  expect([restored.ok, anew.ok]).toEqual([true, false]);
  expect(begun).toEqual([`/backups/${file.name}`]);
});
