import type { BackupFile } from '../../src/backups/backup-file.ts';
import { formatBytes } from '../../src/core/bytes.ts';
import type { Progress } from '../../src/core/progress.ts';

/** What is in a backup, in a few words. */
export function holdsWords({ facts }: BackupFile): string {
  if (!facts) return '-';
  return facts.readings === null ? 'no readings' : `${facts.readings.toLocaleString('en-GB')} readings`;
}

/** How sure it is that a backup is good. */
export function checkedWords({ facts }: BackupFile): string {
  if (!facts) return 'checked when it is restored';
  return facts.isOpened ? 'restored on trial' : 'checksums compared';
}

/** `Reading the backup: 120 MB of 300 MB`. */
export function progressWords({ text, done, total }: Progress): string {
  const what = text.replace(/, bytes$/, '');
  if (!total) return what;
  return text.endsWith(', bytes') ? `${what}: ${formatBytes(done)} of ${formatBytes(total)}` : what;
}
