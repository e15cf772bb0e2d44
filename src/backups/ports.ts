import type { Progress } from '../core/progress.ts';
import type { BackupFacts, BackupFile } from './backup-file.ts';
import type { BackupManifest } from './manifest.ts';

export type { BackupFacts, BackupFile, Place, ReplacedFolder } from './backup-file.ts';

/** A folder of backups on disk. */
export interface BackupFolder {
  /** Newest first; nothing when the folder cannot be read. */
  list(): BackupFile[];
  /** Full path of one that is listed, else null: names come from pages. */
  pathOf(name: string): string | null;
  /** Why nothing can be written there, for the owner; null when it can. */
  problem(): string | null;
  freeBytes(): number;
  /** Its bytes, for a download. */
  stream(name: string): ReadableStream<Uint8Array> | null;
  remove(name: string): void;
  /** Takes a file of this disk under this name. */
  adopt(path: string, name: string): void;
  /** Writes a backup beside its name; `isGood` says whether it may have it. */
  create(
    name: string,
    fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
    check: (path: string) => Promise<BackupFacts>,
  ): Promise<void>;
}

/** The heavy work; verifying and preparing run in a process of their own. */
export interface BackupWorks {
  /** Bytes that a backup will have, about. */
  expectedBytes(): number;
  make(options: {
    write(bytes: Uint8Array): Promise<void>;
    passphrase: string | undefined;
    progress(progress: Progress): void;
    signal: AbortSignal;
  }): Promise<BackupManifest>;
  verify(
    file: string,
    options: { passphrase: string | undefined; progress(progress: Progress): void; signal: AbortSignal },
  ): Promise<{ manifest: BackupManifest; isOpened: boolean }>;
  /** Prepares a restore, which the next start puts in place. */
  prepare(
    file: string,
    options: { passphrase: string | undefined; only: string | undefined; progress(progress: Progress): void },
  ): Promise<BackupManifest>;
  /** Lets the next start move this file of telemetry aside and begin a new one. */
  prepareNewTelemetry(damaged: string): void;
}

/** Files that come in pieces from a browser. */
export interface UploadStore {
  /** Begins one of so many bytes and drops an earlier one. Gives its id. */
  begin(bytes: number): string;
  /** Adds a piece at its place; gives how many bytes are there. Null for an unknown upload or a wrong place. */
  add(id: string, offset: number, bytes: Uint8Array): number | null;
  /** The whole file, ready to be opened; null while something is missing. */
  finish(id: string): { path: string; isSealed: boolean } | null;
  /** Removes it. */
  drop(): void;
  freeBytes(): number;
}
