import { afterEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { prepareOwner, signIn, startAppliance } from '../../bench/appliance.ts';
import { canMount, mountSmallDisk, type SmallDisk } from '../../src/testing/small-disk.ts';
import { createDevices, type Device, postOnce, send, storedOf } from './devices.ts';
import type { Running } from './kills.ts';

const disks: SmallDisk[] = [];
const appliances: Running[] = [];

afterEach(async () => {
  for (const appliance of appliances.splice(0)) await appliance.stop('SIGKILL');
  for (const disk of disks.splice(0)) disk.remove();
});

interface House {
  appliance: Running;
  disk: SmallDisk;
  devices: Device[];
}

/** A house whose whole computer lives on one small disk, with some readings in it. */
async function houseOnSmallDisk(megabytes: number): Promise<House> {
  const disk = mountSmallDisk(megabytes);
  disks.push(disk);
  const appliance = await startAppliance({ dataDir: join(disk.path, 'data'), logFile: '/tmp/full-disk.log' });
  appliances.push(appliance);
  await prepareOwner(appliance);
  const devices = await createDevices(appliance);
  await Promise.all(devices.map((device) => send(device, appliance, { most: 200 })));
  return { appliance, disk, devices };
}

/** Fills what is left until nothing is taken any more: old payloads that the database holds make room for a while. */
async function fillUntilRefused(house: House): Promise<void> {
  for (let i = 0; i < 50; i++) {
    house.disk.fill();
    const webhook = house.devices.find((d) => d.name === 'webhook') as Device;
    const { time, json } = webhook.ledger.reading();
    const status = await postOnce(house.appliance, webhook.source, JSON.stringify(json));
    if (status === 202) webhook.ledger.acknowledge(time);
    else {
      expect([503, 507]).toContain(status ?? 0);
      return;
    }
  }
  throw new Error('the full disk was never noticed');
}

async function publishOnce(house: House, version: 4 | 5): Promise<{ code: number | null; isConnected: boolean }> {
  const device = house.devices.find((d) => d.name === (version === 5 ? 'qos2' : 'qos1')) as Device;
  const client = await mqtt.connectAsync(house.appliance.mqttUrl, {
    ...{ username: device.source.id, password: device.source.mqttApiKey, reconnectPeriod: 0, protocolVersion: version },
  });
  client.on('error', () => {});
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  const { time, json } = device.ledger.reading();
  const answer = client.publishAsync(device.source.mqttTopic, JSON.stringify(json), { qos: 1 }).then(
    (packet) => ({ code: (packet as { reasonCode?: number } | undefined)?.reasonCode ?? 0 }),
    (error: { code?: number }) => ({ code: error.code ?? null }),
  );
  const result = await Promise.race([answer, closed.then(() => ({ code: null }))]);
  if (result.code === 0) device.ledger.acknowledge(time);
  const isConnected = client.connected;
  await client.endAsync(true).catch(() => {});
  return { code: result.code, isConnected };
}

async function expectNothingLost(house: House): Promise<void> {
  for (const device of house.devices) {
    const { lost, twice, invented } = device.ledger.compare(await storedOf(device, house.appliance));
    expect([device.name, lost.length, twice.length, invented.length]).toEqual([device.name, 0, 0, 0]);
  }
}

async function waitFor(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await isSo().catch(() => false)) return;
    await Bun.sleep(100);
  }
  throw new Error(`waited a minute in vain: ${what}`);
}

const readiness = async (house: House): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${house.appliance.url}/readyz`);
  return { status: response.status, text: await response.text() };
};

describe.skipIf(!canMount)('the whole appliance on a full disk (needs the right to mount one)', () => {
  test('refuses readings, shows its pages, and goes on by itself when there is room', async () => {
    const house = await houseOnSmallDisk(40);
    await fillUntilRefused(house);

    expect((await publishOnce(house, 5)).code).toBe(0x97);
    expect(await publishOnce(house, 4)).toEqual({ code: null, isConnected: false });
    const { status, text } = await readiness(house);
    expect(status).toBe(503);
    expect(text).toContain('not acknowledged');

    const cookie = await signIn(house.appliance);
    for (const path of ['/', '/history', '/sources', '/system']) {
      const page = await fetch(`${house.appliance.url}${path}`, { headers: { cookie }, redirect: 'manual' });
      expect([path, page.status]).toEqual([path, 200]);
      if (path === '/system') expect(await page.text()).toContain('not acknowledged');
    }

    house.disk.free();
    await waitFor('readings are taken again', async () => (await publishOnce(house, 5)).code === 0);
    await waitFor('all is well', async () => (await readiness(house)).status === 200);
    await Promise.all(house.devices.map((device) => send(device, house.appliance, { most: 50 })));
    await expectNothingLost(house);
  }, 120_000);
});
