import { X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '../core/bytes.ts';
import { days } from '../core/durations.ts';
import type { Config } from '../platform/config.ts';
import { checkDuckdb } from '../platform/duckdb-check.ts';
import { checkIntegrity } from '../platform/sqlite.ts';
import type { Finding } from './finding.ts';
import type { Part } from './system.ts';

export interface DoctorOptions {
  config: Config;
  configFile: string | null;
  /** Parts of the running appliance; null when none runs. */
  running: Part[] | null;
}

const LITTLE_BYTES = 500e6;
const TOO_LITTLE_BYTES = 100e6;
/** Before this program was written no clock can be right. */
const EARLIEST_NOW = Date.UTC(2026, 0, 1);

/** Looks at everything that can be looked at without changing it. While the appliance runs it is asked about its databases. */
export async function examine(options: DoctorOptions): Promise<Finding[]> {
  const { config, configFile, running } = options;
  const findings: Finding[] = [
    good(
      'configuration',
      configFile ? `read from ${configFile}` : 'defaults and environment; there is no ampra.config.ts',
    ),
    good('appliance', running ? 'runs' : 'does not run'),
    dataDirectory(config.dataDir),
    await diskSpace(config.dataDir),
  ];
  if (running) findings.push(...running.map(partFinding));
  else findings.push(...(await databases(config)), ...(await ports(config)));
  return [...findings, journal(config.dataDir), clock(), certificate(config)];
}

const good = (what: string, text: string): Finding => ({ what, state: 'good', text });
const warn = (what: string, text: string): Finding => ({ what, state: 'warn', text });
const bad = (what: string, text: string): Finding => ({ what, state: 'bad', text });
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function partFinding({ part, state, message }: Part): Finding {
  if (state === 'ok') return good(part, message ? `works. ${message}` : 'works');
  return state === 'starting' ? warn(part, 'is starting') : bad(part, message ?? 'is broken');
}

function dataDirectory(path: string): Finding {
  if (!existsSync(path)) return warn('data directory', `${path} is not there yet; the first start makes it`);
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return bad('data directory', `${path} cannot be written: ${reason(error)}`);
  }
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0)
    return warn('data directory', `others on this machine may look into ${path}; the next start closes it`);
  return good('data directory', path);
}

async function diskSpace(path: string): Promise<Finding> {
  if (!existsSync(path)) return good('disk space', 'not looked at');
  const fs = await statfs(path);
  const free = fs.bavail * fs.bsize;
  const text = `${formatBytes(free)} free of ${formatBytes(fs.blocks * fs.bsize)}`;
  if (free < TOO_LITTLE_BYTES) return bad('disk space', `${text}: readings will soon be refused, free some`);
  return free < LITTLE_BYTES ? warn('disk space', `${text}: free some before it is full`) : good('disk space', text);
}

async function databases(config: Config): Promise<Finding[]> {
  const sqlite = existsSync(config.dataDir)
    ? readdirSync(config.dataDir).filter((n) => n.endsWith('.db') && n !== 'lock.db')
    : [];
  const findings = sqlite.map((name) => {
    try {
      checkIntegrity(join(config.dataDir, name));
      return good(name, 'whole');
    } catch (error) {
      return bad(name, `${reason(error)}; copy the data directory, then restore a backup`);
    }
  });
  const path = join(config.dataDir, 'telemetry.duckdb');
  if (!existsSync(path)) return findings;
  try {
    const readings = await checkDuckdb(path, join(config.dataDir, 'tmp', 'doctor'));
    return [...findings, good('telemetry.duckdb', `whole, ${readings} readings that are not packed yet`)];
  } catch (error) {
    return [...findings, bad('telemetry.duckdb', reason(error))];
  }
}

function journal(dataDir: string): Finding {
  const path = join(dataDir, 'journal');
  if (!existsSync(path)) return good('journal files', 'none yet');
  try {
    const segments = readdirSync(path, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    const bytes = segments.reduce((sum, e) => sum + statSync(join(e.parentPath, e.name)).size, 0);
    return good('journal files', `${segments.length} files, ${formatBytes(bytes)}`);
  } catch (error) {
    return bad('journal files', `cannot be read: ${reason(error)}`);
  }
}

async function ports(config: Config): Promise<Finding[]> {
  const wanted = [
    { what: `web port ${config.httpPort}`, port: config.httpPort, hostname: config.httpHost },
    { what: `MQTT port ${config.mqttPort}`, port: config.mqttPort, hostname: config.mqttHost },
    ...(config.tls === 'off'
      ? []
      : [{ what: `MQTT TLS port ${config.mqttTlsPort}`, port: config.mqttTlsPort, hostname: config.mqttHost }]),
  ];
  return wanted.map(({ what, port, hostname }) => {
    try {
      Bun.listen({ hostname, port, socket: { data() {} } }).stop(true);
      return good(what, 'free');
    } catch (error) {
      return bad(what, `cannot be used: ${reason(error)}; free it or choose another`);
    }
  });
}

function clock(): Finding {
  const now = Date.now();
  const shown = `${new Date(now).toISOString().slice(0, 19)}Z, zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  return now < EARLIEST_NOW
    ? bad('clock', `${shown}: this is in the past; set it, or readings get wrong times`)
    : good('clock', shown);
}

function certificate(config: Config): Finding {
  if (config.tls === 'off') return good('certificate', 'TLS is off');
  const path = config.tls === 'files' ? config.tlsCertFile : join(config.dataDir, 'tls', 'server.pem');
  if (!existsSync(path))
    return config.tls === 'local'
      ? good('certificate', 'is made at the next start')
      : bad('certificate', `${path} is not there`);
  try {
    const left = Date.parse(new X509Certificate(readFileSync(path, 'utf8')).validTo) - Date.now();
    if (left < 0) return bad('certificate', `${path} has ended`);
    const text = `good for ${Math.floor(left / days(1))} days`;
    return left < days(21) ? warn('certificate', `${text}: renew it`) : good('certificate', text);
  } catch (error) {
    return bad('certificate', `${path} cannot be read: ${reason(error)}`);
  }
}
