import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Viewer } from '../accounts/viewer.ts';
import { schemas } from '../app-stores.ts';
import { AmpraError, unwrap } from '../core/result.ts';
import { DuckdbDatabase } from '../platform/duckdb.ts';
import { READY } from '../platform/put-restored.ts';
import { tarOf } from '../platform/tar.ts';
import { startTestApp, type TestApp, tempDir } from '../testing/app.ts';
import { backUpTo, restoreNow } from '../testing/backups.ts';
import { readBackup } from './archive-read.fs.ts';
import type { BackupManifest } from './manifest.ts';
import { stageRestore, verifyBackup } from './stage.fs.ts';

setDefaultTimeout(60_000);
/** Within a day that is not over for long: its readings are not packed yet. */
const START = Date.now() - 40 * 60_000;
const EMAIL = 'o@example.org';
const PASSWORD = 'correct horse battery';
const dirs: string[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = tempDir();
  dirs.push(dir);
  return dir;
}

interface House {
  viewer: Viewer;
  sourceId: string;
}

/** An owner with one source and so many readings. */
async function furnish(app: TestApp, readings: number): Promise<House> {
  const { accounts, sources } = app.features;
  const user = unwrap(await accounts.service.addUser({ email: EMAIL, password: PASSWORD, role: 'overseer' }));
  const viewer = accounts.service.viewerFor(user.id) as Viewer;
  const place = { latitude: 38.7, longitude: -9.1, timeZone: 'Europe/Lisbon' };
  const made = unwrap(await sources.service.create(viewer, { name: 'Roof', connectionType: 'mqtt', ...place }));
  await receive(app, made.source.id, 0, readings);
  return { viewer, sourceId: made.source.id };
}

/** Readings on the way that every reading takes: into the journal, acknowledged, into memory. */
async function receive(app: TestApp, sourceId: string, from: number, count: number): Promise<void> {
  const { ingest, sources } = app.features;
  const source = sources.directory.byId(sourceId);
  if (!source) throw new Error('no source');
  const readings = Array.from({ length: count }, (_, i) => ({
    timestamp: START + (from + i) * 1000,
    solarPower: from + i,
  }));
  const payload = new TextEncoder().encode(JSON.stringify(readings));
  const topic = `ampra/${sourceId}/telemetry`;
  await new Promise<void>((resolve, reject) =>
    ingest.service.receive(
      source,
      'mqtt',
      { topic, payload, receivedAt: app.base.clock.now(), isRetained: false },
      (error) => (error ? reject(error) : resolve()),
      true,
    ),
  );
}

async function stored(app: TestApp, sourceId: string): Promise<number[]> {
  const range = { from: 0, to: Date.UTC(2030, 0, 1) };
  const { items } = await app.features.telemetry.reader.readings(sourceId, range, { limit: 100_000 });
  return items.map((item) => item.values.solarPower as number);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'it was taken',
    (thrown: unknown) => thrown,
  );
  return error instanceof AmpraError ? `${error.refusal.code}: ${error.refusal.message}` : String(error);
}

const quiet = { schemas, now: Date.now, progress: () => undefined };
const verify = (file: string, passphrase?: string) =>
  verifyBackup({ file, passphrase, scratch: join(file, '..', 'scratch'), ...quiet });

