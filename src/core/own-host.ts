/** Names that only a household's own resolver answers for; a stranger's domain can never be one of them. */
const localSuffixes = [
  'local',
  'lan',
  'home',
  'internal',
  'intranet',
  'localdomain',
  'home.arpa',
  'fritz.box',
  'ts.net',
  'test',
];

/**
 * True for an address, a name without dots, a name of the local network, or the owner's public address (`publicUrl`, ''
 * when unknown). A web page elsewhere can point its own domain at this machine (DNS rebinding) and would be taken for
 * one of ours; its name then stands in `Host` and is none of these.
 */
export function isOwnHost(host: string, { publicUrl }: { publicUrl: string }): boolean {
  const name = hostName(host);
  if (name === '' || name.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(name) || !name.includes('.')) return true;
  if (localSuffixes.some((suffix) => name.endsWith(`.${suffix}`))) return true;
  return publicUrl !== '' && name === new URL(publicUrl).hostname.toLowerCase();
}

/** True for what may stand in a `Host` header: a name or an address, and a port (RFC 9110, 7.2). */
export function isHostHeader(host: string): boolean {
  return /^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host) && URL.canParse(`http://${host}`);
}

/** The name or address in a `Host` header, without the port. */
export function hostName(host: string): string {
  const name = host.startsWith('[') ? host : (host.split(':')[0] ?? '');
  return name.toLowerCase().replace(/\.$/, '');
}
