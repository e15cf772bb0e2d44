import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../src/testing/free-ports.ts';

/** The real appliance in a process of its own, on a folder of its own, reached only as its users reach it. */
export interface Appliance {
  readonly pid: number;
  readonly url: string;
  readonly mqttUrl: string;
  readonly dataDir: string;
  /** From the start of the process to the first `/readyz` that said yes, ms. */
  readonly readyMs: number;
  /** Access token of the overseer. */
  token: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when the process has ended, however that came. */
  readonly ended: Promise<'ended'>;
  /** Removes the folder. */
  remove(): void;
}

export interface SourceAccess {
  id: string;
  mqttTopic: string;
  mqttApiKey: string;
  webhookUrl: string;
  webhookSecret: string;
}

const root = join(import.meta.dir, '..');
export const PASSWORD = 'a long bench password 7';
export const EMAIL = 'bench@example.org';

/** How to run `ampra`: the executable when `AMPRA_BENCH_EXECUTABLE` names one, else the checkout. */
export function ampraCommand(): string[] {
  const executable = process.env.BENCH_EXECUTABLE;
  if (executable && existsSync(executable)) return [executable];
  return [process.execPath, join(root, 'src/main.ts')];
}

export interface StartOptions {
  dataDir?: string;
  env?: Record<string, string>;
  command?: string[];
  /** Keep the ports of an earlier process. */
  ports?: { http: number; mqtt: number };
  /** Where its log goes; `server.log` in its folder when absent. */
  logFile?: string;
  /** Handed the way to kill the process as soon as there is one. */
  onSpawn?: (kill: () => void) => void;
}

export async function startAppliance(
  options: StartOptions = {},
): Promise<Appliance & { ports: { http: number; mqtt: number } }> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'ampra-bench-'));
  const [http = 0, mqtt = 0] = await freePorts(2);
  const ports = options.ports ?? { http, mqtt };
  const env = environment(dataDir, ports, options.env);
  const logFile = options.logFile ?? join(dataDir, 'server.log');
  const startedAt = performance.now();
  const child = Bun.spawn([...(options.command ?? ampraCommand()), 'serve'], {
    cwd: root,
    env,
    stdout: 'ignore',
    stderr: process.env.BENCH_VERBOSE ? 'inherit' : Bun.file(logFile),
  });
  options.onSpawn?.(() => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${ports.http}`;
  try {
    await waitUntilReady(url, child, logFile);
  } catch (error) {
    child.kill('SIGKILL');
    // Its lock on the data directory goes with it; the next start must not meet it.
    await child.exited;
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
  return {
    pid: child.pid,
    url,
    mqttUrl: `mqtt://127.0.0.1:${ports.mqtt}`,
    ports,
    dataDir,
    readyMs: performance.now() - startedAt,
    token: '',
    ended: child.exited.then(() => 'ended' as const),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await child.exited;
    },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

function environment(dataDir: string, ports: { http: number; mqtt: number }, more: Record<string, string> = {}) {
  return {
    ...process.env,
    AMPRA_DATA_DIR: dataDir,
    AMPRA_HTTP_PORT: String(ports.http),
    AMPRA_MQTT_PORT: String(ports.mqtt),
    AMPRA_HTTP_HOST: '127.0.0.1',
    AMPRA_MQTT_HOST: '127.0.0.1',
    ...more,
  };
}

async function waitUntilReady(url: string, child: Bun.Subprocess, logFile: string): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) throw new Error(`the appliance ended with ${ended}: ${lastWords(logFile)}`);
    const response = await fetch(`${url}/readyz`).catch(() => null);
    if (response?.ok) return;
    await Bun.sleep(10);
  }
  throw new Error('the appliance was not ready within 30 s');
}

/** The last lines of a log, so that a failure says why. */
function lastWords(logFile: string): string {
  return existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().slice(-600) : 'it wrote no log';
}

/** Runs a command of `ampra` on this data directory; gives what it printed. */
export async function ampra(dataDir: string, ...args: string[]): Promise<string> {
  const child = Bun.spawn([...ampraCommand(), ...args], {
    cwd: root,
    env: { ...process.env, AMPRA_DATA_DIR: dataDir },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err, code] = [
    await new Response(child.stdout).text(),
    await new Response(child.stderr).text(),
    await child.exited,
  ];
  if (code !== 0) throw new Error(`ampra ${args.join(' ')}: ${err || out}`);
  return out.trim();
}

/** Makes the overseer and an access token, by command line. */
export async function prepareOwner(appliance: Appliance): Promise<void> {
  const { dataDir } = appliance;
  await ampra(dataDir, 'user', 'add', '--email', EMAIL, '--password', PASSWORD, '--role', 'overseer');
  appliance.token = await ampra(dataDir, 'token', 'add', '--email', EMAIL, '--name', 'bench', '--scope', 'admin');
}

export async function signIn(appliance: Appliance): Promise<string> {
  const page = await fetch(`${appliance.url}/login`);
  const csrf = /name="_csrf"\s+value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const cookies = page.headers.getSetCookie().map((c) => c.split(';')[0]);
  const response = await fetch(`${appliance.url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies.join('; '), origin: appliance.url },
    body: new URLSearchParams({ email: EMAIL, password: PASSWORD, _csrf: csrf }),
  });
  const session = response.headers.getSetCookie().map((c) => c.split(';')[0]);
  if (session.length === 0) throw new Error(`signing in failed: ${response.status}`);
  return [...cookies, ...session].join('; ');
}

export async function api<T>(appliance: Appliance, path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`${appliance.url}/api/v1${path}`, {
    ...init,
    headers: { authorization: `Bearer ${appliance.token}`, 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export function createSource(appliance: Appliance, name: string, connectionType = 'mqtt'): Promise<SourceAccess> {
  const place = { latitude: 48.1, longitude: 11.6, timeZone: 'Europe/Berlin', installedCapacityW: 8000 };
  const body = JSON.stringify({ name, connectionType, ...place });
  return api(appliance, '/sources', { method: 'POST', body });
}

/** Times of every stored reading of a source. */
export async function storedTimes(appliance: Appliance, sourceId: string, from: number, to: number): Promise<number[]> {
  const times: number[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      limit: '10000',
      ...(cursor !== null && { cursor }),
    });
    const page: { items: { time: string }[]; nextCursor: string | null } = await api(
      appliance,
      `/sources/${sourceId}/readings?${query}`,
    );
    for (const { time } of page.items) times.push(Date.parse(time));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return times;
}
