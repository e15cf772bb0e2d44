import { expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import { tempDir } from '../testing/app.ts';
import { JobTable } from './jobs.sqlite.ts';
import { JobRunner } from './jobs.ts';
import { silentLog } from './log.ts';
import { openSqlite } from './sqlite.ts';

test('a job that was running when the process was killed runs again at the next start, without a lost attempt', async () => {
  const dir = tempDir();
  const path = join(dir, 'ampra.db');
  const root = join(import.meta.dir, '..', '..');
  const script = `
    import { openSqlite } from '${root}/src/platform/sqlite.ts';
    import { migrateSqlite } from '${root}/src/platform/migrate.ts';
    import { relationalMigrations } from '${root}/migrations/relational/index.ts';
    import { JobTable } from '${root}/src/platform/jobs.sqlite.ts';
    import { JobRunner } from '${root}/src/platform/jobs.ts';
    import { silentLog } from '${root}/src/platform/log.ts';
    const db = openSqlite('${path}');
    migrateSqlite(db, relationalMigrations, Date.now);
    const jobs = new JobRunner({ table: new JobTable(db), clock: { now: Date.now }, log: silentLog });
    jobs.define({ kind: 'long', title: 'Long', maxAttempts: 1, run: async () => { console.log('running'); await Bun.sleep(60_000); } });
    await jobs.start();
    jobs.enqueue('long', { payload: { part: 7 } });`;
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe', cwd: root });
  for await (const _ of child.stdout) break;
  child.kill('SIGKILL');
  await child.exited;

  const db = openSqlite(path);
  const table = new JobTable(db);
  const [cut] = table.list({ limit: 1 });
  expect(cut?.state).toBe('running');
  const jobs = new JobRunner({ table, clock: systemClock, log: silentLog });
  const seen: unknown[] = [];
  jobs.define({ kind: 'long', title: 'Long', run: async ({ job }) => void seen.push([job.payload, job.attempts]) });
  await jobs.start();
  for (let i = 0; i < 200 && table.counts().succeeded === 0; i++) await Bun.sleep(10);
  expect(seen).toEqual([[{ part: 7 }, 1]]);
  await jobs.stop();
  db.close();
  rmSync(dir, { recursive: true, force: true });
}, 20_000);
