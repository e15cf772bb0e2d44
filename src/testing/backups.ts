import { closeSync, openSync, writeSync } from 'node:fs';
import type { App } from '../app.ts';
import { schemas, storesOf } from '../app-stores.ts';
import { makeBackup } from '../backups/make-backup.fs.ts';
import type { BackupManifest } from '../backups/manifest.ts';
import { stageRestore } from '../backups/stage.fs.ts';
import { putRestored, type Restored } from '../platform/put-restored.ts';

/** Prepares a backup and puts it in place at once, as `ampra restore FILE --force` does. */
export async function restoreNow(options: {
  file: string;
  dataDir: string;
  withConfig?: boolean;
  passphrase?: string;
  only?: string[];
}): Promise<Restored | null> {
  const { withConfig = false, ...rest } = options;
  await stageRestore({ ...rest, withConfig, schemas, now: () => 0, progress: () => undefined });
  return putRestored(options.dataDir);
}

/** A backup of a running appliance, in a file. */
export async function backUpTo(app: App, file: string, passphrase?: string): Promise<BackupManifest> {
  const out = openSync(file, 'w', 0o600);
  try {
    return await makeBackup({
      stores: storesOf(app),
      now: () => app.base.clock.now(),
      write: async (bytes) => void writeSync(out, bytes),
      note: () => undefined,
      progress: () => undefined,
      passphrase,
    });
  } finally {
    closeSync(out);
  }
}
