/**
 * Tries the executables as an owner would: copied alone to an empty folder, started, a reading published at QoS 1, read
 * back, stopped by SIGTERM, started again, read back once more. The arm64 one runs under qemu-user-static where this
 * machine is not arm64; without it that part is skipped with a sentence (an error when CI is set).
 */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { freePorts } from '../src/testing/free-ports.ts';
import { type Architecture, root } from './native-parts.ts';

const QEMU = '/usr/bin/qemu-aarch64-static';
const LIBRARIES = '/usr/aarch64-linux-gnu';

for (const arch of ['x64', 'arm64'] as const) {
  const prefix = runnerFor(arch);
  if (prefix) await trySmoke(arch, prefix);
}

function runnerFor(arch: Architecture): string[] | null {
  if (arch === process.arch) return [];
  if (arch === 'arm64' && existsSync(QEMU) && existsSync(LIBRARIES)) return [QEMU, '-L', LIBRARIES];
  const sentence = `The ${arch} executable was not tried: it needs Debian's qemu-user-static, libc6-arm64-cross and libstdc++6-arm64-cross.`;
  if (process.env.CI && arch === 'arm64') throw new Error(sentence);
  console.log(sentence);
  return null;
}

async function trySmoke(arch: Architecture, prefix: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `ampra-smoke-${arch}-`));
  const file = join(folder, 'ampra');
  copyFileSync(join(root, 'dist', `ampra-linux-${arch}`), file);
  const [httpPort = 0, mqttPort = 0] = await freePorts(2);
  const env = {
    PATH: process.env.PATH ?? '',
    AMPRA_DATA_DIR: join(folder, 'data'),
    AMPRA_CACHE_DIR: join(folder, 'cache'),
    AMPRA_HTTP_HOST: '127.0.0.1',
    AMPRA_HTTP_PORT: String(httpPort),
    AMPRA_MQTT_HOST: '127.0.0.1',
    AMPRA_MQTT_PORT: String(mqttPort),
  };
  const command = (...args: string[]) => [...prefix, file, ...args];
  const ampra = (...args: string[]): string => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(command(...args), { env, cwd: folder });
    if (exitCode !== 0) throw new Error(`ampra ${args[0]} ${args[1] ?? ''} failed: ${stderr}`);
    return stdout.toString().trim();
  };
  const serve = async () => {
    const started = performance.now();
    const child = Bun.spawn(command('serve'), {
      env,
      cwd: folder,
      stdout: 'ignore',
      stderr: Bun.file(join(folder, 'log')),
    });
    await until(`http://127.0.0.1:${httpPort}/readyz`, folder);
    return { child, readyMs: performance.now() - started };
  };
  try {
    const version = ampra('version');
    const first = await serve();
    ampra('user', 'add', '--email', 'owner@example.org', '--password', 'correct horse battery', '--role', 'overseer');
    const token = ampra('token', 'add', '--email', 'owner@example.org', '--name', 'smoke', '--scope', 'write');
    const api = (path: string, init: RequestInit = {}) =>
      request(`http://127.0.0.1:${httpPort}/api/v1${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
    const source = (await api('/sources', {
      method: 'POST',
      body: JSON.stringify({
        name: 'Roof',
        connectionType: 'mqtt',
        latitude: 38.7,
        longitude: -9.1,
        timeZone: 'Europe/Lisbon',
      }),
    })) as { id: string; mqttTopic: string; mqttApiKey: string };
    await publish(mqttPort, source);
    await expectReading(api, source.id);
    const page = await fetch(`http://127.0.0.1:${httpPort}/login`);
    if (!page.ok || !(await page.text()).includes('Ampra')) throw new Error('the sign-in page did not open');
    const stopMs = await stop(first.child);
    const second = await serve();
    await expectReading(api, source.id);
    await stop(second.child);
    const inside = readdirSync(folder).sort().join(', ');
    console.log(
      `${arch}: ${version}; ${(statSync(file).size / 1e6).toFixed(0)} MB; ready in ${first.readyMs.toFixed(0)} ms (first start), ${second.readyMs.toFixed(0)} ms; stopped in ${stopMs.toFixed(0)} ms; reading stored, read back, and there after a restart; folder holds ${inside}`,
    );
  } catch (error) {
    const log = join(folder, 'log');
    if (existsSync(log)) console.error(await Bun.file(log).text());
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function until(url: string, folder: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const ready = await fetch(url).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) return;
    if (Date.now() > deadline) throw new Error(`${url} was not ready within 60 s (${folder})`);
    await Bun.sleep(20);
  }
}

async function request(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

async function publish(port: number, source: { id: string; mqttTopic: string; mqttApiKey: string }): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: source.id,
    password: source.mqttApiKey,
    protocolVersion: 5,
  });
  await client.publishAsync(source.mqttTopic, JSON.stringify({ solarPower: 1234, stateOfCharge: 56.5 }), { qos: 1 });
  await client.endAsync();
}

async function expectReading(api: (path: string) => Promise<unknown>, id: string): Promise<void> {
  const now = Date.now();
  const range = `from=${new Date(now - 3_600_000).toISOString()}&to=${new Date(now + 60_000).toISOString()}`;
  const { items } = (await api(`/sources/${id}/readings?${range}`)) as { items: { values: Record<string, unknown> }[] };
  if (items.length !== 1 || items[0]?.values.solarPower !== 1234)
    throw new Error(`expected the one reading, got ${JSON.stringify(items)}`);
  const latest = (await api(`/sources/${id}/latest`)) as { values: Record<string, unknown> };
  if (latest.values.stateOfCharge !== 56.5)
    throw new Error(`expected the latest values, got ${JSON.stringify(latest)}`);
}

async function stop(child: Bun.Subprocess): Promise<number> {
  const started = performance.now();
  child.kill('SIGTERM');
  const code = await child.exited;
  if (code !== 0) throw new Error(`stopped with exit code ${code} on SIGTERM`);
  return performance.now() - started;
}
