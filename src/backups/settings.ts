/** When backups are made by themselves, where they go and how many stay. */
export interface BackupSettings {
  schedule: 'off' | 'daily' | 'weekly';
  /** So many of a folder's backups stay, 1 to 50. */
  keep: number;
  /** Absolute path of a folder, such as a mounted USB stick; '' for the data directory's own. */
  folder: string;
  /** The file system that the folder was on when it was chosen: a stick that is not plugged in leaves an empty folder. */
  device: number | null;
  /** Sealed by the key vault, as hex; null for backups without a passphrase. */
  passphrase: string | null;
}

/** Weekly and two of them: with the journal's payloads that is enough to mend a damaged database without a loss. */
export const defaultSettings: BackupSettings = {
  schedule: 'weekly',
  keep: 2,
  folder: '',
  device: null,
  passphrase: null,
};

export interface SettingsTyped {
  schedule: string;
  keep: string;
  folder: string;
  /** '' leaves the passphrase as it is. */
  passphrase: string;
  /** Backups are not sealed any more. */
  dropsPassphrase: boolean;
}

const MOST_KEPT = 50;
const SHORTEST_PASSPHRASE = 10;

/** Every field at fault at once; what the folder is like is for the file system to say. */
export function settingsProblems(typed: SettingsTyped): { field: string; message: string }[] {
  const problems: { field: string; message: string }[] = [];
  if (!['off', 'daily', 'weekly'].includes(typed.schedule))
    problems.push({ field: 'schedule', message: 'Choose how often.' });
  const keep = Number(typed.keep);
  if (!Number.isInteger(keep) || keep < 1 || keep > MOST_KEPT)
    problems.push({ field: 'keep', message: `Keep 1 to ${MOST_KEPT}.` });
  if (typed.folder !== '' && (!typed.folder.startsWith('/') || typed.folder.length > 1000))
    problems.push({ field: 'folder', message: 'Give the whole path, such as /media/stick/ampra.' });
  if (typed.passphrase !== '' && typed.passphrase.length < SHORTEST_PASSPHRASE)
    problems.push({ field: 'passphrase', message: `At least ${SHORTEST_PASSPHRASE} characters.` });
  return problems;
}

const HALF_DAY_MS = 12 * 3_600_000;
const DAY_MS = 86_400_000;

/** True when a regular backup is due; the look at the clock comes once a night. */
export function isDue(schedule: BackupSettings['schedule'], lastAt: number | null, now: number): boolean {
  if (schedule === 'off') return false;
  // A clock that was set back must not keep a backup from being made for years.
  if (lastAt === null || lastAt > now) return true;
  return now - lastAt >= (schedule === 'daily' ? DAY_MS : 7 * DAY_MS) - HALF_DAY_MS;
}

/**
 * Which of a folder's backups (newest first) go, so that `keep` stay. While those that stay lack what could not be read when
 * they were made, the newest that has everything stays too.
 */
export function surplus<T>(newestFirst: readonly T[], keep: number, isWhole: (backup: T) => boolean): T[] {
  const stay = newestFirst.slice(0, Math.max(1, keep));
  const rest = newestFirst.slice(stay.length);
  const spared = stay.some(isWhole) ? undefined : rest.find(isWhole);
  return rest.filter((backup) => backup !== spared);
}
