import type { Database } from 'bun:sqlite';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { relationalMigrations } from '../../migrations/relational/index.ts';
import { FakeClock, tempDir } from '../testing/app.ts';
import { JobTable, MOST_INTERRUPTIONS } from './jobs.sqlite.ts';
import { JobRunner } from './jobs.ts';
import { silentLog } from './log.ts';
import { migrateSqlite } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

let dir: string;
let db: Database;
let clock: FakeClock;
let runner: JobRunner;

const makeRunner = () => new JobRunner({ table: new JobTable(db), clock, log: silentLog, backOffMs: 1000 });

beforeEach(() => {
  dir = tempDir();
  db = openSqlite(join(dir, 'ampra.db'));
  migrateSqlite(db, relationalMigrations, Date.now);
  clock = new FakeClock();
  runner = makeRunner();
});
afterEach(async () => {
  await runner.stop();
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

const until = async (isSo: () => boolean) => {
  for (let i = 0; i < 400 && !isSo(); i++) await Bun.sleep(5);
  expect(isSo()).toBe(true);
};

test('a job runs with its payload, says how far it is, and is kept as succeeded', async () => {
  let go: () => void = () => {};
  runner.define({
    kind: 'count',
    title: 'Count',
    async run({ job, progress }) {
      expect(job.payload).toEqual({ n: 3 });
      progress(0.5, 'half');
      await new Promise<void>((resolve) => {
        go = resolve;
      });
    },
  });
  await runner.start();
  const id = runner.enqueue('count', { payload: { n: 3 } });
  await until(() => runner.find(id)?.progress === 0.5);
  expect(runner.find(id)).toMatchObject({ state: 'running', progressText: 'half', attempts: 1 });
  go();
  await until(() => runner.find(id)?.state === 'succeeded');
  expect(runner.find(id)).toMatchObject({ progress: 1, error: null, finishedAt: clock.now() });
});

test('a failing job waits twice as long after each attempt, is dead after the last, and can be retried by hand', async () => {
  let runs = 0;
  runner.define({
    kind: 'fails',
    title: 'Fails',
    maxAttempts: 3,
    async run() {
      runs++;
      throw new Error(`no ${runs}`);
    },
  });
  await runner.start();
  const id = runner.enqueue('fails');
  await until(() => runner.find(id)?.state === 'failed');
  expect(runner.find(id)).toMatchObject({ runAt: clock.now() + 1000, error: 'no 1', attempts: 1 });
  clock.advance(999);
  runner.poke();
  expect(runs).toBe(1);
  clock.advance(1);
  runner.poke();
  await until(() => runner.find(id)?.attempts === 2 && runner.find(id)?.state === 'failed');
  expect(runner.find(id)?.runAt).toBe(clock.now() + 2000);
  clock.advance(2000);
  runner.poke();
  await until(() => runner.find(id)?.state === 'dead');
  expect(runner.find(id)?.error).toBe('no 3');
  expect(runner.list({ state: 'dead' }).map((j) => j.id)).toEqual([id]);

  expect(runner.retry(id)).toBe(true);
  await until(() => runs === 4);
  expect(runner.retry('no-such-job')).toBe(false);
});

test('a second job of the same key is the first one until that is finished', async () => {
  runner.define({ kind: 'once', title: 'Once', run: async () => {} });
  const first = runner.enqueue('once', { dedupeKey: 'a' });
  expect(runner.enqueue('once', { dedupeKey: 'a' })).toBe(first);
  expect(runner.enqueue('once', { dedupeKey: 'b' })).not.toBe(first);
  await runner.start();
  await until(() => runner.find(first)?.state === 'succeeded');
  expect(runner.enqueue('once', { dedupeKey: 'a' })).not.toBe(first);
});

test('a job that is put off by a share of an hour waits for the whole millisecond', async () => {
  const id = runner.enqueue('later', { runAt: clock.now() + 1_234_567.89 });
  expect(runner.find(id)?.runAt).toBe(clock.now() + 1_234_568);
});

test('a job for later waits, and one of an unknown kind stays queued', async () => {
  runner.define({ kind: 'later', title: 'Later', run: async () => {} });
  await runner.start();
  const later = runner.enqueue('later', { runAt: clock.now() + 5000 });
  const unknown = runner.enqueue('of-a-newer-ampra');
  await Bun.sleep(30);
  expect(runner.find(later)?.state).toBe('queued');
  expect(runner.find(unknown)?.state).toBe('queued');
  clock.advance(5000);
  runner.poke();
  await until(() => runner.find(later)?.state === 'succeeded');
});

test('a stop interrupts a running job, which the next start runs again without a lost attempt', async () => {
  let runs = 0;
  const define = (r: JobRunner) =>
    r.define({
      kind: 'long',
      title: 'Long',
      maxAttempts: 1,
      run: async ({ signal }) => {
        runs++;
        if (runs > 1) return;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    });
  define(runner);
  await runner.start();
  const id = runner.enqueue('long');
  await until(() => runs === 1);
  await runner.stop();
  expect(runner.find(id)).toMatchObject({ state: 'queued', attempts: 0 });
  runner = makeRunner();
  define(runner);
  await runner.start();
  await until(() => runner.find(id)?.state === 'succeeded');
});

test('a job that ends the appliance each time it runs is given up after a while', () => {
  const table = new JobTable(db);
  const id = table.insert({
    id: 'j',
    kind: 'kills',
    payload: null,
    maxAttempts: 3,
    runAt: 0,
    createdAt: 0,
    dedupeKey: null,
    ownerId: null,
  });
  for (let i = 1; i < MOST_INTERRUPTIONS; i++) {
    expect(table.claim(['kills'], i)?.attempts).toBe(1);
    expect(table.recover(i)).toBe(1);
  }
  table.claim(['kills'], 9);
  expect(table.recover(9)).toBe(0);
  expect(table.find(id)).toMatchObject({ state: 'dead' });
  expect(table.find(id)?.error).toContain('5 times');
});

test('finished jobs are kept in bounds', () => {
  const table = new JobTable(db);
  db.transaction(() => {
    for (let i = 0; i < 320; i++) {
      table.insert({
        id: `j${i}`,
        kind: 'k',
        payload: i,
        maxAttempts: 1,
        runAt: i,
        createdAt: i,
        dedupeKey: null,
        ownerId: null,
      });
      table.claim(['k'], 1000);
      table.succeed(`j${i}`, 1000);
    }
  })();
  expect(table.counts()).toEqual({ queued: 0, running: 0, succeeded: 300, failed: 0, dead: 0 });
  expect(table.find('j0')).toBeUndefined();
  expect(table.find('j319')).toBeDefined();
});

test('cron puts the job into the table once, however often it triggers while the first waits', async () => {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  runner.define({ kind: 'each-second', title: 'Each second', cron: '* * * * * *', run: () => held });
  await runner.start();
  await until(() => runner.list().length > 0);
  await Bun.sleep(1100);
  expect(runner.list().length).toBe(1);
  release();
});

test('of work that takes much memory one piece runs at a time, and other work has its turn beside it', async () => {
  const endings = new Map<string, () => void>();
  const define = (kind: string, isHeavy: boolean) =>
    runner.define({
      ...{ kind, title: kind, isHeavy },
      run: () => new Promise<void>((resolve) => endings.set(kind, resolve)),
    });
  define('books', true);
  define('learning', true);
  define('mail', false);
  await runner.start();
  const [books = '', learning = '', mail = ''] = ['books', 'learning', 'mail'].map((kind) => runner.enqueue(kind));
  await until(() => endings.has('mail'));
  expect([books, learning, mail].map((id) => runner.find(id)?.state)).toEqual(['running', 'queued', 'running']);
  endings.get('mail')?.();
  await until(() => runner.find(mail)?.state === 'succeeded');
  expect(runner.find(learning)?.state).toBe('queued');
  endings.get('books')?.();
  await until(() => endings.has('learning'));
  endings.get('learning')?.();
  await until(() => runner.find(learning)?.state === 'succeeded');
});

test('a cron expression that is none is refused at once', () => {
  expect(() => runner.define({ kind: 'x', title: 'X', cron: 'every day', run: async () => {} })).toThrow('every day');
});

test('a regular job that was missed while the appliance was off runs once at the next start', async () => {
  const define = () => {
    let runs = 0;
    const run = async () => void runs++;
    runner.define({ kind: 'tidy', title: 'Tidy', cron: '17 3 * * *', run });
    return () => runs;
  };
  const first = define();
  await runner.start();
  // A new appliance has missed nothing.
  await Bun.sleep(20);
  expect(first()).toBe(0);
  runner.enqueue('tidy');
  await until(() => first() === 1);
  for (const [days, expected] of [
    [5, 1],
    [0, 0],
  ] as const) {
    await runner.stop();
    clock.advance(days * 86_400_000);
    runner = makeRunner();
    const runs = define();
    await runner.start();
    await Bun.sleep(40);
    expect([days, runs()]).toEqual([days, expected]);
  }
});
