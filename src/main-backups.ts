import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { schemas } from './app-stores.ts';
import { startOf } from './backups/archive-read.fs.ts';
import {
  ARCHIVE,
  type BackupManifest,
  backupName,
  CONFIG_ASIDE,
  NEVER_IN_A_BACKUP,
  TELEMETRY,
} from './backups/manifest.ts';
import { isSealed } from './backups/sealed-file.fs.ts';
import { stageRestore, verifyBackup } from './backups/stage.fs.ts';
import { formatBytes } from './core/bytes.ts';
import { AmpraError } from './core/result.ts';
import { configFor, dataDirOnly, ioOf, perform } from './main-tools.ts';
import { type CommandCall, UsageError } from './platform/cli.ts';
import type { Progress } from './platform/control-frames.ts';
import { openDataDir, requireDataDir } from './platform/data-dir.ts';
import { putRestored, type Restored } from './platform/put-restored.ts';
import { syncPath } from './platform/whole-file.ts';

/** The commands about backups: make one, read one, put one in place. */

export async function backUp(call: CommandCall): Promise<void> {
  const config = await configFor(dataDirOnly(call));
  requireDataDir(config.dataDir);
  const passphrase = call.options.sealed || call.options['passphrase-stdin'] ? await newPassphrase(call) : undefined;
  const name = backupName(Date.now(), passphrase !== undefined);
  const path = resolve(call.terminal.cwd, call.argument ?? name);
  if (existsSync(path) && !call.options.force)
    throw new UsageError(`${path} is there already; with --force it is replaced.`);
  const args = passphrase === undefined ? {} : { passphrase };
  const progress = progressOf(call);
  let isOpened = true;
  await toFile(
    path,
    (write) => perform({ config, name: 'backup', args, io: { ...ioOf(call.terminal), progress, write } }),
    async (part) => {
      const scratch = scratchIn(config.dataDir);
      ({ isOpened } = await verifyBackup({ file: part, passphrase, scratch, schemas, now: Date.now, progress }));
    },
  );
  const how = isOpened ? 'was restored on trial' : 'was read back (there is no room to restore it on trial)';
  const what = passphrase === undefined ? 'It holds every key and reading: keep it safe.' : 'Keep its passphrase safe.';
  call.terminal.error(`The backup is in ${path} (${formatBytes(statSync(path).size)}) and ${how}. ${what}`);
}

export function verify(call: CommandCall): Promise<void> {
  return tellingPrograms(call, () => verifyNow(call));
}

export function restore(call: CommandCall): Promise<void> {
  return tellingPrograms(call, () => restoreNow(call));
}

/** A program that asked for JSON lines gets the refusal as one, too. */
async function tellingPrograms(call: CommandCall, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (call.options.progress && error instanceof AmpraError)
      await call.terminal.out(`${JSON.stringify({ failed: error.refusal })}\n`);
    throw error;
  }
}

async function verifyNow(call: CommandCall): Promise<void> {
  const config = await configFor(dataDirOnly(call));
  const source = await sourceOf(call);
  const options = { ...source, scratch: scratchIn(config.dataDir), schemas, now: Date.now, progress: progressOf(call) };
  const { manifest, isOpened } = await verifyBackup(options);
  if (call.options.progress) await call.terminal.out(`${JSON.stringify({ done: { manifest, isOpened } })}\n`);
  else {
    const readings = manifest.databases?.[TELEMETRY]?.tables.readings?.rows;
    const holds = readings === undefined ? '' : `, ${readings.toLocaleString('en-GB')} readings`;
    const how = isOpened
      ? 'whole, restored on trial'
      : 'whole by its checksums; there is no room to restore it on trial';
    call.terminal.error(`The backup of ${manifest.createdAt} is ${how}${holds}. Made by Ampra ${manifest.version}.`);
  }
}

async function restoreNow(call: CommandCall): Promise<void> {
  const config = await configFor(dataDirOnly(call));
  const source = await sourceOf(call);
  const isPrepared = call.options.prepare === true;
  const staging = {
    ...source,
    ...{ dataDir: config.dataDir, schemas, now: Date.now, progress: progressOf(call) },
    withConfig: call.options['with-config'] === true,
    only: partsOf(call),
  };
  // Preparing needs no lock: nothing is touched but a folder of its own.
  const dataDir = isPrepared ? null : openDataDir(config.dataDir);
  try {
    if (!call.options.force) refuseIfUsed(config.dataDir);
    const manifest = await stageRestore(staging);
    if (dataDir === null) await sayPrepared(call, manifest);
    else sayRestored(call, config.dataDir, putRestored(config.dataDir));
  } finally {
    dataDir?.release();
  }
}

