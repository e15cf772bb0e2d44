import { version as packageVersion } from '../../package.json';

/** True inside the executable, false in a checkout. The build puts the version in place of this name. */
export const isExecutable = process.env.AMPRA_BUILT_VERSION !== undefined;

/** Version of this Ampra, as in package.json. */
export const version: string = process.env.AMPRA_BUILT_VERSION ?? packageVersion;

/** True when systemd started this process. */
export function isService(env: Record<string, string | undefined> = process.env): boolean {
  return env.INVOCATION_ID !== undefined || env.NOTIFY_SOCKET !== undefined;
}
