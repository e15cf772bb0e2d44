/**
 * True for addresses of this machine and of private networks: loopback, RFC 1918, link-local (RFC 3927, RFC 4291) and
 * unique local IPv6 (RFC 4193). IPv4 inside IPv6 (`::ffff:10.0.0.1`) counts as IPv4.
 */
export function isPrivateAddress(address: string): boolean {
  const plain = address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
  return plain.includes(':') ? isPrivateV6(plain) : isPrivateV4(plain);
}

function isPrivateV4(address: string): boolean {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((n) => !Number.isInteger(n) || n < 0 || n > 255)) return false;
  const [a = 0, b = 0] = parts;
  return (
    a === 127 || a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254)
  );
}

function isPrivateV6(address: string): boolean {
  return address === '::1' || /^fe[89ab][0-9a-f]:/.test(address) || /^f[cd][0-9a-f]{2}:/.test(address);
}