async function sayPrepared(call: CommandCall, manifest: BackupManifest): Promise<void> {
  if (call.options.progress) await call.terminal.out(`${JSON.stringify({ done: { manifest } })}\n`);
  else call.terminal.error(`The backup of ${manifest.createdAt} is ready: the next start puts it in place.`);
}

function sayRestored(call: CommandCall, dataDir: string, restored: Restored | null): void {
  call.terminal.error(`The backup of ${restored?.backupOf} is in place. Everybody signs in again.`);
  if (restored?.replaced)
    call.terminal.error(`What was there is in ${join(dataDir, restored.replaced)}; remove it once all is well.`);
  const aside = join(dataDir, CONFIG_ASIDE);
  if (existsSync(aside))
    call.terminal.error(
      `Its configuration is a program, so it is not in force: look at ${aside}, then rename it to ampra.config.ts. --with-config puts it in place at once.`,
    );
}

function refuseIfUsed(dataDir: string): void {
  const present = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => !NEVER_IN_A_BACKUP.test(name)) : [];
  if (present.length === 0) return;
  throw new AmpraError({
    code: 'conflict',
    message: `${dataDir} holds an Ampra already, so nothing was restored.`,
    hint: 'With --force it is moved aside and the backup takes its place.',
  });
}

const parts: Record<string, string[]> = {
  telemetry: [TELEMETRY, ARCHIVE],
  accounts: ['ampra.db'],
  broker: ['broker.db'],
};

function partsOf(call: CommandCall): string[] | undefined {
  const { only } = call.options;
  if (only === undefined) return undefined;
  const files = parts[String(only)];
  if (!files) throw new UsageError(`--only is one of ${Object.keys(parts).join(', ')}.`);
  return files;
}

/** The file, and its passphrase when it is under one. */
async function sourceOf(call: CommandCall): Promise<{ file: string; passphrase?: string }> {
  const file = resolve(call.terminal.cwd, call.argument ?? '');
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  if (!isSealed(await startOf(file))) return { file };
  if (call.options['passphrase-stdin']) return { file, passphrase: await firstLine(call) };
  const { askHidden } = call.terminal;
  if (!askHidden) throw new UsageError('This backup is under a passphrase: hand it over with --passphrase-stdin.');
  return { file, passphrase: await askHidden('Passphrase of the backup:') };
}

async function newPassphrase(call: CommandCall): Promise<string> {
  const { askHidden } = call.terminal;
  if (call.options['passphrase-stdin']) return longEnough(await firstLine(call));
  if (!askHidden)
    throw new UsageError('Nobody can be asked for a passphrase here: hand it over with --passphrase-stdin.');
  const typed = longEnough(await askHidden('Passphrase (nobody can open the backup without it):'));
  if ((await askHidden('The passphrase again:')) !== typed) throw new UsageError('The two are not the same.');
  return typed;
}

function longEnough(passphrase: string): string {
  if (passphrase.length < 10) throw new UsageError('The passphrase has at least 10 characters.');
  return passphrase;
}

async function firstLine(call: CommandCall): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of call.terminal.input) text += decoder.decode(bytes, { stream: true });
  return text.split('\n')[0]?.replace(/\r$/, '') ?? '';
}

/** On a terminal as a line, for programs as JSON, a few a second. */
function progressOf(call: CommandCall): (progress: Progress) => void {
  if (!call.options.progress) return (progress) => call.terminal.progress(progress);
  let saidAt = 0;
  return (progress) => {
    if (performance.now() - saidAt < 250) return;
    saidAt = performance.now();
    void call.terminal.out(`${JSON.stringify({ progress })}\n`);
  };
}

const scratchIn = (dataDir: string): string => join(dataDir, 'tmp', `verify-${process.pid}`);

/** Writes beside the file and moves it into place once it is whole and on disk, so that nothing half-made has its name. */
export async function toFile(
  path: string,
  fill: (write: (output: string | Uint8Array) => Promise<void>) => Promise<void>,
  check?: (part: string) => Promise<unknown>,
): Promise<void> {
  const part = `${path}.part`;
  const file = openSync(part, 'w', 0o600);
  try {
    try {
      await fill(async (output) => {
        const bytes = typeof output === 'string' ? Buffer.from(output) : output;
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      });
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    await check?.(part);
    renameSync(part, path);
    syncPath(dirname(path));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
