import type { Trouble } from './trouble.ts';

/** A connection that cannot be, with why. */
export class LinkError extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.code);
    this.name = 'LinkError';
  }
}

/** Why a broker turned the login down. CONNACK: codes of 3.1.1 (1 to 5) and of 5 (from 0x80). */
export function loginTrouble(code: number): Trouble {
  if (code === 4 || code === 0x86) return { code: 'badLogin' };
  if (code === 2 || code === 0x85) return { code: 'badClientId' };
  if (code === 5 || code === 0x87 || code === 0x8a || code === 0x8c) return { code: 'notAllowed' };
  if (code === 3 || code === 0x88 || code === 0x89 || code === 0x97 || code === 0x9f) return { code: 'busy' };
  return { code: 'noMqtt' };
}

const byErrorCode: Readonly<Record<string, Trouble['code']>> = {
  ENOTFOUND: 'noSuchHost',
  EAI_AGAIN: 'noSuchHost',
  EAI_NONAME: 'noSuchHost',
  DNS_ENOTFOUND: 'noSuchHost',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'ended',
  EPIPE: 'ended',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknownAuthority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknownAuthority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknownAuthority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknownAuthority',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknownAuthority',
  CERT_SIGNATURE_FAILURE: 'unknownAuthority',
  CERT_HAS_EXPIRED: 'certificateEnded',
  CERT_NOT_YET_VALID: 'certificateEnded',
  ERR_TLS_CERT_ALTNAME_INVALID: 'otherName',
};

/** What an error of the socket, of TLS or of the name look-up means for people. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof LinkError) return error.trouble;
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const known = byErrorCode[code];
  if (known) return { code: known };
  if (/SSL|TLS|WRONG_VERSION|PACKET_LENGTH/i.test(code)) return { code: 'wantsNoTls' };
  return code.startsWith('E') ? { code: 'unreachable' } : { code: 'tls', ...(code && { detail: code }) };
}
