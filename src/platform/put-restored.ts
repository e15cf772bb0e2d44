import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failPoint } from './fail-points.ts';
import { syncPath } from './whole-file.ts';

/**
 * The last step of a restore, which a power cut may interrupt at any moment. What is to be put in place lies, checked, in
 * `restore.ready`. First what is there moves aside, name by name; then one rename (`restore.moving`) says that
 * this is done, and the new moves in. Whoever opens the data directory next goes on where it ended.
 */
export const READY = 'restore.ready';
const MOVING = 'restore.moving';
export const RESTORE_PLAN = 'plan.json';
const FILES = 'files';

export interface RestorePlan {
  /** Names the folder for what was there: `replaced-<stamp>`. */
  stamp: string;
  /** When the backup was made, ISO 8601. */
  backupOf: string;
  /** Databases that are replaced; null for everything. */
  only: string[] | null;
  /** The `ampra.config.ts` that is there stays in force. */
  keepsConfig: boolean;
}

export interface Restored {
  backupOf: string;
  /** Folder with what was there; null when there was nothing. */
  replaced: string | null;
  only: string[] | null;
}

/** Never moved: what belongs to this computer and this process, other backups, and the restore itself. */
const KEPT = /^(lock\.db.*|ampra\.pid|control\.sock|clock\.json|server\.log|tmp|backups|replaced-.*|restore\.\w+)$/;
const CONFIG = /^ampra\.config\.ts(\.from-backup)?$/;

/** Puts a restore that is ready, or was cut off, in place. Null when there is none. The caller holds the folder's lock. */
export function putRestored(dataDir: string): Restored | null {
  const ready = join(dataDir, READY);
  const moving = join(dataDir, MOVING);
  if (!existsSync(moving)) {
    if (!existsSync(ready)) return null;
    moveAside(dataDir, readPlan(ready));
    renameSync(ready, moving);
    syncPath(dataDir);
  }
  const { backupOf, only, stamp } = readPlan(moving);
  for (const name of readdirSync(join(moving, FILES))) {
    renameSync(join(moving, FILES, name), join(dataDir, name));
    failPoint('restore.in-place');
  }
  syncPath(dataDir);
  rmSync(moving, { recursive: true, force: true });
  syncPath(dataDir);
  const replaced = `replaced-${stamp}`;
  return { backupOf, only, replaced: existsSync(join(dataDir, replaced)) ? replaced : null };
}

function moveAside(dataDir: string, plan: RestorePlan): void {
  const names = readdirSync(dataDir).filter((name) => isReplaced(name, plan));
  if (names.length === 0) return;
  const aside = join(dataDir, `replaced-${plan.stamp}`);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const name of names) {
    renameSync(join(dataDir, name), join(aside, name));
    failPoint('restore.aside');
  }
  syncPath(aside);
  syncPath(dataDir);
}

function isReplaced(name: string, { only, keepsConfig }: RestorePlan): boolean {
  if (KEPT.test(name) || (keepsConfig && CONFIG.test(name))) return false;
  // A database's log and helpers go with it: they would be read as the new one's.
  return only === null || only.some((one) => name === one || name.startsWith(`${one}.`) || name.startsWith(`${one}-`));
}

function readPlan(folder: string): RestorePlan {
  return JSON.parse(readFileSync(join(folder, RESTORE_PLAN), 'utf8')) as RestorePlan;
}
