import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Appliance,
  ampraCommand,
  api,
  createSource,
  prepareOwner,
  startAppliance,
} from '../../../bench/appliance.ts';
import { createDevices, type Device, postOnce, send } from '../devices.ts';
import type { Chance } from '../random.ts';
import { type FileEvent, readTrace, traced } from './trace.ts';

/** A stretch of the appliance's life: what it did to its files, and what it had promised when. */
export interface Recording {
  dataDir: string;
  events: FileEvent[];
  devices: Device[];
  token: string;
  /** From this moment on owner, token and sources exist [ms since 1970]. */
  preparedAt: number;
  /** When each reading was acknowledged. */
  acknowledgements: { device: Device; time: number; at: number }[];
}

/** The steady clock, as a wall clock of the same start: strace writes microseconds of that. */
const preciseNow = (): number => performance.timeOrigin + performance.now();

/** Runs the appliance twice under strace: devices send, the owner asks, adds, removes and backs up; the end may be rude. */
export async function record(chance: Chance, readingsEach: number): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), 'ampra-recording-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const acknowledgements: Recording['acknowledgements'] = [];
  const onAcknowledged = (device: Device, times: readonly number[]) => {
    const at = preciseNow();
    for (const time of times) acknowledgements.push({ device, time, at });
  };
  const events: FileEvent[] = [];
  let devices: Device[] = [];
  let token = '';
  let preparedAt = 0;
  let ports: { http: number; mqtt: number } | undefined;
  try {
    for (const session of [1, 2]) {
      const logs = join(folder, `trace-${session}`);
      mkdirSync(logs);
      const command = traced(join(logs, 't'), ampraCommand());
      const appliance = await startAppliance({
        ...{ dataDir, command, logFile: join(folder, 'server.log'), env: { NODE_ENV: 'test' } },
        ...(ports && { ports }),
      });
      ports = appliance.ports;
      if (session === 1) {
        await prepareOwner(appliance);
        token = appliance.token;
        devices = await createDevices(appliance);
        preparedAt = preciseNow();
      }
      appliance.token = token;
      await live(appliance, devices, { most: readingsEach, onAcknowledged });
      await appliance.stop(chance.is(0.5) ? 'SIGTERM' : 'SIGKILL');
      // strace writes its last lines after the process is gone.
      await Bun.sleep(300);
      events.push(...readTrace(logs, dataDir));
      rmSync(logs, { recursive: true, force: true });
    }
    return { dataDir, events, devices, token, preparedAt, acknowledgements };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Live = Parameters<typeof send>[2];

/** One after the other what a day brings, so that a cut can fall into each. */
async function live(appliance: Appliance, devices: readonly Device[], sending: Live): Promise<void> {
  const all = () => Promise.all(devices.map((device) => send(device, appliance, sending)));
  await all();
  const [device] = devices;
  const source = await createSource(appliance, 'short-lived', 'webhook');
  await postOnce(appliance, source, JSON.stringify({ solarPower: 1 }));
  const question = api(appliance, `/sources/${device?.source.id}/energy?period=day&from=2012-01-01&to=2012-01-03`);
  await Promise.all([all(), question]);
  await api(appliance, `/sources/${source.id}`, { method: 'DELETE' }).catch(() => undefined);
  const copy = join(appliance.dataDir, '..', 'copy.tar');
  const backup = Bun.spawn([...ampraCommand(), 'backup', copy, '--force'], {
    env: { ...process.env, AMPRA_DATA_DIR: appliance.dataDir },
    stdout: 'ignore',
    stderr: 'ignore',
  });
  await Promise.all([all(), backup.exited]);
}
