import type { Progress } from '../core/progress.ts';
import type { TelemetryFile } from '../telemetry/telemetry-file.ts';
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
