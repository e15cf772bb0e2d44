import type { Progress } from '../core/progress.ts';
import type { KeptCopies } from '../telemetry/storage/storage.ts';
import type { TelemetryFile } from '../telemetry/store/telemetry-file.ts';
import type { BackupFile, ReplacedFolder } from './backup-file.ts';
import type { BackupSettings } from './settings.ts';

/** How the last regular or asked-for backup went. */
export interface Outcome {
  lastGoodAt: number | null;
  failedAt: number | null;
  failure: string | null;
}

/** A restore that is being prepared. */
export interface Activity {
  what: string;
  progress: Progress | null;
  /** Why it failed; then nothing was changed. */
  failure: string | null;
}

/** What the Backups page shows. */
export interface BackupOverview {
  settings: Omit<BackupSettings, 'passphrase'> & { hasPassphrase: boolean };
  files: BackupFile[];
  folderProblem: string | null;
  outcome: Outcome;
  /** A backup that is being made; null otherwise. */
  making: { share: number | null; text: string } | null;
  restoring: Activity | null;
  replaced: ReplacedFolder[];
  /** The file for which telemetry could not be opened; null while it is open. */
  closedFile: TelemetryFile | null;
}

/** The backups that take room of the disk that holds the data; `isSameDisk` says whether the chosen folder is on it. */
export function copiesOnDisk(
  { settings, files }: Pick<BackupOverview, 'settings' | 'files'>,
  isSameDisk: boolean,
): KeptCopies {
  const isHere = settings.folder === '' || isSameDisk;
  const there = files.filter(({ place }) => place === 'here' || isSameDisk);
  return {
    bytes: there.reduce((sum, file) => sum + file.bytes, 0),
    count: there.length,
    keep: isHere && settings.schedule !== 'off' ? settings.keep : 0,
  };
}
