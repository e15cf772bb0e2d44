import { createApp } from './app.ts';
import { operations } from './app-operations.ts';
import { seconds } from './core/durations.ts';
import { AmpraError } from './core/result.ts';
import { type CommandCall, type Terminal, UsageError } from './platform/cli.ts';
import type { Config } from './platform/config.ts';
import { describeProblems, loadConfig } from './platform/config-file.ts';
import { callRunning } from './platform/control-socket.ts';
import { requireDataDir } from './platform/data-dir.ts';
import type { OperationArguments, OperationIo } from './platform/operation.ts';

/** How long a command waits for an appliance that is just starting or stopping. */
const PATIENCE_MS = seconds(8);

/** The configuration for a command; every problem at once when there are some. Flags are written as `http-port`. */
export async function configFor(call: CommandCall): Promise<Config> {
  return (await loadedFor(call)).config;
}

/** The same with the file it came from. */
export async function loadedFor(call: CommandCall): Promise<{ config: Config; file: string | null }> {
  const flags: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(call.options))
    flags[name.replace(/-([a-z])/g, (_, c: string) => c.toUpperCase())] = value === true ? 'true' : value;
  const loaded = await loadConfig({ env: call.terminal.env, flags, cwd: call.terminal.cwd });
  if (!loaded.ok) throw new UsageError(describeProblems(loaded.problems));
  return loaded;
}

/** The call with no option but `--data-dir`: those of the command itself are no settings. */
export function dataDirOnly(call: CommandCall): CommandCall {
  const folder = call.options['data-dir'];
  return { ...call, options: folder === undefined ? {} : { 'data-dir': folder } };
}

/** The io of an operation that runs for this terminal. */
export function ioOf(terminal: Terminal, input?: AsyncIterable<Uint8Array>): OperationIo {
  return {
    input: input ?? terminal.input,
    write: (output) => terminal.out(output),
    note: (text) => terminal.error(text),
    progress: (progress) => terminal.progress(progress),
  };
}

/** Runs an operation in the running appliance or, when none runs, on the stores themselves. */
export async function perform(options: {
  config: Config;
  name: string;
  args: OperationArguments;
  io: OperationIo;
  hasInput?: boolean;
  /** Makes a new data directory where there is none; else that is refused. */
  mayCreate?: boolean;
}): Promise<void> {
  const { config, name, args, io, hasInput = false } = options;
  if (!options.mayCreate) requireDataDir(config.dataDir);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    if (await callRunning(config.dataDir, { name, args, io, hasInput })) return;
    try {
      return await performHere(options);
    } catch (error) {
      if (!(error instanceof DataDirTaken)) throw error;
      if (Date.now() > deadline) throw error.cause;
      await Bun.sleep(200);
    }
  }
}

class DataDirTaken extends Error {}

async function performHere(options: {
  config: Config;
  name: string;
  args: OperationArguments;
  io: OperationIo;
}): Promise<void> {
  const app = createApp({ config: options.config, mode: 'tools' });
  try {
    await app.start();
  } catch (cause) {
    if (cause instanceof AmpraError && cause.refusal.code === 'conflict') throw new DataDirTaken('taken', { cause });
    throw cause;
  }
  try {
    const operation = operations(app).get(options.name);
    if (!operation) throw new Error(`there is no operation ${options.name}`);
    await operation(options.args, options.io);
  } finally {
    await app.stop();
  }
}
