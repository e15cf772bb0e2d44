import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, EMAIL, PASSWORD, startAppliance } from '../../bench/appliance.ts';
import { postOnce } from './devices.ts';
import { House, until } from './house.ts';
import { Visitor } from './visitor.ts';

/** Backup and restore as their owner meets them: on the pages of the real appliance. */
const cleaning: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

/** One house for all: each test leaves it well. */
let house: House;
let overseer: Visitor;

beforeAll(async () => {
  house = await House.build();
}, 60_000);

afterAll(() => house?.dispose());

beforeEach(async () => {
  overseer = new Visitor(house.appliance.url);
  expect(await overseer.signIn(EMAIL, PASSWORD)).toBe(303);
});

/** Makes a backup on the page and gives the path of its page. */
async function backUp(overseer: Visitor): Promise<string> {
  const listed = async () => {
    const { text } = await overseer.get('/system/backups');
    return /href="(\/system\/backups\/here\/ampra-[^"/]+)"/.exec(text)?.[1] ?? '';
  };
  const before = await listed();
  expect((await overseer.post('/system/backups')).status).toBe(303);
  await until('a new backup is in the list', async () => (await listed()) !== before);
  return await listed();
}

const sourceNames = async (house: House): Promise<string[]> =>
  (await api<{ items: { name: string }[] }>(house.appliance, '/sources')).items.map((s) => s.name).sort();

describe('an Overseer', () => {
  for (const file of ['telemetry.duckdb', 'archive.db'])
    test(`puts the measurements back when ${file} is damaged, and loses none`, async () => {
      const path = await backUp(overseer);
      await house.sendAll(100);
      await house.appliance.stop('SIGTERM');
      const damaged = join(house.appliance.dataDir, file);
      expect(statSync(damaged).size).toBeGreaterThan(0);
      for (const end of ['-wal', '-shm']) rmSync(damaged + end, { force: true });
      writeFileSync(damaged, 'damaged '.repeat(10_000));
      const restarting = house.restart();
      await until('it says so', async () => (await house.readiness()).text.includes('telemetry database'));
      const { text } = await overseer.get('/system/backups');
      expect(text).toContain('The measurement store cannot be opened');
      // A backup that is made now lacks what cannot be read, and is not offered before one that has it.
      await backUp(overseer);
      expect((await overseer.get('/system/backups')).text.includes(`action="${path}/restore"`)).toBe(true);
      expect((await overseer.post(`${path}/restore`, { password: PASSWORD, what: 'telemetry' })).status).toBe(303);
      await restarting;
      await until('all is well', async () => (await house.readiness()).status === 200);
      expect(await house.problems()).toEqual([]);
      // The accounts are those of now: nobody has to sign in again.
      expect((await overseer.get('/system')).status).toBe(200);
    }, 180_000);
});

describe('a damaged file of accounts', () => {
  test('is put back from the page that says so, and the measurements stay', async () => {
    await backUp(overseer);
    await house.sendAll(100);
    await house.appliance.stop('SIGTERM');
    const { dataDir } = house.appliance;
    for (const name of ['ampra.db', 'ampra.db-wal']) writeFileSync(join(dataDir, name), 'damaged '.repeat(10_000));
    const restarting = house.restart();
    const stranger = new Visitor(house.appliance.url);
    await until('the page offers the backup', async () => (await stranger.get('/')).text.includes('Put it back'));
    // Another site cannot send the form, and somebody from elsewhere needs the code.
    const elsewhere = { method: 'POST', headers: { origin: 'http://evil.example' }, redirect: 'manual' } as const;
    await fetch(`${house.appliance.url}/rescue`, elsewhere);
    expect((await stranger.get('/')).text).toContain('came from another site');
    const forwarded = { method: 'POST', headers: { 'x-forwarded-for': '203.0.113.9' }, redirect: 'manual' } as const;
    await fetch(`${house.appliance.url}/rescue`, { ...forwarded, body: new URLSearchParams({ code: 'AAAA-AAAA' }) });
    expect((await stranger.get('/')).text).toContain('This is not the code');
    expect((await stranger.post('/rescue')).status).toBe(303);
    await restarting;
    expect(await overseer.signIn(EMAIL, PASSWORD)).toBe(303);
    expect(await house.problems()).toEqual([]);
  }, 180_000);
});

