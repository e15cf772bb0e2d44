import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './stack.ts';
import type { Chart } from './system.ts';

/**
 * InfluxDB 1 of Debian, with its own defaults (a fsync a write, shards of seven days), but that it packs shards nobody writes to
 * after seconds instead of ten minutes and four hours, so that the files measured are those of a house at rest.
 */
export function influx(folder: string, port: number): Database {
  const url = `http://127.0.0.1:${port}`;
  for (const name of ['meta', 'data', 'wal']) mkdirSync(join(folder, name));
  return {
    name: 'InfluxDB',
    command: ['influxd', '-config', '/dev/null'],
    env: {
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_BIND_ADDRESS: '127.0.0.1:0',
      INFLUXDB_META_DIR: join(folder, 'meta'),
      INFLUXDB_DATA_DIR: join(folder, 'data'),
      INFLUXDB_DATA_WAL_DIR: join(folder, 'wal'),
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${port}`,
      INFLUXDB_HTTP_LOG_ENABLED: 'false',
      INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION: '10s',
      INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION: '30s',
    },
    healthUrl: `${url}/ping`,
    writeUrl: `${url}/write?db=bench&precision=ms`,
    prepare: async () => void (await query(url, 'CREATE DATABASE bench', 'POST')),
    settle: () => Promise.resolve(),
    count: async (device, from) => {
      const rows = await query(
        url,
        `SELECT count(solarPower) FROM reading WHERE device='${device}' AND time >= ${from}ms`,
      );
      return Number(rows[0]?.[1] ?? 0);
    },
    chart: async (chart: Chart, to: number) => {
      const means = ['solarPower', 'loadPower', 'gridPower', 'stateOfCharge'].map((m) => `mean(${m})`).join(',');
      const from = to - chart.days * 86_400_000;
      const where = `device='house' AND time >= ${from}ms AND time < ${to}ms GROUP BY time(${chart.stepSeconds}s)`;
      return (await query(url, `SELECT ${means} FROM reading WHERE ${where}`)).length;
    },
  };
}

async function query(url: string, q: string, method = 'GET'): Promise<unknown[][]> {
  const response = await fetch(`${url}/query?${new URLSearchParams({ db: 'bench', epoch: 'ms', q })}`, { method });
  if (!response.ok) throw new Error(`${q}: ${response.status} ${await response.text()}`);
  const body = (await response.json()) as { results: { series?: { values: unknown[][] }[]; error?: string }[] };
  const error = body.results[0]?.error;
  if (error) throw new Error(`${q}: ${error}`);
  return body.results[0]?.series?.[0]?.values ?? [];
}
