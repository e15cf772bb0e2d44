import { formatBytes } from '../core/bytes.ts';
import type { Clock } from '../core/clock.ts';
import type { Progress } from '../core/progress.ts';
import { AmpraError } from '../core/result.ts';
import { ARCHIVE, type BackupManifest, backupName, TELEMETRY } from './manifest.ts';
import type { BackupFacts, BackupFile, BackupFolder, BackupWorks } from './ports.ts';
import { surplus } from './settings.ts';

export interface BackupMakerDeps {
  works: BackupWorks;
  clock: Clock;
  /** Called when something changed that an open page shows. */
  onChange(): void;
}

/** One backup: where it goes, how many stay there, and who wants to know how far it is. */
export interface BackupWish {
  folder: BackupFolder;
  keep: number;
  /** Seals it; undefined leaves it open. */
  passphrase: string | undefined;
  signal: AbortSignal;
  /** Share 0 to 1 of the whole, and what is being done. */
  tell(share: number, text: string): void;
}

/** Left free on a disk by a regular backup, or a tenth of what a small disk has left. */
const LEFT_FREE_BYTES = 256 * 1024 * 1024;

/** Makes backups: finds room, writes, restores on trial, lets older ones go. */
export class BackupMaker {
  constructor(private readonly deps: BackupMakerDeps) {}

  /** Throws an `AmpraError` with what is to be done when it cannot be made. */
  async make({ folder, keep, passphrase, signal, tell }: BackupWish): Promise<void> {
    const { clock, works } = this.deps;
    const problem = folder.problem();
    if (problem) throw new AmpraError({ code: 'unavailable', message: problem });
    this.requireRoom(folder, keep);
    // Reading and writing are the first half, the restore on trial the second.
    const half = (from: number) => (p: Progress) => {
      const share = p.total ? p.done / p.total : 0;
      tell(from + share / 2, from === 0 ? 'Copying' : 'Restoring it on trial');
      this.deps.onChange();
    };
    const name = backupName(clock.now(), passphrase !== undefined);
    await folder.create(
      name,
      async (write) => void (await works.make({ write, passphrase, signal, progress: half(0) })),
      async (path) => {
        const verified = await works.verify(path, { passphrase, signal, progress: half(0.5) });
        return factsOf(verified.manifest, verified.isOpened, clock.now());
      },
    );
    for (const file of surplus(ownOf(folder), keep, holdsReadings)) if (file.name !== name) folder.remove(file.name);
  }

  /** Older backups of the same folder make room, down to one; a disk is never filled up by backups. */
  private requireRoom(folder: BackupFolder, keep: number): void {
    const needed = this.deps.works.expectedBytes();
    for (;;) {
      const free = folder.freeBytes();
      if (free - needed >= Math.min(LEFT_FREE_BYTES, free / 10)) return;
      const own = ownOf(folder);
      const oldest = surplus(own, Math.min(keep, own.length - 1), holdsReadings).at(-1);
      if (!oldest)
        throw new AmpraError({
          code: 'no_room',
          message: `A backup needs ${formatBytes(needed)}, and ${formatBytes(free)} are free.`,
          hint: 'Choose a folder on a larger disk, such as a USB stick.',
        });
      folder.remove(oldest.name);
    }
  }
}

/** Those that Ampra made itself: what somebody uploaded or put there is nobody's to remove. */
const ownOf = (folder: BackupFolder): BackupFile[] => folder.list().filter((file) => file.name.startsWith('ampra-'));

function factsOf(manifest: BackupManifest, isOpened: boolean, verifiedAt: number): BackupFacts {
  const recent = manifest.databases?.[TELEMETRY]?.tables.readings?.rows;
  const packed = manifest.databases?.[ARCHIVE]?.packedReadings;
  const readings = recent === undefined || packed === undefined ? null : recent + packed;
  return { version: manifest.version, readings, verifiedAt, isOpened };
}

/** False for one that was made while measurements could not be read. */
const holdsReadings = ({ facts }: BackupFile): boolean => facts !== null && facts.readings !== null;