describe('an Overseer who wants yesterday back', () => {
  test('makes a backup while devices send, and brings the house back to it', async () => {
    const sending = house.sendAll(400);
    const path = await backUp(overseer);
    await sending;
    const before = await sourceNames(house);
    const late = await api<{ id: string }>(house.appliance, '/sources', {
      method: 'POST',
      body: JSON.stringify({ name: 'Too late', connectionType: 'mqtt', latitude: 1, longitude: 1, timeZone: 'UTC' }),
    });
    expect(await sourceNames(house)).toContain('Too late');

    await overseer.get(path);
    const wrong = await overseer.post(`${path}/restore`, { password: 'wrong', what: 'everything' });
    expect(wrong.text).toContain('This is not your password');
    expect((await overseer.post(`${path}/restore`, { password: PASSWORD, what: 'everything' })).status).toBe(303);
    await until('the house is as it was', async () => !(await sourceNames(house)).includes('Too late'));
    expect(await sourceNames(house)).toEqual(before);
    expect(await api(house.appliance, `/sources/${late.id}`).catch((e: Error) => e.message)).toContain('404');
    // Everybody signs in again, with the password of the backup; devices go on with their keys.
    expect((await overseer.get('/system')).status).toBe(303);
    expect(await overseer.signIn(EMAIL, PASSWORD)).toBe(303);
    expect((await overseer.get('/system/backups')).text).toContain('What restores replaced');
    expect(await house.post()).toBe(202);
  }, 180_000);
});

describe('the first visit', () => {
  test('takes a backup from another computer, with the set-up code, and the house goes on there', async () => {
    await overseer.get('/system/backups');
    await overseer.post('/system/backups/settings', {
      ...{ schedule: 'off', keep: '3', folder: '', passphrase: 'a long passphrase' },
    });
    const bytes = await overseer.download(`${await backUp(overseer)}/file`);
    expect(Buffer.from(bytes).includes('ampra.db')).toBe(false);

    const folder = mkdtempSync(join(tmpdir(), 'ampra-new-'));
    cleaning.push(() => rmSync(folder, { recursive: true, force: true }));
    const fresh = await startAppliance({ dataDir: folder });
    cleaning.push(() => fresh.stop('SIGKILL'));
    const visitor = new Visitor(fresh.url);
    expect((await visitor.get('/setup/restore')).text).toContain('Backup file');
    expect(await visitor.upload('/setup/restore/upload', bytes, { passphrase: 'wrong passphrase' })).toBe(
      '/setup/restore',
    );
    await until('it says that the passphrase is wrong', async () =>
      (await visitor.get('/setup/restore/progress')).text.includes('not the passphrase'),
    );
    expect(readdirSync(folder)).not.toContain('restore.ready');
    expect(await visitor.upload('/setup/restore/upload', bytes, { passphrase: 'a long passphrase' })).toBe(
      '/setup/restore',
    );
    fresh.token = house.appliance.token;
    await until(
      'the house is there',
      async () => (await api<{ items: unknown[] }>(fresh, '/sources')).items.length === 4,
    );
    expect(await visitor.signIn(EMAIL, PASSWORD)).toBe(303);
    const webhook = house.device('webhook');
    expect(await postOnce(fresh, webhook.source, JSON.stringify({ solarPower: 5 }))).toBe(202);
    // Once somebody looks after it there is no such way any more.
    expect((await visitor.get('/setup/restore')).status).toBe(303);
    await visitor.get('/account');
    expect(await visitor.upload('/setup/restore/upload', bytes)).toContain('set up already');
    expect(readFileSync(join(folder, 'ampra.db')).length).toBeGreaterThan(0);
  }, 180_000);
});
