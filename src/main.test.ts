import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckdbDatabase } from './platform/duckdb.ts';
import { tempDir } from './testing/app.ts';

// Each test starts several processes.
setDefaultTimeout(60_000);

/** The command line and the process, as an owner and a service manager meet them. */
const root = join(import.meta.dir, '..');
const bun = process.execPath;
const dirs: string[] = [];
const children: Bun.Subprocess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    await child.exited;
  }
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = tempDir();
  dirs.push(dir);
  return dir;
}

const environment = (dataDir: string, more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  AMPRA_DATA_DIR: dataDir,
  AMPRA_HTTP_HOST: '127.0.0.1',
  AMPRA_HTTP_PORT: '0',
  AMPRA_MQTT_HOST: '127.0.0.1',
  AMPRA_MQTT_PORT: '0',
  ...more,
});

async function ampra(dataDir: string, args: string[], options: { env?: Record<string, string>; input?: string } = {}) {
  const child = Bun.spawn([bun, 'src/main.ts', ...args], {
    cwd: root,
    env: environment(dataDir, options.env),
    stdin: new Blob([options.input ?? '']),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, error, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, error, code };
}

/** A running appliance; resolves once it has said where it is. */
async function serve(dataDir: string, env: Record<string, string> = {}) {
  const child = Bun.spawn([bun, 'src/main.ts', 'serve'], {
    cwd: root,
    env: environment(dataDir, env),
    stdout: 'pipe',
    stderr: Bun.file(join(dataDir, '..', `log-${children.length}`)),
  });
  children.push(child);
  let said = '';
  for await (const chunk of child.stdout) {
    said += new TextDecoder().decode(chunk);
    if (said.includes('Ampra is at')) break;
  }
  return { child, said, url: /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '' };
}

const dataIn = (dir: string) => {
  const dataDir = join(dir, 'data');
  mkdirSync(dataDir);
  return dataDir;
};
const PASSWORD = 'correct horse battery';
/** A source called Roof at the running appliance. */
async function addSource(dataDir: string, url: string): Promise<void> {
  const holder = ['--email', 'o@example.org', '--name', 't', '--scope', 'write'];
  const token = (await ampra(dataDir, ['token', 'add', ...holder])).out.trim();
  const place = { latitude: 38.7, longitude: -9.1, timeZone: 'Europe/Lisbon' };
  const body = JSON.stringify({ name: 'Roof', connectionType: 'mqtt', ...place });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  expect((await fetch(`${url}/api/v1/sources`, { method: 'POST', headers, body })).status).toBe(201);
}
const addOwner = (dataDir: string) =>
  ampra(dataDir, ['user', 'add', '--email', 'o@example.org', '--role', 'overseer', '--password-stdin'], {
    input: `${PASSWORD}\n`,
  });

describe('the command line', () => {
  test('explains itself, and answers what it does not know with exit code 2', async () => {
    const dir = folder();
    expect(await ampra(dir, ['--help'])).toMatchObject({ code: 0, error: '' });
    expect((await ampra(dir, ['backup', '--help'])).out).toContain('--force');
    expect(await ampra(dir, ['version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ampra \d+\.\d+\.\d+\n$/),
    });
    expect(await ampra(dir, ['frobnicate'])).toMatchObject({
      code: 2,
      out: '',
      error: '"frobnicate" is not a command. See: ampra --help\n',
    });
    expect(await ampra(dir, ['token', 'add', '--name', 'x'])).toMatchObject({ code: 2 });
    expect(await ampra(dir, ['user', 'list', '--nonsense'])).toMatchObject({ code: 2 });
  });

  test('lists a family of commands', async () => {
    for (const family of ['user', 'token']) {
      const { code, out } = await ampra(folder(), [family, '--help']);
      expect(code).toBe(0);
      expect(out).toContain(`ampra ${family} add --help`);
    }
  });

  test('makes no data directory where it only reads', async () => {
    const nowhere = join(folder(), 'typo');
    const commands = [
      ['user', 'list'],
      ['user', 'reset-password', '--email', 'o@example.org', '--password', PASSWORD],
      ['token', 'add', '--email', 'o@example.org', '--name', 't', '--scope', 'read'],
      ['export', '--source', 'Roof'],
      ['import', '-', '--source', 'Roof'],
      ['backup', join(nowhere, '..', 'x.tar')],
      ['doctor'],
    ];
    for (const command of commands) {
      const { code, error } = await ampra(nowhere, command);
      expect([command[0], code, error.split(' Name')[0]]).toEqual([command[0], 1, `There is no Ampra in ${nowhere}.`]);
    }
    expect(existsSync(nowhere)).toBe(false);
  });

  test('names every field of a new account that is not right', async () => {
    const bad = ['user', 'add', '--email', 'bad', '--password', 'x', '--role', 'king'];
    const { code, error } = await ampra(folder(), bad);
    expect(code).toBe(1);
    for (const field of ['email: ', 'password: ', 'role: ']) expect(error).toContain(field);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  test('says how to hand over a password when there is no terminal', async () => {
    const dataDir = dataIn(folder());
    await addOwner(dataDir);
    const { code, error } = await ampra(dataDir, ['user', 'reset-password', '--email', 'o@example.org']);
    expect(code).toBe(2);
    expect(error).toContain('--password-stdin');
  });

  test('asks for the new password twice on a terminal, and shows nothing of it', async () => {
    const dataDir = dataIn(folder());
    await addOwner(dataDir);
    let said = '';
    const answers = ['a first phrase', 'another phrase', 'a second phrasf\u007fe', 'a second phrase'];
    const child = Bun.spawn([bun, 'src/main.ts', 'user', 'reset-password', '--email', 'o@example.org'], {
      cwd: root,
      env: environment(dataDir),
      terminal: {
        cols: 100,
        rows: 30,
        data(terminal, data) {
          said += new TextDecoder().decode(data);
          if (/(password|again): ?$/.test(said)) terminal.write(`${answers.shift() ?? ''}\r`);
        },
      },
    });
    children.push(child);
    expect([await child.exited, said]).toEqual([0, expect.stringContaining('is changed')]);
    expect(said).toContain('The two are not the same');
    expect(said).not.toContain('phrase');
    expect(answers).toEqual([]);
  });

  test('says in words that the data directory cannot be written, or that a database is damaged', async () => {
    const file = join(folder(), 'a file');
    writeFileSync(file, '');
    const { code, error } = await ampra(file, ['serve']);
    expect(code).toBe(1);
    expect(error).toContain(`The data directory ${file} cannot be used: it is a file, not a folder.`);

    const dataDir = dataIn(folder());
    await addOwner(dataDir);
    writeFileSync(join(dataDir, 'ampra.db'), 'damaged '.repeat(5000));
    for (const command of [
      ['user', 'list'],
      ['export', '--source', 'Roof'],
      ['backup', join(dataDir, 'x.tar')],
    ]) {
      const answer = await ampra(dataDir, command);
      expect([command[0], answer.code]).toEqual([command[0], 1]);
      expect(answer.error).toContain('The file ampra.db (accounts, sources and settings) is damaged.');
      expect(answer.error).toContain('restore FILE --force');
    }
    expect((await ampra(dataDir, ['doctor'])).out).toMatch(/BAD {3}ampra\.db/);
    const { url, said } = await serve(dataDir);
    expect(said).toContain('ampra.db');
    const page = await (await fetch(`${url}/`)).text();
    expect(page).toContain('The file ampra.db');
    expect(page).toContain('restore FILE --force');
  });

  test('names every problem of the configuration at once', async () => {
    const env = { AMPRA_HTTP_PORT: 'abc', AMPRA_TLS: 'maybe', AMPRA_TYPO: '1' };
    const { code, error } = await ampra(folder(), ['serve'], { env });
    expect(code).toBe(2);
    for (const name of ['AMPRA_HTTP_PORT', 'AMPRA_TLS', 'AMPRA_TYPO']) expect(error).toContain(name);
    expect(error).toContain('3 problems');
  });

  test('works without the appliance and through its socket, also at the end of a long path', async () => {
    const deep = join(folder(), ...Array<string>(6).fill('a-folder-with-a-long-name'), 'data');
    mkdirSync(deep, { recursive: true });
    expect(await addOwner(deep)).toMatchObject({ code: 0 });
    const { url } = await serve(deep);
    const token = await ampra(deep, ['token', 'add', '--email', 'o@example.org', '--name', 't', '--scope', 'read']);
    expect(token).toMatchObject({ code: 0, error: '' });
    const headers = { authorization: `Bearer ${token.out.trim()}` };
    expect((await fetch(`${url}/api/v1/sources`, { headers })).status).toBe(200);
    expect((await ampra(deep, ['user', 'list'])).out).toContain('o@example.org');
    const again = await addOwner(deep);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.error.trim().split('\n')).toHaveLength(1);
  });

  test('imports what is good of a file, names what is not, and exports it again', async () => {
    const dir = folder();
    const dataDir = dataIn(dir);
    await addOwner(dataDir);
    const { url } = await serve(dataDir);
    await addSource(dataDir, url);

    const input =
      'timestamp,solarPower,faultCodes\n2026-01-01T12:00:00Z,1500,F1|F2\nyesterday,1,\n2026-01-01T12:01:00Z,-3,\n2026-01-01T12:02:00Z,1600,\n';
    const imported = await ampra(dataDir, ['import', '-', '--source', 'Roof'], { input });
    expect(imported).toMatchObject({ code: 1, out: '' });
    expect(imported.error).toContain('Line 3: timestamp');
    expect(imported.error).toContain('2 readings are stored in Roof.');
    expect(imported.error.trim().split('\n').at(-1)).toMatch(
      /^Not everything was taken: .+\(line 3\); .+\(line 4\)\.$/,
    );
    const good = 'timestamp,solarPower\n2026-01-01T12:02:00Z,1600\n';
    expect(await ampra(dataDir, ['import', '-', '--source', 'Roof'], { input: good })).toMatchObject({ code: 0 });
    const exported = await ampra(dataDir, ['export', '--source', 'Roof']);
    expect(exported.out).toBe(
      'timestamp,solarPower,faultCodes\n2026-01-01T12:00:00.000Z,1500,F1|F2\n2026-01-01T12:02:00.000Z,1600,\n',
    );

    const file = join(dir, 'copy.tar');
    expect(await ampra(dataDir, ['backup', file])).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await ampra(dataDir, ['restore', file])).error).toContain('Another Ampra (process');
    const elsewhere = join(dir, 'elsewhere');
    expect(await ampra(elsewhere, ['restore', file])).toMatchObject({ code: 0 });
    expect((await ampra(elsewhere, ['export', '--source', 'Roof', '--format', 'ndjson'])).out.split('\n')).toHaveLength(
      3,
    );
    expect(await ampra(elsewhere, ['restore', file])).toMatchObject({ code: 1 });
    expect(await ampra(elsewhere, ['restore', file, '--force'])).toMatchObject({ code: 0 });

    const bytes = readFileSync(file);
    // Well inside the first file, behind manifest and header.
    bytes[6000] = (bytes[6000] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const damaged = await ampra(join(dir, 'third'), ['restore', file]);
    expect(damaged.code).toBe(1);
    expect(damaged.error).toContain('no whole backup');
    expect(existsSync(join(dir, 'third', 'ampra.db'))).toBe(false);
  }, 60_000);

  test('the doctor works days out anew and compares, whether the appliance runs or not; what differs is named and mended', async () => {
    const dataDir = dataIn(folder());
    await addOwner(dataDir);
    const first = await serve(dataDir);
    await addSource(dataDir, first.url);
    const lines = Array.from(
      { length: 300 },
      (_, i) => `${new Date(Date.UTC(2026, 2, 1, 0, 10 * i)).toISOString()},1200`,
    );
    const input = `timestamp,solarPower\n${lines.join('\n')}\n`;
    expect(await ampra(dataDir, ['import', '-', '--source', 'Roof'], { input })).toMatchObject({ code: 0 });
    first.child.kill('SIGTERM');
    await first.child.exited;
    const well = await ampra(dataDir, ['doctor']);
    expect(well.out).toMatch(/ok {4}figures of Roof +2 days worked out anew from their readings: all agree/);
    const path = join(dataDir, 'telemetry.duckdb');
    const database = await DuckdbDatabase.open({ path, memoryLimitMb: 96, tempDir: join(dataDir, '..', 'tmp') });
    const connection = await database.connect();
    await connection.run('UPDATE energy_15m SET solar_kwh = solar_kwh + 1');
    await connection.close();
    database.close();
    await serve(dataDir);
    const ill = await ampra(dataDir, ['doctor']);
    expect(ill.code).toBe(1);
    expect(ill.out).toMatch(/BAD {3}figures of Roof .*holds other energy than its readings say/);
    expect(await ampra(dataDir, ['doctor', '--rebook'])).toMatchObject({ code: 0 });
    expect(await ampra(dataDir, ['doctor'])).toMatchObject({ code: 0 });
  });

  test('the doctor finds a damaged database and leaves it as it is', async () => {
    const dir = folder();
    const dataDir = dataIn(dir);
    await addOwner(dataDir);
    expect(await ampra(dataDir, ['doctor'])).toMatchObject({ code: 0 });
    const damage = 'this is no database at all'.repeat(1000);
    writeFileSync(join(dataDir, 'telemetry.duckdb'), damage);
    const found = await ampra(dataDir, ['doctor']);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/BAD {3}telemetry\.duckdb/);
    expect(readFileSync(join(dataDir, 'telemetry.duckdb'), 'utf8')).toBe(damage);
  }, 30_000);
});

describe('the process', () => {
  test('is ready, stops in order within 5 s on SIGTERM and exits with 0', async () => {
    const { child, url } = await serve(dataIn(folder()));
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: 'ready' });
    const began = performance.now();
    child.kill('SIGTERM');
    expect(await child.exited).toBe(0);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('refuses a second one on the same folder and names the first; a killed one leaves no lock', async () => {
    const dataDir = dataIn(folder());
    const first = await serve(dataDir);
    const second = await ampra(dataDir, ['serve']);
    expect(second.code).toBe(1);
    expect(second.error).toContain(`process ${first.child.pid}`);
    first.child.kill('SIGKILL');
    await first.child.exited;
    const third = await serve(dataDir);
    expect((await fetch(`${third.url}/healthz`)).status).toBe(200);
  }, 30_000);

  test.skipIf(!Bun.which('python3'))(
    'tells systemd that it is ready, alive and stopping',
    async () => {
      const dir = folder();
      const path = join(dir, 'notify');
      const listener = Bun.spawn(['python3', '-c', LISTENER, path], { stdout: 'pipe' });
      children.push(listener);
      while (!existsSync(path)) await Bun.sleep(20);
      const { child } = await serve(dataIn(dir), { NOTIFY_SOCKET: path, WATCHDOG_USEC: '400000' });
      await Bun.sleep(500);
      child.kill('SIGTERM');
      await child.exited;
      const said = await listener.stdout.text();
      expect(said).toMatch(/READY=1[\s\S]*WATCHDOG=1[\s\S]*STOPPING=1/);
    },
    30_000,
  );
});

/** Stands in for systemd: prints each datagram until the one that says STOPPING. */
const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(20)
while True:
    text = s.recv(4096).decode()
    print(text, flush=True)
    if 'STOPPING=1' in text: break
`;
