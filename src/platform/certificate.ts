import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { days } from '../core/durations.ts';
import { AmpraError } from '../core/result.ts';
import type { Config } from './config.ts';
import { writeWholeFile } from './whole-file.ts';
import { makeHouseAuthority, makeServerCertificate } from './x509.ts';

/** A certificate chain and its private key, as PEM texts. */
export interface TlsFiles {
  cert: string;
  key: string;
  /** The house's own authority, for owners to install on their devices; null with a certificate of theirs. */
  authority: string | null;
}

/** Devices refuse certificates of longer validity, also from an authority that was installed by hand. */
const SERVER_DAYS = 820;
const RENEW_DAYS = 400;

/**
 * What `tls` asks for: the owner's files, or a certificate for this house, made once and renewed at a start when it gets
 * old or the machine's names changed. Throws `AmpraError` naming the file at fault.
 */
export async function loadTls(options: {
  config: Pick<Config, 'tls' | 'tlsCertFile' | 'tlsKeyFile'>;
  folder: string;
  now: number;
}): Promise<TlsFiles | null> {
  const { tls, tlsCertFile, tlsKeyFile } = options.config;
  if (tls === 'off') return null;
  if (tls === 'files')
    return checked(
      { cert: read(tlsCertFile, 'tlsCertFile'), key: read(tlsKeyFile, 'tlsKeyFile'), authority: null },
      options.now,
    );
  return localCertificate(options.folder, options.now);
}

function read(path: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AmpraError(
      {
        code: 'unavailable',
        field: setting,
        message: `The file ${path} (${setting}) cannot be read: ${(cause as Error).message}.`,
      },
      { cause },
    );
  }
}

function checked(files: TlsFiles, now: number): TlsFiles {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(files.cert);
  } catch (cause) {
    throw new AmpraError(
      { code: 'invalid', message: 'The certificate file holds no PEM certificate.', field: 'tlsCertFile' },
      { cause },
    );
  }
  const validTo = Date.parse(certificate.validTo);
  if (validTo < now) {
    const day = new Date(validTo).toISOString().slice(0, 10);
    throw new AmpraError({
      code: 'invalid',
      field: 'tlsCertFile',
      message: `The certificate ended on ${day}.`,
      hint: 'Put the renewed one in its place and start Ampra again.',
    });
  }
  return files;
}

async function localCertificate(folder: string, now: number): Promise<TlsFiles> {
  const paths = {
    ca: join(folder, 'authority.pem'),
    caKey: join(folder, 'authority.key'),
    cert: join(folder, 'server.pem'),
    key: join(folder, 'server.key'),
  };
  if (!isInForce(readCertificate(paths.ca), now) || !existsSync(paths.caKey)) {
    const authority = makeHouseAuthority({ name: `Ampra at ${hostname()}`, now, days: 3650 });
    writeWholeFile(paths.caKey, authority.key);
    writeWholeFile(paths.ca, authority.cert);
  }
  const authority = { cert: readFileSync(paths.ca, 'utf8'), key: readFileSync(paths.caKey, 'utf8') };
  const names = houseNames();
  if (!isGood(paths, names, now)) {
    const server = makeServerCertificate({ authority, names, now, days: SERVER_DAYS });
    writeWholeFile(paths.key, server.key);
    writeWholeFile(paths.cert, `${server.cert}${authority.cert}`);
  }
  return { cert: readFileSync(paths.cert, 'utf8'), key: readFileSync(paths.key, 'utf8'), authority: authority.cert };
}

function isGood(
  paths: { ca: string; cert: string; key: string },
  names: { dns: string[]; ip: string[] },
  now: number,
): boolean {
  const certificate = readCertificate(paths.cert);
  const authority = readCertificate(paths.ca);
  if (!isInForce(certificate, now) || !authority || !existsSync(paths.key)) return false;
  if (!certificate.verify(authority.publicKey)) return false;
  return names.dns.every((n) => certificate.checkHost(n)) && names.ip.every((ip) => certificate.checkIP(ip));
}

/** Also false for one that was made while the clock was ahead, and for one that would end before the next start may come. */
function isInForce(certificate: X509Certificate | null, now: number): certificate is X509Certificate {
  if (certificate === null || Date.parse(certificate.validFrom) > now) return false;
  return Date.parse(certificate.validTo) - now >= days(RENEW_DAYS);
}

/** Null when there is no file, or it holds none. */
function readCertificate(path: string): X509Certificate | null {
  try {
    return new X509Certificate(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** The names and addresses by which the house reaches this machine. */
export function houseNames(): { dns: string[]; ip: string[] } {
  const name =
    hostname()
      .toLowerCase()
      .replace(/[^a-z0-9.-]/g, '-')
      .slice(0, 63) || 'ampra';
  const short = name.split('.')[0] ?? name;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const ip = addresses.filter((a) => a.family === 'IPv4').map((a) => a.address);
  return {
    dns: [...new Set([name, short, `${short}.local`, 'ampra.local', 'localhost'])],
    ip: [...new Set(['127.0.0.1', ...ip])].sort(),
  };
}
