import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../src/testing/free-ports.ts';
import { startProcess } from '../process.ts';
import { influx } from './influx.ts';
import { METRICS, type Values } from './readings.ts';
import { folderBytes, processorSecondsOf, residentBytesOf, type System, until } from './system.ts';
import { victoria } from './victoria.ts';

/** A time-series database of the usual stack: how it is started, written to and asked. */
export interface Database extends Pick<System, 'chart' | 'settle'> {
  readonly name: string;
  readonly command: string[];
  readonly env?: Record<string, string>;
  /** Answers when it is up. */
  readonly healthUrl: string;
  /** Takes InfluxDB's line protocol with times in ms. */
  readonly writeUrl: string;
  prepare(): Promise<void>;
  /** Readings of one device from `from` on. */
  count(device: string, from: number): Promise<number>;
}

export type DatabaseKind = (folder: string, port: number) => Database;
export const databases: readonly DatabaseKind[] = [influx, victoria];

const IMPORT_LINES = 20_000;

/** Mosquitto, a collector and the database, each a process of its own, as their packages configure them. */
export async function startStack(kind: DatabaseKind, devices: number): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'ampra-peers-'));
  const [mqttPort = 0, databasePort = 0] = await freePorts(2);
  const dataFolder = join(folder, 'database');
  mkdirSync(dataFolder);
  const database = kind(dataFolder, databasePort);
  const mosquitto = spawn(['mosquitto', '-c', mosquittoConfig(folder, mqttPort)]);
  const server = spawn(database.command, database.env);
  const mqttUrl = `mqtt://127.0.0.1:${mqttPort}`;
  await until(async () => (await fetch(database.healthUrl)).status < 300, `${database.name} answering`, 30_000);
  await database.prepare();
  const collectorPath = join(import.meta.dir, 'collector.ts');
  const collector = await startProcess([process.execPath, collectorPath, mqttUrl, database.writeUrl]);
  const topics = Array.from({ length: devices }, (_, i) => `devices/${i}/telemetry`);
  return {
    name: `Mosquitto, collector, ${database.name}`,
    acknowledged: 'in the broker’s memory',
    mqttUrl,
    clients: topics.map((topic) => ({ topic })),
    waitUntilStored: (from, each) =>
      until(async () => {
        const counts = await Promise.all(topics.map((_, i) => database.count(String(i), from)));
        return counts.every((count) => count >= each);
      }, 'the last reading in the database'),
    importHouse: (readings) => importLines(database.writeUrl, readings),
    settle: database.settle,
    chart: database.chart,
    diskBytes: () => folderBytes(dataFolder),
    residentBytes: () => residentBytesOf(mosquitto.pid, server.pid, collector.pid),
    processorSeconds: () => processorSecondsOf(mosquitto.pid, server.pid, collector.pid),
    stop: async () => {
      await collector.stop();
      for (const child of [mosquitto, server]) {
        child.kill();
        await child.exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function spawn(command: string[], env: Record<string, string> = {}): Bun.Subprocess {
  return Bun.spawn(command, { env: { ...process.env, ...env }, stdout: 'ignore', stderr: 'ignore' });
}

function mosquittoConfig(folder: string, port: number): string {
  const broker = join(folder, 'mosquitto');
  mkdirSync(broker, { mode: 0o777 });
  const path = join(folder, 'mosquitto.conf');
  // Debian's settings, but for the address, and without the limit of 1,000 waiting messages that would drop some.
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'user root', 'max_queued_messages 0'];
  writeFileSync(
    path,
    [...lines, 'persistence true', `persistence_location ${broker}/`, 'log_dest none', ''].join('\n'),
  );
  return path;
}

async function importLines(writeUrl: string, readings: Iterable<{ time: number; values: Values }>): Promise<void> {
  let lines: string[] = [];
  const write = async () => {
    const response = await fetch(writeUrl, { method: 'POST', body: lines.join('\n') });
    if (!response.ok) throw new Error(`${writeUrl}: ${response.status} ${await response.text()}`);
    lines = [];
  };
  for (const { time, values } of readings) {
    lines.push(`reading,device=house ${METRICS.map((m) => `${m}=${values[m]}`).join(',')} ${time}`);
    if (lines.length >= IMPORT_LINES) await write();
  }
  await write();
}
