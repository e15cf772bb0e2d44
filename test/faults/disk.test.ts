import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '../../bench/appliance.ts';
import { canMount, mountSmallDisk, type SmallDisk } from '../../src/testing/small-disk.ts';
import { postOnce, storedOf } from './devices.ts';
import { breakDisk, canBreakDisks } from './disk-faults.ts';
import { House, until } from './house.ts';

/** `npm run test:faults` also runs what the suite leaves out for its length. */
const isLong = process.env.TEST_LONG === '1';

/** The whole appliance on a disk that is full, can only be read, or fails. */
const cleaning: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

function logFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ampra-log-'));
  cleaning.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'server.log');
}

async function houseOn(dataDir?: string, env: Record<string, string> = {}): Promise<House> {
  const house = await House.build({ ...(dataDir && { dataDir }), logFile: logFile(), env });
  cleaning.push(() => house.dispose());
  return house;
}

async function houseOnSmallDisk(megabytes: number): Promise<{ house: House; disk: SmallDisk }> {
  const disk = mountSmallDisk(megabytes);
  cleaning.push(() => disk.remove());
  return { house: await houseOn(join(disk.path, 'data')), disk };
}

/** Fills what is left until nothing is taken any more: old payloads that the database holds make room for a while. */
async function fillUntilRefused(house: House, disk: SmallDisk): Promise<void> {
  for (let i = 0; i < 50; i++) {
    disk.fill();
    const status = await house.post();
    if (status === 202) continue;
    expect([503, 507]).toContain(status);
    return;
  }
  throw new Error('the full disk was never noticed');
}

async function expectRefusal(house: House): Promise<void> {
  expect(await house.publish(5)).toBe(0x97);
  expect(await house.publish(4)).toBeNull();
  expect([503, 507]).toContain(await house.post());
  const { status, text } = await house.readiness();
  expect(status).toBe(503);
  expect(text).toContain('not acknowledged');
  expect(await house.lookAtPages()).toContain('not acknowledged');
}

async function expectRecovery(house: House): Promise<void> {
  await until('readings are taken again', async () => (await house.publish(5)) === 0);
  await house.sendAll(50);
  await until('all is well', async () => (await house.readiness()).status === 200);
  expect(await house.problems()).toEqual([]);
  await house.restart();
  expect(await house.problems()).toEqual([]);
}

describe.skipIf(!canMount)('the whole appliance on a full disk (needs the right to mount one)', () => {
  test('refuses readings, shows its pages, lets people in, and goes on by itself when there is room', async () => {
    const { house, disk } = await houseOnSmallDisk(40);
    await fillUntilRefused(house, disk);
    await expectRefusal(house);
    disk.free();
    await expectRecovery(house);
  }, 180_000);

  test('makes room of the oldest readings before it refuses new ones, where its owner allows that', async () => {
    const disk = mountSmallDisk(60);
    cleaning.push(() => disk.remove());
    const house = await houseOn(join(disk.path, 'data'), { AMPRA_FULL_DISK: 'oldest' });
    // What is packed may go; a stop in order packs days that are over.
    await house.appliance.stop('SIGTERM');
    await house.restart({ env: { AMPRA_FULL_DISK: 'oldest' } });
    expect(await house.problems()).toEqual([]);
    disk.fill(2_000_000);
    const { source } = house.device('webhook');
    const send = (solarPower: number) => postOnce(house.appliance, source, JSON.stringify({ solarPower }));
    expect(await send(1)).toBe(202);
    await until('what is old is gone', async () => {
      // Raw messages go first, and make room for a while.
      disk.fill(2_000_000);
      return (await storedOf(house.device('webhook'), house.appliance)).length === 0;
    });
    expect(await send(2)).toBe(202);
    const { items } = await api<{ items: unknown[] }>(
      house.appliance,
      `/sources/${source.id}/readings?from=${new Date(Date.now() - 86_400_000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`,
    );
    expect(items.length).toBe(2);
    const energy = await api<{ items: { solarKwh: number | null }[] }>(
      house.appliance,
      `/sources/${source.id}/energy?period=day&from=2012-01-01&to=2012-01-02`,
    );
    expect(energy.items[0]?.solarKwh).toBeGreaterThan(0);
  }, 180_000);

  test('says what is wrong when it starts there, and starts by itself when there is room', async () => {
    const { house, disk } = await houseOnSmallDisk(40);
    await house.appliance.stop('SIGTERM');
    disk.fill();
    const restarting = house.restart();
    await until('it says that the disk is full', async () => (await house.readiness()).text.includes('is full'));
    const page = await fetch(`${house.appliance.url}/`);
    expect(await page.text()).toContain('is full');
    disk.free();
    await restarting;
    await expectRecovery(house);
  }, 180_000);
});

describe.skipIf(!canBreakDisks)('a failing disk (needs strace)', () => {
  for (const [error, what] of [
    ['EROFS', 'can only be read'],
    ['EIO', 'reports errors'],
  ] as const)
    test.skipIf(error === 'EIO' && !isLong)(
      `that ${what}: readings are refused, pages open, and all goes on when it is well`,
      async () => {
        const house = await houseOn();
        const heal = await breakDisk(house.appliance.pid, error);
        cleaning.push(heal);
        await expectRefusal(house);
        await heal();
        await expectRecovery(house);
      },
      180_000,
    );

  test.skipIf(!isLong)(
    'under the telemetry database alone costs nothing: the journal has what was acknowledged',
    async () => {
      const house = await houseOn();
      const { dataDir, pid } = house.appliance;
      expect(await house.problems()).toEqual([]);
      const files = ['telemetry.duckdb', 'telemetry.duckdb.wal'].map((name) => join(dataDir, name));
      const heal = await breakDisk(pid, 'EIO', files);
      cleaning.push(heal);
      await house.sendAll(100);
      // What is new reaches the database within a minute.
      await until('it says so', async () => (await house.readiness()).text.includes('telemetry database'));
      expect(await house.publish(5)).toBe(0);
      await house.lookAtPages();
      await heal();
      await expectRecovery(house);
    },
    180_000,
  );
});

describe('a telemetry database that cannot be opened when the appliance starts', () => {
  test('is tried again, and gets what was acknowledged meanwhile', async () => {
    const house = await houseOn();
    const path = join(house.appliance.dataDir, 'telemetry.duckdb');
    await house.appliance.stop('SIGTERM');
    renameSync(path, `${path}.away`);
    writeFileSync(path, 'no database '.repeat(5000));
    const restarting = house.restart();
    await until('it says so', async () => (await house.readiness()).text.includes('telemetry database'));
    await house.sendAll(50);
    expect((await house.lookAtPages()).includes('tried again')).toBe(true);
    renameSync(`${path}.away`, path);
    await restarting;
    await until('all is well', async () => (await house.readiness()).status === 200);
    // The journal is replayed once the database is open.
    await until('everything is there', async () => (await house.problems()).length === 0);
  }, 180_000);
});