describe('a backup', () => {
  test('made while readings come in holds what was there when it began, and a restore has it all', async () => {
    const dir = folder();
    const file = join(dir, 'copy.tar');
    await using app = await startTestApp({ config: { commitWindowMs: 0 } });
    const { sourceId } = await furnish(app, 500);
    mkdirSync(join(app.dataDir, 'models'), { recursive: true });
    writeFileSync(join(app.dataDir, 'models', `${sourceId}.json`), '{"learned":"on site"}');
    let isDone = false;
    let more = 500;
    const coming = (async () => {
      while (!isDone) {
        await receive(app, sourceId, more, 10);
        more += 10;
      }
    })();
    const manifest = await backUpTo(app, file);
    isDone = true;
    await coming;
    const held = manifest.databases?.['telemetry.duckdb']?.tables.readings?.rows ?? 0;
    expect(held).toBeGreaterThanOrEqual(500);
    expect(await stored(app, sourceId)).toEqual(upTo(more));
    expect(await verify(file)).toMatchObject({ isOpened: true });
    expect(existsSync(join(dir, 'scratch'))).toBe(false);

    const other = join(dir, 'other');
    mkdirSync(other);
    await restoreNow({ file, dataDir: other });
    await using copy = await startTestApp({ dataDir: other });
    expect(copy.isReady()).toBe(true);
    expect(readFileSync(join(other, 'models', `${sourceId}.json`), 'utf8')).toBe('{"learned":"on site"}');
    const there = await stored(copy, sourceId);
    expect(there).toEqual(upTo(there.length));
    expect(there.length).toBeGreaterThanOrEqual(held);
    const signedIn = await copy.features.accounts.service.signIn.signIn(
      { email: EMAIL, password: PASSWORD },
      { address: '127.0.0.1', userAgent: '' },
    );
    expect(signedIn.ok).toBe(true);
  });

  test('under a passphrase hides everything and opens to it alone', async () => {
    const file = join(folder(), 'copy.tar.sealed');
    await using app = await startTestApp();
    await furnish(app, 50);
    await backUpTo(app, file, 'a long passphrase');
    const bytes = readFileSync(file);
    for (const text of ['manifest.json', 'ampra.db', EMAIL, 'SQLite format']) expect(bytes.includes(text)).toBe(false);
    expect(await refusal(verify(file))).toStartWith('forbidden: This backup is under a passphrase');
    expect(await refusal(verify(file, 'another'))).toStartWith('forbidden');
    expect(await verify(file, 'a long passphrase')).toMatchObject({ isOpened: true });
  });

  test('revives no session, and no one-time link', async () => {
    const dir = folder();
    const file = join(dir, 'copy.tar');
    await using app = await startTestApp();
    await furnish(app, 10);
    const visitor = { address: '127.0.0.1', userAgent: '' };
    unwrap(await app.features.accounts.service.signIn.signIn({ email: EMAIL, password: PASSWORD }, visitor));
    await backUpTo(app, file);
    mkdirSync(join(dir, 'other'));
    await restoreNow({ file, dataDir: join(dir, 'other') });
    const db = new Database(join(dir, 'other', 'ampra.db'), { readonly: true });
    expect(db.query('SELECT count(*) AS n FROM sessions').get()).toEqual({ n: 0 });
    expect(db.query('SELECT count(*) AS n FROM users').get()).toEqual({ n: 1 });
    db.close();
  });
});

describe('the telemetry database alone', () => {
  test('is put back from a backup, and what came since follows from the journal', async () => {
    const dir = folder();
    const dataDir = join(dir, 'data');
    const file = join(dir, 'copy.tar');
    let sourceId = '';
    {
      await using app = await startTestApp({ dataDir, config: { commitWindowMs: 0 } });
      ({ sourceId } = await furnish(app, 300));
      await backUpTo(app, file);
      await receive(app, sourceId, 300, 200);
      await app.features.sources.service.create(
        app.features.accounts.service.viewerFor(app.features.accounts.service.listUsers()[0]?.id ?? '') as Viewer,
        { name: 'Barn', connectionType: 'mqtt', latitude: 1, longitude: 1, timeZone: 'UTC' },
      );
    }
    writeFileSync(join(dataDir, 'telemetry.duckdb'), 'damaged '.repeat(10_000));
    const restored = await restoreNow({ file, dataDir, only: ['telemetry.duckdb', 'archive.db'] });
    expect(restored?.only).toEqual(['telemetry.duckdb', 'archive.db']);
    expect(readdirSync(join(dataDir, restored?.replaced ?? ''))).toContain('telemetry.duckdb');
    await using app = await startTestApp({ dataDir });
    expect(app.isReady()).toBe(true);
    expect(await stored(app, sourceId)).toEqual(upTo(500));
    expect(
      app.features.sources.directory
        .all()
        .map((s) => s.name)
        .sort(),
    ).toEqual(['Barn', 'Roof']);
  });
});

