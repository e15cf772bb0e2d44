import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { version as packageVersion } from '../../package.json';

/** True inside the executable, false in a checkout. The build puts the version in place of this name. */
export const isExecutable = process.env.AMPRA_BUILT_VERSION !== undefined;

/** Version of this Ampra, as in package.json. */
export const version: string = process.env.AMPRA_BUILT_VERSION ?? packageVersion;

/**
 * Writes a command as the owner of this data directory types it: as the executable, or in a checkout through npm, and
 * with the folder when it is not the one that such a command means by itself. Anybody may read it on a page, so a
 * folder outside the checkout is left for the owner to name.
 */
export function commandLineFor(dataDir: string): (command: string) => string {
  const usual = isExecutable ? [join(homedir(), '.ampra'), '/var/lib/ampra'] : [join(checkout, 'data')];
  const inside = isExecutable ? '..' : relative(checkout, dataDir);
  const named = /^[\w-][\w/.-]*$/.test(inside) ? inside : 'DATA_DIRECTORY';
  const folder = usual.includes(dataDir) ? '' : ` --data-dir ${named}`;
  return (command) => `${isExecutable ? 'ampra' : 'npm run ampra --'} ${command}${folder}`;
}

const checkout = join(import.meta.dir, '..', '..');

/** How this program runs another one of itself. */
export function selfCommand(): string[] {
  return isExecutable ? [process.execPath] : [process.execPath, join(checkout, 'src/main.ts')];
}

/** True when systemd started this process. */
export function isService(env: Record<string, string | undefined> = process.env): boolean {
  return env.INVOCATION_ID !== undefined || env.NOTIFY_SOCKET !== undefined;
}
