import { mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from './app.ts';

/** A file system of its own in memory, small enough to be filled. */
export interface SmallDisk {
  path: string;
  /** Takes all that is left, up to `leaveBytes`. */
  fill(leaveBytes?: number): void;
  /** Gives back what `fill` took. */
  free(): void;
  /** Unmounts and removes it. */
  remove(): void;
}

/** Only who may mount can have one. */
export const canMount: boolean = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

/** Mounts a tmpfs of so many MB. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const path = tempDir('ampra-small-disk-');
  if (!mount(path, megabytes)) throw new Error(`cannot mount a file system at ${path}`);
  const ballast = join(path, 'ballast');
  return {
    path,
    fill(leaveBytes = 0) {
      const { bavail, bsize } = statfsSync(path);
      const bytes = Math.max(0, bavail * bsize - leaveBytes);
      writeFileSync(ballast, new Uint8Array(bytes), { flag: 'a' });
    },
    free() {
      truncateSync(ballast, 0);
    },
    remove() {
      Bun.spawnSync(['umount', '-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function mount(path: string, megabytes: number): boolean {
  mkdirSync(path, { recursive: true });
  const options = `size=${megabytes}m`;
  return Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', options, 'ampra-test', path]).exitCode === 0;
}

function tryMount(): boolean {
  const path = tempDir('ampra-mount-');
  const isMounted = mount(path, 1);
  if (isMounted) Bun.spawnSync(['umount', path]);
  rmSync(path, { recursive: true, force: true });
  return isMounted;
}
