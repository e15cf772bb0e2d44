/**
 * Brings what an executable for one architecture needs and npm has not installed for this machine: the other
 * platform's DuckDB binding and Bun itself, as pinned in package-lock.json and checked against its integrity.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Architecture = 'x64' | 'arm64';
export const root = join(import.meta.dir, '..');
const cache = join(root, '.cache', 'native');

interface LockedPackage {
  version: string;
  integrity: string;
}

/** Paths of DuckDB's addon, of its compressed library, and of the Bun to build on (undefined: the running one). */
export async function nativeParts(arch: Architecture): Promise<{ addon: string; library: string; bun?: string }> {
  const binding = await unpacked(`@duckdb/node-bindings-linux-${arch}`);
  const addon = join(binding, 'duckdb.addon');
  const library = join(binding, 'libduckdb.so.zst');
  if (!existsSync(addon)) writeFileSync(addon, readFileSync(join(binding, 'duckdb.node')));
  if (!existsSync(library)) {
    const bytes = await Bun.zstdCompress(readFileSync(join(binding, 'libduckdb.so')), { level: 15 });
    writeFileSync(`${library}.part`, bytes);
    renameSync(`${library}.part`, library);
  }
  if (arch === process.arch) return { addon, library };
  const bun = await unpacked(`@oven/bun-linux-${arch === 'arm64' ? 'aarch64' : 'x64'}`);
  return { addon, library, bun: join(bun, 'bin', 'bun') };
}

async function unpacked(name: string): Promise<string> {
  const { version, integrity } = locked(name);
  const folder = join(cache, `${name.replaceAll('/', '-').replace('@', '')}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const archive = join(cache, pack(name, version));
  const actual = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (actual !== integrity) throw new Error(`${name}@${version} is not what package-lock.json names; got ${actual}`);
  const scratch = `${folder}.part`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  must(['tar', '-xzf', archive, '-C', scratch, '--strip-components=1']);
  renameSync(scratch, folder);
  rmSync(archive);
  return folder;
}

function locked(name: string): LockedPackage {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage | undefined>;
  };
  const entry = lock.packages[`node_modules/${name}`];
  if (!entry) throw new Error(`package-lock.json does not name ${name}`);
  return entry;
}

function pack(name: string, version: string): string {
  const out = must(['npm', 'pack', '--silent', '--pack-destination', cache, `${name}@${version}`]);
  const file = out.trim().split('\n').at(-1);
  if (!file) throw new Error(`npm pack named no file for ${name}@${version}`);
  return file;
}

function must(command: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: root });
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed: ${stderr.toString().slice(-500)}`);
  return stdout.toString();
}
