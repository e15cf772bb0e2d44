/**
 * Where a connection may lead. The private network and the internet are open to everybody; this machine itself,
 * link-local addresses and what clouds keep for their machines (metadata with credentials) only to those who look after
 * the appliance, for from the inside they would open doors that are closed from the outside.
 */
export type TargetPlace = 'open' | 'guarded' | 'never';

/** Metadata of clouds outside the link-local ranges: AWS over IPv6, Azure's wire server, Alibaba. */
const METADATA = new Set(['fd00:ec2::254', 'fd00:ec2:0:0:0:0:0:254', '168.63.129.16', '100.100.100.200']);

/** The kind of place that a resolved address (not a name) is. */
export function placeOf(address: string): TargetPlace {
  const plain = address.toLowerCase().replace(/%.*$/, '');
  if (METADATA.has(plain)) return 'guarded';
  if (!plain.includes(':')) return placeOfV4(plain);
  const embedded = embeddedV4(plain);
  return embedded === null ? placeOfV6(plain) : placeOf(embedded);
}

function placeOfV4(address: string): TargetPlace {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((n) => !Number.isInteger(n) || n < 0 || n > 255)) return 'never';
  const [a = 0, b = 0] = parts;
  if (a >= 224) return 'never'; // multicast, reserved, broadcast
  return a === 127 || a === 0 || (a === 169 && b === 254) ? 'guarded' : 'open';
}

function placeOfV6(address: string): TargetPlace {
  if (address.startsWith('ff')) return 'never';
  if (/^fe[89ab][0-9a-f]:/.test(address)) return 'guarded';
  return /^[0:]*:0*1?$/.test(address) ? 'guarded' : 'open';
}

/** IPv4 inside IPv6: mapped and compatible (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056). */
function embeddedV4(address: string): string | null {
  const dotted = /^(?:[0:]*(?:ffff:(?:0:)?)?|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const hex =
    /^(?:(?:0:)*:?(?::|0:)ffff:(?:0:)?|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ??
    /^2002:([0-9a-f]{1,4}):([0-9a-f]{1,4})(?::|$)/.exec(address);
  if (!hex) return null;
  const [high, low] = [Number.parseInt(hex[1] ?? '', 16), Number.parseInt(hex[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
