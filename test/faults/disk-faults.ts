export type DiskError = 'EIO' | 'EROFS' | 'ENOSPC';

/** Calls that change files and nothing else; `write` would also break sockets, so it is broken for named files only. */
const changing = ['pwrite64', 'pwritev', 'pwritev2', 'ftruncate', 'fsync', 'fdatasync'];

/**
 * Lets every change of a running process's files fail from now on, as a dying disk would: strace answers in the place of
 * the kernel. `only` breaks these files alone. Gives the way to heal the disk.
 */
export async function breakDisk(
  pid: number,
  error: DiskError,
  only: readonly string[] = [],
): Promise<() => Promise<void>> {
  const calls = (only.length > 0 ? [...changing, 'write'] : changing).join(',');
  const paths = only.flatMap((path) => ['-P', path]);
  const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}`];
  const child = Bun.spawn(['strace', '-f', '-p', String(pid), '-o', '/dev/null', ...paths, ...inject], {
    stdout: 'ignore',
    stderr: 'pipe',
  });
  // It says so once it holds every thread.
  const reader = child.stderr.getReader();
  for (let said = ''; !said.includes('attached'); ) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`strace did not attach: ${said}`);
    said += new TextDecoder().decode(value);
  }
  return async () => {
    child.kill('SIGINT');
    await child.exited;
  };
}

/** True when a process may be given errors. */
export const canBreakDisks: boolean = Bun.which('strace') !== null && tryToAttach();

function tryToAttach(): boolean {
  const sleeper = Bun.spawn(['sleep', '5']);
  const { exitCode } = Bun.spawnSync([
    'timeout',
    '-s',
    'INT',
    '1',
    'strace',
    '-p',
    String(sleeper.pid),
    '-o',
    '/dev/null',
  ]);
  sleeper.kill('SIGKILL');
  return exitCode !== 1;
}