/** The same backup with files changed, and a manifest that fits them. */
async function tampered(file: string, change: (files: Map<string, Uint8Array>, manifest: BackupManifest) => unknown) {
  const dir = folder();
  const manifest = await readBackup({ file, progress: () => undefined, place: (name) => join(dir, name) });
  const files = new Map(manifest.files.map(({ name }) => [name, new Uint8Array(readFileSync(join(dir, name)))]));
  await change(files, manifest);
  const list = [...files].map(([name, bytes]) => ({
    ...{ name, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  }));
  const head = new TextEncoder().encode(JSON.stringify({ ...manifest, files: list }));
  const entries = [...files].map(([name, bytes]) => ({ name, bytes }));
  const path = join(dir, 'tampered.tar');
  writeFileSync(path, tarOf([{ name: 'manifest.json', bytes: head }, ...entries], 0));
  return path;
}

/** Does something to a database in a backup. */
async function withSqlite(files: Map<string, Uint8Array>, sql: string, name = 'ampra.db'): Promise<void> {
  const path = join(folder(), 'x.db');
  writeFileSync(path, files.get(name) ?? new Uint8Array());
  const db = new Database(path);
  db.exec(sql);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  files.set(name, new Uint8Array(readFileSync(path)));
}

async function withDuckdb(files: Map<string, Uint8Array>, sql: string): Promise<void> {
  const path = join(folder(), 'x.duckdb');
  writeFileSync(path, files.get('telemetry.duckdb') ?? new Uint8Array());
  const database = await DuckdbDatabase.open({ path, memoryLimitMb: 64, tempDir: `${path}.tmp` });
  const connection = await database.connect();
  await connection.run(sql);
  await database.checkpoint();
  await connection.close();
  database.close();
  files.set('telemetry.duckdb', new Uint8Array(readFileSync(path)));
}

describe('a backup that is not what it says', () => {
  const cases: Record<string, [change: (f: Map<string, Uint8Array>, m: BackupManifest) => unknown, says: string]> = {
    'of a newer Ampra': [
      (f) => withSqlite(f, `INSERT INTO schema_migrations VALUES ('9999_tomorrow', 'x', 1)`),
      'in ampra.db the table schema_migrations',
    ],
    'of a newer Ampra, by its own account': [
      async (f, m) => {
        await withSqlite(f, `INSERT INTO schema_migrations VALUES ('9999_tomorrow', 'x', 1)`);
        delete m.databases;
      },
      'was written by a newer Ampra',
    ],
    'with a trigger more': [
      (f) => withSqlite(f, 'CREATE TRIGGER evil AFTER INSERT ON users BEGIN DELETE FROM sources; END'),
      'built otherwise',
    ],
    'with a view in the place of a table': [
      (f, m) => {
        delete m.databases;
        return withDuckdb(
          f,
          `DROP TABLE books_dirty; CREATE VIEW books_dirty AS SELECT * FROM read_text('/etc/passwd')`,
        );
      },
      'built otherwise',
    ],
    'with a reading less': [
      (f) => withDuckdb(f, 'DELETE FROM readings WHERE time_ms = (SELECT min(time_ms) FROM readings)'),
      'the table readings has 99 rows instead of 100',
    ],
    'with a packed day less': [
      (f) => withSqlite(f, 'DELETE FROM blocks WHERE id = (SELECT min(id) FROM blocks)', 'archive.db'),
      'in archive.db the table blocks has 3 rows instead of 4',
    ],
    'with another value': [
      (f) => withDuckdb(f, 'UPDATE readings SET solar_power_w = solar_power_w + 1'),
      'the content of the table readings is another',
    ],
    'with a database that is none': [
      (f) => f.set('telemetry.duckdb', new TextEncoder().encode('damaged '.repeat(5000))),
      'cannot be opened',
    ],
  };
  for (const [what, [change, says]] of Object.entries(cases))
    test(`is refused: ${what}`, async () => {
      const dir = folder();
      const file = join(dir, 'copy.tar');
      {
        await using app = await startTestApp();
        const { sourceId } = await furnish(app, 100);
        // And a day that is over.
        const yesterday = { sourceId, time: START - 86_400_000, values: { solarPower: 7 } };
        await app.features.telemetry.admin.importReadings(sourceId, [yesterday]);
        await backUpTo(app, file);
      }
      const bad = await tampered(file, change);
      expect(await refusal(verify(bad))).toContain(says);
      const target = join(dir, 'target');
      mkdirSync(target);
      writeFileSync(join(target, 'ampra.db'), 'mine');
      expect(await refusal(restoreNow({ file: bad, dataDir: target }))).toContain(says);
      expect(readdirSync(target)).toEqual(['ampra.db']);
    });

  test('but of an older Ampra is brought up to date', async () => {
    const dir = folder();
    const file = join(dir, 'copy.tar');
    let sourceId = '';
    {
      await using app = await startTestApp();
      ({ sourceId } = await furnish(app, 100));
      await backUpTo(app, file);
    }
    // As it was before the last migration that only adds a table.
    const older = await tampered(file, async (files, manifest) => {
      delete manifest.databases;
      await withSqlite(files, `DROP TABLE written_bytes; DELETE FROM schema_migrations WHERE name = '0006_system'`);
    });
    const target = join(dir, 'target');
    mkdirSync(target);
    await restoreNow({ file: older, dataDir: target });
    await using app = await startTestApp({ dataDir: target });
    expect(app.isReady()).toBe(true);
    expect(await stored(app, sourceId)).toEqual(upTo(100));
  });
});

describe('a restore that is cut off', () => {
  test('leaves the old until it is ready, and the new from then on, wherever it is killed', async () => {
    const dir = folder();
    const file = join(dir, 'copy.tar');
    {
      await using app = await startTestApp();
      await furnish(app, 20);
      await backUpTo(app, file);
    }
    const root = join(import.meta.dir, '..', '..');
    for (const place of ['restore.aside:1', 'restore.aside:2', 'restore.in-place:1', 'restore.in-place:3']) {
      const target = join(dir, place.replace(/\W/g, '-'));
      mkdirSync(target);
      for (const name of ['ampra.db', 'old.key', 'telemetry.duckdb.wal']) writeFileSync(join(target, name), 'old');
      await stageRestore({ file, dataDir: target, withConfig: false, ...quiet });
      expect(readFileSync(join(target, 'ampra.db'), 'utf8')).toBe('old');
      const code = `import { putRestored } from './src/platform/put-restored.ts'; putRestored(${JSON.stringify(target)});`;
      const run = (env: Record<string, string>) =>
        Bun.spawnSync([process.execPath, '-e', code], { cwd: root, env: { NODE_ENV: 'test', ...env } });
      expect([place, run({ TEST_DIE_AT: place }).signalCode]).toEqual([place, 'SIGKILL']);
      expect(run({}).exitCode).toBe(0);
      expect(readFileSync(join(target, 'ampra.db')).subarray(0, 6).toString()).toBe('SQLite');
      expect(existsSync(join(target, 'telemetry.duckdb.wal'))).toBe(false);
      expect(existsSync(join(target, READY))).toBe(false);
      const [replaced = ''] = readdirSync(target).filter((name) => name.startsWith('replaced-'));
      expect(readdirSync(join(target, replaced)).sort()).toEqual(['ampra.db', 'old.key', 'telemetry.duckdb.wal']);
      await using app = await startTestApp({ dataDir: target });
      expect(app.isReady()).toBe(true);
    }
  });
});
