import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, type ConfigProblem, defaultDataDir, readConfig } from './config.ts';
import { isExecutable, isService } from './runtime.ts';

export interface LoadOptions {
  env: Record<string, string | undefined>;
  flags: Record<string, string | undefined>;
  cwd: string;
  /** Instead of what the runtime says; for tests. */
  isExecutable?: boolean;
}

export type LoadedConfig = { ok: true; config: Config; file: string | null } | { ok: false; problems: ConfigProblem[] };

const FILE = 'ampra.config.ts';
/** Where a service keeps its state. */
const SERVICE_DIR = '/var/lib/ampra';

/**
 * The configuration from `ampra.config.ts`, environment and flags. A checkout reads the file that lies in it, the
 * executable the one in its data directory.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const executable = options.isExecutable ?? isExecutable;
  const fallback = dataDirByDefault(options, executable);
  const dataDir = resolve(options.cwd, options.flags.dataDir || options.env.AMPRA_DATA_DIR || fallback);
  const path = executable ? join(dataDir, FILE) : join(import.meta.dir, '..', '..', FILE);
  const file = existsSync(path) ? await readFile(path) : null;
  const read = readConfig({
    env: options.env,
    flags: options.flags,
    defaultDataDir: fallback,
    ...(file?.values ? { file: { path, values: file.values } } : {}),
  });
  if (!file?.problem) return read.ok ? { ...read, file: file ? path : null } : read;
  return { ok: false, problems: [file.problem, ...(read.ok ? [] : read.problems)] };
}

/** All problems, one a line, for a person. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map((p) => `  ${p.setting} (${p.from}) ${p.message}`);
  const count = problems.length === 1 ? 'is a problem' : `are ${problems.length} problems`;
  return `There ${count} with the configuration:\n${lines.join('\n')}`;
}

async function readFile(
  path: string,
): Promise<{ values: Record<string, unknown>; problem?: undefined } | { values?: undefined; problem: ConfigProblem }> {
  try {
    const { default: values } = (await import(path)) as { default?: unknown };
    if (typeof values === 'object' && values !== null) return { values: values as Record<string, unknown> };
    return { problem: { setting: FILE, from: path, message: 'has no settings: it needs `export default { ... }`.' } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: { setting: FILE, from: path, message: `cannot be read: ${reason}` } };
  }
}

/** On a machine where Ampra is a service, its owner's commands mean that one, not a new one in the home folder. */
function dataDirByDefault(options: LoadOptions, executable: boolean): string {
  const usual = defaultDataDir({ isExecutable: executable, isService: isService(options.env), cwd: options.cwd });
  const isHome = usual === join(homedir(), '.ampra');
  return isHome && !existsSync(usual) && existsSync(join(SERVICE_DIR, 'lock.db')) ? SERVICE_DIR : usual;
}
