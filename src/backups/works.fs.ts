import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { minutes } from '../core/durations.ts';
import type { Progress } from '../core/progress.ts';
import { AmpraError, type Refusal } from '../core/result.ts';
import { READY, RESTORE_PLAN, type RestorePlan } from '../platform/put-restored.ts';
import { selfCommand } from '../platform/runtime.ts';
import { syncPath, writeWholeFile } from '../platform/whole-file.ts';
import { filesIn } from './archive-write.fs.ts';
import { makeBackup, type Stores } from './make-backup.fs.ts';
import { type BackupManifest, STAGING, TELEMETRY } from './manifest.ts';
import type { BackupWorks } from './ports.ts';

/** What may be wrong with a name on the command line of the helper. */
const parts: Record<string, string> = { [TELEMETRY]: 'telemetry', 'ampra.db': 'accounts', 'broker.db': 'broker' };

/** A helper tells how far it is all the time; comparing a large database takes a small board some minutes. */
const STALL_MS = minutes(30);

type Line = { progress: Progress } | { done: { manifest: BackupManifest; isOpened?: boolean } } | { failed: Refusal };

/**
 * Backups are written by this process, which keeps the stores still. They are read by another one: what it takes of
 * memory is given back, and a file that was made to break a database breaks nothing here.
 */
export class LocalBackupWorks implements BackupWorks {
  constructor(
    private readonly options: {
      dataDir: string;
      /** Null when the stores are not open: then nothing can be made. */
      stores: (() => Stores) | null;
      now(): number;
      note(text: string): void;
      /** How the helper is started, and how long it may say nothing [ms], for tests. */
      command?: readonly string[];
      stallMs?: number;
    },
  ) {}

  expectedBytes(): number {
    const { dataDir } = this.options;
    return filesIn(dataDir, () => undefined).reduce((sum, entry) => sum + entry.size, 0);
  }

  make(wish: Parameters<BackupWorks['make']>[0]): Promise<BackupManifest> {
    const { stores, now, note } = this.options;
    if (!stores) throw new AmpraError({ code: 'unavailable', message: 'The databases are not open.' });
    return makeBackup({ ...wish, stores: stores(), now, note });
  }

  async verify(file: string, options: Parameters<BackupWorks['verify']>[1]) {
    const { manifest, isOpened = false } = await this.help(['verify', file], options);
    return { manifest, isOpened };
  }

  async prepare(file: string, options: Parameters<BackupWorks['prepare']>[1]): Promise<BackupManifest> {
    const only = options.only === undefined ? [] : ['--only', parts[options.only] ?? options.only];
    return (await this.help(['restore', file, '--prepare', '--force', ...only], options)).manifest;
  }

  prepareNewTelemetry(damaged: string): void {
    const { dataDir, now } = this.options;
    const part = join(dataDir, STAGING);
    rmSync(part, { recursive: true, force: true });
    mkdirSync(join(part, 'files'), { recursive: true, mode: 0o700 });
    const stamp = new Date(now()).toISOString();
    const plan: RestorePlan = {
      stamp: stamp.replace(/[:.]/g, '-'),
      ...{ backupOf: stamp, only: [damaged], keepsConfig: true },
    };
    writeWholeFile(join(part, RESTORE_PLAN), JSON.stringify(plan));
    rmSync(join(dataDir, READY), { recursive: true, force: true });
    renameSync(part, join(dataDir, READY));
    syncPath(dataDir);
  }

  /** Runs `ampra` with these arguments and follows what it says. */
  private async help(
    args: readonly string[],
    options: { passphrase: string | undefined; progress(progress: Progress): void; signal?: AbortSignal },
  ): Promise<{ manifest: BackupManifest; isOpened?: boolean }> {
    const { passphrase, progress, signal } = options;
    const nice = Bun.which('nice') ? ['nice', '-n', '10'] : [];
    const phrase = passphrase === undefined ? [] : ['--passphrase-stdin'];
    const { dataDir, command = selfCommand(), stallMs = STALL_MS } = this.options;
    const child = Bun.spawn([...nice, ...command, ...args, '--progress', '--data-dir', dataDir, ...phrase], {
      stdin: new Blob([passphrase ?? '']),
      stdout: 'pipe',
      stderr: 'pipe',
      env: environment(),
      ...(signal ? { signal } : {}),
    });
    const trouble = child.stderr.text();
    const stall = new Stall(stallMs, () => child.kill('SIGKILL'));
    try {
      for await (const line of linesOf(child.stdout)) {
        stall.isAlive();
        if ('progress' in line) progress(line.progress);
        else if ('done' in line) return line.done;
        else throw new AmpraError(line.failed);
      }
    } finally {
      stall.stop();
    }
    if (stall.hasCome)
      throw new AmpraError({ code: 'unavailable', message: STALLED, hint: 'Try again, or another file.' });
    const said = (await trouble).trim().split('\n').at(-1);
    throw new AmpraError({ code: 'unavailable', message: said || 'The backup could not be read: its helper ended.' });
  }
}

const STALLED =
  'The backup could not be read: its helper made no progress for a long time and was ended. Nothing was changed.';

/** Ends what says nothing for too long: nobody could begin another restore while it goes on. */
class Stall {
  hasCome = false;
  private timer: Timer;

  constructor(
    private readonly afterMs: number,
    private readonly end: () => void,
  ) {
    this.timer = this.wait();
  }

  isAlive(): void {
    clearTimeout(this.timer);
    this.timer = this.wait();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private wait(): Timer {
    return setTimeout(() => {
      this.hasCome = true;
      this.end();
    }, this.afterMs);
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) yield JSON.parse(line) as Line;
  }
}

/** The helper is no service of its own. */
function environment(): Record<string, string | undefined> {
  const { NOTIFY_SOCKET: _socket, WATCHDOG_USEC: _watchdog, ...rest } = process.env;
  return rest;
}
