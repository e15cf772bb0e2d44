/**
 * Where a connection may lead. The private network and the internet are open to everybody; this machine itself,
 * link-local addresses and what clouds keep for their machines (metadata with credentials) only to those who look after
 * the appliance, for from the inside they would open doors that are closed from the outside.
 */
export type TargetPlace = 'open' | 'guarded' | 'never';

/** Metadata of clouds outside the link-local ranges: AWS, Google, Oracle and Scaleway over IPv6, Azure's wire server, Alibaba, Oracle. */
const METADATA = new Set([
  ...['fd00:ec2:0:0:0:0:0:254', 'fd20:ce:0:0:0:0:0:254', 'fd00:c1:0:0:0:0:a9fe:a9fe', 'fd00:42:0:0:0:0:0:42'],
  ...['168.63.129.16', '100.100.100.200', '192.0.0.192'],
]);
const nobodys: ReadonlySet<string> = new Set();

/**
 * The kind of place that a resolved address (not a name) is, in whatever spelling. `own` are this machine's addresses in
 * the network, as `plainForm` gives them.
 */
export function placeOf(address: string, own: ReadonlySet<string> = nobodys): TargetPlace {
  const plain = plainForm(address);
  if (METADATA.has(plain) || own.has(plain)) return 'guarded';
  const groups = groupsOf(plain);
  if (groups === null) return placeOfV4(plain);
  const inside = embeddedV4(groups).map((embedded) => placeOf(embedded, own));
  const worst = inside.find((place) => place === 'guarded') ?? inside.find((place) => place === 'never');
  return worst ?? placeOfV6(groups);
}

/** One spelling for each address: IPv4 dotted, also when mapped into IPv6; IPv6 as eight groups without leading zeros. */
export function plainForm(address: string): string {
  const text = address.toLowerCase().replace(/%.*$/, '');
  const groups = groupsOf(text);
  if (groups === null) return text;
  return groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff
    ? dotted(groups[6], groups[7])
    : groups.map((group) => group.toString(16)).join(':');
}

function placeOfV4(address: string): TargetPlace {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((n) => !Number.isInteger(n) || n < 0 || n > 255)) return 'never';
  const [a = 0, b = 0] = parts;
  if (a >= 224) return 'never'; // multicast, reserved, broadcast
  return a === 127 || a === 0 || (a === 169 && b === 254) ? 'guarded' : 'open';
}

function placeOfV6(groups: readonly number[]): TargetPlace {
  const first = groups[0] ?? 0;
  if (first >> 8 === 0xff) return 'never';
  if ((first & 0xffc0) === 0xfe80) return 'guarded';
  // Local NAT64 (RFC 8215): where in it the IPv4 address stands is each network's own affair.
  if (first === 0x64 && groups[1] === 0xff9b && groups[2] === 1) return 'guarded';
  return 'open';
}

/**
 * Every IPv4 address that an IPv6 address may lead to: mapped and compatible (RFC 4291, 2.5.5), translated (RFC 7915),
 * NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo's server and client (RFC 4380), ISATAP (RFC 5214).
 */
function embeddedV4(groups: readonly number[]): string[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  const last = dotted(g, h);
  const isZeroTo = (count: number) => groups.slice(0, count).every((group) => group === 0);
  if (isZeroTo(6) || (isZeroTo(5) && f === 0xffff) || (isZeroTo(4) && e === 0xffff && f === 0)) return [last];
  if (a === 0x64 && b === 0xff9b && c === 0 && d === 0 && e === 0 && f === 0) return [last];
  if (a === 0x2002) return [dotted(b, c)];
  if (a === 0x2001 && b === 0) return [dotted(c, d), dotted(~g & 0xffff, ~h & 0xffff)];
  return f === 0x5efe && (e === 0 || e === 0x200) ? [last] : [];
}

/** The eight groups of an IPv6 address; null when it is none. */
function groupsOf(address: string): number[] | null {
  if (!address.includes(':')) return null;
  const halves = withoutDots(address).split('::');
  if (halves.length > 2) return null;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right];
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null;
}

/** `::ffff:127.0.0.1` as `::ffff:7f00:1`; what is no address inside stays, and is refused as a group. */
function withoutDots(address: string): string {
  const tail = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  const [, head = '', ...bytes] = tail ?? [];
  const [a = 256, b = 256, c = 256, d = 256] = bytes.map(Number);
  if (tail === null || Math.max(a, b, c, d) > 255) return address;
  return `${head}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
