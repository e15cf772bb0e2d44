import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { days as dayMs } from '../core/durations.ts';

/**
 * Certificates for the house, in the form of RFC 5280 with ECDSA P-256 (RFC 5480), written by hand because the runtime
 * reads certificates but makes none. Two kinds only: an authority, and a server's certificate signed by it.
 */
export interface KeyedCertificate {
  /** PEM. */
  cert: string;
  key: string;
}

const OID = {
  ecPublicKeySha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** An authority that signs for one house; it may sign no other authority. */
export function makeHouseAuthority(options: { name: string; now: number; days: number }): KeyedCertificate {
  const { privateKey, publicKey } = newKeys();
  const name = distinguishedName(options.name);
  const extensions = [
    extension(OID.basicConstraints, true, sequence(boolean(true), integer(Buffer.from([0])))),
    // keyCertSign (5) and cRLSign (6): bits counted from the left.
    extension(OID.keyUsage, true, bitString(Buffer.from([0b0000_0110]), 1)),
    extension(OID.subjectKeyId, false, octetString(keyId(publicKey))),
  ];
  return certificate({
    subject: name,
    issuer: name,
    publicKey,
    signer: privateKey,
    extensions,
    key: privateKey,
    ...options,
  });
}

/** A server's certificate for the given names and IPv4 addresses. */
export function makeServerCertificate(options: {
  authority: KeyedCertificate;
  names: { dns: string[]; ip: string[] };
  now: number;
  days: number;
}): KeyedCertificate {
  const { privateKey, publicKey } = newKeys();
  const issuer = new X509Certificate(options.authority.cert);
  const alternatives = [
    ...options.names.dns.map((n) => tagged(0x82, Buffer.from(n, 'ascii'))),
    ...options.names.ip.map((ip) => tagged(0x87, Buffer.from(ip.split('.').map(Number)))),
  ];
  const extensions = [
    extension(OID.basicConstraints, true, sequence()),
    // digitalSignature (0).
    extension(OID.keyUsage, true, bitString(Buffer.from([0b1000_0000]), 7)),
    extension(OID.extendedKeyUsage, false, sequence(oid(OID.serverAuth))),
    extension(OID.subjectAltName, false, sequence(...alternatives)),
    extension(OID.subjectKeyId, false, octetString(keyId(publicKey))),
    extension(OID.authorityKeyId, false, sequence(tagged(0x80, keyId(issuer.publicKey)))),
  ];
  return certificate({
    subject: distinguishedName(options.names.dns[0] ?? 'ampra'),
    issuer: distinguishedName(/CN=(.*)/.exec(issuer.subject)?.[1] ?? ''),
    publicKey,
    key: privateKey,
    signer: createPrivateKey(options.authority.key),
    extensions,
    now: options.now,
    days: options.days,
  });
}

function certificate(options: {
  subject: Buffer;
  issuer: Buffer;
  publicKey: KeyObject;
  key: KeyObject;
  signer: KeyObject;
  extensions: Buffer[];
  now: number;
  days: number;
}): KeyedCertificate {
  const algorithm = sequence(oid(OID.ecPublicKeySha256));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  // An hour back, for devices whose clock is late.
  const from = options.now - 3_600_000;
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    options.issuer,
    sequence(time(from), time(from + dayMs(options.days))),
    options.subject,
    options.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...options.extensions)),
  );
  const der = sequence(body, algorithm, bitString(sign('sha256', body, options.signer), 0));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: options.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function newKeys(): { privateKey: KeyObject; publicKey: KeyObject } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** SHA-1 of the key's bits, as RFC 5280 section 4.2.1.2 suggests; an identifier, not a protection. */
function keyId(key: KeyObject): Buffer {
  const spki = key.export({ type: 'spki', format: 'der' });
  // An uncompressed P-256 point: the last 65 bytes.
  return createHash('sha1').update(spki.subarray(-65)).digest();
}

function distinguishedName(commonName: string): Buffer {
  const value = tagged(0x0c, Buffer.from(commonName.slice(0, 64), 'utf8'));
  return sequence(tagged(0x31, sequence(oid(OID.commonName), value)));
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octetString(value));
}

// DER (X.690): a tag, a length, a value.

function tagged(tag: number, value: Uint8Array): Buffer {
  const n = value.length;
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}
const sequence = (...parts: Uint8Array[]): Buffer => tagged(0x30, Buffer.concat(parts));
const integer = (bytes: Uint8Array): Buffer => tagged(0x02, bytes);
const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]));
const octetString = (bytes: Uint8Array): Buffer => tagged(0x04, bytes);
const bitString = (bytes: Uint8Array, unusedBits: number): Buffer =>
  tagged(0x03, Buffer.concat([Buffer.from([unusedBits]), bytes]));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(n: number): number[] {
  const digits = [n & 127];
  for (let rest = Math.floor(n / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest & 127) | 128);
  return digits;
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 section 4.1.2.5). */
function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return new Date(ms).getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(`${text.slice(2)}Z`))
    : tagged(0x18, Buffer.from(`${text}Z`));
}
